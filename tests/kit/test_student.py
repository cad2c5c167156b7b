"""`pytest` as a student types it: a copy of the kit without the instructor's parts."""

import os
import subprocess
import sys

import pytest

from tests.students import ROOT, a_kit, answer


@pytest.fixture
def kit(tmp_path):
    """A folder as a student has it."""
    return a_kit(tmp_path)


def run(kit, *arguments):
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=kit, capture_output=True, text=True, check=False, timeout=300)


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
    assert len(rows) == 15
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
