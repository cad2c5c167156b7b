"""`playground grade` as an instructor uses it: a small class in every form, through the real walls."""

import csv
import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from grader.cli import main
from grader.model import RunResult
from grader.run.pipeline import Options, grade
from tests.students import a_notebook
from tools.build import read_course, solution_notebook

ROOT = Path(__file__).parents[2]
HOSTILE = {
    "ex_1_2_character_level.py": "while True: pass\n",
    "ex_2_1_linear.py": "import os; os._exit(0)\n",
    "ex_2_4_logits.py": "lots = bytearray(8 << 30)\n",
}


def zipped(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.glob("ex_*.py")):
            archive.write(path, path.name)


@pytest.fixture(scope="module")
def class_folder(tmp_path_factory):
    """Right answers and untouched stubs, each as folder, zip and notebook, and one submission that misbehaves."""
    folder = tmp_path_factory.mktemp("class")
    for name, source in (("right", ROOT / "solutions"), ("blank", ROOT / "exercises")):
        (folder / f"{name}_folder").mkdir()
        for path in source.glob("ex_*.py"):
            shutil.copy(path, folder / f"{name}_folder")
        zipped(source, folder / f"{name}_zip.zip")
    (folder / "right_notebook.ipynb").write_text(solution_notebook(read_course(ROOT)), encoding="utf-8")
    shutil.copy(ROOT / "exercises" / "lm_playground.ipynb", folder / "blank_notebook.ipynb")
    shutil.copytree(folder / "right_folder", folder / "hostile")
    for name, line in HOSTILE.items():
        path = folder / "hostile" / name
        head, marker, cell = path.read_text().rpartition("# %%\n")
        path.write_text(head + marker + line + cell)
    return folder


@pytest.fixture(scope="module")
def first_run(class_folder, tmp_path_factory):
    """The class graded by two workers, with the walls up."""
    out = tmp_path_factory.mktemp("out")
    return out, grade(Options(paths=(class_folder,), out=out, jobs=2))


def by_id(run: RunResult) -> dict:
    return {result.id: result for result in run.submissions}


def verdicts(run: RunResult) -> dict:
    """Everything but the times."""
    return {result.id: (result.score, result.bonus, result.notes, result.exercises) for result in run.submissions}


@pytest.mark.parametrize("form", ["folder", "zip", "notebook"])
def test_right_answers_score_everything(first_run, form):
    result = by_id(first_run[1].run)[f"right_{form}"]
    lost = [(id_, c.name, c.message) for id_, e in result.exercises.items() for c in e.checks if c.status != "passed"]
    assert lost == []
    assert (result.score, result.max_score, result.bonus) == (100, 100, 20)
    assert result.proven


@pytest.mark.parametrize("form", ["folder", "zip", "notebook"])
def test_untouched_stubs_are_not_attempted(first_run, form):
    result = by_id(first_run[1].run)[f"blank_{form}"]
    assert result.score == 0
    assert {exercise.status for exercise in result.exercises.values()} == {"not_attempted"}


def test_a_misbehaving_cell_costs_its_own_exercise_only(first_run):
    result = by_id(first_run[1].run)["hostile"]
    statuses = {id_: exercise.status for id_, exercise in result.exercises.items()}
    bad = {"1.2": "timed_out", "2.1": "crashed", "2.4": "out_of_memory"}
    assert {id_: statuses[id_] for id_ in bad} == bad
    assert {status for id_, status in statuses.items() if id_ not in bad} == {"passed"}
    assert result.score == 100 - sum(result.exercises[id_].max_score for id_ in bad)


@pytest.mark.heavy
def test_one_worker_gives_the_same_verdicts_as_two(first_run, class_folder, tmp_path):
    (tmp_path / "secret.key").write_bytes((first_run[0] / "secret.key").read_bytes())
    some = tuple(class_folder / name for name in ("blank_zip.zip", "hostile", "right_notebook.ipynb"))
    again = grade(Options(paths=some, out=tmp_path, jobs=1))
    expected = verdicts(first_run[1].run)
    assert verdicts(again.run) == {id_: expected[id_] for id_ in verdicts(again.run)}


def test_a_second_run_grades_nothing_anew(first_run, class_folder):
    out, first = first_run
    again = grade(Options(paths=(class_folder,), out=out, jobs=2))
    assert (first.fresh, again.fresh) == (7, 0)
    assert again.run.submissions == first.run.submissions


