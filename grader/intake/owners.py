"""Whose a file is, by the names that learning platforms give to what they hand out for grading.

* Moodle: `Jane Doe_123456_assignsubmission_file_/lm_playground.ipynb`, or all of that as one file name;
* Canvas: `doejane_LATE_123456_789012_lm_playground-1.ipynb`, where -1 says that this name was handed in before;
* Brightspace: `1234-5678 - Jane Doe - Nov 3, 2026 1023 PM - lm_playground.ipynb`, or a folder without the last part;
* Blackboard: `Homework 1_jdoe_attempt_2026-11-03-22-23-45_lm_playground.ipynb`.
"""

import re
from collections.abc import Callable
from datetime import datetime

from grader.model import Struct

_MOODLE = re.compile(r"(?P<who>.+_\d+)_assignsubmission_(?:file|onlinetext)(?:_+(?P<file>.*))?")
_CANVAS = re.compile(
    r"(?P<name>[^\W_]+)(?:_LATE)?_(?P<user>\d{2,})_\d{5,}_(?P<file>.+?)(?:-(?P<again>\d+))?(?P<suffix>\.\w+)"
)
_BRIGHTSPACE = re.compile(
    r"(?P<key>\d+-\d+ - (?P<who>.+?)) - (?P<when>[A-Z][a-z]{2,8} \d{1,2}, \d{4} \d{3,4} [AP]M)(?: - (?P<file>.+))?"
)
_BLACKBOARD = re.compile(r"(?P<key>.+_(?P<who>[^_]+))_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<file>.+))?")


class Owner(Struct, frozen=True, kw_only=True):
    """What the name of a file or folder says of whose it is."""

    name: str
    """Who, with the platform's number where it gives one."""
    key: str
    """The same for all files of one person, and for no other's: two may have one name."""
    file: str = ""
    """What the student called the file; empty for a folder."""
    attempt: str = ""
    """When it was handed in, as text that sorts; empty where one download holds one attempt only."""
    again: int = 0
    """How often the student had handed in a file of this name before."""


def owner_of(name: str) -> Owner | None:
    """Whose this is; None for a name that no platform has made.

    Args:
        name: of a file or folder, without what stands above it.
    """
    return next((owner for read in _READERS if (owner := read(name)) is not None), None)


def _moodle(name: str) -> Owner | None:
    match = _MOODLE.fullmatch(name)
    return Owner(name=match["who"], key=match["who"], file=match["file"] or "") if match else None


def _canvas(name: str) -> Owner | None:
    match = _CANVAS.fullmatch(name)
    if match is None:
        return None
    who, file = f"{match['name']}_{match['user']}", match["file"] + match["suffix"]
    return Owner(name=who, key=who, file=file, again=int(match["again"] or 0))


def _brightspace(name: str) -> Owner | None:
    match = _BRIGHTSPACE.fullmatch(name)
    if match is None:
        return None
    day, time, half = match["when"].rsplit(" ", 2)
    for form in ("%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p"):
        try:
            when = datetime.strptime(f"{day} {time.zfill(4)} {half}", form)
        except ValueError:
            continue
        return Owner(name=match["who"], key=match["key"], file=match["file"] or "", attempt=when.isoformat())
    return None


def _blackboard(name: str) -> Owner | None:
    match = _BLACKBOARD.fullmatch(name)
    if match is None:  # a login may hold underscores, too, so all that stands before the time tells people apart
        return None
    return Owner(name=match["who"], key=match["key"], file=match["file"] or "", attempt=match["when"])


_READERS: tuple[Callable[[str], Owner | None], ...] = (_moodle, _brightspace, _blackboard, _canvas)
