"""A rubric weighs verdicts anew: by hand, by property, and without touching what was graded."""

import base64
import csv
import io
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from grader.cli import main
from grader.errors import KitError
from grader.model import CheckResult, Exercise, ExerciseResult, RunResult, Status, SubmissionResult
from grader.project import project_catalog
from grader.results.exports import FORMATS, Request
from grader.results.exports.schema import results_schema
from grader.results.report import read_results_json, write_results_json
from grader.results.rescore import for_students, rescored, shares
from grader.results.rubric import Rubric, check_rubric, read_rubric
from tools.build import ROOT

EXERCISES = tuple(
    Exercise(id=id_, title=id_, file="x.py", points=10, bonus=id_ == "bpe") for id_ in ("1.1", "1.2", "2.1", "bpe")
)


def exercise(*won: tuple[int, int]) -> ExerciseResult:
    """Checks as (points won, points to win)."""
    checks = tuple(
        CheckResult(
            name=f"test_{i}",
            title=f"Title {i}",
            status=Status.PASSED if got else Status.FAILED,
            points=got,
            max_points=worth,
            message="" if got else f"advice {i}",
        )
        for i, (got, worth) in enumerate(won)
    )
    score, worth = sum(c.points for c in checks), sum(c.max_points for c in checks)
    status = Status.PASSED if score == worth else Status.PARTIAL if score else Status.FAILED
    return ExerciseResult(score=score, max_score=worth, status=status, checks=checks, notes=("a note",))


def student(id_: str = "alice", **exercises: ExerciseResult) -> SubmissionResult:
    chosen = {name.replace("_", "."): verdict for name, verdict in exercises.items()}
    regular = [verdict for name, verdict in chosen.items() if name != "bpe"]
    return SubmissionResult(
        id=id_,
        source=id_,
        sha256="a",
        proven=True,
        score=sum(v.score for v in regular),
        max_score=sum(v.max_score for v in regular),
        bonus=chosen["bpe"].score if "bpe" in chosen else 0,
        seconds=1.0,
        exercises=chosen,
    )


def run(*submissions: SubmissionResult) -> RunResult:
    return RunResult(format_version=1, kit_version="0", walls=(), submissions=submissions)


def rubric(**knobs: Any) -> Rubric:
    return msgspec.convert({"format_version": 1, **knobs}, Rubric)


def one(result: SubmissionResult, **knobs: Any) -> SubmissionResult:
    (found,) = rescored(run(result), rubric(**knobs), EXERCISES).submissions
    return found


ALICE = student(**{"1_1": exercise((4, 4), (0, 4)), "1_2": exercise((10, 10)), "2_1": exercise((3, 3), (0, 7))})
"""4 of 8, 10 of 10 and 3 of 10 points: 17 of 28."""


def test_a_rubric_without_knobs_changes_no_point() -> None:
    whole = run(ALICE, student("bob", bpe=exercise((5, 5))))
    found = rescored(whole, rubric(), EXERCISES)
    assert found.submissions == whole.submissions
    assert found.rubric == "no knob was turned"


def test_points_of_an_exercise_are_parted_as_they_were() -> None:
    """8 points in halves become 20 in halves; one of them is won."""
    found = one(ALICE, points={"1.1": 20})
    verdict = found.exercises["1.1"]
    assert [(c.points, c.max_points) for c in verdict.checks] == [(10, 10), (0, 10)]
    assert (verdict.score, verdict.max_score, verdict.status) == (10, 20, Status.PARTIAL)
    assert (found.score, found.max_score) == (23, 40)


def test_an_exercise_of_no_points_is_left_out() -> None:
    found = one(ALICE, points={"2.1": 0})
    assert list(found.exercises) == ["1.1", "1.2"]
    assert (found.score, found.max_score) == (14, 18)


