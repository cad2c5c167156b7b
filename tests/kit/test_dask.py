"""`grade --dask`: the verdicts of `--jobs`, from a cluster whose workers may die, differ, or never come."""

import contextlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from grader.errors import KitError
from grader.model import SubmissionResult
from grader.run import cluster
from grader.run.pipeline import Options, grade

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120
FULL = 8
MOODY = """
right = encode

def encode(text):
    import zlib
    return right(text) if zlib.crc32(text.encode()) % 2 else []
"""
"""Right or wrong by what it is asked, so that its verdicts tell whether a worker asked the same."""

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="the extra `dask` is not installed"
)


@pytest.fixture
def room(tmp_path):
    for name in ("a", "b", "c", "d"):
        (tmp_path / "class" / name).mkdir(parents=True)
        shutil.copy(ROOT / "solutions" / "ex_1_1_word_level.py", tmp_path / "class" / name)
    wrong = tmp_path / "class" / "d" / "ex_1_1_word_level.py"
    wrong.write_text(wrong.read_text(encoding="utf-8") + MOODY, encoding="utf-8")
    return tmp_path


def options(room: Path, address: str, out: str = "out") -> Options:
    return Options(paths=(room / "class",), out=room / out, exercises=("1.1",), dask=address)


def start(folder: Path, what: str, *arguments: str, before: tuple[str, ...] = ()) -> subprocess.Popen:
    command = [*before, sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (folder / "cluster.log").open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)


