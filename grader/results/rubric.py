"""Reads a rubric: how a teacher weighs verdicts that are there already."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from grader.errors import KitError
from grader.model import Exercise, RunResult

FORMAT = 1
_Count = Annotated[int, msgspec.Meta(ge=0)]
_Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file; a key that is spelled wrong must not be a knob that does nothing."""


class Late(_Part, frozen=True, kw_only=True):
    """What lateness costs."""

    percent_per_day: _Percent = 0
    """Of the points won, for each day begun."""
    at_most_percent: _Percent = 100
    """More is never taken."""
    days: dict[str, _Count] = {}
    """How many days late each submission is, by its id; those not named are in time."""


class Bonus(_Part, frozen=True, kw_only=True):
    """What bonus exercises bring."""

    at_most: _Count | None = None
    """More bonus points do not count."""


class Messages(_Part, frozen=True, kw_only=True):
    """What students see of hidden checks."""

    show: Literal["all", "titles", "points"] = "all"
    """`all`: titles and advice. `titles`: no advice. `points`: the points of each exercise only."""
    hide: tuple[str, ...] = ()
    """Exercises, or checks as `1.1/test_name`, whose advice is not shown although `show` says so."""


class Rubric(_Part, frozen=True, kw_only=True):
    """All knobs; one that the file leaves out changes nothing."""

    format_version: int
    points: dict[str, _Count] = {}
    """What an exercise is worth, by id; 0 leaves it out."""
    drop_lowest: _Count = 0
    """How many exercises do not count for a student: those with the smallest part of their points."""
    late: Late = Late()
    bonus: Bonus = Bonus()
    messages: Messages = Messages()


def read_rubric(path: Path) -> Rubric:
    """The rubric at `path`.

    Raises:
        KitError: the file is missing, no TOML, or has a key or value that is none of a rubric; the message names it.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise KitError(f"{path}: cannot be read ({(error.strerror or 'unknown reason').lower()})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KitError(f"{path}: not valid TOML: {error}") from None
    try:
        rubric = msgspec.convert(raw, Rubric)
    except msgspec.ValidationError as error:
        problem = str(error).replace(" - at `$.", ": at `")
        raise KitError(f"{path}: {problem}; docs/formats.md lists the knobs") from None
    if rubric.format_version != FORMAT:
        raise KitError(f"{path}: format_version {rubric.format_version}, this kit reads {FORMAT}")
    return rubric


def check_rubric(rubric: Rubric, run: RunResult, exercises: Sequence[Exercise], where: str) -> list[str]:
    """Holds a rubric against a run; returns what is odd and yet no error: lateness of somebody who is not in the run.

    Args:
        rubric: what was read.
        run: the run that it is for.
        exercises: the catalogue, to tell which exercises are a bonus.
        where: the file, for messages.

    Raises:
        KitError: the rubric names what the run does not have, drops all that there is, or gives an exercise fewer
            points than it has checks.
    """
    checks = _weighed_checks(run)
    hidden = [id_.partition("/")[0] for id_ in rubric.messages.hide]
    for key, id_ in [*(("points", id_) for id_ in rubric.points), *(("messages.hide", id_) for id_ in hidden)]:
        if id_ not in checks:
            raise KitError(f"{where}: {key}: no exercise {id_!r} in this run; it has {' '.join(checks)}")
    names = {f"{id_}/{check.name}" for r in run.submissions for id_, v in r.exercises.items() for check in v.checks}
    for name in rubric.messages.hide:
        if "/" in name and name not in names:
            raise KitError(f"{where}: messages.hide: no check {name!r} in this run; results.json has their names")
    for id_, points in rubric.points.items():
        if 0 < points < checks[id_]:
            least = f"{id_!r} has {checks[id_]} checks with points"
            raise KitError(f"{where}: points: {least}; give it as many or more, or 0 to leave it out")
    bonus = {exercise.id for exercise in exercises if exercise.bonus}
    counting = [id_ for id_ in checks if id_ not in bonus and rubric.points.get(id_) != 0]
    if counting and rubric.drop_lowest >= len(counting):
        raise KitError(f"{where}: drop_lowest: {rubric.drop_lowest} of {len(counting)} exercises; leave at least one")
    students = {result.id for result in run.submissions}
    return [f"{where}: late.days: no submission {id_!r} in this run" for id_ in rubric.late.days if id_ not in students]


def _weighed_checks(run: RunResult) -> dict[str, int]:
    """How many checks of each exercise carry points; an upload that was rejected has none."""
    counts: dict[str, int] = {}
    for result in run.submissions:
        for id_, verdict in result.exercises.items():
            weighed = sum(check.max_points > 0 for check in verdict.checks)
            counts[id_] = max(counts.get(id_, 0), weighed)
    return counts
