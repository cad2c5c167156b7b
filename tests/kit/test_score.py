"""Tests of scoring: points are integers that add up, and our own faults are never a silent zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import CheckResult, Exercise, ExerciseResult, JudgedCode, Status, Submission
from grader.run.score import exercise_result, rejected_result, submission_result

EXERCISE = Exercise(id="1.1", title="t", file="f.py", points=8)
BONUS = Exercise(id="bpe", title="b", file="b.py", points=10, bonus=True)
SUBMISSION = Submission(id="x", source="x.ipynb", sha256="0", notes=("first",))


def check(status: Status, worth: int, points: int | None = None) -> CheckResult:
    won = (worth if status is Status.PASSED else 0) if points is None else points
    return CheckResult(name="n", title="t", status=status, points=won, max_points=worth)


def result(*checks: CheckResult) -> ExerciseResult:
    return exercise_result(EXERCISE, checks, ["note"])


@pytest.mark.parametrize(
    ("statuses", "score", "status"),
    [
        ([Status.PASSED, Status.PASSED], 8, Status.PASSED),
        ([Status.PASSED, Status.FAILED], 4, Status.PARTIAL),
        ([Status.PASSED, Status.CRASHED], 4, Status.PARTIAL),
        ([Status.FAILED, Status.FAILED], 0, Status.FAILED),
        ([Status.FAILED, Status.SKIPPED], 0, Status.FAILED),
        ([Status.NOT_ATTEMPTED, Status.NOT_ATTEMPTED], 0, Status.NOT_ATTEMPTED),
        ([Status.NOT_ATTEMPTED, Status.FAILED], 0, Status.FAILED),
        ([Status.FAILED, Status.ERRORED], 0, Status.ERRORED),
        ([Status.ERRORED, Status.TIMED_OUT], 0, Status.TIMED_OUT),
        ([Status.TIMED_OUT, Status.OUT_OF_MEMORY], 0, Status.OUT_OF_MEMORY),
        ([Status.OUT_OF_MEMORY, Status.CRASHED], 0, Status.CRASHED),
        ([Status.TIMED_OUT, Status.TIMED_OUT], 0, Status.TIMED_OUT),
        ([Status.SKIPPED, Status.SKIPPED], 0, Status.SKIPPED),
        ([Status.PASSED, Status.KIT_ERROR], 4, Status.KIT_ERROR),
        ([Status.CRASHED, Status.KIT_ERROR], 0, Status.KIT_ERROR),
    ],
)
def test_the_status_of_an_exercise(statuses: list[Status], score: int, status: Status) -> None:
    found = result(*(check(s, 4) for s in statuses))
    assert (found.score, found.max_score, found.status, found.notes) == (score, 8, status, ("note",))


def test_only_a_passed_check_wins_points_and_never_more_than_it_is_worth() -> None:
    assert result(check(Status.FAILED, 4, points=4), check(Status.PASSED, 4, points=99)).score == 4
    assert result(check(Status.PASSED, 4, points=-5), check(Status.PASSED, 4)).score == 4


def test_checks_without_points_do_not_matter() -> None:
    assert result(check(Status.PASSED, 8), check(Status.FAILED, 0)).status is Status.PASSED


@pytest.mark.parametrize("worths", [[], [4], [4, 5], [8, 8]])
def test_points_that_do_not_add_up_are_our_fault(worths: list[int]) -> None:
    found = result(*(check(Status.PASSED, worth) for worth in worths))
    assert found.status is Status.KIT_ERROR
    assert found.score <= 8
    assert "1.1" in found.notes[-1]


def test_bonus_is_summed_apart() -> None:
    full = {"1.1": result(check(Status.PASSED, 8)), "bpe": exercise_result(BONUS, [check(Status.PASSED, 10)])}
    found = submission_result(
        SUBMISSION, [EXERCISE, BONUS], full, proven=True, seconds=1.5, student_seconds=1.0, notes=["n"]
    )
    assert (found.score, found.max_score, found.bonus) == (8, 8, 10)
    assert (found.seconds, found.student_seconds, found.proven) == (1.5, 1.0, True)
    assert list(found.exercises) == ["1.1", "bpe"]
    assert found.notes == ("first", "n")


def test_only_the_chosen_exercises_count() -> None:
    found = submission_result(SUBMISSION, [BONUS], {"bpe": result(), "1.1": result()}, proven=False, seconds=0)
    assert (found.max_score, list(found.exercises), found.proven) == (0, ["bpe"], False)


def test_a_rejected_submission_says_why_first() -> None:
    rejected = Submission(id="x", source="x", sha256="0", notes=("zip note",), rejected="is empty")
    found = rejected_result(rejected, [EXERCISE, BONUS], proven=True)
    assert (found.score, found.max_score, found.bonus) == (0, 8, 0)
    assert found.notes == ("Not graded: is empty", "zip note")
    assert {e.status for e in found.exercises.values()} == {Status.NOT_ATTEMPTED}
    assert not found.has_kit_error
    assert found.is_rejected


def test_a_kit_error_anywhere_is_seen() -> None:
    found = submission_result(
        SUBMISSION, [EXERCISE], {"1.1": result(check(Status.KIT_ERROR, 8))}, proven=True, seconds=0
    )
    assert found.has_kit_error


def test_text_that_is_no_unicode_does_not_spoil_the_results() -> None:
    spoilt = CheckResult(name="n", title="t", status=Status.FAILED, points=0, max_points=8, message="got '\ud83d'")
    found = exercise_result(EXERCISE, [spoilt], ["\udcff"])
    (found.checks[0].message + found.notes[0]).encode()


@given(st.lists(st.tuples(st.sampled_from(list(Status)), st.integers(0, 9), st.integers(-20, 20)), max_size=8))
def test_a_score_is_always_between_nothing_and_everything(checks: list[tuple[Status, int, int]]) -> None:
    found = result(*(check(status, worth, points) for status, worth, points in checks))
    assert 0 <= found.score <= found.max_score
    if any(status is Status.KIT_ERROR for status, _, _ in checks):
        assert found.status is Status.KIT_ERROR
    if found.status is Status.PASSED:
        assert found.score == found.max_score


def kept(*code: JudgedCode) -> tuple[JudgedCode, ...]:
    return exercise_result(EXERCISE, [check(Status.FAILED, 8)], code=code).code


def test_the_code_of_an_exercise_is_kept_and_cut_where_it_goes_on_and_on():
    short = JudgedCode(where="cell 1", source="x = 1\ny = 2", line=2)
    assert kept(short) == (short,)
    (long,) = kept(JudgedCode(where="cell 1", source="x = 1\n" * 499 + "y"))
    assert long.source.count("\n") == 199 and long.left_out == 300
    many = kept(*[JudgedCode(where=f"cell {i}", source="x = 1\n" * 20) for i in range(5000)])
    assert sum(len(piece.source.splitlines()) for piece in many) == 200
    wide = kept(*[JudgedCode(where=f"cell {i}", source="é" * 5000) for i in range(5000)])
    assert sum(len(piece.source) for piece in wide) == 16_000


@pytest.mark.parametrize("line", [0, -1, 3, 2**80, None])
def test_a_line_that_the_code_does_not_have_is_none(line):
    """It is a word of the student's process."""
    assert kept(JudgedCode(where="cell 1", source="x = 1\ny = 2", line=line))[0].line is None


def test_code_that_is_half_a_surrogate_can_be_written():
    kept(JudgedCode(where="\ud800", source="'\ud83d'"))[0].source.encode()


def test_of_what_was_not_attempted_no_code_is_kept():
    code = (JudgedCode(where="cell 1", source="x"),)
    assert exercise_result(EXERCISE, [check(Status.NOT_ATTEMPTED, 8)], code=code).code == ()
