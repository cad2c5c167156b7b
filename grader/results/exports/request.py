"""What an export is asked for, and what it gives back: files as bytes, and remarks for the one who asked."""

from datetime import UTC, datetime

from grader.model import Exercise, Struct


class Request(Struct, frozen=True, kw_only=True):
    """What all exports know beside the run."""

    exercises: tuple[Exercise, ...] = ()
    """The catalogue, for titles and to tell which exercises are a bonus."""
    with_bonus: bool = False
    """Whether bonus points are added to the score; it may then be more than what there is to win."""
    graded_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    """When the run was finished."""
    assignment: str = "LM Playground"
    """What the gradebook calls this work."""
    template: bytes = b""
    """A gradebook that the other system exported, for those exports that fill one."""
    template_name: str = ""
    """What the template is called in messages."""
    column: str = ""
    """Which column of the template to fill; empty where there is only one."""


class Export(Struct, frozen=True, kw_only=True):
    """The files of one export."""

    files: dict[str, bytes]
    """By relative path, with `/` between folders."""
    remarks: tuple[str, ...] = ()
    """What a person should know: who could not be matched, whose points are not settled."""
