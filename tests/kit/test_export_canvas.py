"""The filled gradebook, read back by the rules of Canvas' importer: right scores in right rows, and nothing else changed."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from grader.errors import KitError
from grader.model import ExerciseResult, RunResult, Status, SubmissionResult
from grader.results.exports import FORMATS, Request
from grader.results.report import write_results_json

HEADER = "Student,ID,SIS User ID,SIS Login ID,Section,Homework (11),LM Playground (12),Final Score"
POINTS = "    Points Possible,,,,,10,100,(read only)"
TEMPLATE = f"""{HEADER}
{POINTS}
"Doe, Alice",101,u1,alice@x.org,"Monday ""A"", 9:00",7,,70
"Núñez, José",102,u2,jose,"Monday",=1+1,50,71
"Lee, Bo",103,u3,102,Tuesday,,,72
"Lee, Bo",104,u4,bo2,Tuesday,,,73
Cher,105,u5,cher,Tuesday,EX,ex,
"Student, Test",199,,ffff,,,,
"""


def student(id_: str, score: int = 88, status: Status = Status.PARTIAL) -> SubmissionResult:
    verdict = ExerciseResult(score=score, max_score=100, status=status)
    return SubmissionResult(
        id=id_,
        source=id_,
        sha256="",
        proven=True,
        score=score,
        max_score=100,
        bonus=3,
        seconds=1.0,
        exercises={"1.1": verdict},
    )


def fill(
    *ids: str | SubmissionResult, template: str | bytes = TEMPLATE, column: str = "12", **more: Any
) -> tuple[bytes, list[str]]:
    results = tuple(student(one, 60 + place) if isinstance(one, str) else one for place, one in enumerate(ids))
    content = template.encode() if isinstance(template, str) else template
    request = Request(template=content, template_name="grades.csv", column=column, **more)
    whole = RunResult(format_version=1, kit_version="0", walls=(), submissions=results)
    export = FORMATS["canvas"].of(whole, request)
    return export.files["canvas.csv"], list(export.remarks)


def imported(content: bytes) -> dict[str, dict[str, str]]:
    """What Canvas takes from a gradebook: the scores by assignment number and by student ID; not the points, no blanks."""
    header, *rows = csv.reader(
        io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";" if b"Student;" in content[:12] else ","
    )
    assert header[:2] == ["Student", "ID"]
    scores: dict[str, dict[str, str]] = {}
    for place, name in enumerate(header):
        if found := re.search(r" \((\d+)\)$", name):
            scores[found[1]] = {row[1]: row[place] for row in rows if row[1] and row[place] not in ("", "-")}
    return scores


def cells(content: str | bytes) -> list[list[str]]:
    text = content if isinstance(content, str) else content.decode()
    return list(csv.reader(io.StringIO(text, newline="")))


def others(content: str | bytes, column: str = "LM Playground (12)") -> list[list[str]]:
    rows = cells(content)
    place = rows[0].index(column)
    return [row[:place] + row[place + 1 :] for row in rows]


def test_canvas_takes_the_scores_and_finds_nothing_else_changed() -> None:
    content, _ = fill("101", "u2", "alice")
    assert imported(content)["12"] == {"101": "60", "102": "61", "105": "ex"}
    assert imported(content)["11"] == imported(TEMPLATE.encode())["11"]
    assert others(content) == others(TEMPLATE)


@pytest.mark.parametrize(
    ("id_", "row"),
    [
        ("101", "101"),
        ("u1", "101"),
        ("alice@x.org", "101"),
        ("Doe, Alice", "101"),
        ("Núñez, José", "102"),
        ("Nu\u0301n\u0303ez, Jose\u0301".replace("u\u0301", "ú"), "102"),
        ("102", "102"),  # an ID before a login
        ("doealice_101", "101"),
        ("núñezjosé_102", "102"),  # as Canvas packs a class
    ],
)
def test_a_student_is_known_by_the_four_keys_in_their_order(id_: str, row: str) -> None:
    content, remarks = fill(id_)
    before = imported(TEMPLATE.encode())["12"]
    assert imported(content)["12"] == {**before, row: "60"}
    assert not any("not filled in" in remark for remark in remarks)


@pytest.mark.parametrize(
    "id_",
    [
        "Lee, Bo",
        "doe, alice",
        "10",
        "nobody",
        "Doe",
        "    Points Possible",
        "x_999",
        "doealice_104",
        "leebo_101",
        "doealice_101_2",
        "Doe, Alice_101",
    ],
)
def test_nobody_is_guessed(id_: str) -> None:
    """Two students share a name; others are almost right."""
    content, remarks = fill(id_)
    assert cells(content) == cells(TEMPLATE)
    assert f"{id_}: not in grades.csv; not filled in" in remarks


def test_two_submissions_of_one_student_are_left_to_the_teacher() -> None:
    content, remarks = fill("101", "u1")
    assert cells(content) == cells(TEMPLATE)
    assert "101, u1: all belong to the row of 'Doe, Alice'; none is filled in" in remarks


def test_who_is_excused_stays_excused() -> None:
    content, remarks = fill("cher")
    assert cells(content) == cells(TEMPLATE)
    assert "cher: excused in grades.csv; not filled in" in remarks


def test_open_points_are_no_score() -> None:
    content, remarks = fill(student("101", status=Status.KIT_ERROR))
    assert cells(content) == cells(TEMPLATE)
    assert any(remark.startswith("101: not filled in, a kit_error") for remark in remarks)


def test_bonus_points_count_where_they_are_asked_for() -> None:
    content, _ = fill("101", with_bonus=True)
    assert imported(content)["12"]["101"] == "63"


@pytest.mark.parametrize(
    "change",
    [
        lambda t: "\ufeff" + t,
        lambda t: t.replace("\n", "\r\n"),
        lambda t: t.replace(POINTS + "\n", ""),
        lambda t: (
            t.replace("SIS User ID,", "")
            .replace("u1,", "")
            .replace(",,ffff", ",ffff")
            .replace("Possible,,,,,", "Possible,,,,")
            .replace("u2,", "")
            .replace("u3,", "")
            .replace("u4,", "")
            .replace("u5,", "")
        ),
        lambda t: t.replace(POINTS, ",,,,,Manual Posting,Manual Posting,\n" + POINTS),
        lambda t: t.replace("Monday", "Mon\nday"),
    ],
)
def test_the_forms_of_a_gradebook_are_kept(change: Any) -> None:
    template = change(TEMPLATE)
    content, _ = fill("101", template=template)
    assert imported(content)["12"]["101"] == "60"
    assert others(content) == others(template)
    assert content.startswith(b"\xef\xbb\xbf") == template.startswith("\ufeff")
    assert content.count(b"\r\n") == template.count("\r\n")


def test_a_gradebook_with_semicolons_stays_one() -> None:
    template = f'{HEADER}\n"Doe, Alice",101,u1,alice,s,7,,70\n'.replace("Doe, ", "Doe ").replace(",", ";")
    content, _ = fill("101", template=template)
    assert content.decode() == template.replace(";7;;70", ";7;60;70").replace('"', "")


@pytest.mark.parametrize("column", ["12", "LM Playground", "LM Playground (12)"])
def test_a_column_is_named_by_heading_title_or_number(column: str) -> None:
    assert imported(fill("101", column=column)[0])["12"]["101"] == "60"


def test_the_only_assignment_needs_no_name() -> None:
    template = "Student,ID,Section,LM (7)\nAlice,1,s,\n"
    assert imported(fill("1", template=template, column="")[0]) == {"7": {"1": "60"}}


@pytest.mark.parametrize(
    ("template", "column", "words"),
    [
        (
            TEMPLATE,
            "",
            "it has 2 assignments; choose one with --column, there are: 'Homework (11)', 'LM Playground (12)'",
        ),
        (TEMPLATE, "Final Score", "no column is called 'Final Score'"),
        (TEMPLATE.replace("Homework", "LM Playground"), "LM Playground", "2 columns are called 'LM Playground'"),
        ("", "", "--template FILE"),
        ("a,b\n1,2\n", "", "no gradebook of Canvas"),
        ('Student,ID,"LM (7)\nAlice,1,s,\n', "", "cannot be read as a CSV"),
        (b"Student,ID,LM (7)\n\xff,1,\n", "", "cannot be read as a CSV in UTF-8"),
    ],
)
def test_a_template_of_no_use_is_named(template: str | bytes, column: str, words: str) -> None:
    with pytest.raises(KitError, match=re.escape(words)):
        fill("101", template=template, column=column)


def test_points_that_differ_are_said_and_those_that_do_not_are_not() -> None:
    assert not any("are possible" in remark for remark in fill("101")[1])
    template = TEMPLATE.replace("10,100", "10,100.00")
    assert not any("are possible" in remark for remark in fill("101", template=template)[1])
    remarks = fill("101", column="11")[1]
    assert "grades.csv: 10 points are possible in this column, 100 in this run; nothing is scaled" in remarks


def test_those_without_a_submission_are_counted() -> None:
    assert "grades.csv: 5 of its students have no submission here; their cells are as they were" in fill("101")[1]


def test_remarks_go_to_stderr_and_the_place_to_stdout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_results_json(
        tmp_path, RunResult(format_version=1, kit_version="0", walls=(), submissions=(student("101"), student("zed")))
    )
    (tmp_path / "t.csv").write_text(TEMPLATE, encoding="utf-8")
    command = [
        "export",
        str(tmp_path),
        "--to",
        "canvas",
        "--template",
        str(tmp_path / "t.csv"),
        "--column",
        "12",
        "--out",
        str(tmp_path / "o.csv"),
    ]
    assert main(command) == 0
    said = capsys.readouterr()
    assert said.out.strip() == str(tmp_path / "o.csv")
    assert "zed: not in" in said.err
    assert imported((tmp_path / "o.csv").read_bytes())["12"]["101"] == "88"
