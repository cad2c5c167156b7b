"""Finds what a command line names in a results folder."""

from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from grader.errors import KitError
from grader.model import RunResult, SubmissionResult


def find_student(run: RunResult, folder: Path, student: str) -> SubmissionResult:
    """The submission of that id.

    Raises:
        KitError: there is none; the message names the one that is spelled most like it.
    """
    results = {result.id: result for result in run.submissions}
    if student not in results:
        close = get_close_matches(student, results, n=1)
        advice = f"did you mean {close[0]}?" if close else f"there are {len(results)}, see {folder}/results.csv"
        raise KitError(f"{folder}: no submission {student!r}; {advice}")
    return results[student]


def graded_at(folder: Path) -> datetime:
    """When the run in this folder was finished."""
    return datetime.fromtimestamp((folder / "results.json").stat().st_mtime, UTC).replace(microsecond=0)