@pytest.mark.heavy
def test_what_was_worked_on_counts_before_what_was_not(tmp_path, capsys):
    """A stub beside its copy, a file that is no text, a work in two notebooks: each is told in its student's notes."""
    name, folder = "ex_1_1_word_level.py", tmp_path / "class"
    for student in ("copy", "latin", "parts"):
        (folder / student).mkdir(parents=True)
        shutil.copy(ROOT / "exercises" / name, folder / student)
    shutil.copy(ROOT / "solutions" / name, folder / "copy" / "ex_1_1_word_level (1).py")
    (folder / "latin" / name).write_bytes((ROOT / "solutions" / name).read_bytes() + b"# \xe9")
    (folder / "parts" / "a.ipynb").write_text(a_notebook("1.2", "1.3"), encoding="utf-8")
    (folder / "parts" / "b.ipynb").write_text(a_notebook("1.1"), encoding="utf-8")
    assert main(["grade", str(folder), "--out", str(tmp_path / "out"), "--exercise", "1.1", "--quiet"]) == 0
    found = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))["submissions"]
    by_name = {one["id"]: one for one in found}
    assert {id_: one["exercises"]["1.1"]["status"] for id_, one in by_name.items()} == {
        "copy": "passed",
        "latin": "errored",
        "parts": "passed",
    }
    assert f"ex_1_1_word_level (1).py counts for 1.1, {name} does not" in by_name["copy"]["notes"]
    assert any("is not UTF-8 text (line 80); save it as UTF-8 text" in note for note in by_name["latin"]["notes"])
    assert "2 notebooks; a.ipynb counts, it answers most; b.ipynb counts for 1.1" in by_name["parts"]["notes"]


def test_results_are_written_in_every_form(first_run):
    out, outcome = first_run
    written = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert written["format_version"] == 1
    assert written["walls"] == ["bubblewrap", "namespaces", "limits", "landlock", "seccomp", "memory watch"]
    assert [s["id"] for s in written["submissions"]] == [s.id for s in outcome.run.submissions]
    rows = list(csv.reader((out / "results.csv").open(encoding="utf-8-sig", newline="")))
    assert len(rows) == 8
    assert sqlite3.connect(out / "results.db").execute("SELECT count(*) FROM results").fetchone() == (7,)
    assert "<html" in (out / "report.html").read_text(encoding="utf-8")
    assert (out / "students" / "hostile" / "feedback.html").is_file()


def test_hidden_messages_hold_no_student_value(first_run):
    messages = [c.message for e in by_id(first_run[1].run)["hostile"].exercises.values() for c in e.checks if c.message]
    assert messages
    assert all(len(message) < 400 and "Traceback" not in message for message in messages)


def test_the_command_prints_a_table_and_exits_0(first_run, class_folder):
    command = [sys.executable, "-m", "grader.cli", "grade", str(class_folder), "--out", str(first_run[0])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "right_zip" in done.stdout
    assert "7 submissions, 0 graded now" in done.stderr


def test_one_exercise_alone(class_folder, tmp_path):
    run = grade(Options(paths=(class_folder / "right_folder",), out=tmp_path, exercises=("1.1",))).run
    assert list(run.submissions[0].exercises) == ["1.1"]
    assert (run.submissions[0].score, run.submissions[0].max_score) == (8, 8)


def test_without_walls_a_score_is_unproven(class_folder, tmp_path):
    options = Options(paths=(class_folder / "right_folder",), out=tmp_path, exercises=("1.1", "1.2"), sandboxed=False)
    run = grade(options).run
    assert run.walls == ()
    assert (run.submissions[0].score, run.submissions[0].proven) == (16, False)


def test_a_file_that_is_no_notebook_is_rejected_and_the_others_graded(class_folder, tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "broken.ipynb").write_text('{"cells": [')
    (folder / "empty.ipynb").write_bytes(b"")
    shutil.copytree(class_folder / "right_folder", folder / "good")
    results = by_id(grade(Options(paths=(folder,), out=tmp_path / "out", exercises=("1.1",))).run)
    assert {id_: result.score for id_, result in results.items()} == {"broken": 0, "empty": 0, "good": 8}
    assert "JSON" in results["broken"].notes[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "nowhere", "--out", "{out}"], "no such file"),
        (["grade", "{class}", "--out", "{out}", "--exercise", "9.9"], "no exercise '9.9'"),
        (["show", "{out}", "alice"], "no such file"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(arguments, words, class_folder, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    filled = [a.format(out=tmp_path / "out", **{"class": class_folder}) for a in arguments]
    assert main(filled) == 2
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said


def test_a_missing_bubblewrap_is_said(class_folder, tmp_path, monkeypatch, capsys):
    """Other walls may do; where this Python lies in a folder that is closed to other users, they do not."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PATH", str(tmp_path))
    code = main(["grade", str(class_folder / "right_folder"), "--out", str(tmp_path / "out"), "--exercise", "1.1"])
    said = " ".join(capsys.readouterr().err.split())
    assert ("cannot be walled in" if code else "Missing walls") in said
    assert said.count("not installed") == 1


def test_notebooks_made_here_are_valid(class_folder):
    for path in class_folder.glob("*.ipynb"):
        nbformat.validate(nbformat.read(path, as_version=4))
