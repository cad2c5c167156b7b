"""Tests of the reports: complete, readable by programs, and harmless whatever people called themselves."""

import base64
import csv
import hashlib
import html.parser
import io
import json
import os
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from grader.command_line.files import write_whole
from grader.errors import KitError
from grader.model import CheckResult, Exercise, ExerciseResult, JudgedCode, RunResult, Status, SubmissionResult
from grader.results.report import (
    pages,
    read_results_json,
    show,
    table,
    write_class_page,
    write_csv,
    write_feedback,
    write_html,
    write_results_json,
)
from grader.results.report.figures import exercise_figures, kit_faults, score_bins, score_summary
from grader.results.report.heat import LETTERS, heat_map
from grader.results.report.items import Item, doubts, items, limits_hit, misconceptions
from grader.results.report.pages import class_page, student_page
from grader.wording import LABELS, MARKS, one_line, printable, spreadsheet_text

EXERCISES = (
    Exercise(id="1.1", title="Word-level", file="a.py", points=8),
    Exercise(id="bpe", title="From scratch", file="b.py", points=10, bonus=True),
)
EVIL = [
    "<script>alert(1)</script>",
    "[bold red]x[/bold red]",
    "\x1b]0;title\x07\x1b[31mred",
    "=cmd|'/c calc'!A1",
    "\u202eevil",
    "{{ 7 * 191 }}",
    "\"' onmouseover='x",
    ":boom:",
    "a\r\nb,c",
    "&lt;",
    "javascript:alert(1)",
    "\x9b31m",
    "]]>",
    "<!--",
    "\ud83d",
]


def check(status: Status = Status.PASSED, worth: int = 8, message: str = "", title: str = "A title.") -> CheckResult:
    won = worth if status is Status.PASSED else 0
    return CheckResult(name="test_x", title=title, status=status, points=won, max_points=worth, message=message)


def exercise(status: Status = Status.PASSED, *checks: CheckResult, notes: tuple[str, ...] = ()) -> ExerciseResult:
    checks = checks or (check(status),)
    return ExerciseResult(score=sum(c.points for c in checks), max_score=8, status=status, checks=checks, notes=notes)


def student(id_: str = "alice", first: ExerciseResult | None = None, **fields: object) -> SubmissionResult:
    first = first or exercise()
    values: dict[str, object] = {
        "source": f"class/{id_}.ipynb",
        "sha256": "ab",
        "proven": True,
        "score": first.score,
        "max_score": 8,
        "bonus": 0,
        "seconds": 1.25,
        "exercises": {"1.1": first},
    }
    return SubmissionResult(id=id_, **{**values, **fields})  # type: ignore[arg-type]


def run(*submissions: SubmissionResult) -> RunResult:
    return RunResult(format_version=1, kit_version="0.1", walls=("seccomp",), submissions=submissions)


