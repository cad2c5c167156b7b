"""Our own processes die in the middle of a run: nobody's verdict is lost, and what is missing is said."""

import itertools
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from grader.errors import KitError
from grader.intake import read
from grader.intake.read import read_file
from grader.model import SubmissionResult
from grader.project import project_catalog
from grader.run import pool
from grader.run.judge import with_hidden_checks
from grader.run.pipeline import Options, grade
from grader.run.worker import Graded
from grader.wall.procfs import descendants, resident_mb

ROOT = Path(__file__).parents[2]


@pytest.fixture
def three(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / "class" / name).mkdir(parents=True)
        shutil.copy(ROOT / "solutions" / "ex_1_1_word_level.py", tmp_path / "class" / name)
    return tmp_path


def options(folder: Path) -> Options:
    return Options(paths=(folder / "class",), out=folder / "out", exercises=("1.1",))


def kill_workers() -> None:
    for child in multiprocessing.active_children():
        child.kill()


def test_a_worker_that_dies_costs_nobody_anything(three):
    told = []

    def kill_once(done: int, total: int, result: SubmissionResult) -> None:
        told.append((done, total, result.id))
        if done == 1:
            kill_workers()

    outcome = grade(options(three), kill_once)
    assert [result.score for result in outcome.run.submissions] == [8, 8, 8]
    touched = [result.id for result in outcome.run.submissions if any("graded twice" in n for n in result.notes)]
    assert len(touched) == 1
    assert any(f"1 submission: {touched[0]}" in note and "exit code -9" in note for note in outcome.notes)
    assert [done for done, _, _ in told] == [1, 2, 3]


def test_what_fails_twice_is_loud_for_one_run_only(three, monkeypatch):
    take = pool._Worker.take

    def lose_b(worker, upload):
        take(worker, upload)
        if upload.id == "b":
            worker.process.kill()

    with monkeypatch.context() as patch:
        patch.setattr(pool._Worker, "take", lose_b)
        first = grade(options(three)).run
    assert [(r.id, r.score, r.has_kit_error) for r in first.submissions] == [
        ("a", 8, False),
        ("b", 0, True),
        ("c", 8, False),
    ]
    (note,) = first.submissions[1].exercises["1.1"].notes
    assert "the worker ended" in note
    assert "our fault, not the students'" in (three / "out" / "report.html").read_text().replace("&#39;", "'")
    second = grade(options(three))
    assert second.fresh == 1
    assert [result.score for result in second.run.submissions] == [8, 8, 8]


@pytest.mark.heavy
def test_a_system_that_cannot_grade_stops_early_and_keeps_what_it_has(three, monkeypatch):
    finish = pool._finish
    graded = []

    def fail_after_one(worker):
        graded.append(worker.upload.id)
        upload, result = finish(worker)
        return (upload, result) if len(graded) == 1 else (upload, Graded(problem="no space left"))

    with monkeypatch.context() as patch:
        patch.setattr(pool, "_finish", fail_after_one)
        patch.setattr(pool, "FAULTS_IN_A_ROW", 2)
        with pytest.raises(KitError, match="its own answers cannot be graded either: no space left"):
            grade(options(three))
    assert grade(options(three)).fresh == 2


def test_a_fork_server_that_dies_in_the_middle_costs_nobody_anything(three):
    """It serves both workers: one is grading, the other one has just finished."""
    slow = three / "class" / "b" / "ex_1_1_word_level.py"
    slow.write_text(slow.read_text().replace("# %%\n", "# %%\nimport time\ntime.sleep(0.5)\n"))
    assert "time.sleep" in slow.read_text()
    shutil.copytree(three / "class" / "a", three / "class" / "d")

    def kill_server(done: int, total: int, result: SubmissionResult) -> None:
        if done == 1:
            workers = {child.pid for child in multiprocessing.active_children()}
            # Tiny beside the server are the programs around it and the one that tidies up after processes.
            below = set(descendants(os.getpid())) - workers
            os.kill(max(below, key=lambda pid: (resident_mb(pid), -pid)), signal.SIGKILL)

    run = grade(msgspec.structs.replace(options(three), jobs=2), kill_server).run
    assert {result.id: result.score for result in run.submissions} == {"a": 8, "b": 8, "c": 8, "d": 8}
    assert not any(result.has_kit_error for result in run.submissions)


