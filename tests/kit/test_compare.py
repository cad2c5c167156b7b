"""Two runs side by side, and one run in numbers: what changed, why, and how it adds up."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.cli import main
from grader.model import CheckResult, ExerciseResult, RunResult, Status, SubmissionResult
from grader.results.report import write_results_json
from grader.results.report.changes import difference
from grader.results.report.statistics import spread, statistics

PASSED, FAILED = Status.PASSED, Status.FAILED


def exercise(**checks: Status | tuple[Status, int]) -> ExerciseResult:
    """Checks by name, each worth 2 points unless it says otherwise."""
    found = []
    for name, what in checks.items():
        status, worth = what if isinstance(what, tuple) else (what, 2)
        found.append(
            CheckResult(
                name=name,
                title=f"Title of {name}",
                status=status,
                points=worth if status is PASSED else 0,
                max_points=worth,
                message=f"said {status}",
            )
        )
    score, worth = sum(check.points for check in found), sum(check.max_points for check in found)
    status = PASSED if score == worth else next(check.status for check in found if check.status is not PASSED)
    return ExerciseResult(score=score, max_score=worth, status=status, checks=tuple(found))


def student(id_: str, exercises: dict[str, ExerciseResult], **more: Any) -> SubmissionResult:
    values = {
        "source": id_,
        "sha256": "a",
        "proven": True,
        "score": sum(e.score for e in exercises.values()),
        "max_score": sum(e.max_score for e in exercises.values()),
        "bonus": 0,
        "seconds": 2.0,
        "exercises": exercises,
    }
    return SubmissionResult(id=id_, **{**values, **more})


def run(*submissions: SubmissionResult, version: str = "1", walls: tuple[str, ...] = ("seccomp",)) -> RunResult:
    return RunResult(format_version=1, kit_version=version, walls=walls, submissions=submissions)


def whys(before: ExerciseResult, after: ExerciseResult) -> list[tuple[str, int, str]]:
    found = difference(run(student("a", {"1.1": before})), run(student("a", {"1.1": after})))
    return [
        (check.name, check.after - check.before, check.why)
        for one in (*found.changed, *found.reworded)
        for check in one.checks
    ]


# --- diff ---------------------------------------------------------------------------------


def test_a_run_differs_from_itself_in_nothing() -> None:
    one = run(student("a", {"1.1": exercise(x=PASSED, y=FAILED)}), student("b", {}))
    found = difference(one, one)
    assert (found.changed, found.reworded, found.same, found.only_before, found.only_after, found.run) == (
        (),
        (),
        2,
        (),
        (),
        (),
    )


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (exercise(x=PASSED, y=FAILED), exercise(x=PASSED, y=PASSED), [("y", 2, "failed -> passed")]),
        (exercise(x=PASSED), exercise(x=Status.TIMED_OUT), [("x", -2, "passed -> timed_out")]),
        (exercise(x=PASSED), exercise(x=PASSED, y=PASSED), [("y", 2, "new, passed")]),
        (exercise(x=PASSED, y=FAILED), exercise(x=PASSED), [("y", 0, "gone, was failed")]),
        (exercise(x=(PASSED, 2), y=PASSED), exercise(x=(PASSED, 5), y=PASSED), [("", 3, "worth 7 instead of 4")]),
        (
            exercise(x=(PASSED, 2), y=(PASSED, 3)),
            exercise(x=(PASSED, 1), y=(PASSED, 4)),
            [("x", -1, "worth 1 instead of 2"), ("y", 1, "worth 4 instead of 3")],
        ),
        (exercise(x=(FAILED, 2)), exercise(x=(PASSED, 5)), [("x", 5, "failed -> passed, worth 5 instead of 2")]),
        (exercise(x=FAILED), exercise(x=Status.CRASHED), [("x", 0, "failed -> crashed")]),
    ],
)
def test_a_change_is_told_check_by_check(before: ExerciseResult, after: ExerciseResult, why: list[Any]) -> None:
    assert whys(before, after) == why


def test_points_that_no_check_explains_are_told_of_the_exercise() -> None:
    less = msgspec.structs.replace(exercise(x=PASSED), score=1)
    assert whys(exercise(x=PASSED), less) == [("", -1, "passed -> passed")]
    blank = ExerciseResult(score=0, max_score=2, status=Status.NOT_ATTEMPTED)
    assert whys(blank, msgspec.structs.replace(blank, status=Status.KIT_ERROR)) == [
        ("", 0, "not_attempted -> kit_error")
    ]


def test_the_changes_of_a_student_add_up() -> None:
    before = student("a", {"1.1": exercise(x=PASSED, y=FAILED), "1.2": exercise(x=PASSED)})
    after = student("a", {"1.1": exercise(x=FAILED, y=PASSED, z=PASSED), "1.3": exercise(x=PASSED)})
    (change,) = difference(run(before), run(after)).changed
    assert sum(check.after - check.before for check in change.checks) == change.after - change.before == 2
    assert [(check.exercise, check.why) for check in change.checks if not check.name] == [
        ("1.2", "exercise is gone"),
        ("1.3", "exercise is new"),
    ]


def test_marks_that_are_the_same_are_kept_apart_from_those_that_are_not() -> None:
    before = run(*(student(name, {"1.1": exercise(x=FAILED)}) for name in "abcd"), student("gone", {}))
    after = run(
        student("a", {"1.1": exercise(x=FAILED)}),
        student("b", {"1.1": exercise(x=Status.ERRORED)}),
        student("c", {"1.1": exercise(x=PASSED)}),
        student("d", {"1.1": exercise(x=FAILED)}, bonus=3),
        student("new", {}),
        version="2",
        walls=("landlock",),
    )
    found = difference(before, after)
    assert [one.id for one in found.changed] == ["c", "d"]
    assert [one.id for one in found.reworded] == ["b"]
    assert (found.same, found.only_before, found.only_after) == (1, ("gone",), ("new",))
    assert found.run == (
        "kit 1 -> 2",
        "walls that stood in the first run only: seccomp",
        "walls that stood in the second run only: landlock",
    )


def test_other_work_and_new_notes_are_told() -> None:
    before = student("a", {"1.1": exercise(x=FAILED)}, notes=("old",))
    after = student("a", {"1.1": exercise(x=PASSED)}, notes=("old", "late"), sha256="b")
    (change,) = difference(run(before), run(after)).changed
    assert (change.other_work, change.notes) == (True, ("late",))


def test_the_command_prints_the_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = "[red]\x1b[31m"
    write_results_json(
        tmp_path / "1", run(student("a" + evil, {"1.1": exercise(x=FAILED)}), student("b", {"1.1": exercise(x=FAILED)}))
    )
    write_results_json(
        tmp_path / "2",
        run(
            student("a" + evil, {"1.1": exercise(x=PASSED)}),
            student("b", {"1.1": exercise(x=Status.CRASHED)}),
            version=evil,
        ),
    )
    command = ["diff", str(tmp_path / "1"), str(tmp_path / "2")]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "a[red]  0 -> 2 +2" in said
    assert "+2 1.1 Title of x: failed -> passed" in said
    assert "1 with other marks (1 up, 0 down), 0 the same." in said
    assert "\x1b" not in said
    assert "said crashed" not in said
    assert main([*command, "--all"]) == 0
    assert "±0 1.1 Title of x: failed -> crashed" in (shown := capsys.readouterr().out)
    assert "said crashed" in shown
    assert main([*command, "--format", "json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["changed"][0]["checks"][0]["why"] == "failed -> passed"


def test_a_folder_without_a_run_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_results_json(tmp_path, run())
    assert main(["diff", str(tmp_path), str(tmp_path / "none")]) == 2
    assert "none: no such file or directory" in " ".join(capsys.readouterr().err.split())


# --- stats --------------------------------------------------------------------------------


def test_a_spread_is_that_of_the_textbook() -> None:
    """2 4 4 4 5 5 7 9 has mean 5 and standard deviation 2; the quartiles lie at ranks 1.75, 3.5 and 5.25, counted from 0."""
    found = spread([2, 4, 4, 4, 5, 5, 7, 9])
    assert (found.count, found.mean, found.sd, found.low, found.median, found.high) == (8, 5, 2, 2, 4.5, 9)
    assert (found.first_quartile, found.third_quartile) == (4, 5.5)


@pytest.mark.parametrize("numbers", [[], [3]])
def test_a_spread_of_few_has_its_numbers(numbers: list[float]) -> None:
    found = spread(numbers)
    assert (found.count, found.mean, found.sd, found.high) == (len(numbers), sum(numbers), 0, sum(numbers))


def test_what_is_no_score_is_not_among_the_scores() -> None:
    blank = ExerciseResult(score=0, max_score=2, status=Status.NOT_ATTEMPTED)
    whole = run(
        student("a", {"1.1": exercise(x=PASSED)}, student_seconds=1.0),
        student("b", {"1.1": exercise(x=FAILED)}, proven=False),
        student("c", {"1.1": exercise(x=Status.KIT_ERROR)}),
        student("d", {"1.1": blank}, is_rejected=True, notes=("Not graded: empty",), seconds=0.0),
        student("e", {"1.1": exercise(x=Status.TIMED_OUT), "1.2": exercise(x=Status.OUT_OF_MEMORY)}),
    )
    found = statistics(whole)
    assert (found.submissions, found.rejected, found.unsettled, found.unproven, found.absent) == (5, 1, 1, 1, 0)
    assert statistics(msgspec.structs.replace(whole, absent=("zoe",))).absent == 1
    assert (found.scores.count, found.scores.mean) == (3, 2 / 3)
    assert found.limits == {"timed_out": 1, "out_of_memory": 1, "crashed": 0}
    assert found.student_share == 1 / 8
    first = found.exercises[0]
    assert (first.started, first.passed) == (3, 1)
    assert first.statuses == {"passed": 1, "failed": 1, "kit_error": 1, "not_attempted": 1, "timed_out": 1}


def test_the_command_prints_the_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_results_json(
        tmp_path, run(student("a", {"1.1": exercise(x=PASSED)}), student("b", {"1.1": exercise(x=Status.CRASHED)}))
    )
    assert main(["stats", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "2 submissions, 2 points to win" in said
    assert "Limits hit, counted by exercise: 1 crashed." in said
    assert main(["stats", str(tmp_path), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["scores"]["mean"] == 1


def test_an_empty_run_has_numbers_too(tmp_path: Path) -> None:
    write_results_json(tmp_path, run())
    assert main(["stats", str(tmp_path)]) == 0
