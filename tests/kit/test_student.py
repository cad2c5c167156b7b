"""`pytest` as a student types it: a copy of the kit without the instructor's parts."""

import os
import shutil
import subprocess
import sys
import tomllib

import pytest

from grader.project import project_catalog
from tests.students import ROOT, a_kit, a_notebook, answer

CATALOG = project_catalog(ROOT)


@pytest.fixture
def kit(tmp_path):
    """A folder as a student has it."""
    return a_kit(tmp_path)


def run(kit, *arguments, **environment):
    command = [sys.executable, "-m", "pytest", *arguments]
    environment = {**os.environ, **environment}
    return subprocess.run(command, cwd=kit, capture_output=True, text=True, check=False, timeout=300, env=environment)


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
    assert f"+{sum(one.points for one in CATALOG.exercise if one.bonus)} bonus" in done.stdout


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


def test_the_first_two_exercises_need_no_torch(kit):
    answer(kit, "ex_1_1_word_level.py")
    answer(kit, "ex_1_2_character_level.py")
    code = (
        "import sys, pytest; code = pytest.main(['-q', '-k', '1.1 or 1.2']);"
        "sys.exit(99 if {'torch', 'transformers', 'IPython'} & set(sys.modules) else code)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=kit, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "16/16" in done.stdout


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


# --- what a student may ask for --------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        ["-k", "1.1"],
        ["exercises/ex_1_1_word_level.py"],
        ["1.1"],
        ["--exercise", "1.1"],
        ["tests/visible/test_1_1_word_level.py"],
    ],
)
def test_one_exercise_can_be_named_in_many_ways(kit, asked):
    answer(kit, "ex_1_1_word_level.py")
    answer(kit, "ex_1_2_character_level.py", {'"".join(': '" ".join('})
    done = run(kit, "-q", *asked)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
    assert "8/8" in done.stdout
    assert "1.2" not in done.stdout


def test_it_runs_inside_the_folder_of_exercises_too(kit):
    answer(kit, "ex_1_1_word_level.py")
    command = [sys.executable, "-m", "pytest", "-q"]
    done = subprocess.run(command, cwd=kit / "exercises", capture_output=True, text=True, check=False)
    assert "8/100" in done.stdout, done.stdout


def test_one_check_alone_earns_no_points_for_the_others(kit):
    answer(kit, "ex_1_1_word_level.py")
    done = run(kit, "-q", "tests/visible/test_1_1_word_level.py::test_unknown_words_become_unk")
    assert "fine so far" in done.stdout
    assert "8/8" not in done.stdout


def test_after_x_the_checks_that_did_not_run_are_not_done(kit):
    answer(kit, "ex_1_2_character_level.py", {'"".join(': '" ".join('})
    done = run(kit, "-q", "-x", "1.2")
    assert "1 of 3" in done.stdout
    assert "2/8" in done.stdout


def test_the_next_exercise_is_the_first_that_is_not_done(kit):
    answer(kit, "ex_1_1_word_level.py")
    done = run(kit, "-q")
    assert "Next: 1.2 Character-level tokenization, in exercises/ex_1_2_character_level.py" in done.stdout


def test_hints_are_shown_on_request_for_what_is_under_way(kit):
    answer(kit, "ex_1_2_character_level.py", {'"".join(': '" ".join('})
    assert "Hint 1 of 3 for 1.2: How many entries" in run(kit, "-q", "1.2", "--hints").stdout
    assert "Hint" not in run(kit, "-q", "1.2").stdout


def test_processes_side_by_side_come_to_the_same_table(kit):
    pytest.importorskip("xdist")
    answer(kit, "ex_1_1_word_level.py")
    answer(kit, "ex_1_2_character_level.py", {'"".join(': '" ".join('})
    alone, together = run(kit, "-q", "1.1", "1.2"), run(kit, "-q", "1.1", "1.2", "-n", "2")
    rows = [line for line in alone.stdout.splitlines() if "█" in line]
    assert len(rows) == 3
    assert [line for line in together.stdout.splitlines() if "█" in line] == rows


def test_looking_for_checks_runs_no_code_of_the_student(kit):
    answer(kit, "ex_1_1_word_level.py", {"PAD, UNK = ": "open('ran', 'w').close()\nPAD, UNK = "})
    done = run(kit, "--collect-only", "-q")
    assert "test_1_1_word_level.py::test_known_words_make_the_round_trip" in done.stdout
    assert not (kit / "ran").exists()
    run(kit, "-q", "1.1")
    assert (kit / "ran").exists()


def test_the_title_of_the_check_stands_above_its_failure(kit):
    answer(kit, "ex_1_2_character_level.py", {'"".join(': '" ".join('})
    done = run(kit, "-q", "1.2")
    assert "1.2 A text of letters becomes one id per letter" in done.stdout
    assert "test_letters_make" not in done.stdout
    assert "playground hint" not in done.stdout  # what comes next is said where all exercises were looked at