def printed(view: RenderableType, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False, legacy_windows=False)
    console.print(view)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def rows(out: Path) -> list[dict[str, str]]:
    with (out / "results.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Page(html.parser.HTMLParser):
    """What a browser would make of a page: its tags with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def hrefs(self) -> list[str]:
        return [str(attrs["href"]) for tag, attrs in self.tags if tag == "a"]


# --- results.json -------------------------------------------------------------------------


def test_results_json_has_the_schema_of_the_design_and_reads_back(tmp_path: Path) -> None:
    whole = run(student(first=exercise(Status.FAILED, check(Status.FAILED, message="no"), notes=("n",))))
    write_results_json(tmp_path, whole)
    plain = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert (plain["format_version"], plain["kit_version"], plain["walls"]) == (1, "0.1", ["seccomp"])
    one = plain["submissions"][0]
    assert {"id", "source", "sha256", "proven", "score", "max_score", "bonus", "seconds", "exercises"} <= set(one)
    assert one["exercises"]["1.1"] == {
        "score": 0,
        "max_score": 8,
        "status": "failed",
        "notes": ["n"],
        "taken_from": [],
        "code": [],
        "checks": [
            {"name": "test_x", "title": "A title.", "status": "failed", "points": 0, "max_points": 8, "message": "no"}
        ],
    }
    assert read_results_json(tmp_path) == whole


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[1]", b"\xff", b'{"format_version": 2, "kit_version": "", "walls": [], "submissions": []}'],
)
def test_a_results_file_of_no_use_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "results.json").write_bytes(content)
    with pytest.raises(KitError, match=r"results\.json: .*(move it away and grade again|grade into another folder)"):
        read_results_json(tmp_path)


def test_a_folder_without_results_is_named(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="not found; give the folder"):
        read_results_json(tmp_path)


# --- results.csv --------------------------------------------------------------------------


def test_csv_has_a_row_for_each_student(tmp_path: Path) -> None:
    fault = exercise(Status.KIT_ERROR, check(Status.KIT_ERROR))
    write_csv(tmp_path, run(student(notes=("a", "b")), student("bob", fault, proven=False, bonus=5, seconds=2.0)))
    alice, bob = rows(tmp_path)
    assert alice == {
        "id": "alice",
        "score": "8",
        "max_score": "8",
        "bonus": "0",
        "1.1": "8",
        "1.1 status": "passed",
        "proven": "yes",
        "kit_error": "",
        "seconds": "1.2",
        "sha256": "ab",
        "source": "class/alice.ipynb",
        "notes": "a | b",
    }
    assert (bob["kit_error"], bob["proven"], bob["bonus"], bob["1.1 status"]) == ("1.1", "no", "5", "kit_error")


def test_csv_of_an_empty_run_has_its_header(tmp_path: Path) -> None:
    write_csv(tmp_path, run())
    assert (tmp_path / "results.csv").read_text("utf-8").startswith("id,score,max_score,bonus,proven")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "'=1",
        '"=1',
        "\uff1d1",
        "|x",
        "%x",
        "\x1b[m=1",
        "\u200b=1",
        "\ufe661",
        "\u207a1",
        "\u22121",
        "\uff20x",
        "' \ufe6bx",
    ],
)
def test_no_cell_of_a_spreadsheet_is_a_formula(text: str) -> None:
    guarded = spreadsheet_text(text)
    assert guarded.startswith("'")
    assert "\n" not in guarded


@pytest.mark.parametrize("text", ["a;=1", "a; =1+1;b", "a;\uff1d1", 'a;"=1', "a;;;@x", "a;\x1b[m=1", "a\n;=1"])
def test_no_formula_stands_behind_a_semicolon(text: str) -> None:
    """LibreOffice and half of the world's Excel begin a cell there."""
    cells = [part.lstrip(' "') for part in spreadsheet_text(text).split(";")]
    assert any(cell.startswith("'") for cell in cells)
    assert not any(cell.startswith(("=", "@", "\uff1d")) for cell in cells)


def test_a_semicolon_before_a_word_stays_as_it_is() -> None:
    assert spreadsheet_text("it is a link; left out") == "it is a link; left out"


@given(st.text())
def test_a_guarded_cell_never_begins_like_a_formula_and_stays_one_line(text: str) -> None:
    guarded = spreadsheet_text(text)
    assert not guarded.lstrip(' "').startswith(("=", "+", "-", "@", "\t", "\r"))
    assert guarded.isprintable() or not any(c in guarded for c in "\r\n\t\x1b")
    row = io.StringIO()
    csv.writer(row).writerow([guarded, 1])
    assert next(csv.reader(io.StringIO(row.getvalue()))) == [guarded, "1"]


# --- pages --------------------------------------------------------------------------------


def policy(page: Page) -> str:
    (found,) = [attrs["content"] for _, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
    return str(found)


def test_pages_load_nothing(tmp_path: Path) -> None:
    write_html(tmp_path, run(student()), EXERCISES)
    for path in (tmp_path / "report.html", tmp_path / "students" / "alice" / "feedback.html"):
        page = Page(path.read_text("utf-8"))
        assert not {tag for tag, _ in page.tags} & {"img", "iframe", "link", "object", "form", "base"}
        assert policy(page).startswith("default-src 'none'")
        assert not [attrs for _, attrs in page.tags if "src" in attrs]
        assert any(attrs.get("name") == "viewport" for _, attrs in page.tags)


def test_the_only_script_is_ours_and_its_policy_names_it_by_hash() -> None:
    text = class_page(run(student()), EXERCISES)
    data, script = re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL)
    assert [attrs for tag, attrs in Page(text).tags if tag == "script"] == [
        {"type": "application/json", "id": "heat-data"},
        {},
    ]
    assert script == (Path(pages.__file__).parent / "templates" / "class.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"; script-src 'sha256-{digest}';" in policy(Page(text))
    assert json.loads(data)["students"][0][0] == "alice"
    student_text = student_page(student())
    assert "<script" not in student_text
    assert "script-src" not in student_text


def test_the_script_sets_text_as_text_only() -> None:
    script = (Path(pages.__file__).parent / "templates" / "class.js").read_text("utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(|setTimeout\(.[\"']|import\(|fetch|XMLHttp",
        script,
    )


@pytest.mark.parametrize("evil", EVIL)
def test_words_from_people_are_only_words(tmp_path: Path, evil: str) -> None:
    first = exercise(Status.FAILED, check(Status.FAILED, message=evil, title=evil), notes=(evil,))
    one = student("safe", first, source=evil, is_rejected=True, notes=("Not graded: " + evil, evil))
    fault = student(
        "other", exercise(Status.KIT_ERROR, check(Status.KIT_ERROR, message=evil, title=evil)), notes=(evil,)
    )
    whole = RunResult(format_version=1, kit_version=evil, walls=(evil,), submissions=(one, fault))
    expected = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "p",
        "div",
        "b",
        "span",
        "ul",
        "li",
        "a",
        "i",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "details",
        "summary",
        "main",
        "nav",
        "h3",
        "code",
        "script",
        "label",
        "input",
        "select",
        "button",
    }
    write_class_page(tmp_path, whole)
    for text in (class_page(whole, EXERCISES), student_page(one, EXERCISES), student_page(fault)):
        page = Page(text)
        assert {tag for tag, _ in page.tags} <= expected
        assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
        assert all(href.startswith(("students/", "#")) for href in page.hrefs)
        assert sum(tag == "script" for tag, _ in page.tags) == (2 if "heat-data" in text else 0)
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "1337" not in text
    shown = printed(show(one)) + printed(table(whole))
    assert not set(shown) & {"\x1b", "\x07", "\u202e", "\x9b", "\r"}
    if evil.startswith(("[", ":", "{", "<script")):
        assert evil in printed(show(one), 200)


def test_names_of_students_are_links_that_lead_to_their_page(tmp_path: Path) -> None:
    names = ["alice", "José Núñez", "50% #1 & co?", "李明", "a b+c@x"]
    write_html(tmp_path, run(*(student(name) for name in names)))
    from urllib.parse import unquote

    hrefs = [href for href in Page((tmp_path / "report.html").read_text("utf-8")).hrefs if href[0] != "#"]
    assert [unquote(href) for href in hrefs] == [f"students/{name}/feedback.html" for name in names]
    assert all((tmp_path / unquote(href)).is_file() for href in hrefs)


def test_the_students_page_names_no_path_of_ours(tmp_path: Path) -> None:
    assert "/srv/secret" not in student_page(student(source="/srv/secret/alice.ipynb"), EXERCISES)


def test_kit_errors_stand_above_everything_else() -> None:
    fault = exercise(Status.KIT_ERROR, check(Status.KIT_ERROR, message="boom in the suite"))
    page = Page(class_page(run(student(), student("bob", fault)), EXERCISES))
    assert "1 kit error: our fault" in page.text
    assert page.text.index("boom in the suite") < page.text.index("How the scores spread")
    page = Page(student_page(student("bob", msgspec.structs.replace(fault, notes=("/srv/secret broke",)))))
    assert "Something of ours broke" in page.text
    assert "boom in the suite" not in page.text
    assert "/srv/secret" not in page.text
    assert "kit error" not in Page(class_page(run(student()))).text.split("Students")[0]


def test_unproven_and_rejected_submissions_are_named() -> None:
    text = Page(
        class_page(run(student(proven=False), student("bob", is_rejected=True, notes=("Not graded: is empty",))))
    ).text
    assert "1 of these scores is unproven" in text
    assert "1 submission could not be read" in text
    rejected = Page(student_page(student("bob", is_rejected=True, notes=("Not graded: is empty",)))).text
    assert "Not graded: is empty" in rejected
    assert "Exercises" not in rejected
    assert "All of these scores are unproven" in Page(class_page(run(student(proven=False)))).text


def test_pages_of_an_empty_run_and_of_all_states_render() -> None:
    assert "nothing to show" in Page(class_page(run())).text
    everything = {str(i): exercise(status, check(status, message="m")) for i, status in enumerate(Status)}
    one = student(exercises=everything)
    text = (
        Page(class_page(run(one, student("b", exercises={})))).text + Page(student_page(one)).text + printed(show(one))
    )
    assert all(label in text for label in LABELS.values())
    assert set(LABELS) == set(MARKS) == set(Status)
    printed(table(run(one)))


@pytest.mark.parametrize("id_", ["", ".", "..", "../x", "a/b", "/etc", "a\\b", "a\0b"])
def test_no_id_leads_out_of_the_results_folder(tmp_path: Path, id_: str) -> None:
    with pytest.raises(KitError, match="cannot be a student's folder"):
        write_feedback(tmp_path / "out", student(id_))
    assert list(tmp_path.iterdir()) == []


# --- figures ------------------------------------------------------------------------------


def test_figures_count_those_who_tried() -> None:
    whole = run(
        student("a"),
        student("b", exercise(Status.FAILED, check(Status.FAILED, message="m"))),
        student("c", exercise(Status.NOT_ATTEMPTED, check(Status.NOT_ATTEMPTED))),
        student("d", exercise(Status.KIT_ERROR, check(Status.KIT_ERROR, message="ours"))),
    )
    (figures,) = exercise_figures(whole, EXERCISES)
    assert (figures.title, figures.submissions, figures.attempted, figures.passed, figures.mean) == (
        "Word-level",
        4,
        2,
        1,
        4,
    )
    (item,) = items(whole)
    assert (item.number, item.tried, item.passed, item.difficulty, item.points_lost) == ("1.1.1", 2, 1, 0.5, 8)
    assert [(fault.submission, fault.what) for fault in kit_faults(whole)] == [("d", "A title: ours")]
    assert score_summary(whole) == {"mean": 8 / 3, "median": 0}  # of 8, 0 and 0: d has no score yet
    assert sum(score_bins(whole)) == 3
    assert "Without 1 that could not be read" in class_page(whole)
    assert score_summary(run()) == {}


def checked(id_: str, score: int, **statuses: tuple[Status, str]) -> SubmissionResult:
    """A student with checks of 2 points by name: how each ended and what was said."""
    checks = tuple(
        CheckResult(
            name=name,
            title=f"T {name}",
            status=status,
            points=2 if status is Status.PASSED else 0,
            max_points=2,
            message=message,
        )
        for name, (status, message) in statuses.items()
    )
    verdict = ExerciseResult(score=sum(c.points for c in checks), max_score=8, status=Status.PARTIAL, checks=checks)
    return student(id_, verdict, score=score)


def an_item(*students: tuple[bool, int]) -> Item:
    """One check, by whether each student passes it and their score without it."""
    whole = [
        checked(str(i), rest + 2 * passed, x=(Status.PASSED if passed else Status.FAILED, ""))
        for i, (passed, rest) in enumerate(students)
    ]
    (found,) = items(run(*whole))
    return found


def test_discrimination_is_the_correlation_with_the_rest_of_the_score() -> None:
    """Who passes has the other 4 points and who fails has none: 1. The other way round: -1. Half and half: 0."""
    assert an_item(*[(True, 4)] * 4, *[(False, 0)] * 4).discrimination == pytest.approx(1)
    assert an_item(*[(True, 0)] * 4, *[(False, 4)] * 4).discrimination == pytest.approx(-1)
    assert an_item(*[(True, 4), (True, 0), (False, 4), (False, 0)] * 2).discrimination == pytest.approx(0)


def test_discrimination_is_not_claimed_where_there_is_none() -> None:
    assert an_item(*[(True, 4)] * 3, *[(False, 0)] * 4).discrimination is None  # seven students
    assert an_item(*[(True, place) for place in range(8)]).discrimination is None
    assert an_item(*[(place > 3, 5) for place in range(8)]).discrimination is None


def test_misconceptions_are_ranked_by_how_many_share_them() -> None:
    failed, passed = Status.FAILED, (Status.PASSED, "")
    whole = run(
        checked("a", 0, x=(failed, "one"), y=(failed, "rare")),
        checked("b", 0, x=(failed, "one"), y=passed),
        checked("c", 0, x=(failed, "two"), y=passed),
        checked("d", 0, x=(Status.ERRORED, "one"), y=(Status.TIMED_OUT, "slow")),
        checked("e", 0, x=(Status.NOT_ATTEMPTED, ""), y=(Status.SKIPPED, "")),
        checked("f", 0, x=(Status.KIT_ERROR, "ours"), y=passed),
    )
    found = misconceptions(whole)
    assert [(one.title, one.message, one.students, one.tried, one.points_lost) for one in found] == [
        ("T x", "one", ("a", "b", "d"), 4, 6),
        ("T y", "rare", ("a",), 5, 2),
        ("T x", "two", ("c",), 4, 2),
    ]


def test_a_limit_counts_once_for_each_student_and_exercise() -> None:
    slow = (Status.TIMED_OUT, "slow")
    whole = run(
        checked("a", 0, x=slow, y=slow),
        checked("b", 0, x=(Status.CRASHED, "gone"), y=slow),
        checked("c", 0, x=(Status.PASSED, "")),
    )
    found = limits_hit(whole)
    assert [(hit.exercise, hit.status, hit.students, hit.message) for hit in found] == [
        ("1.1", Status.TIMED_OUT, ("a", "b"), "slow"),
        ("1.1", Status.CRASHED, ("b",), "gone"),
    ]


def test_the_heat_map_has_a_letter_for_each_check_of_each_student() -> None:
    blank = ExerciseResult(score=0, max_score=8, status=Status.NOT_ATTEMPTED)
    whole = run(
        checked("a", 2, x=(Status.PASSED, ""), y=(Status.FAILED, "m")),
        student("rejected", blank),
        student("other", exercises={}),
        checked("\u202eb", 0, y=(Status.KIT_ERROR, "")),
    )
    found = heat_map(whole, items(whole))
    assert [column[1] for column in found["columns"]] == ["1.1.1", "1.1.2"]
    assert [one[3] for one in found["students"]] == ["PF", "NN", "  ", " K"]
    assert [one[:2] for one in found["students"]][-1] == ["b", "\u202eb"]
    assert [one[4] for one in found["students"]] == [[2], [0], [0], [0]]
    assert {found["statuses"][letter][0] for letter in LETTERS.values()} == {status.value for status in Status}


def test_the_students_page_says_where_to_go_on() -> None:
    done, wrong, blank = (
        exercise(),
        exercise(Status.FAILED, check(Status.FAILED)),
        exercise(Status.NOT_ATTEMPTED, check(Status.NOT_ATTEMPTED)),
    )
    for verdicts, target in (
        ({"1.1": done, "1.2": blank, "1.3": wrong}, "1.3"),
        ({"bpe": blank, "1.1": done, "1.2": blank}, "1.2"),
    ):
        page = Page(student_page(student(exercises=verdicts), EXERCISES))
        assert f"Go on with {target}" in " ".join(page.text.split())
        (link,) = [href for href in page.hrefs if href.startswith("#exercise")]
        assert link[1:] in [attrs.get("id") for _, attrs in page.tags]
    assert "Go on with" not in student_page(student(exercises={"1.1": done, "bpe": blank}), EXERCISES)


def test_what_stands_between_backticks_is_set_as_code() -> None:
    first = exercise(Status.FAILED, check(Status.FAILED, message="use `a<b` and `<i>`, not ` alone"))
    assert "use <code>a&lt;b</code> and <code>&lt;i&gt;</code>, not ` alone" in student_page(student(first=first))


@pytest.mark.parametrize(("score", "place"), [(0, 0), (9, 0), (10, 1), (99, 9), (100, 9)])
def test_the_spread_has_ten_bins(score: int, place: int) -> None:
    bins = score_bins(run(student(score=score, max_score=100)))
    assert len(bins) == 10
    assert bins.index(1) == place
    assert sum(score_bins(run(student(score=0, max_score=0)))) == 1


# --- terminal -----------------------------------------------------------------------------


def test_the_table_shows_every_point_even_when_it_is_narrow() -> None:
    ids = ["1.1", "1.2", "1.3", "1.4", "bpe", "2.1", "2.2a", "2.2b", "2.3", "2.4", "3.1", "3.3", "4.1", "5.1"]
    verdicts = {id_: ExerciseResult(score=10, max_score=10, status=Status.PASSED) for id_ in ids}
    one = student(
        "somebody with a rather long name " * 3, bonus=17, score=100, max_score=100, exercises=verdicts, proven=False
    )
    for width in (30, 60, 80, 120, 200):
        text = printed(table(run(one), width=width), width)
        assert max(map(len, text.splitlines())) <= width
        assert all(part in text for part in ("somebody", "+17", "/100", "100?"))
        assert all(id_ in text for id_ in ids) == (width >= 80)
        assert ("wider window" in text) == (width < 80)
        assert "10…" not in text


def test_a_large_table_says_how_much_it_leaves_out() -> None:
    text = " ".join(printed(table(run(*(student(f"s{i}") for i in range(70))), max_rows=5)).split())
    assert "s4" in text
    assert "s5 " not in text
    assert "65 more in report.html" in text


def test_the_table_is_loud_about_kit_errors_and_unproven_scores() -> None:
    one = student("b", exercise(Status.KIT_ERROR, check(Status.KIT_ERROR)), proven=False)
    text = " ".join(printed(table(run(one))).split())
    assert "1 kit error, our fault" in text
    assert "1 unproven" in text
    assert "?" in text


def test_show_gives_advice_where_it_is_needed() -> None:
    first = exercise(Status.PARTIAL, check(message="not shown"), check(Status.FAILED, message="line one\nline two"))
    text = printed(show(student(first=first, bonus=2, proven=False, notes=("about the file",)), EXERCISES))
    assert "alice  8 of 8 points, 2 bonus  unproven" in text
    assert "1.1 Word-level 8/8 partly" in text
    assert "line one\n      line two" in text.replace(" \n", "\n").replace("  \n", "\n") or "line two" in text
    assert "not shown" not in text
    assert "about the file" in text


@given(st.text())
def test_printable_text_has_nothing_that_a_terminal_obeys(text: str) -> None:
    shown = printable(text)
    assert all(char == "\n" or char.isprintable() or char in "\u200c\u200d" or ord(char) > 0x7E for char in shown)
    assert "\x1b" not in shown
    assert not any(0x80 <= ord(char) < 0xA0 for char in shown)
    assert "\n" not in one_line(text)


def test_escape_sequences_go_as_a_whole() -> None:
    assert printable("a\x1b[1;31mb\x1b]8;;http://x\x1b\\c\x1b]0;t\x07d\x9b2Je\x1bcf") == "abcdef"
    assert printable("tab\tnew\r\nline") == "tab    new\nline"


# --- files --------------------------------------------------------------------------------


def test_files_are_replaced_as_a_whole_and_leave_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "f.txt"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in path.parent.iterdir()] == ["f.txt"]
    assert path.stat().st_mode & 0o777 == 0o666 & ~_umask()


