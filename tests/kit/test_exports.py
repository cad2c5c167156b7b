"""Every export, read back by the rules of the system that it is for; hostile words stay words in all of them."""

import base64
import csv
import io
import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from grader.cli import main
from grader.errors import KitError
from grader.model import CheckResult, Exercise, ExerciseResult, RunResult, Status, SubmissionResult, to_json
from grader.results.exports import FORMATS, Request, write_export
from grader.results.exports.gradescope import broken
from grader.results.exports.prairielearn import MAX_BYTES
from grader.results.exports.schema import results_schema
from grader.results.report import write_results_json
from tools import schema as schema_tool

EXERCISES = (
    Exercise(id="1.1", title="Word-level", file="a.py", points=8),
    Exercise(id="bpe", title="From scratch", file="b.py", points=10, bonus=True),
)
EVIL = [
    "<script>alert(1)</script>",
    "\x1b]0;title\x07\x1b[31mred",
    "=cmd|'/c calc'!A1",
    "\u202eevil",
    "a\r\n::set-output name=x::y\r\nb,c",
    "]]>",
    "<!--",
    "&lt;",
    "a;=1",
    "\x00\x0b\ufffe",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "%0A",
    "${{ secrets.X }}",
]
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def check(status: Status = Status.PASSED, worth: int = 8, message: str = "", title: str = "A title.") -> CheckResult:
    won = worth if status is Status.PASSED else 0
    return CheckResult(name="test_x", title=title, status=status, points=won, max_points=worth, message=message)


def exercise(status: Status, *checks: CheckResult, worth: int = 8, notes: tuple[str, ...] = ()) -> ExerciseResult:
    checks = checks or (check(status, worth),)
    return ExerciseResult(
        score=sum(c.points for c in checks), max_score=worth, status=status, checks=checks, notes=notes
    )


def student(id_: str = "alice", status: Status = Status.PASSED, **fields: Any) -> SubmissionResult:
    first = fields.pop("first", None) or exercise(status)
    bonus = exercise(Status.PASSED if fields.get("bonus") else Status.NOT_ATTEMPTED, worth=10)
    values = {
        "source": f"{id_}.ipynb",
        "sha256": "ab",
        "proven": True,
        "score": first.score,
        "max_score": 8,
        "bonus": 0,
        "seconds": 1.25,
        "exercises": {"1.1": first, "bpe": bonus},
    }
    return SubmissionResult(id=id_, **{**values, **fields})


def run(*submissions: SubmissionResult) -> RunResult:
    return RunResult(format_version=1, kit_version="0.1", walls=("seccomp",), submissions=submissions)


def a_class() -> RunResult:
    """One of each: right, wrong with words that mean harm, every other state, a bonus, unreadable, without a sandbox."""
    wrong = [
        student(
            f"evil{i}",
            first=exercise(Status.FAILED, check(Status.FAILED, message=text, title=text), notes=(text,)),
            notes=(text,),
        )
        for i, text in enumerate(EVIL)
    ]
    blank = ExerciseResult(score=0, max_score=8, status=Status.NOT_ATTEMPTED)
    unread = student("omar", first=blank, is_rejected=True, notes=("Not graded: is empty",), seconds=0.0)
    return run(
        student(),
        student("bo nus", bonus=10),
        *wrong,
        *(student(f"s-{status}", status) for status in Status if status is not Status.PASSED),
        unread,
        student("unproven", proven=False),
    )


def files(name: str, whole: RunResult, **request: Any) -> dict[str, bytes]:
    return FORMATS[name].of(whole, Request(**{"exercises": EXERCISES, "graded_at": NOON, **request})).files


def validate(schema: dict[str, Any], value: Any) -> None:
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(value)