def test_a_clock_that_jumps_changes_nothing(three):
    """Hours back and forth, at every look; what counts the time of submissions must not care."""
    (three / "sitecustomize.py").write_text(
        "import itertools, time\n"
        "real, jump = time.time, itertools.cycle([0, 7200, -7200, 86400 * 400])\n"
        "time.time = lambda: real() + next(jump)\n"
        "time.time_ns = lambda: int(time.time() * 1e9)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(three)}
    command = [
        sys.executable,
        "-m",
        "grader.cli",
        "grade",
        str(three / "class"),
        "--out",
        str(three / "out"),
        "--exercise",
        "1.1",
        "--format",
        "json",
    ]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert [result["score"] for result in json.loads(done.stdout)["submissions"]] == [8, 8, 8]


def test_a_file_that_changes_while_it_is_read_is_read_again(three, monkeypatch):
    path = three / "class" / "a" / "ex_1_1_word_level.py"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    once, rest = read._read_once, [whole]

    def upload_goes_on(place, limit):
        found = once(place, limit)
        if rest:
            place.write_bytes(rest.pop())
        return found[0], found[1], place.stat()

    monkeypatch.setattr(read, "_read_once", upload_goes_on)
    assert read_file(path) == whole


@pytest.mark.heavy
def test_a_file_that_never_stops_changing_is_turned_away_alone(three, monkeypatch):
    once, count = read._read_once, itertools.count(1)

    def grows(place, limit):
        found = once(place, limit)
        if place.parent.name == "a":
            os.utime(place, (next(count), next(count)))
        return found[0], found[1], place.stat()

    monkeypatch.setattr(read, "_read_once", grows)
    first, *others = grade(options(three)).run.submissions
    assert "changes while it is read" in first.notes[0]
    assert [result.score for result in others] == [8, 8]
    monkeypatch.setattr(read, "_read_once", once)
    again = grade(options(three))
    assert again.fresh == 1
    assert [result.score for result in again.run.submissions] == [8, 8, 8]


@pytest.mark.heavy
@pytest.mark.skipif(os.getuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_one_line_and_nothing_is_lost(three):
    """The results lie on a disk of a few hundred kilobytes that fills up on the way."""
    out = three / "out"
    out.mkdir()
    script = """
        mount -t tmpfs -o size=400k tmpfs "$1" || exit 99
        head -c "$3" /dev/zero > "$1/.filler"
        "$0" -m grader.cli grade "$2" --out "$1" --exercise 1.1 --quiet
        code=$?
        rm "$1/.filler"
        "$0" -m grader.cli grade "$2" --out "$1" --exercise 1.1 --format json --quiet > "$2/../second.json"
        exit $code
    """
    ends = []
    for filler in (400_000, 376_000):
        command = ["unshare", "-m", "sh", "-c", script, sys.executable, str(out), str(three / "class"), str(filler)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode == 99:
            pytest.skip("no disk can be mounted here")
        ends.append(done.returncode)
        assert "Traceback" not in done.stderr
        if done.returncode:
            assert done.stderr.count("\n") == 1 and done.stderr.startswith("playground: "), done.stderr
        second = json.loads((three / "second.json").read_text())
        assert [result["score"] for result in second["submissions"]] == [8, 8, 8]
    assert 2 in ends, "the disk never was full"
    # One is full from the start; the other has room for the store and not for all that a run writes.


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
    "sends descriptors": 'import array, os, socket, struct\nline = socket.socket(fileno=os.dup(3))\nbody = b\'{"id":1,"value":1}\'\n'
    "line.sendmsg([struct.pack('<I', len(body)) + body], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0] * 100))])",
}
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
    assert not any(result.has_kit_error for result in results)
    after_one_round = seen[len(HOSTILE)]
    assert seen[-1].keys() == after_one_round.keys() == {"worker", "fork server"}
    for name, (megabytes, descriptors) in seen[-1].items():
        assert megabytes - after_one_round[name][0] < 24, (name, seen)
        assert descriptors <= after_one_round[name][1] + 1, (name, seen)


def holdings() -> dict[str, tuple[int, int]]:
    """Resident megabytes and open descriptors of the worker and of its fork server."""
    (worker,) = multiprocessing.active_children()
    server = max((pid for pid in descendants(os.getpid()) if pid != worker.pid), key=resident_mb)
    pids = {"worker": worker.pid, "fork server": server}
    return {name: (resident_mb(pid), len(list(Path(f"/proc/{pid}/fd").iterdir()))) for name, pid in pids.items()}


def suite(tmp_path: Path, body: str) -> Path:
    # A name of its own each time: within one process a module is imported once.
    (tmp_path / f"test_{tmp_path.name}.py").write_text(
        "import pytest\npytestmark = pytest.mark.exercise('1.1')\n" + body
    )
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
        with_hidden_checks(suite(tmp_path, body), project_catalog(ROOT), lambda _: None)
