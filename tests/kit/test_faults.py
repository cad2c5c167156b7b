"""Our own processes die in the middle of a run: nobody's verdict is lost, and what is missing is said."""

import multiprocessing
import os
import shutil
import signal
from pathlib import Path

import pytest

from grader.judge import with_judge
from grader.pipeline import Options, grade
from grader.process import descendants
from grader.project import project_catalog
from grader.score import has_kit_error

ROOT = Path(__file__).parents[2]


@pytest.fixture
def three(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / "class" / name).mkdir(parents=True)
        shutil.copy(ROOT / "solutions" / "ex_1_1_word_level.py", tmp_path / "class" / name)
    return tmp_path


def options(folder: Path) -> Options:
    return Options(paths=(folder / "class",), out=folder / "out", exercises=("1.1",))


def test_a_worker_that_dies_costs_one_submission_loudly_and_for_one_run_only(three):
    def kill_worker(done: int, total: int) -> None:
        if done == 1:
            for child in multiprocessing.active_children():
                child.kill()

    first = grade(options(three), kill_worker)
    faults = [has_kit_error(result) for result in first.run.submissions]
    assert faults.count(True) == 1
    assert [result.score for result, fault in zip(first.run.submissions, faults, strict=True) if not fault] == [8, 8]
    second = grade(options(three))
    assert second.fresh == 1
    assert [result.score for result in second.run.submissions] == [8, 8, 8]


def test_a_fork_server_that_dies_is_started_again(three):
    def kill_server(done: int, total: int) -> None:
        if done == 1:
            for child in multiprocessing.active_children():
                for pid in descendants(child.pid):
                    os.kill(pid, signal.SIGKILL)

    run = grade(options(three), kill_server).run
    assert [result.score for result in run.submissions] == [8, 8, 8]


def suite(tmp_path: Path, body: str) -> Path:
    # A name of its own each time: within one process a module is imported once.
    (tmp_path / f"test_{tmp_path.name}.py").write_text("import pytest\npytestmark = pytest.mark.exercise('1.1')\n" + body)
    return tmp_path


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("import nothing_like_this\n", "cannot be collected"),
        ("@pytest.mark.points(3)\ndef test_it(cell):\n    '''It.'''\n", "add up to 3 points, the catalogue says 8"),
        ("pytestmark = []\ndef test_it(cell):\n    '''It.'''\n", "belongs to no exercise"),
    ],
)
def test_a_suite_that_contradicts_the_catalogue_is_refused(tmp_path, body, words):
    from grader.errors import CatalogError

    with pytest.raises(CatalogError, match=words):
        with_judge(suite(tmp_path, body), project_catalog(ROOT), lambda _: None)
