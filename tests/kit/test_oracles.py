"""`import oracles` finds what lies beside the hidden suites that are run; what the models do not answer is our fault."""

import subprocess
import sys

import pytest

from grader.checks.cell import Cell
from grader.model import Limits, Status
from grader.protocol.messages import Reply, Trouble
from grader.protocol.student import LostError
from grader.run.judge import suite_hash
from oracles import reference
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


def no_answer(kind, error):
    """A student that answers every question with that trouble, or with none at all."""

    class Silent:
        limits, trouble = Limits(), None

        def ask(self, op, args):
            if error:
                raise error
            return Reply(id=0, trouble=Trouble(kind=kind, type="RuntimeError", message="7 is no index"))

    return Silent()


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("raised", None),
        ("memory", None),
        ("missing", None),
        ("not_plain", None),
        ("", LostError(Status.TIMED_OUT, "still running")),
    ],
)
def test_models_that_do_not_answer_are_our_fault(monkeypatch, kind, error):
    """No check takes it for an error of the student's code, and nothing of a hidden input is told."""
    monkeypatch.setattr(reference, "_connected", [Cell(no_answer(kind, error))])
    with pytest.raises(LostError, match="the models cannot be asked") as raised:
        reference.models("next_logits", [7], "gpt2_model")
    assert raised.value.status is Status.KIT_ERROR
    assert "7" not in str(raised.value)


def test_a_changed_record_makes_old_verdicts_stale(tmp_path):
    """The hash of the suites covers all that they compare with, and nothing that Python keeps beside it."""
    (tmp_path / "test_x.py").write_text("", encoding="utf-8")
    (tmp_path / "recorded.npz").write_bytes(b"1")
    before = suite_hash(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "test_x.pyc").write_bytes(b"")
    assert suite_hash(tmp_path) == before
    (tmp_path / "recorded.npz").write_bytes(b"2")
    assert suite_hash(tmp_path) != before
