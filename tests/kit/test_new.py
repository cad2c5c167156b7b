"""`tools.new` on a small notebook of another subject: the skeleton builds, a filled one grades, bad input is one line."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.new import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def statistics(tmp_path):
    """Two exercises on samples: a function with its blank inside, and a blank that must define three names."""
    cells = [
        new_markdown_cell("# Samples\n\nA mean of $\\{{x_i\\}}$, and how far numbers lie from it."),
        new_code_cell("import math\nnumbers = [2, 4, 4, 4, 5, 5, 7, 9]\ndef half(x):\n    return x / 2"),
        new_markdown_cell("## 1.1 The mean"),
        new_code_cell('def mean(values):\n    """\n    YOUR CODE HERE\n    """\n\nprint(mean(numbers))'),
        new_markdown_cell("## 1.2 Spread"),
        new_code_cell("variance = None\nmiddle = half(sum(numbers))\n# YOUR CODE HERE\n"),
        new_code_cell("print(variance, deviation, seed)"),
    ]
    path = tmp_path / "samples.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def fill(path: Path, answer: str) -> None:
    change(path, "...  # the answer", answer)


def test_a_notebook_becomes_a_kit_that_grades(statistics, tmp_path, capsys):
    """Names are guessed, the skeleton builds; with answers and a real check in it, right and wrong are told apart"""
    kit = tmp_path / "kit"
    assert main([str(statistics), "--out", str(kit)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [
        "1.1 The mean: asks for mean; cells without a blank have math, half, too",
        "1.2 Spread: asks for variance, deviation, seed; cells without a blank have math, too",
    ]
    assert sorted(path.name for path in (kit / "exercises").iterdir()) == [
        "catalog.toml",
        "ex_1_1_the_mean.py",
        "ex_1_2_spread.py",
        "lm_playground.ipynb",
    ]

    fill(kit / "solutions" / "ex_1_1_the_mean.py", "return sum(values) / len(values)")
    fill(kit / "solutions" / "ex_1_2_spread.py", "variance, deviation, seed = 4.0, 2.0, middle")
    suite = kit / "tests" / "hidden" / "test_1_1_the_mean.py"
    change(suite, 'cell.get("mean") is not None', "cell.mean([1, 2, 6]) == 3")
    done = run(kit, "tools.build", "--root", ".")
    assert done.returncode == 0, done.stderr
    shutil.copytree(kit / "solutions", kit / "class" / "right")
    shutil.copytree(kit / "solutions", kit / "class" / "wrong")
    shutil.copytree(kit / "exercises", kit / "class" / "untouched", ignore=shutil.ignore_patterns("*.toml", "*.ipynb"))
    wrong = kit / "class" / "wrong" / "ex_1_1_the_mean.py"
    change(wrong, "len(values)", "2")
    done = run(kit, "grader.cli", "grade", "class", "--out", "out", "--format", "json")
    assert done.returncode == 0, done.stderr
    results = {one["id"]: one["score"] for one in json.loads(done.stdout)["submissions"]}
    assert results == {"right": 100, "wrong": 50, "untouched": 0}
    assert "4 not started" in run(kit, "pytest", "-q").stdout
    shutil.copytree(kit / "solutions", kit / "exercises", dirs_exist_ok=True)
    assert "4 passed" in run(kit, "pytest", "-q").stdout


def test_a_name_that_is_missing_is_no_answer(statistics, tmp_path):
    """Also one that means something to whoever asks, as `seed` does"""
    kit = tmp_path / "kit"
    assert main([str(statistics), "--out", str(kit)]) == 0
    fill(kit / "solutions" / "ex_1_2_spread.py", "variance = deviation = 1.0")
    done = run(kit, "grader.cli", "grade", "solutions", "--out", "out", "--format", "json")
    checks = json.loads(done.stdout)["submissions"][0]["exercises"]["1.2"]["checks"]
    assert [(check["name"], check["status"]) for check in checks] == [
        ("test_variance_is_there", "passed"),
        ("test_deviation_is_there", "passed"),
        ("test_seed_is_there", "failed"),
    ]


def test_a_cell_without_a_blank_is_there_for_answers_whatever_its_names(tmp_path):
    """`x` and `tests` are but shown in one course, and what an answer counts on in another"""
    cells = [
        new_code_cell("x = 21\ntests = [x]"),
        new_markdown_cell("## 1.1 Twice"),
        new_code_cell("answer = None\n# YOUR CODE HERE\n"),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "course.ipynb")
    kit = tmp_path / "kit"
    assert main([str(tmp_path / "course.ipynb"), "--out", str(kit)]) == 0
    path = kit / "exercises" / "lm_playground.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.id == "ex-1-1").source += "\nanswer = 2 * tests[0]"
    nbformat.write(notebook, path)
    done = run(kit, "pytest", "-q", "--answers", "exercises/lm_playground.ipynb")
    assert "1 passed" in done.stdout, done.stdout


def test_the_notebook_of_this_kit_becomes_a_kit(tmp_path):
    """All exercises, several blanks in a cell, two below one heading"""
    assert main([str(ROOT / "exercises" / "lm_playground.ipynb"), "--out", str(tmp_path / "kit")]) == 0
    names = sorted(path.name for path in (tmp_path / "kit" / "exercises").glob("ex_2_2*"))
    assert names == ["ex_2_2_a_transformer_block.py", "ex_2_2b_a_transformer_block.py"]
    assert len(list((tmp_path / "kit" / "exercises").glob("ex_*.py"))) == len(list((ROOT / "solutions").glob("*.py")))


def refused(arguments: list[str], capsys) -> str:
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


def test_bad_input_is_one_line(statistics, tmp_path, capsys):
    out = str(tmp_path / "kit")
    assert "none.ipynb: no such file" in refused([str(tmp_path / "none.ipynb"), "--out", out], capsys)
    (tmp_path / "no.ipynb").write_text("{]", encoding="utf-8")
    assert "no.ipynb: not a notebook" in refused([str(tmp_path / "no.ipynb"), "--out", out], capsys)
    nbformat.write(new_notebook(cells=[new_code_cell("x = 1")]), tmp_path / "full.ipynb")
    assert "no code cell says YOUR CODE HERE" in refused([str(tmp_path / "full.ipynb"), "--out", out], capsys)
    nbformat.write(new_notebook(cells=[new_code_cell("def f(:\n    # YOUR CODE HERE")]), tmp_path / "odd.ipynb")
    assert "cell 1: YOUR CODE HERE should stand" in refused([str(tmp_path / "odd.ipynb"), "--out", out], capsys)
    source = "x = 'YOUR CODE HERE'\n# YOUR CODE HERE"
    nbformat.write(new_notebook(cells=[new_code_cell(source)]), tmp_path / "odd.ipynb")
    assert "cell 1: YOUR CODE HERE should stand" in refused([str(tmp_path / "odd.ipynb"), "--out", out], capsys)
    source = "text = '''a'''\n# YOUR CODE HERE"
    nbformat.write(new_notebook(cells=[new_code_cell(source)]), tmp_path / "odd.ipynb")
    assert "double quotes" in refused([str(tmp_path / "odd.ipynb"), "--out", out], capsys)
    assert not (tmp_path / "kit").exists()
    assert "exists already" in refused([str(statistics), "--out", str(tmp_path)], capsys)
