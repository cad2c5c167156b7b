"""Our own processes die in the middle of a run: nobody's verdict is lost, and what is missing is said."""

import multiprocessing
import os
import shutil
import signal
from pathlib import Path

import pytest

from grader.judge import with_judge
from grader.pipeline import Options, grade
from grader.process import descendants, resident_mb
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


HOSTILE = {
    "exits": "import os\nos._exit(0)",
    "raises": "vocab = [1]\nraise ValueError('x' * 100_000)",
    "prints": "for _ in range(200): print('x' * 10_000)",
    "lies": "def encode(text): return [10 ** 400, float('nan'), '\\ud83d', {1: [[[]]]}]\ndecode = encode",
    "is large": "def encode(text): return [[0] * 90_000] * 4\ndecode = encode",
    "floods": "import os\nos.write(3, b'\\0' * 200_000)",
    "announces": "import os\nos.write(3, b'\\xff' * 1000)\nos._exit(0)",
    "nests": "x = []\nfor _ in range(1000): x = [x]\nvocab = x\ndef encode(text): return x\ndecode = encode",
    "forks": "import os, time\nfor _ in range(10):\n    if os.fork() == 0:\n        time.sleep(60)",
    "sends descriptors": "import array, os, socket, struct\nline = socket.socket(fileno=os.dup(3))\nbody = b'{\"id\":1,\"value\":1}'\n"
    "line.sendmsg([struct.pack('<I', len(body)) + body], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0] * 100))])",
}  # fmt: skip
ROUNDS = 3


def test_thirty_submissions_leave_a_worker_as_it_was(tmp_path):
    """What a worker and its fork server hold after the last rounds is what they held after the first one."""
    good = (ROOT / "solutions" / "ex_1_1_word_level.py").read_text()
    for number in range(ROUNDS):
        for name, source in {**HOSTILE, "right": good}.items():
            folder = tmp_path / "class" / f"{number} {name}"
            folder.mkdir(parents=True)
            (folder / "ex_1_1_word_level.py").write_text(source)
    seen: list[dict[str, tuple[int, int]]] = []
    results = grade(options(tmp_path), lambda *_: seen.append(holdings())).run.submissions
    assert len(results) == ROUNDS * (len(HOSTILE) + 1)
    assert {result.score for result in results if result.source.endswith("right")} == {8}
    assert not any(has_kit_error(result) for result in results)
    after_one_round = seen[len(HOSTILE)]
    assert seen[-1].keys() == after_one_round.keys() == {"worker", "fork server"}
    for name, (megabytes, descriptors) in seen[-1].items():
        assert megabytes - after_one_round[name][0] < 24, (name, seen)
        assert descriptors <= after_one_round[name][1] + 1, (name, seen)


def holdings() -> dict[str, tuple[int, int]]:
    """Resident megabytes and open descriptors of the worker and of its fork server."""
    (worker,) = multiprocessing.active_children()
    server = max(descendants(worker.pid), key=resident_mb)
    pids = {"worker": worker.pid, "fork server": server}
    return {name: (resident_mb(pid), len(list(Path(f"/proc/{pid}/fd").iterdir()))) for name, pid in pids.items()}


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
