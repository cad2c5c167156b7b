"""For students in a notebook: `check('1.1')` and what it shows."""

from grader.notebook.check_cell import check

__all__ = ["check"]