@contextlib.contextmanager
def scheduler(folder: Path, host: str):
    """A scheduler's address, and a list for the workers to end with it."""
    file, processes = folder / "scheduler.json", []
    processes.append(
        start(folder, "scheduler", "--host", host, "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    )
    try:
        end = time.monotonic() + PATIENCE_S
        while not file.exists() or not file.read_text():
            assert time.monotonic() < end, (folder / "cluster.log").read_text()
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"], processes
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def worker(folder: Path, address: str, *arguments: str, before: tuple[str, ...] = ()) -> subprocess.Popen:
    return start(
        folder,
        "worker",
        address,
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
        *arguments,
        "--local-directory",
        str(folder),
        before=before,
    )


def verdicts(run) -> list[SubmissionResult]:
    return [msgspec.structs.replace(result, seconds=0.0, student_seconds=0.0) for result in run.submissions]


def test_a_worker_that_is_killed_costs_time_only_and_the_verdicts_are_those_of_jobs(room):
    """One of two workers is killed at the first verdict; those of the other are the same as without a cluster"""
    grade(Options(paths=(room / "class",), out=room / "plain", exercises=("1.1",)))
    expected = grade(Options(paths=(room / "class",), out=room / "plain", exercises=("1.1",))).run
    (room / "out").mkdir()
    shutil.copy(room / "plain" / "secret.key", room / "out")
    told = []
    with scheduler(room, "127.0.0.1") as (address, processes):
        processes += [worker(room, address), worker(room, address)]
        wait_for_workers(address, 2)

        def kill_one(done: int, total: int, result: SubmissionResult) -> None:
            told.append(result.id)
            if done == 1:
                processes[1].kill()

        run = grade(options(room, address), kill_one).run
        again = grade(options(room, address))
    assert verdicts(run) == verdicts(expected)
    assert [result.score == FULL for result in run.submissions] == [True, True, True, False]
    assert sorted(told) == ["a", "b", "c", "d"]
    assert again.fresh == 0


def wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, timeout=PATIENCE_S) as client:
        client.wait_for_workers(count, timeout=PATIENCE_S)


def test_a_worker_with_another_kit_is_refused(room, monkeypatch):
    """Nothing is graded, and the line says which worker and what differs"""
    plain = cluster.edition_of
    monkeypatch.setattr(
        cluster, "edition_of", lambda *args: msgspec.structs.replace(plain(*args), suite="0123456789ab")
    )
    with scheduler(room, "127.0.0.1") as (address, processes):
        processes.append(worker(room, address))
        with pytest.raises(
            KitError, match=r"worker tcp://127\.0\.0\.1:\d+: its hidden suite: \w{12}, and here: 0123456789ab"
        ):
            grade(options(room, address))


def test_a_worker_with_threads_is_refused(room):
    with scheduler(room, "127.0.0.1") as (address, processes):
        processes.append(worker(room, address, "--nthreads", "2"))
        with pytest.raises(KitError, match="has 2 threads; start it with `--nthreads 1`"):
            grade(options(room, address))


def test_no_scheduler_is_one_line(room, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_S", 1)
    with pytest.raises(KitError, match=r"no Dask scheduler at tcp://127\.0\.0\.1:1 .*deploy/README\.md") as caught:
        grade(options(room, "tcp://127.0.0.1:1"))
    assert "\n" not in str(caught.value)


def test_a_scheduler_that_dies_is_one_line_and_what_was_graded_is_kept(room):
    with scheduler(room, "127.0.0.1") as (address, processes):
        processes.append(worker(room, address))

        def kill_scheduler(done: int, total: int, result: SubmissionResult) -> None:
            if done == 1:
                processes[0].kill()

        with pytest.raises(
            KitError, match=r"the connection to the Dask scheduler is lost\. What was graded is kept"
        ) as caught:
            grade(options(room, address), kill_scheduler)
    assert "\n" not in str(caught.value)
    again = grade(Options(paths=(room / "class",), out=room / "out", exercises=("1.1",)))
    assert 1 <= again.fresh < 4


def test_no_worker_is_one_line(room, monkeypatch):
    monkeypatch.setattr(cluster, "WORKERS_S", 1.0)
    with (
        scheduler(room, "127.0.0.1") as (address, _),
        pytest.raises(KitError, match="no worker has joined the cluster"),
    ):
        grade(options(room, address))


def test_without_the_library_the_extra_is_named(room, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "grader.run.cluster_worker", raising=False)
    with pytest.raises(KitError, match=r"`distributed` is not installed.*\[dask\]"):
        grade(options(room, "local"))


def test_local_grades_from_the_terminal_and_leaves_nothing_behind(room):
    command = [
        sys.executable,
        "-m",
        "grader.cli",
        "grade",
        str(room / "class"),
        "--out",
        str(room / "out"),
        "--exercise",
        "1.1",
        "--dask",
        "local",
        "--jobs",
        "2",
        "--quiet",
    ]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S * 2,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results = json.loads((room / "out" / "results.json").read_text())
    assert [one["score"] == FULL for one in results["submissions"]] == [True, True, True, False]
    assert "Traceback" not in done.stderr


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@pytest.fixture
def hosts():
    """Two hosts of this machine's own, each with a cable to this one: name, our address, theirs."""
    if os.getuid() or not shutil.which("ip"):
        pytest.skip("hosts in network namespaces need root and iproute2")
    made = []
    try:
        for number in (1, 2):
            name, ours, theirs = f"lmp{os.getpid() % 10000}-{number}", f"10.213.{number}.1", f"10.213.{number}.2"
            try:
                ip("netns", "add", name)
            except subprocess.CalledProcessError as error:
                pytest.skip(f"no network namespace here: {error.stderr.decode().strip()}")
            made.append((name, ours, theirs))
            ip("link", "add", f"{name}a", "type", "veth", "peer", "name", f"{name}b", "netns", name)
            ip("addr", "add", f"{ours}/24", "dev", f"{name}a")
            ip("link", "set", f"{name}a", "up")
            ip("-n", name, "addr", "add", f"{theirs}/24", "dev", f"{name}b")
            ip("-n", name, "link", "set", f"{name}b", "up")
            ip("-n", name, "link", "set", "lo", "up")
        yield made
    finally:
        for name, _, _ in made:
            subprocess.run(["ip", "netns", "del", name], check=False)


def test_two_hosts_grade_one_class(room, hosts):
    """A worker on each of two hosts that only reach this one; both have had submissions to grade"""
    with scheduler(room, "0.0.0.0") as (address, processes):
        port = address.rpartition(":")[2]
        for name, ours, theirs in hosts:
            processes.append(
                worker(room, f"tcp://{ours}:{port}", "--host", theirs, before=("ip", "netns", "exec", name))
            )
        wait_for_workers(f"tcp://127.0.0.1:{port}", 2)
        run = grade(options(room, f"tcp://127.0.0.1:{port}")).run
        log = (room / "cluster.log").read_text()
    assert [result.score == FULL for result in run.submissions] == [True, True, True, False]
    assert all(theirs in log for _, _, theirs in hosts)