def test_a_narrow_terminal_cuts_titles_and_never_points(kit):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"],
        cwd=kit,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "60", "PYTHONIOENCODING": "utf-8"},
    )
    rows = [line for line in done.stdout.splitlines() if "░" in line]
    assert len(rows) == len(CATALOG.exercise) + 1
    assert all(len(line) <= 60 for line in rows)
    assert all("not started" in line for line in rows[:-1])
    assert "0/100" in rows[-1]


def test_a_terminal_without_such_characters_gets_plain_ones(kit):
    answer(kit, "ex_1_1_word_level.py")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "1.1"],
        cwd=kit,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert "##########" in done.stdout, done.stdout + done.stderr


# --- files that nobody expected ---------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "lm_playground (1).ipynb",
        "lm_playground-Copy1.ipynb",
        "lm_playground-1.ipynb",
        "mine.ipynb",
        "roeamara_40412_8812_lm_playground.ipynb",
        "Jane Doe_11_assignsubmission_file_lm_playground.ipynb",
    ],
)
def test_a_notebook_beside_the_kits_own_counts_when_it_was_worked_on(kit, name):
    """As browsers, Jupyter and learning platforms name copies."""
    (kit / "exercises" / name).write_text(a_notebook("1.1"), encoding="utf-8")
    done = run(kit, "-q", "1.1")
    assert "3 passed" in done.stdout, done.stdout
    assert f"2 notebooks; {name} counts, it answers most; lm_playground.ipynb does not\n" in done.stdout


def test_the_kits_own_notebook_counts_beside_an_untouched_copy(kit):
    (kit / "exercises" / "lm_playground.ipynb").write_text(a_notebook("1.1"), encoding="utf-8")
    (kit / "exercises" / "a.ipynb").write_text(a_notebook(), encoding="utf-8")
    done = run(kit, "-q", "1.1")
    assert "3 passed" in done.stdout, done.stdout
    assert "lm_playground.ipynb counts, it answers most; a.ipynb does not" in done.stdout


def test_of_two_notebooks_each_exercise_counts_where_it_was_worked_on(kit):
    (kit / "exercises" / "lm_playground.ipynb").write_text(a_notebook("1.1", "1.2"), encoding="utf-8")
    (kit / "exercises" / "later.ipynb").write_text(
        a_notebook("1.2", "1.4", replace={"import string": "import string  # mine"}), encoding="utf-8"
    )
    done = run(kit, "-q", "tests/visible/test_1_1_word_level.py", "1.2", "1.4")
    assert "9 passed" in done.stdout, done.stdout
    assert "later.ipynb counts, it answers most; lm_playground.ipynb counts for 1.1\n" in done.stdout
    assert "1.2: cell 11 counts, cell 11 of lm_playground.ipynb does not\n" in done.stdout


@pytest.mark.parametrize(
    "name",
    [
        "ex_1_1_word_level (1).py",
        "ex_1_1_word_level - Copy (2).py",
        "ex_1_1_word_level copy.py",
        "ex_1_1_word_level-Copy1.py",
        "EX_1_1_word_level_final.py",
        "Copy of ex_1_1_word_level.py",
        "roeamara_40412_ex_1_1_word_level2.py",
    ],
)
def test_an_answer_in_a_copy_counts_before_the_untouched_stub(kit, name):
    shutil.copy(ROOT / "solutions" / "ex_1_1_word_level.py", kit / "exercises" / name)
    done = run(kit, "-q", "1.1")
    assert "3 passed" in done.stdout, done.stdout
    assert f"{name} counts for 1.1, ex_1_1_word_level.py does not\n" in done.stdout


def test_the_stub_counts_where_both_it_and_its_copy_were_worked_on(kit):
    answer(kit, "ex_1_1_word_level.py")
    (kit / "exercises" / "ex_1_1_word_level (1).py").write_text("vocab = 1", encoding="utf-8")
    done = run(kit, "-q", "exercises/ex_1_1_word_level (1).py")
    assert "3 passed" in done.stdout, done.stdout
    assert "ex_1_1_word_level.py counts for 1.1, ex_1_1_word_level (1).py does not\n" in done.stdout


def test_where_a_file_and_the_notebook_hold_work_the_file_counts_and_a_line_says_so(kit):
    answer(kit, "ex_1_1_word_level.py")
    (kit / "exercises" / "lm_playground.ipynb").write_text(
        a_notebook("1.1", replace={"vocab =": "vocab = 0 and"}), encoding="utf-8"
    )
    done = run(kit, "-q", "1.1")
    assert "3 passed" in done.stdout, done.stdout
    assert "1.1: ex_1_1_word_level.py counts, cell 7 of the notebook does not\n" in done.stdout


