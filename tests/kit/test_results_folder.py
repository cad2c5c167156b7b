"""A results folder holds a class: what a run adds to it, what it leaves alone, and what is no class at all.

Two runs grade all submissions of this module, exercise 1.1 only; the others find these verdicts in the store.
"""

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from grader.cli import main
from grader.model import Exercise, ExerciseResult, RunResult, Status, SubmissionResult
from grader.results.folder import joined
from grader.results.report.results import read_results_json, write_results_json
from grader.run.pipeline import Options, grade
from grader.run.roster import read_roster
from tests.students import ROOT

ANSWER = ROOT / "solutions" / "ex_1_1_word_level.py"
CLASS = ["ana", "ben", "cho", "dud"]


def hand_in(folder: Path, text: str = "") -> None:
    folder.mkdir(parents=True)
    (folder / ANSWER.name).write_text(text or ANSWER.read_text(encoding="utf-8"), encoding="utf-8")


def command(*words: object) -> list[str]:
    return ["grade", *map(str, words), "--exercise", "1.1"]


def ran(*words: object) -> SimpleNamespace:
    """The real command."""
    done = subprocess.run(
        [sys.executable, "-m", "grader.cli", *command(*words)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return SimpleNamespace(code=done.returncode, out=done.stdout, err=done.stderr)


def state(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def scores(out: Path) -> dict[str, int]:
    return {one.id: one.score for one in read_results_json(out).submissions}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A class of four, one of them unreadable, and what came late: one more, and one anew. `first` is without the late ones."""
    folder = tmp_path_factory.mktemp("folder")
    for name in ("ana", "ben", "cho"):
        hand_in(folder / "class" / name)
    (folder / "class" / "dud.ipynb").write_text('{"cells": [')
    hand_in(folder / "late" / "ben", "vocab = ['a']\n")
    hand_in(folder / "late" / "zoe")
    first = ran(folder / "class", "--out", folder / "out")
    shutil.copytree(folder / "out", folder / "first")
    late = ran(folder / "late", "--out", folder / "out")
    shutil.copy(folder / "out" / "results.db", folder / "first")
    return SimpleNamespace(
        root=folder, all=folder / "class", late=folder / "late", out=folder / "out", ran=(first, late)
    )


@pytest.fixture
def out(place: SimpleNamespace, tmp_path: Path) -> Path:
    """The class before the late ones came; the store knows these, too."""
    return Path(shutil.copytree(place.root / "first", tmp_path / "out"))


# --- late submissions ---------------------------------------------------------------------


def test_a_late_submission_joins_the_class(place: SimpleNamespace) -> None:
    _, late = place.ran
    assert late.code == 0, late.err
    assert scores(place.out) == {"ana": 8, "ben": 0, "cho": 8, "dud": 0, "zoe": 8}
    with (place.out / "results.csv").open(newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [*CLASS, "zoe"]
    report = (place.out / "report.html").read_text()
    linked = set(re.findall(r'href="(students/[^"]+)"', report))
    assert linked == {f"students/{id_}/feedback.html" for id_ in (*CLASS, "zoe")}
    assert all((place.out / link).is_file() for link in linked)
    assert [line.split()[0] for line in late.out.splitlines()[2:]] == [*CLASS, "zoe"]


def test_a_line_says_who_was_kept_added_and_replaced(place: SimpleNamespace) -> None:
    first, late = place.ran
    instead = f"ben: {place.late / 'ben'} instead of {place.all / 'ben'}"
    assert (
        "note: class of 5: 3 kept, 3 of them not in these paths (ana, cho, dud); 1 added (zoe); 1 replaced (" + instead
        in late.err
    )
    assert "5 submissions, 2 graded now" in late.err
    assert "class of" not in first.err


def test_the_same_command_again_changes_nothing(
    place: SimpleNamespace, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(out)
    assert main(command(place.all, "--out", out)) == 0
    said = capsys.readouterr().err
    assert "0 graded now" in said
    assert "class of" not in said
    assert {name for name, content in state(out).items() if content != before.get(name)} == set()


def test_only_these_shows_what_is_in_the_paths(
    place: SimpleNamespace, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (out / "students" / "ana" / "remark.txt").write_text("the teacher's own")
    (out / "students" / "nobody").mkdir()
    (out / "students" / "nobody" / "feedback.html").write_text("not of this class")
    assert main(command(place.late, "--out", out, "--only-these")) == 0
    assert "3 left the reports (ana, cho, dud)" in capsys.readouterr().err
    assert scores(out) == {"ben": 0, "zoe": 8}
    assert sorted(str(path.relative_to(out / "students")) for path in (out / "students").rglob("*.*")) == [
        "ana/remark.txt",
        "ben/feedback.html",
        "nobody/feedback.html",
        "zoe/feedback.html",
    ]


def test_what_was_taken_out_of_the_folder_stays_and_is_named(
    place: SimpleNamespace, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(place.all / "ana", place.all / "ben", "--out", out)) == 0
    assert "class of 4: 4 kept, 2 of them not in these paths (cho, dud); 0 added; 0 replaced" in capsys.readouterr().err
    assert list(scores(out)) == CLASS


def test_an_interrupted_run_loses_nothing(place: SimpleNamespace, out: Path) -> None:
    before = state(out)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(Options(paths=(place.late,), out=out, exercises=("1.1",)), stop)
    assert state(out) == before
    assert main(command(place.late, "--out", out, "--quiet")) == 0
    assert list(scores(out)) == [*CLASS, "zoe"]


def test_what_another_run_has_added_meanwhile_stays(place: SimpleNamespace, out: Path) -> None:
    def other_run(*_: object) -> None:
        held = read_results_json(out)
        eve = msgspec.structs.replace(held.submissions[0], id="eve")
        if len(held.submissions) == len(CLASS):
            write_results_json(out, msgspec.structs.replace(held, submissions=(*held.submissions, eve)))

    run = grade(Options(paths=(place.late,), out=out, exercises=("1.1",)), other_run).run
    assert [one.id for one in run.submissions] == [*CLASS, "eve", "zoe"]
    assert (out / "students" / "eve" / "feedback.html").is_file()


def test_one_student_of_the_late_ones(place: SimpleNamespace, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The others are shown as the store has them"""
    assert main(command(place.late, "--out", out, "--student", "zoe")) == 0
    assert scores(out) == {"ana": 8, "ben": 0, "cho": 8, "dud": 0, "zoe": 8}
    (out / "results.db").unlink()
    for id_ in ("ana", "zoe"):  # nobody asked for ben: what the class has of him is older
        write_results_json(out, read_results_json(place.root / "first"))
        assert main(command(place.late if id_ == "zoe" else place.all, "--out", out, "--student", id_)) == 0
        assert scores(out).get("ben") == 8
    assert "1 more submissions were changed since they were graded" in capsys.readouterr().err


def test_other_commands_take_a_joined_class(place: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["stats", place.out],
        ["show", place.out, "cho"],
        ["diff", place.root / "first", place.out],
        ["export", place.out, "--to", "nbgrader", "--out", place.root / "grades.csv"],
    ):
        assert main([str(word) for word in words]) == 0
    said = capsys.readouterr().out
    assert "5 submissions" in said
    assert "In the second run only: zoe" in said
    assert "8 -> 0" in said
    assert all(id_ in (place.root / "grades.csv").read_text() for id_ in (*CLASS, "zoe"))


def test_who_is_kept_is_not_absent(
    place: SimpleNamespace, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("login,name\nana,Ana Ames\nzoe,Zoe Zed\nkim,Kim Kant\nlee,Lee Lo\n")
    assert main(command(place.all, "--out", out, "--roster", roster)) == 0
    assert read_results_json(out).absent == ("zoe", "kim", "lee")
    assert main(command(place.late, "--out", out)) == 0
    assert read_results_json(out).absent == ("kim", "lee")
    assert "roster of an earlier run" in capsys.readouterr().err
    assert main(command(place.late, "--out", out, "--roster", roster)) == 0
    assert read_results_json(out).absent == ("kim", "lee")


# --- what differs between runs ------------------------------------------------------------

COURSE = tuple(Exercise(id=id_, title=id_, file="x.py", points=8, bonus=id_ == "bpe") for id_ in ("1.1", "1.2", "bpe"))


def row(id_: str, *exercises: str, points: int = 8, **fields: Any) -> SubmissionResult:
    regular = [one for one in exercises if one != "bpe"]
    verdicts = {one: ExerciseResult(score=points, max_score=8, status=Status.PASSED) for one in exercises}
    values = {
        "source": id_,
        "sha256": "a",
        "proven": True,
        "score": points * len(regular),
        "max_score": 8 * len(regular),
        "bonus": points * ("bpe" in exercises),
        "seconds": 1.0,
        "judged_by": "1",
    } | fields
    return SubmissionResult(id=id_, exercises=verdicts, **values)


def run(*rows: SubmissionResult, walls: tuple[str, ...] = ("a", "b"), missing: tuple[str, ...] = ()) -> RunResult:
    return RunResult(format_version=1, kit_version="1", walls=walls, missing_walls=missing, submissions=rows)


def join(held: RunResult, new: RunResult) -> tuple[RunResult, str]:
    whole = joined(held, new, COURSE, given=[one.id for one in new.submissions], dropped=())
    return whole.run, " | ".join(whole.notes)


def test_a_run_of_one_exercise_leaves_the_verdicts_on_others() -> None:
    held = run(row("ana", "1.1", "1.2", "bpe", points=4), row("ben", "1.1", "1.2"))
    whole, said = join(held, run(row("ana", "1.1")))
    ana, ben = whole.submissions
    assert {id_: one.score for id_, one in ana.exercises.items()} == {"1.1": 8, "1.2": 4, "bpe": 4}
    assert (ana.score, ana.max_score, ana.bonus) == (12, 16, 4)
    assert ben == held.submissions[1]
    assert "1 replaced (ana)" in said


def test_verdicts_of_two_uploads_are_not_mixed() -> None:
    whole, said = join(run(row("ana", "1.1", "1.2")), run(row("ana", "1.1", sha256="b")))
    assert list(whole.submissions[0].exercises) == ["1.1"]
    assert "ana: a newer upload, graded in the chosen exercises only" in said


@pytest.mark.parametrize("kept", ["another student", "another exercise"])
def test_only_walls_that_stood_for_all_are_claimed(kept: str) -> None:
    old = row("ben", "1.1") if kept == "another student" else row("ana", "1.1")
    whole, said = join(run(old, walls=("a",), missing=("b",)), run(row("ana", "1.2")))
    assert (whole.walls, whole.missing_walls) == (("a",), ("b",))
    assert "other walls" in said
    bare = run(msgspec.structs.replace(old, proven=False), walls=())
    whole, _ = join(bare, run(row("ana", "1.2")))
    assert {one.id: one.proven for one in whole.submissions} == (
        {"ana": True, "ben": False} if kept == "another student" else {"ana": False}
    )
    assert whole.walls == ("a", "b")
    whole, _ = join(run(old), run(row("cho", "1.2", proven=False), walls=()))
    assert (whole.walls, [one.proven for one in whole.submissions]) == (("a", "b"), [True, False])


def test_verdicts_of_older_checks_are_kept_and_told() -> None:
    whole, said = join(run(row("ana", "1.1", judged_by=""), row("ben", "1.1")), run(row("ben", "1.1", judged_by="2")))
    assert [one.judged_by for one in whole.submissions] == ["1", "2"]
    assert "kept from another version of the kit or its checks: 1 (ana)" in said


def test_of_two_submissions_of_one_student_the_later_one_stays() -> None:
    """The roster says that these are one student's; both lie in the paths of this run"""
    new = run(row("ana", "1.1"))
    whole = joined(run(row("ana-old", "1.1")), new, COURSE, given=["ana", "ana-old"], dropped=["ana-old"])
    assert [one.id for one in whole.run.submissions] == ["ana"]
    assert whole.left == ("ana-old",)


# --- folders that hold something else -----------------------------------------------------


def other_course(out: Path) -> None:
    write_results_json(out, run(row("ana", "9.9")))


def rescored(out: Path) -> None:
    write_results_json(out, msgspec.structs.replace(run(row("ana", "1.1")), rubric="late"))


def newer(out: Path) -> None:
    text = json.dumps({"format_version": 2, "people": [{"id": 1}]})
    (out / "results.json").write_text(text)


def files(*names: str) -> Any:
    def write(out: Path) -> None:
        for name in names:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_text("mine")

    return write


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        (files("thesis.docx", ".bashrc"), "holds thesis.docx and no results of this kit"),
        (files("exercises/catalog.toml", "grader/cli.py"), "holds exercises, grader and no results of this kit"),
        (files("ana/ex_1_1_word_level.py"), "holds ana and no results of this kit"),
        (files("results.json"), "not a results file of this kit"),
        (files("results.json", "results.db"), "not a results file of this kit"),
        (newer, "format 2, this kit reads 1"),
        (other_course, "holds the class of another course, which has 9.9"),
        (rescored, "holds what `playground rescore` wrote"),
    ],
)
def test_a_folder_that_holds_something_else_is_refused_and_left_alone(
    fill: Any, words: str, place: SimpleNamespace, tmp_path: Path
) -> None:
    fill(tmp_path)
    before = state(tmp_path)
    done = ran(place.late, "--out", tmp_path)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), done.err
    assert words in done.err
    assert state(tmp_path) == before


@pytest.mark.parametrize("names", [("secret.key",), (".gitkeep", ".DS_Store", "Thumbs.db"), ()])
def test_a_folder_that_holds_nothing_of_anybody_is_taken(
    names: tuple[str, ...], place: SimpleNamespace, out: Path, tmp_path: Path
) -> None:
    for name in ("secret.key", "results.db"):
        shutil.move(out / name, tmp_path / name)
    shutil.rmtree(out)
    files(*names)(out) if names else out.mkdir()
    if "secret.key" in names or not names:
        shutil.copy(tmp_path / "secret.key", out)
        shutil.copy(tmp_path / "results.db", out)
        assert main(command(place.late, "--out", out, "--quiet")) == 0
        assert scores(out) == {"ben": 0, "zoe": 8}
    else:  # what is found there is no reason to refuse
        assert main(["grade", str(place.late), "--out", str(out), "--exercise", "9.9"]) == 2
        assert (out / ".gitkeep").is_file()


def test_rescore_writes_into_no_folder_that_holds_something_else(
    place: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files("thesis.docx")(tmp_path / "home")
    (tmp_path / "rubric.toml").write_text('format_version = 1\npoints = { "1.1" = 16 }\n')
    words = ["rescore", str(place.out), "--rubric", str(tmp_path / "rubric.toml"), "--out"]
    assert main([*words, str(tmp_path / "home")]) == 2
    assert "holds thesis.docx and no results" in capsys.readouterr().err
    assert main([*words, str(tmp_path / "new")]) == 0
    write_results_json(tmp_path / "new", run(row("eve", "1.1")))
    files("students/eve/feedback.html")(tmp_path / "new")
    assert main([*words, str(tmp_path / "new")]) == 0
    assert sorted(path.name for path in (tmp_path / "new" / "students").iterdir()) == [*CLASS, "zoe"]


# --- nothing to grade ---------------------------------------------------------------------


def nothing(folder: Path) -> None:
    folder.mkdir()


def text_file(path: Path) -> None:
    path.write_text("I am ill")


def of_empty_folders(folder: Path) -> None:
    for name in ("ana", "ben"):
        (folder / name).mkdir(parents=True)


def the_kit(folder: Path) -> None:
    for name in ("exercises", "tests/hidden"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (nothing, "an empty folder; a submission is a notebook, a zip, or a folder with ex_*.py files"),
        (files("a.pdf", "b.PDF", "c/d.pdf", "notes"), "3 .pdf files, 1 file without a suffix; a submission is"),
        (of_empty_folders, "an empty folder"),
        (text_file, "unsupported kind of file (.txt)"),
        (the_kit, "the kit itself and no submission"),
        (files("results.db", "results.json", "report.html"), "the results of a run"),
        (files("a.rar", "b.7z"), "1 .rar file, 1 .7z file"),
        (files("a-solution.ipynb", "b-solution.ipynb"), "a-solution.ipynb: passed over, a solution by its name"),
    ],
)
def test_where_nothing_can_be_graded_a_line_says_what_is_there(make: Any, words: str, tmp_path: Path) -> None:
    place = tmp_path / "given.txt"
    make(place)
    done = ran(place, "--out", tmp_path / "out")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), done.err
    assert words in done.err
    assert str(place) in done.err
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_read_has_its_reason_in_the_terminal(place: SimpleNamespace) -> None:
    first, _ = place.ran
    assert first.code == 0
    (line,) = [line for line in first.err.splitlines() if "dud" in line]
    assert line.startswith("note: dud: Not graded: notebook is not valid JSON at line 1")