def test_the_lowest_is_dropped_and_the_rest_scaled() -> None:
    """2.1 has 3 of 10; 14 of 18 are 21.78 of 28, which rounds to 22."""
    found = one(ALICE, drop_lowest=1)
    assert (found.score, found.max_score) == (22, 28)
    assert "does not count" in " ".join(found.exercises["2.1"].notes).lower()
    assert found.notes == ("2.1 dropped as the lowest; the others are scaled to 28 points.",)
    assert [found.exercises[id_].notes for id_ in ("1.1", "1.2")] == [("a note",)] * 2


def test_of_equal_parts_the_larger_is_dropped() -> None:
    """0 of 8 and 0 of 10: without the latter 10 of 18 are left, 15.56 of 28, and without the former 10 of 20, 14."""
    blank = student(**{"1_1": exercise((0, 8)), "1_2": exercise((0, 10)), "2_1": exercise((10, 10))})
    assert one(blank, drop_lowest=1).score == 16


def test_a_half_is_rounded_up() -> None:
    """3 of 4 points, scaled to 6, are 4.5."""
    found = one(student(**{"1_1": exercise((3, 3), (0, 1)), "1_2": exercise((0, 2))}), drop_lowest=1)
    assert (found.score, found.max_score) == (5, 6)


@pytest.mark.parametrize(("days", "most", "taken"), [(0, 100, 0), (1, 100, 1), (3, 100, 5), (30, 100, 17), (30, 50, 8)])
def test_lateness_takes_whole_points_off_and_says_so(days: int, most: int, taken: int) -> None:
    """10 % a day of 17 points, rounded down in the student's favour."""
    found = one(ALICE, late={"percent_per_day": 10, "at_most_percent": most, "days": {"alice": days}})
    assert (found.score, found.penalty) == (17 - taken, taken)
    assert bool(found.notes) == bool(taken)


def test_who_is_in_time_pays_nothing_and_bonus_points_stay() -> None:
    late = {"percent_per_day": 50, "days": {"bob": 1}}
    bob = student("bob", bpe=exercise((5, 5)), **{"1_1": exercise((8, 8))})
    first, second = rescored(run(ALICE, bob), rubric(late=late), EXERCISES).submissions
    assert first == ALICE
    assert (second.score, second.bonus) == (4, 5)


@pytest.mark.parametrize(("most", "bonus", "notes"), [(3, 3, 1), (0, 0, 1), (5, 5, 0), (9, 5, 0)])
def test_the_bonus_is_capped(most: int, bonus: int, notes: int) -> None:
    found = one(student(bpe=exercise((5, 5)), **{"1_1": exercise((8, 8))}), bonus={"at_most": most})
    assert (found.bonus, found.score, len(found.notes)) == (bonus, 8, notes)


def test_a_bonus_exercise_is_never_among_the_lowest() -> None:
    found = one(
        student(bpe=exercise((0, 5)), **{"1_1": exercise((4, 4), (0, 4)), "1_2": exercise((10, 10))}), drop_lowest=1
    )
    assert (found.score, found.max_score) == (18, 18)


def test_an_upload_that_could_not_be_read_stays_at_nothing() -> None:
    blank = ExerciseResult(score=0, max_score=8, status=Status.NOT_ATTEMPTED)
    found = one(student(**{"1_1": blank, "1_2": blank}), points={"1.1": 20}, drop_lowest=1)
    assert (found.score, found.max_score) == (0, 28)
    assert all(verdict.status is Status.NOT_ATTEMPTED for verdict in found.exercises.values())


def test_no_verdict_changes_its_status() -> None:
    whole = run(
        student(**{"1_1": exercise((1, 1), (0, 7)), "1_2": exercise((10, 10)), "2_1": exercise((0, 9), (0, 1))})
    )
    found = rescored(whole, rubric(points={"1.1": 2, "1.2": 50, "2.1": 2}), EXERCISES)
    assert [v.status for v in found.submissions[0].exercises.values()] == [
        v.status for v in whole.submissions[0].exercises.values()
    ]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12), st.integers(0, 200))
