"""The place of `picture` in notebooks made before version 0.3."""

from grader.notebook.pictures import picture

__all__ = ["picture"]
