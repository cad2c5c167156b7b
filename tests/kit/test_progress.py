"""What is shown of a run while it goes on."""

import io
import json

import pytest
from rich.console import Console

from grader.model import ExerciseResult, Status, SubmissionResult
from grader.run.progress import Bar, Lines, outcome_of, watcher


def result(
    score: int = 0, status: Status = Status.FAILED, notes: tuple[str, ...] = (), bonus: int = 0
) -> SubmissionResult:
    exercise = ExerciseResult(score=score, max_score=8, status=status)
    return SubmissionResult(
        id="ana",
        source="",
        sha256="",
        proven=True,
        score=score,
        max_score=8,
        bonus=bonus,
        seconds=1.5,
        is_rejected=bool(notes),
        notes=notes,
        exercises={"1.1": exercise},
    )


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (result(8, Status.PASSED), "all points"),
        (result(3, Status.PARTIAL), "some points"),
        (result(0), "no points"),
        (result(0, bonus=2), "some points"),
        (result(0, Status.NOT_ATTEMPTED), "blank"),
        (result(0, Status.NOT_ATTEMPTED, ("Not graded: no JSON",)), "unreadable"),
        (result(0, Status.KIT_ERROR), "kit error"),
    ],
)
def test_each_submission_is_told_in_a_word(given, word):
    assert outcome_of(given) == word


def test_lines_are_json_with_what_a_log_needs():
    stream = io.StringIO()
    with Lines(stream) as lines:
        lines(1, 2, result(8, Status.PASSED))
        lines(2, 2, result(0))
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first | {"elapsed_s": 0} == {
        "done": 1,
        "total": 2,
        "id": "ana",
        "outcome": "all points",
        "score": 8,
        "max_score": 8,
        "bonus": 0,
        "seconds": 1.5,
        "elapsed_s": 0,
    }
    assert (second["done"], second["outcome"]) == (2, "no points")


def test_the_bar_counts_outcomes_and_shows_the_rate():
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=120, color_system=None)
    with Bar(console) as bar:
        bar(1, 3, result(8, Status.PASSED))
        bar(2, 3, result(8, Status.PASSED))
        bar(3, 3, result(0, Status.KIT_ERROR))
        bar._bar.refresh()
    shown = stream.getvalue()
    assert "3/3" in shown and "/min" in shown
    assert "2 all points, 1 kit error" in shown


def test_a_log_gets_no_bar_and_quiet_says_nothing(capsys):
    stream = io.StringIO()
    for kind in (None, "none"):
        with watcher(kind, Console(file=stream)) as watch:
            watch(1, 1, result(8, Status.PASSED))
    assert not stream.getvalue().strip()
    assert capsys.readouterr() == ("", "")