def test_parts_add_up_and_stay_close_to_their_share(weights: list[int], more: int) -> None:
    positive = sum(weight > 0 for weight in weights)
    points = positive + more
    parts = shares(points, weights)
    assert sum(parts) == (points if positive else 0)
    assert all((part > 0) == (weight > 0) for part, weight in zip(parts, weights, strict=True))
    assert all(
        a >= b for a, x in zip(parts, weights, strict=True) for b, y in zip(parts, weights, strict=True) if x > y
    )
    if points == sum(weights):
        assert parts == weights


def test_a_rescored_run_is_not_rescored_again() -> None:
    again = rescored(run(ALICE), rubric(drop_lowest=1), EXERCISES)
    with pytest.raises(KitError, match="applied to this run already"):
        rescored(again, rubric(), EXERCISES)


def test_a_run_of_another_catalogue_is_named() -> None:
    other = msgspec.structs.replace(ALICE, score=18)
    with pytest.raises(KitError, match="alice: its score is not the sum"):
        rescored(run(other), rubric(), EXERCISES)


# --- what students see --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("messages", "titles", "advice"),
    [
        ({}, 5, 2),
        ({"show": "titles"}, 5, 0),
        ({"show": "points"}, 0, 0),
        ({"hide": ["1.1"]}, 5, 1),
        ({"hide": ["2.1/test_1"]}, 5, 1),
        ({"hide": ["2.1/test_0"]}, 5, 2),
    ],
)
def test_messages_are_shown_as_far_as_the_rubric_says(messages: dict[str, Any], titles: int, advice: int) -> None:
    (found,) = for_students(run(ALICE), rubric(messages=messages).messages).submissions
    checks = [check for verdict in found.exercises.values() for check in verdict.checks]
    assert (len(checks), sum(bool(check.message) for check in checks)) == (titles, advice)
    assert (found.score, found.exercises["1.1"].score, found.exercises["1.1"].notes) == (17, 4, ("a note",))


# --- the file -----------------------------------------------------------------------------


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rubric.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "missing required field `format_version`"),
        ("format_version = 2", "format_version 2, this kit reads 1"),
        ("format_version = 1\ndrop_lowst = 1", "drop_lowst"),
        ("format_version = 1\n[late]\npercent = 10", "percent"),
        ("format_version = 1\n[late]\npercent_per_day = 101", "at `late.percent_per_day`"),
        ("format_version = 1\n[points]\n'1.1' = -1", "points"),
        ("format_version = 1\n[points]\n'1.1' = 1.5", "points"),
        ("format_version = 1\n[messages]\nshow = 'nothing'", "messages.show"),
        ("format_version = ", "not valid TOML"),
    ],
)
def test_a_knob_that_does_not_exist_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(KitError, match=re.escape(words)):
        read_rubric(written(tmp_path, text))


@pytest.mark.parametrize(
    ("knobs", "words"),
    [
        ({"points": {"9.9": 5}}, "points: no exercise '9.9' in this run; it has 1.1 1.2 2.1"),
        ({"messages": {"hide": ["9.9/test_x"]}}, "messages.hide: no exercise '9.9'"),
        ({"messages": {"hide": ["1.1/test_9"]}}, "messages.hide: no check '1.1/test_9'"),
        ({"points": {"1.1": 1}}, "points: '1.1' has 2 checks with points"),
        ({"drop_lowest": 3}, "drop_lowest: 3 of 3 exercises"),
        ({"drop_lowest": 2, "points": {"1.1": 0}}, "drop_lowest: 2 of 2 exercises"),
    ],
)
def test_a_rubric_that_does_not_fit_the_run_is_refused(knobs: dict[str, Any], words: str) -> None:
    with pytest.raises(KitError, match=re.escape(f"r.toml: {words}")):
        check_rubric(rubric(**knobs), run(ALICE), EXERCISES, "r.toml")


