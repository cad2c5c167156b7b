"""What whoever grades should know of faults in a run: one line for each cause, with how many it touched and whom."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from grader.model import ExerciseResult, Status, SubmissionResult
from grader.run.judge import UNUSABLE

MAX_NAMED = 8
"""Submissions that a line names."""


def faults_in(results: Iterable[SubmissionResult]) -> list[str]:
    """Each fault of the kit that left verdicts out, and the checks and submissions that it touched."""
    return [f"{cause}, {touched(ids)}" for cause, ids in _by_cause(results, _causes).items()]


def doubts_in(results: Iterable[SubmissionResult]) -> list[str]:
    """Each check that failed submissions because their answers led it astray: it may be a check that is too narrow."""
    return [
        f"{check} could not use the answers of {touched(ids)}. They failed it, the kit's own answers pass it; "
        "see whether it turns a right answer away"
        for check, ids in _by_cause(results, _doubts).items()
    ]


def touched(ids: Sequence[str]) -> str:
    """How many submissions, and their names: `3 submissions: a, b, c`."""
    more = f" and {len(ids) - MAX_NAMED} more" if len(ids) > MAX_NAMED else ""
    return f"{len(ids)} submission{'s' if len(ids) != 1 else ''}: {', '.join(ids[:MAX_NAMED])}{more}"


def _by_cause(
    results: Iterable[SubmissionResult], causes: Callable[[str, ExerciseResult], Iterator[str]]
) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for result in results:
        said = {cause: None for id_, verdict in result.exercises.items() for cause in causes(id_, verdict)}
        for cause in said:
            found.setdefault(cause, []).append(result.id)
    return found


def _causes(exercise_id: str, verdict: ExerciseResult) -> Iterator[str]:
    if verdict.status is not Status.KIT_ERROR:
        return
    faulty = [check for check in verdict.checks if check.status is Status.KIT_ERROR]
    for check in faulty:
        yield f"{_kind(check.message)} in {exercise_id} {check.name}"
    if not faulty and verdict.notes:
        yield _kind(verdict.notes[-1])


def _doubts(exercise_id: str, verdict: ExerciseResult) -> Iterator[str]:
    for check in verdict.checks:
        if check.message == UNUSABLE:
            yield f"{exercise_id} {check.name}"


def _kind(message: str) -> str:
    """Class and place of an error without its words, which may be others for each submission; other messages whole."""
    error = re.fullmatch(r"(\w+): .*?( \([\w.]+:\d+\))?", message, re.DOTALL)
    return f"{error[1]}{error[2] or ''}" if error else message
