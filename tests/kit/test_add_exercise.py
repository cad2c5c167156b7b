"""docs/add-an-exercise.md, followed to the letter in a copy of the checkout: a new exercise is graded, and no list lacks it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.doc_commands import copy_checkout

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "add-an-exercise.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`([\w./]+)`:\n\n```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
PLACE = re.search(
    r"^In `(?P<path>\S+)`, after the line `(?P<line>.+)`:\n\n```jinja\n(?P<text>.*?)^```$",
    PAGE,
    re.DOTALL | re.MULTILINE,
)
COMMANDS = re.findall(r"^\$ python -m (.+)$", PAGE, re.MULTILINE)
POINTS = 4
TESTS = (
    "tests/kit/test_build.py::test_catalogue_keeps_the_contract",
    "tests/kit/test_build.py::test_notebook_cell_is_the_stub_module",
    "tests/kit/test_build.py::test_course_notebook_has_the_ids_and_order_of_the_course",
    "tests/kit/test_course_apart.py",
    "tests/kit/test_demo.py::test_each_submission_holds_the_answers_of_its_story",
    "tests/kit/test_docs.py::test_the_table_of_exercises_is_that_of_the_catalogue",
    "tests/kit/test_student.py::test_a_narrow_terminal_cuts_titles_and_never_points",
    "tests/kit/test_student.py::test_all_right_answers_pass",
    "tests/kit/test_new.py::test_the_notebook_of_this_kit_becomes_a_kit",
)
"""Those that look at all exercises at once, and once had lists of them to be kept by hand."""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy with the exercise added, by the files and commands of the page."""
    folder = copy_checkout(tmp_path_factory.mktemp("new"))
    for path, text in FILES.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    template = folder / PLACE["path"]
    before, line, after = template.read_text(encoding="utf-8").partition(PLACE["line"] + "\n")
    assert line, f"the template has no line {PLACE['line']}"
    template.write_text(f"{before}{line}\n{PLACE['text']}{after}", encoding="utf-8")
    for command in COMMANDS:
        done = run(folder, *command.split())
        assert done.returncode == 0, f"python -m {command}\n{done.stdout}\n{done.stderr}"
    return folder


def test_the_page_has_all_files_and_commands():
    assert len(FILES) == 5
    assert [command.split()[0] for command in COMMANDS] == ["tools.build", "tools.verify"]


def test_stub_catalogue_and_notebook_have_the_exercise(checkout):
    stub = (checkout / "exercises" / "ex_1_5_bytes.py").read_text(encoding="utf-8")
    assert "YOUR CODE HERE" in stub
    assert 'text.encode("utf-8")' not in stub
    assert 'id = "1.5"' in (checkout / "exercises" / "catalog.toml").read_text(encoding="utf-8")
    cells = json.loads((checkout / "exercises" / "lm_playground.ipynb").read_text(encoding="utf-8"))["cells"]
    assert any("def to_bytes" in "".join(cell["source"]) for cell in cells)


@pytest.mark.parametrize("tool", ["tools.build", "tools.docs"])
def test_nothing_else_is_to_be_done(checkout, tool):
    done = run(checkout, tool, "--check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_looks_at_all_exercises_takes_it_in(checkout):
    """The tests run in the copy, where nobody edited any list: the new one has its row, its place, its pupils"""
    done = run(checkout, "pytest", "-q", "-o", "addopts=--import-mode=importlib -p no:cacheprovider", *TESTS)
    assert done.returncode == 0, done.stdout
    assert "| `1.5` | Texts are bytes | 4 bonus |" in (checkout / "README.md").read_text(encoding="utf-8")


def test_the_demo_class_and_the_course_notebook_have_it(checkout):
    """Whoever solved everything solved it, too; in the original notebook it stands after the exercise before it"""
    script = (
        "import json\n"
        "from tools.course_notebook import course_notebook\n"
        "from tools.demo_class import PEOPLE\n"
        "cells = course_notebook({'1.5': 'mine = 1'})['cells']\n"
        "print(json.dumps([PEOPLE[0].solved, [''.join(cell['source']) for cell in cells]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=checkout, capture_output=True, text=True, timeout=600, check=True
    )
    solved, cells = json.loads(done.stdout)
    assert solved[:6] == ["1.1", "1.2", "1.3", "1.4", "bpe", "1.5"]
    assert cells[cells.index("mine = 1") - 1].startswith("# 1.4 tiktoken")


def test_answers_to_it_are_graded(checkout):
    """The solution wins all points, code points in place of bytes one, the stub none: it was not attempted"""
    answers = {
        "right": checkout / "solutions" / "ex_1_5_bytes.py",
        "wrong": checkout / "tests" / "answers" / "1.5" / "reject_code_points.py",
        "stub": checkout / "exercises" / "ex_1_5_bytes.py",
    }
    for name, path in answers.items():
        (checkout / "class" / name).mkdir(parents=True)
        shutil.copy(path, checkout / "class" / name / "ex_1_5_bytes.py")
    done = run(checkout, "grader.cli", "grade", "class", "--out", "out", "--exercise", "1.5", "--format", "json")
    assert done.returncode == 0, done.stderr
    results = {one["id"]: one["exercises"]["1.5"] for one in json.loads(done.stdout)["submissions"]}
    assert {name: (one["score"], one["status"]) for name, one in results.items()} == {
        "right": (POINTS, "passed"),
        "wrong": (1, "partial"),
        "stub": (0, "not_attempted"),
    }
    (failed,) = [check for check in results["wrong"]["checks"] if check["status"] != "passed"]
    assert "`ord` gives code points" in failed["message"]


def test_students_see_it(checkout):
    """`pytest 1.5` says that it waits, then that it is done, and with code points in place of bytes what was expected"""
    stub = checkout / "exercises" / "ex_1_5_bytes.py"
    shipped = stub.read_text(encoding="utf-8")
    assert "1 not started" in run(checkout, "pytest", "-q", "1.5").stdout
    shutil.copy(checkout / "solutions" / stub.name, stub)
    assert "1 passed" in run(checkout, "pytest", "-q", "1.5").stdout
    shutil.copy(checkout / "tests" / "answers" / "1.5" / "reject_code_points.py", stub)
    assert "expected: [99, 97, 102, 195, 169]" in run(checkout, "pytest", "-q", "1.5").stdout
    stub.write_text(shipped, encoding="utf-8")