def test_an_unreadable_submission_alone_is_one_line_and_keeps_its_row(place: SimpleNamespace, out: Path) -> None:
    done = ran(place.all / "dud.ipynb", "--out", out)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), done.err
    assert "nothing could be graded: dud: notebook is not valid JSON" in done.err
    assert list(scores(out)) == CLASS


@pytest.mark.parametrize(
    "name", ["mine.ipynb", "roster.csv", "page.csv", "ex_1_1_word_level.py", "book.csv", "class.json"]
)
def test_a_roster_that_is_no_csv_is_refused(
    name: str, place: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contents = {
        "page.csv": b"<!DOCTYPE html>\n<p>ana</p>",
        "book.csv": b"PK\x03\x04ana",
        "ex_1_1_word_level.py": ANSWER.read_bytes(),
    }
    notebook = (ROOT / "exercises" / "lm_playground.ipynb").read_bytes()
    (tmp_path / name).write_bytes(contents.get(name, notebook))
    assert main(command(place.all, "--out", tmp_path / "out", "--roster", tmp_path / name)) == 2
    assert "no CSV file and no roster; export the roster as CSV" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["class.csv", "class.txt", "class", "class.2026", "class.tsv"])
def test_a_list_of_names_is_a_roster_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("ana\nben\n", encoding="utf-8-sig")
    assert [one.shown for one in read_roster(tmp_path / name)] == ["ana", "ben"]
