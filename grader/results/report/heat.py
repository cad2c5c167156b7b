"""The heat map of the class page as plain data: a letter for each check of each student. The page's script draws it."""

from collections.abc import Sequence
from typing import Any

from grader.model import RunResult, Status, SubmissionResult
from grader.results.report.items import Item
from grader.wording import LABELS, MARKS, one_line

LETTERS = {
    Status.PASSED: "P",
    Status.PARTIAL: "R",
    Status.FAILED: "F",
    Status.ERRORED: "E",
    Status.TIMED_OUT: "T",
    Status.OUT_OF_MEMORY: "M",
    Status.CRASHED: "C",
    Status.NOT_ATTEMPTED: "N",
    Status.SKIPPED: "S",
    Status.KIT_ERROR: "K",
}
NOT_THERE = " "


def heat_map(run: RunResult, columns: Sequence[Item]) -> dict[str, Any]:
    """What the script needs, all text in it harmless.

    Returns:
        `statuses`: by letter the class, mark and name of a verdict. `columns`: exercise, number and title of each
        check. `exercises`: their ids. `students`: name to show, id where that differs else "", score, the letters of
        all checks as one string, the points of each exercise.
    """
    exercises = list(dict.fromkeys(column.exercise for column in columns))
    return {
        "statuses": {LETTERS[status]: [status.value, MARKS[status], LABELS[status]] for status in Status},
        "columns": [[one_line(one.exercise), one_line(one.number), one_line(one.title)] for one in columns],
        "exercises": [one_line(id_) for id_ in exercises],
        "students": [_student(result, columns, exercises) for result in run.submissions],
    }


def _student(result: SubmissionResult, columns: Sequence[Item], exercises: Sequence[str]) -> list[Any]:
    shown = one_line(result.id)
    points = [result.exercises[id_].score if id_ in result.exercises else 0 for id_ in exercises]
    return [shown, result.id if shown != result.id else "", result.score, _letters(result, columns), points]


def _letters(result: SubmissionResult, columns: Sequence[Item]) -> str:
    checks = {(id_, c.name): LETTERS[c.status] for id_, verdict in result.exercises.items() for c in verdict.checks}
    whole = {id_: LETTERS[verdict.status] for id_, verdict in result.exercises.items() if not verdict.checks}
    return "".join(checks.get((one.exercise, one.name)) or whole.get(one.exercise, NOT_THERE) for one in columns)