def closed(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """An object that has these fields and no others."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


TEXT, NUMBER, WHOLE, FLAG = {"type": "string"}, {"type": "number"}, {"type": "integer"}, {"type": "boolean"}


def is_harmless(text: str) -> bool:
    return not set(text) & set("\x00\x07\x0b\x1b\u202e\r")


# --- results.json -------------------------------------------------------------------------


def test_the_published_schema_is_in_step_with_the_records(capsys: pytest.CaptureFixture[str]) -> None:
    assert schema_tool.main(["--check"]) == 0, capsys.readouterr()


def test_a_stale_schema_is_noticed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(schema_tool, "FOLDER", tmp_path)
    assert schema_tool.main(["--check"]) == 1
    assert schema_tool.main([]) == 0
    assert schema_tool.main(["--check"]) == 0
    (tmp_path / schema_tool.NAME).write_text("{}\n")
    assert schema_tool.main(["--check"]) == 1
    assert "tools.schema" in capsys.readouterr().err


def test_results_json_keeps_to_its_schema(tmp_path: Path) -> None:
    write_results_json(tmp_path, a_class())
    written = json.loads((tmp_path / "results.json").read_text("utf-8"))
    validate(results_schema(), written)
    assert json.loads(files("json", a_class())["results.json"]) == written


@pytest.mark.parametrize(
    "damage",
    [
        lambda r: r.pop("walls"),
        lambda r: r["submissions"][0].update(score=1.5),
        lambda r: r["submissions"][0].update(score="8"),
        lambda r: r["submissions"][0]["exercises"]["1.1"].update(status="fine"),
        lambda r: r["submissions"][0].update(proven=None),
        lambda r: r["submissions"][0]["exercises"]["1.1"]["checks"][0].pop("points"),
    ],
)
def test_the_schema_refuses_what_is_no_run(damage: Any) -> None:
    written = json.loads(to_json(a_class()))
    damage(written)
    with pytest.raises(ValidationError):
        validate(results_schema(), written)


def test_the_schema_says_what_a_field_is() -> None:
    proven = results_schema()["$defs"]["SubmissionResult"]["properties"]["proven"]
    assert "sandbox" in proven["description"]


# --- Gradescope ---------------------------------------------------------------------------

SHOWN = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
SYNTAX = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
GRADESCOPE_TEST = closed(
    {},
    score=NUMBER,
    max_score=NUMBER,
    status={"enum": ["passed", "failed"]},
    name=TEXT,
    name_format=SYNTAX,
    number=TEXT,
    output=TEXT,
    output_format=SYNTAX,
    tags={"type": "array", "items": TEXT},
    visibility=SHOWN,
    extra_data={"type": "object"},
)
GRADESCOPE = {
    **closed(
        {},
        score=NUMBER,
        execution_time=NUMBER,
        output=TEXT,
        visibility=SHOWN,
        stdout_visibility=SHOWN,
        extra_data={"type": "object"},
        tests={"type": "array", "items": GRADESCOPE_TEST},
        output_format=SYNTAX,
        test_output_format=SYNTAX,
        test_name_format=SYNTAX,
        leaderboard={"type": "array", "items": closed({"name": TEXT, "value": {}}, order={"enum": ["asc", "desc"]})},
    ),
    # Without a score of its own it is the sum of the tests'; then each needs one.
    "anyOf": [
        {"required": ["score"]},
        {"required": ["tests"], "properties": {"tests": {"items": {"required": ["score"]}}}},
    ],
}


def test_gradescope_reads_every_submission() -> None:
    whole = a_class()
    found = files("gradescope", whole)
    assert list(found) == [f"{one.id}/results.json" for one in whole.submissions]
    for content, one in zip(found.values(), whole.submissions, strict=True):
        results = json.loads(content)
        validate(GRADESCOPE, results)
        assert results["score"] == one.score
        assert len(results["tests"]) >= len(one.exercises)
        for text in (results["output"], *(test["name"] + test["output"] for test in results["tests"])):
            assert is_harmless(text)
        assert {results["output_format"], *(test["output_format"] for test in results["tests"])} == {"text"}


def test_gradescope_names_the_walls_and_whether_the_score_is_proven() -> None:
    proven, unproven = (
        json.loads(content) for content in files("gradescope", run(student(), student("b", proven=False))).values()
    )
    assert "Walls that stood: seccomp." in proven["output"]
    assert (proven["extra_data"]["proven"], unproven["extra_data"]["proven"]) == (True, False)


def test_bonus_points_count_where_they_are_asked_for() -> None:
    whole = run(student(bonus=10))
    assert json.loads(files("gradescope", whole)["alice/results.json"])["score"] == 8
    assert json.loads(files("gradescope", whole, with_bonus=True)["alice/results.json"])["score"] == 18


@pytest.mark.parametrize("name", ["gradescope", "prairielearn", "classroom", "junit", "text"])
def test_a_fault_of_ours_is_told_without_its_words(name: str) -> None:
    fault = exercise(
        Status.KIT_ERROR, check(Status.KIT_ERROR, message="/srv/secret: boom"), notes=("/srv/secret broke",)
    )
    (content,) = files(name, run(student(first=fault))).values()
    text = base64.b64decode(content).decode() if name == "classroom" else content.decode()
    assert "Something of ours broke" in text
    assert "secret" not in text


def test_what_stands_in_for_results_is_valid() -> None:
    validate(GRADESCOPE, broken("it took too long."))
    assert "it took too long." in broken("it took too long.")["output"]


# --- PrairieLearn -------------------------------------------------------------------------

PRAIRIELEARN = closed(
    {"score": {"type": "number", "minimum": 0, "maximum": 1}},
    gradable=FLAG,
    message=TEXT,
    output=TEXT,
    format_errors={"type": ["string", "array"], "items": TEXT},
    tests={
        "type": "array",
        "items": closed({}, name=TEXT, description=TEXT, points=NUMBER, max_points=NUMBER, message=TEXT, output=TEXT),
    },
)


def test_prairielearn_reads_every_submission() -> None:
    whole = a_class()
    for content, one in zip(files("prairielearn", whole, with_bonus=True).values(), whole.submissions, strict=True):
        results = json.loads(content)
        validate(PRAIRIELEARN, results)
        assert len(content) <= MAX_BYTES
        if one.id in ("omar", "s-kit_error"):
            assert results["gradable"] is False
            assert results["format_errors"]
        else:
            assert (results["gradable"], results["format_errors"]) == (True, [])
            assert results["score"] == min(1, (one.score + one.bonus) / 8)


@pytest.mark.parametrize(("checks", "length"), [(1, 3_000_000), (2_000, 3_000), (30_000, 10)])
def test_prairielearn_gets_at_most_a_megabyte(checks: int, length: int) -> None:
    many = [check(Status.FAILED, message="é" * length, title=str(place)) for place in range(checks)]
    (content,) = files("prairielearn", run(student(first=exercise(Status.FAILED, *many), score=4))).values()
    assert len(content) <= MAX_BYTES
    results = json.loads(content)
    validate(PRAIRIELEARN, results)
    assert results["score"] == 0.5
    assert "[cut off]" in str(results)


# --- Classroom 50 and the classic actions -------------------------------------------------

CLASSROOM50 = closed(
    {
        "score": WHOLE,
        "max-score": WHOLE,
        "datetime": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "tests": {
            "type": "array",
            "items": closed({"test-name": TEXT, "passed": FLAG, "score": WHOLE, "max-score": WHOLE}),
        },
    }
)
CLASSROOM = closed(
    {
        "version": WHOLE,
        "status": {"enum": ["pass", "fail", "error"]},
        "max_score": WHOLE,
        "tests": {
            "type": "array",
            "items": closed(
                {
                    "name": TEXT,
                    "status": {"enum": ["pass", "fail", "error"]},
                    "score": WHOLE,
                    "max_score": WHOLE,
                    "message": TEXT,
                }
            ),
        },
    }
)


def test_classroom50_reads_every_submission() -> None:
    whole = a_class()
    for content, one in zip(files("classroom50", whole).values(), whole.submissions, strict=True):
        result = json.loads(content)
        validate(CLASSROOM50, result)
        assert (result["score"], result["max-score"], result["datetime"]) == (one.score, 8, "2026-05-04T12:00:00Z")
        assert all(is_harmless(test["test-name"]) for test in result["tests"])
        assert sum(test["score"] for test in result["tests"]) == one.score
        assert sum(test["max-score"] for test in result["tests"]) == one.max_score


def test_the_classic_reporter_reads_every_submission() -> None:
    whole = a_class()
    for content, one in zip(files("classroom", whole).values(), whole.submissions, strict=True):
        assert set(content) <= set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
        output = json.loads(base64.b64decode(content, validate=True))
        validate(CLASSROOM, output)
        # The reporter sums the tests.
        assert sum(test["score"] for test in output["tests"]) == one.score
        assert sum(test["max_score"] for test in output["tests"]) == output["max_score"] == one.max_score


def test_the_classic_status_tells_a_fault_from_a_wrong_answer() -> None:
    whole = run(student("a"), student("b", Status.FAILED), student("c", Status.KIT_ERROR))
    found = [json.loads(base64.b64decode(content))["status"] for content in files("classroom", whole).values()]
    assert found == ["pass", "fail", "error"]


# --- nbgrader -----------------------------------------------------------------------------


def test_nbgrader_reads_every_settled_submission() -> None:
    whole = a_class()
    (content,) = files("nbgrader", whole, assignment="=hw1").values()
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert list(rows[0]) == [
        "assignment",
        "duedate",
        "timestamp",
        "student_id",
        "last_name",
        "first_name",
        "email",
        "raw_score",
        "late_submission_penalty",
        "score",
        "max_score",
    ]
    assert {row["student_id"]: int(row["score"]) for row in rows} == {
        one.id: one.score for one in whole.submissions if one.id != "s-kit_error"
    }
    assert all(float(row["raw_score"]) - float(row["late_submission_penalty"]) == float(row["score"]) for row in rows)
    assert {row["assignment"] for row in rows} == {"'=hw1"}
    remarks = FORMATS["nbgrader"].of(whole, Request()).remarks
    assert [remark.partition(":")[0] for remark in remarks] == ["s-kit_error"]


# --- JUnit --------------------------------------------------------------------------------


def test_junit_adds_up_and_holds_hostile_words_as_text() -> None:
    whole = a_class()
    (content,) = files("junit", whole).values()
    root = ET.fromstring(content)
    assert root.tag == "testsuites"
    assert [suite.attrib["name"] for suite in root] == [one.id for one in whole.submissions]
    for suite in root:
        cases = list(suite)
        assert {case.tag for case in cases} == {"testcase"}
        assert {child.tag for case in cases for child in case} <= {"failure", "error", "skipped"}
        assert all(len(case) <= 1 and {"classname", "name", "time"} <= set(case.attrib) for case in cases)
        count = {
            tag: sum(child.tag == tag for case in cases for child in case) for tag in ("failure", "error", "skipped")
        }
        assert (int(suite.attrib["tests"]), int(suite.attrib["failures"])) == (len(cases), count["failure"])
        assert (int(suite.attrib["errors"]), int(suite.attrib["skipped"])) == (count["error"], count["skipped"])
    for name in ("tests", "failures", "errors", "skipped"):
        assert int(root.attrib[name]) == sum(int(suite.attrib[name]) for suite in root)
    script = next(suite for suite in root if suite.attrib["name"] == "evil0")
    assert script[0][0].text == EVIL[0]


@pytest.mark.parametrize(
    ("status", "tag"),
    [
        (Status.FAILED, "failure"),
        (Status.TIMED_OUT, "error"),
        (Status.KIT_ERROR, "error"),
        (Status.NOT_ATTEMPTED, "skipped"),
        (Status.PASSED, None),
    ],
)
def test_a_case_of_junit_says_how_a_check_ended(status: Status, tag: str | None) -> None:
    (content,) = files("junit", run(student(status=status))).values()
    case = ET.fromstring(content)[0][0]
    assert [child.tag for child in case] == ([tag] if tag else [])


# --- plain text ---------------------------------------------------------------------------


def test_feedback_in_plain_text_says_what_to_try() -> None:
    """Fifteen words of four letters, with blanks between them, are the 74 characters that are left of a line."""
    first = exercise(
        Status.FAILED, check(worth=4), check(Status.FAILED, 4, "word " * 40 + "\nlast line", "A longer title")
    )
    (content,) = files("text", run(student(first=first, notes=("about the file",)))).values()
    assert content.decode().split("\n")[:9] == [
        "LM Playground: alice",
        "4 of 8 points",
        "about the file",
        "Graded with kit 0.1. Walls that stood: seccomp.",
        "",
        "1.1 Word-level: 4 of 8, not yet",
        "  ✓ A title. (4 of 4)",
        "  ✗ A longer title (0 of 4)",
        "    " + " ".join(["word"] * 15),
    ]
    assert "\n    last line\n\nbpe From scratch: 0 of 10, not started\n" in content.decode()


def test_feedback_in_plain_text_is_only_text() -> None:
    for content in files("text", a_class()).values():
        text = content.decode()
        assert is_harmless(text)
        assert max(map(len, text.split("\n"))) <= 78
        assert text.endswith("\n")


def test_an_upload_that_could_not_be_read_is_told_why_and_no_more() -> None:
    text = files("text", a_class())["omar.txt"].decode()
    assert "Not graded: is empty" in text
    assert "1.1 " not in text


# --- all of them --------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "canvas"])
def test_an_empty_run_exports(name: str, tmp_path: Path) -> None:
    write_export(run(), name, Request(), tmp_path)


@pytest.mark.parametrize("name", ["gradescope", "classroom50"])
def test_no_id_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(KitError, match="cannot be a student's folder"):
        write_export(run(student("../x")), name, Request(), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_files_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_results_json(tmp_path, a_class())
    assert main(["export", str(tmp_path), "--to", "gradescope"]) == 0
    folder = Path(capsys.readouterr().out.strip())
    assert len(list(folder.glob("*/results.json"))) == len(a_class().submissions)
    assert (
        main(["export", str(tmp_path), "--to", "classroom50", "--student", "alice", "--out", str(tmp_path / "a.json")])
        == 0
    )
    assert Path(capsys.readouterr().out.strip()) == tmp_path / "a.json"
    validate(CLASSROOM50, json.loads((tmp_path / "a.json").read_text("utf-8")))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--to", "junit", "--student", "alise"], "did you mean alice?"),
        (["--to", "gradescope", "--out", "x.json"], "give a folder, or one --student"),
        (["--to", "canvas"], "--template FILE"),
        (["--to", "canvas", "--template", "/no/such.csv"], "/no/such.csv: no such file"),
    ],
)
def test_a_wrong_command_says_what_to_do(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_results_json(tmp_path, a_class())
    assert main(["export", str(tmp_path), *arguments]) == 2
    assert words in capsys.readouterr().err