def test_lateness_of_a_stranger_is_a_remark() -> None:
    remarks = check_rubric(rubric(late={"days": {"alise": 1}}), run(ALICE), EXERCISES, "r.toml")
    assert remarks == ["r.toml: late.days: no submission 'alise' in this run"]
    assert check_rubric(rubric(late={"days": {"alice": 1}}), run(ALICE), EXERCISES, "r.toml") == []


def test_the_example_turns_every_knob_and_fits_the_course() -> None:
    path = ROOT / "docs" / "rubric.toml"
    example, catalog = read_rubric(path), project_catalog(ROOT)
    raw = tomllib.loads(path.read_text("utf-8"))
    assert set(raw) == set(Rubric.__struct_fields__)
    assert all(
        set(raw[part]) == set(getattr(example, part).__struct_fields__) for part in ("late", "bonus", "messages")
    )
    hidden = {
        f"{e.id}/{name}"
        for e in catalog.exercise
        for name in re.findall(
            r"^def (test_\w+)",
            (ROOT / "tests" / "hidden" / e.file.replace("ex_", "test_")).read_text("utf-8"),
            re.MULTILINE,
        )
    }
    for name in example.messages.hide:
        assert name in hidden or name in catalog.ids
    assert set(example.points) <= set(catalog.ids)


# --- the command --------------------------------------------------------------------------

LATE = (
    'format_version = 1\n[late]\npercent_per_day = 10\ndays = { "alice" = 3, "zoe" = 1 }\n[messages]\nshow = "titles"\n'
)


def test_the_command_leaves_what_was_graded_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_results_json(tmp_path, run(ALICE))
    (tmp_path / "results.db").write_bytes(b"the store")
    before = (tmp_path / "results.json").read_bytes()
    assert main(["rescore", str(tmp_path), "--rubric", str(written(tmp_path, LATE))]) == 0
    said = capsys.readouterr()
    out = Path(said.out.strip())
    assert out == tmp_path / "rescored"
    assert "no submission 'zoe'" in said.err
    assert ((tmp_path / "results.json").read_bytes(), (tmp_path / "results.db").read_bytes()) == (before, b"the store")
    found = read_results_json(out)
    assert found.submissions[0].score == 12
    Draft202012Validator(results_schema()).validate(json.loads((out / "results.json").read_text("utf-8")))
    assert "advice 1" not in (out / "results.json").read_text("utf-8") + (
        out / "students/alice/feedback.html"
    ).read_text("utf-8")
    assert "advice 1" in (out / "report.html").read_text("utf-8")
    assert "3 days late" in (out / "students/alice/feedback.html").read_text("utf-8")
    assert main(["diff", str(tmp_path), str(out)]) == 0
    assert "17 -> 12 -5" in capsys.readouterr().out


@pytest.mark.parametrize("out", ["", "other"])
def test_the_command_writes_over_no_run_that_was_graded(
    tmp_path: Path, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_results_json(tmp_path, run(ALICE))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "results.db").touch()
    assert main(["rescore", str(tmp_path), "--rubric", str(written(tmp_path, LATE)), "--out", str(tmp_path / out)]) == 2
    assert "choose another --out folder" in " ".join(capsys.readouterr().err.split())


def test_exports_of_a_rescored_run_add_up() -> None:
    """The classic reporter sums tests, nbgrader tells the penalty apart."""
    whole = rescored(run(ALICE), rubric(drop_lowest=1, late={"percent_per_day": 10, "days": {"alice": 1}}), EXERCISES)
    request = Request(exercises=EXERCISES)
    (classic,) = FORMATS["classroom"].of(whole, request).files.values()
    tests = json.loads(base64.b64decode(classic))["tests"]
    assert sum(test["score"] for test in tests) == whole.submissions[0].score == 20
    assert (tests[-1]["name"], tests[-1]["score"]) == ("Rubric", 3)
    (row,) = csv.DictReader(
        io.StringIO(FORMATS["nbgrader"].of(whole, request).files["grades.csv"].decode(), newline="")
    )
    assert (row["raw_score"], row["late_submission_penalty"], row["score"]) == ("22", "2", "20")