def test_a_link_in_the_place_of_a_file_is_refused_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("precious")
    (tmp_path / "results.csv").symlink_to(target)
    with pytest.raises(KitError, match=r"results\.csv: not an ordinary file"):
        write_csv(tmp_path, run(student()))
    assert target.read_text() == "precious"
    assert (tmp_path / "results.csv").is_symlink()


def test_a_failed_write_keeps_the_old_file_and_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "f", b"old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(KitError, match="no space left on device"):
        write_whole(tmp_path / "f", b"new")
    assert (tmp_path / "f").read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["f"]


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_feedback_page_shows_the_students_own_code_with_the_line_that_stopped_it() -> None:
    source = "<script>x</script>\n1 / 0\nprint('\x1b[2J')"
    verdict = ExerciseResult(
        score=0,
        max_score=8,
        status=Status.ERRORED,
        code=(JudgedCode(where="cell 3", source=source, line=2, left_out=7),),
    )
    page = student_page(student(first=verdict), ())
    assert "&lt;script&gt;x&lt;/script&gt;" in page and "<script>x" not in page and "\x1b" not in page
    assert re.search(r'<span class="hit"[^>]*>1 / 0\n</span>', page)
    assert "which stopped in line 2" in page and "and 7 more lines" in page


def test_the_class_page_shows_the_shortest_code_behind_a_misconception() -> None:
    def who(id_: str, source: str) -> SubmissionResult:
        failed = exercise(Status.FAILED, check(Status.FAILED, message="no"))
        failed = msgspec.structs.replace(failed, code=(JudgedCode(where="cell 1", source=source),))
        return msgspec.structs.replace(student(first=failed), id=id_)

    page = class_page(run(who("ann", "x = 1 # <b> and much more"), who("ben", "x = '<b>'")), ())
    assert "x = &#39;&lt;b&gt;&#39;" in page
    assert "much more" not in page


def test_what_hangs_on_one_check_and_what_fails_everywhere_is_to_be_looked_at_first() -> None:
    passed, failed = (Status.PASSED, ""), (Status.FAILED, "no")
    whole = run(
        checked("a", 4, x=passed, y=failed, z=passed),
        checked("b", 4, x=passed, y=failed, z=passed),
        checked("c", 0, x=failed, y=failed, z=failed),
        checked("d", 0, x=(Status.ERRORED, "stopped"), y=failed, z=failed),
        checked("e", 2, x=passed, y=failed, z=failed),
        checked("f", 6, x=passed, y=passed, z=passed),
        checked("g", 2, x=passed, y=failed),
    )
    found = [(doubt.title, doubt.students) for doubt in doubts(whole)]
    assert found == [("", ("c",)), ("T y", ("a", "b"))]
    page = class_page(whole)
    assert "only this check did not pass: T y" in page
    assert "the code runs to its end, and no check passes" in page
    assert "Look at these first" not in class_page(run(checked("f", 6, x=passed, y=passed, z=passed)))
