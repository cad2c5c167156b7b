"""docs/add-an-exercise.md, followed to the letter in a copy of the checkout: the thirteenth exercise is graded."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
    folder = tmp_path_factory.mktemp("thirteenth")
    for name in ("exercises", "solutions", "grader", "tools", "tests/hidden", "tests/visible", "tests/answers"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
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
