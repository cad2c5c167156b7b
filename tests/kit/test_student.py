"""`pytest` as a student types it: a copy of the kit without the instructor's parts."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def kit(tmp_path):
    """What a student has: exercises, visible checks, pyproject.toml."""
    for name in ("exercises", "tests/visible"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(kit, *arguments):
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=kit, capture_output=True, text=True, check=False, timeout=300)


def answer(kit, file, replace=None):
    text = (ROOT / "solutions" / file).read_text(encoding="utf-8")
    for old, new in (replace or {}).items():
        assert old in text
        text = text.replace(old, new)
    (kit / "exercises" / file).write_text(text, encoding="utf-8")


def test_an_untouched_kit_is_not_started_and_no_failure(kit):
    done = run(kit)
    assert done.returncode == 0, done.stdout
    assert "not started in" in done.stdout
    assert "failed" not in done.stdout
    assert "0/100" in done.stdout


def test_right_answers_pass_and_earn_their_points(kit):
    answer(kit, "ex_1_1_word_level.py")
    answer(kit, "ex_2_1_linear.py")
    done = run(kit)
    assert done.returncode == 0, done.stdout
    assert "18/100" in done.stdout


def test_all_right_answers_pass(kit):
    for path in (ROOT / "solutions").glob("ex_*.py"):
        answer(kit, path.name)
    done = run(kit, "-q")
    assert done.returncode == 0, done.stdout
    assert "100/100" in done.stdout
    assert "+20 bonus" in done.stdout


def test_a_wrong_answer_gets_advice_and_no_traceback(kit):
    answer(kit, "ex_1_2_character_level.py", {'"".join(': '" ".join('})
    done = run(kit)
    assert done.returncode == 1
    assert "expected:" in done.stdout
    assert "try:" in done.stdout
    assert "Traceback" not in done.stdout
    assert "keep going" in done.stdout


def test_an_endless_cell_is_stopped_and_the_others_go_on(kit):
    answer(kit, "ex_1_1_word_level.py")
    answer(kit, "ex_1_2_character_level.py", {"import string": "import string\nwhile True: pass"})
    catalog = kit / "exercises" / "catalog.toml"
    catalog.write_text(catalog.read_text(encoding="utf-8").replace("run_s = 12.0", "run_s = 1.0"), encoding="utf-8")
    done = run(kit, "--exercise", "1.1", "--exercise", "1.2")
    assert done.returncode == 1
    assert "still running after 1 s" in done.stdout
    assert "8/8" in done.stdout


def test_an_exception_is_named_with_its_line(kit):
    answer(kit, "ex_1_1_word_level.py", {"vocab = []": "vocab = []\nvocab[3]"})
    done = run(kit, "--exercise", "1.1")
    assert "IndexError" in done.stdout
    assert "in line" in done.stdout


def test_one_exercise_needs_no_torch(kit):
    answer(kit, "ex_1_1_word_level.py")
    code = ("import sys, pytest; code = pytest.main(['-q', '--exercise', '1.1']);"
            "sys.exit(99 if {'torch', 'transformers', 'IPython'} & set(sys.modules) else code)")
    assert subprocess.run([sys.executable, "-c", code], cwd=kit, check=False, capture_output=True).returncode == 0


def test_an_unknown_exercise_is_one_line(kit):
    done = run(kit, "--exercise", "7.7")
    assert done.returncode == 4
    assert "no exercise '7.7'" in done.stderr + done.stdout


def test_a_notebook_can_be_checked_instead(kit):
    from tools.build import read_course, solution_notebook

    (kit / "mine.ipynb").write_text(solution_notebook(read_course(ROOT)), encoding="utf-8")
    done = run(kit, "--answers", "mine.ipynb", "--exercise", "1.1", "--exercise", "1.4")
    assert done.returncode == 0, done.stdout
    assert "14/14" in done.stdout
