"""What grading costs, guarded without a clock: forks and questions for each exercise, and how heavy a fork is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.offline.cache import models_folder
from grader.sandbox.lean_imports import lean_imports
from grader.wall.available import find_walls
from grader.wall.fork_server import Server

FORKS = 120
"""All forks of a full right answer; 90 when this was written."""
QUESTIONS = {
    "1.1": 240,
    "1.2": 180,
    "1.3": 50,
    "1.4": 40,
    "2.1": 190,
    "2.2a": 50,
    "2.2b": 35,
    "2.3": 25,
    "2.4": 40,
    "3.1": 100,
    "4.1": 40,
    "5.1": 75,
}
"""For each exercise; three quarters of that when this was written."""
AREAS = 700
"""Areas of memory of the fork server, each of which a fork copies and drops; 500 when this was written."""


@pytest.fixture(scope="module")
def profile():
    words = [sys.executable, "-m", "tools.bench.profile", "--count", "1", "--json"]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if done.returncode and "the kernel counts no processor time" in done.stderr:
        pytest.skip("the kernel counts no processor time of others here")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.heavy
def test_a_right_answer_takes_so_many_forks_at_most(profile):
    assert 70 < profile["steps"]["fork"] <= FORKS


@pytest.mark.heavy
def test_each_exercise_is_asked_so_much_at_most(profile):
    asked = {name: counts["questions"] for name, counts in profile["exercises"].items()}
    assert asked.keys() == QUESTIONS.keys()
    assert {name: count for name, count in asked.items() if count > QUESTIONS[name]} == {}


@pytest.mark.heavy
def test_a_fork_has_little_to_copy():
    server = Server.alone(models_folder(), walls=find_walls(models_folder()).walls, memory_mb=1536)
    try:
        areas = Path(f"/proc/{server.spawn().pid}/maps").read_text().splitlines()
    finally:
        server.close()
    assert not [area for area in areas if "/scipy/" in area]
    assert len(areas) <= AREAS


def test_optional_packages_are_hidden_for_a_while_only(monkeypatch):
    monkeypatch.delitem(sys.modules, "scipy", raising=False)
    with lean_imports(), pytest.raises(ImportError):
        import scipy  # noqa: F401
    assert "scipy" not in sys.modules


def test_a_package_that_is_there_already_stays(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", json)
    with lean_imports():
        assert sys.modules["scipy"] is json
    assert sys.modules["scipy"] is json


def test_only_hooks_of_the_named_packages_are_left_out(monkeypatch):
    registered = []
    monkeypatch.setattr(os, "register_at_fork", lambda **hooks: registered.append(hooks))
    code = "import os\nos.register_at_fork(after_in_child=print)"
    with lean_imports():
        exec(code, {"__name__": "filelock._core._fork"})
        exec(code, {"__name__": "random"})
    assert registered == [{"after_in_child": print}]


def test_a_lock_works_in_a_fork_without_the_hook(tmp_path):
    script = """
import os, sys
from grader.sandbox.lean_imports import lean_imports
with lean_imports():
    import filelock
lock = filelock.FileLock(sys.argv[1])
pid = os.fork()
with lock:
    pass
if pid == 0:
    os._exit(0)
sys.exit(os.waitpid(pid, 0)[1])
"""
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "lock")], check=True, timeout=60)


_HOLES = """
import sys
from grader.sandbox.heap_filler import fill_holes

def made(small, large):
    return [bytes(100) for _ in range(small)], [bytes(3000) for _ in range(large)]

kept = made(50_000, 5_000)  # 100 bytes come from Python's own allocator, 3,000 from the C library's
for things in kept:
    del things[::2]
pages = [{id(thing) >> 12 for thing in things} for things in kept]
if "fill" in sys.argv:
    fill_holes()
for new, old in zip(made(2_000, 200), pages):
    print(sum(id(thing) >> 12 in old for thing in new))
"""


def in_old_pages(*words):
    done = subprocess.run(
        [sys.executable, "-c", _HOLES, *words], check=True, capture_output=True, text=True, timeout=60
    )
    return [int(line) for line in done.stdout.split()]


def test_new_objects_lie_in_fresh_memory_once_the_holes_are_filled():
    small, large = in_old_pages()
    assert small > 1000
    assert large > 50
    small, large = in_old_pages("fill")
    assert small < 50
    assert large < 5


def test_a_log_handler_made_later_can_be_used_in_a_fork_though_its_lock_was_held():
    script = """
import io, logging, os, sys, threading
from grader.sandbox.lean_imports import forget_log_locks
early = logging.StreamHandler()
forget_log_locks()
assert early not in logging._at_fork_reinit_lock_weakset
late = logging.StreamHandler(io.StringIO())
held, done = threading.Event(), threading.Event()
def hold():
    with late.lock:
        held.set()
        done.wait()
threading.Thread(target=hold, daemon=True).start()
held.wait()
pid = os.fork()
if pid == 0:
    late.handle(logging.makeLogRecord({"msg": "hello"}))
    os._exit(late.stream.getvalue() != "hello\\n")
status = os.waitpid(pid, 0)[1]
done.set()
sys.exit(status)
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