@pytest.mark.parametrize("name", ["ex_1_1_word_level.py", "ex_1_1_word_level (1).py"])
def test_a_file_that_is_no_text_is_not_called_not_started(kit, name):
    latin = (ROOT / "solutions" / "ex_1_1_word_level.py").read_bytes() + "\n# caf\u00e9\n".encode("latin-1")
    (kit / "exercises" / name).write_bytes(latin)
    done = run(kit, "1.1")
    assert done.returncode == 1
    assert f"{name} is not UTF-8 text (line 81); save it as UTF-8 text" in done.stdout
    assert "not started" not in done.stdout


def test_a_file_that_is_no_text_does_not_stand_in_the_way_of_a_right_answer(kit):
    (kit / "exercises" / "ex_1_1_word_level.py").write_bytes(b"vocab = '\xe9'")
    (kit / "exercises" / "lm_playground.ipynb").write_text(a_notebook("1.1"), encoding="utf-8")
    done = run(kit, "-q", "1.1")
    assert "3 passed" in done.stdout, done.stdout
    assert "1.1: cell 7 of the notebook counts, ex_1_1_word_level.py does not\n" in done.stdout


# --- answers from elsewhere -------------------------------------------------------------------


@pytest.fixture
def installed(tmp_path):
    """The environment in which the package is installed: pytest finds its entry points."""
    info = tmp_path / "site" / "kit-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kit\nVersion: 1\n")
    points = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"].get(
        "entry-points", {"pytest11": {}}
    )
    (info / "entry_points.txt").write_text(
        "[pytest11]\n" + "".join(f"{n} = {m}\n" for n, m in points["pytest11"].items())
    )
    return {"PYTHONPATH": f"{ROOT}{os.pathsep}{info.parent}"}


@pytest.fixture
def home(tmp_path):
    """A student's home: the kit in one folder, what was downloaded in another."""
    a_kit(tmp_path / "kit")
    downloads = tmp_path / "Downloads"
    downloads.mkdir()
    for name in ("mine.ipynb", "mine.ipynb.txt", "mine"):
        (downloads / name).write_text(a_notebook("1.1"), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "asked",
    [
        ["{home}/Downloads/mine.ipynb"],
        ["../Downloads/mine.ipynb"],
        ["~/Downloads/mine.ipynb"],
        ["../Downloads/mine.ipynb.txt"],
        ["../Downloads/mine"],
        ["--answers", "../Downloads/mine.ipynb"],
        ["--answers=~/Downloads/mine.ipynb"],
        ["--answers", "../Downloads"],
        ["-x", "../Downloads/mine.ipynb", "--hints"],
    ],
)
def test_a_notebook_anywhere_can_be_checked(home, installed, asked):
    done = run(home / "kit", "-q", *(word.format(home=home) for word in asked), HOME=str(home), **installed)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "8/100" in done.stdout


def test_inside_the_kit_the_current_folder_does_not_matter(home, installed):
    done = run(home / "kit" / "exercises", "-q", "../../Downloads/mine.ipynb", **installed)
    assert "8/100" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["nope.ipynb"], "nope.ipynb: no such file; check the path"),
        (["../Downloads/nope.ipynb"], "Downloads/nope.ipynb: no such file; check the path"),
        (["--answers", "nope.ipynb"], "nope.ipynb: no such file"),
        (["../Downloads/mine.ipynb", "../Downloads/mine"], "check one at a time"),
        (["../Downloads/mine.ipynb", "exercises/lm_playground.ipynb"], "check one at a time"),
        (["exercises/lm_playground.ipynb", "LICENSE"], "check one at a time"),
        (["pyproject.toml"], "pyproject.toml: notebook is not valid JSON at line 1"),
    ],
)
def test_what_cannot_be_checked_is_one_line(home, installed, asked, said):
    (home / "kit" / "LICENSE").write_text("free")
    done = run(home / "kit", "-q", *asked, **installed)
    assert done.returncode == 4, done.stdout
    errors = [line for line in (done.stdout + done.stderr).splitlines() if line.strip() and "no tests ran" not in line]
    assert len(errors) == 1 and said in errors[0], errors


def test_other_tests_of_the_same_environment_are_left_alone(home, installed):
    """The entry point is loaded wherever pytest runs."""
    (home / "Downloads" / "test_own.py").write_text(
        "def test_own(pytestconfig): assert not pytestconfig.pluginmanager.hasplugin('grader.student.plugin')"
    )
    for folder in ("Downloads", "kit"):
        assert "1 passed" in run(home / folder, "-q", str(home / "Downloads" / "test_own.py"), **installed).stdout
