"""`import oracles` finds what lies beside the hidden suites that are run, and nothing else of that name."""

import subprocess
import sys

import pytest

from tests.students import ROOT

TOLD = "import sys; from pathlib import Path; from grader.run.judge import reach_oracles\nfor place in sys.argv[1:]: reach_oracles(Path(place))\n"


def found(folder, *suites):
    """What a process in this folder finds, which looks for modules there before anywhere else."""
    program = f"{TOLD}import oracles; print(oracles.__file__)"
    words = [sys.executable, "-c", program, *map(str, suites)]
    return subprocess.run(
        words, cwd=folder, env={"PYTHONPATH": f"{folder}:{ROOT}"}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def other(tmp_path):
    """The suites of another course, with oracles of their own."""
    place = tmp_path / "other" / "oracles"
    place.mkdir(parents=True)
    (place / "__init__.py").write_text("", encoding="utf-8")
    return place.parent


def test_a_submission_in_the_working_folder_is_not_imported(tmp_path):
    (tmp_path / "oracles").mkdir()
    (tmp_path / "oracles" / "__init__.py").write_text(
        "raise SystemExit('the code of a submission ran')", encoding="utf-8"
    )
    done = found(tmp_path, ROOT / "tests" / "hidden")
    assert (done.stdout.strip(), done.stderr) == (str(ROOT / "tests" / "hidden" / "oracles" / "__init__.py"), "")


def test_another_course_has_its_own(tmp_path, other):
    done = found(tmp_path, ROOT / "tests" / "hidden", other)
    assert done.stdout.strip() == str(other / "oracles" / "__init__.py")


def test_a_course_without_them_gets_none_of_the_one_before(tmp_path, other):
    done = found(tmp_path, other, tmp_path)
    assert "No module named 'oracles'" in done.stderr
