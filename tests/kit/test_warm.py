"""One fork server for all workers, as warm as needed; forks that are shared leave nothing behind; a trusted side without torch."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.checks.cell import Cell
from grader.errors import SandboxError
from grader.model import Exercise, SourceCell, Submission
from grader.offline.cache import models_folder
from grader.project import project_catalog
from grader.protocol.messages import Request, read_reply
from grader.protocol.student import LostError
from grader.protocol.warmth import Warmth
from grader.run.warmth import warmth_for
from grader.sandbox import server as student_side
from grader.wall.available import find_walls
from grader.wall.fork_server import Server, ServerProcess
from grader.wall.session import SandboxSession
from tests.students import ROOT
from tools import record

CATALOG = project_catalog(ROOT)
GRADES = """
import sys
from pathlib import Path
from grader.intake.collect import find
from grader.intake.read import read_upload
from grader.offline.cache import models_folder
from grader.project import project_catalog, project_root
from grader.run.judge import connect_oracles, with_hidden_checks
from grader.run.worker import Grader, Settings
from grader.wall.available import find_walls

root = project_root()
catalog, suites = project_catalog(root), root / "tests" / "hidden"
walls = find_walls(models_folder()).walls
settings = Settings(catalog=catalog, exercises=catalog.ids, suites=str(suites), models=str(models_folder()), secret=bytes(32), walls=walls)
(found,), _ = find([root / "solutions"], Path(sys.argv[1]))

def work(collected):
    grader = Grader(settings)
    connect_oracles(lambda: grader.server)
    result = grader.grade(read_upload(found), collected)
    grader.close()
    print(result.score, result.bonus, sorted({"torch", "transformers"} & set(sys.modules)))

with_hidden_checks(suites, catalog, work)
"""


def test_a_worker_that_graded_everything_has_neither_torch_nor_transformers(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", GRADES, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "100 20 []", done.stderr[-2000:]


def test_what_is_recorded_is_in_step_with_models_and_prompts() -> None:
    assert record.main(["--check"]) == 0


def test_of_other_models_nothing_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    from oracles import recorded

    assert recorded.Record.read().entries
    monkeypatch.setattr(recorded, "fingerprint", lambda: "models-of-somebody-else")
    assert not recorded.Record.read().entries


WARMTHS = {
    "plain Python": ("1.1", "import re, string\nfrom collections import Counter\nvocab = []", Warmth.LIGHT),
    "a library": ("1.1", "import torch", Warmth.MODELS),
    "a library in a function": ("1.1", "def encode(text):\n    import transformers", Warmth.MODELS),
    "a package that nobody has": ("1.1", "import no_such_package", Warmth.MODELS),
    "by name": ("1.1", "import importlib\nimportlib.import_module('tor' + 'ch')", Warmth.MODELS),
    "by exec": ("1.1", "exec('import torch')", Warmth.MODELS),
    "no Python": ("1.1", "def (", Warmth.LIGHT),
    "an exercise that is given a model": ("2.3", "print(1)", Warmth.MODELS),
}


@pytest.mark.parametrize("case", WARMTHS.values(), ids=WARMTHS)
def test_the_server_is_as_warm_as_exercises_and_cells_need(case: tuple[str, str, Warmth]) -> None:
    exercise_id, source, warmth = case
    cells = (SourceCell(source=source, exercise=exercise_id),)
    submission = Submission(id="x", source="x", sha256="", cells=cells, attempted=frozenset({exercise_id}))
    assert warmth_for(submission, CATALOG.exercise) is warmth


def test_a_module_of_ones_own_warms_nothing() -> None:
    cells = (SourceCell(source="x = 1", exercise="1.1", module="own"), SourceCell(source="import own", exercise="1.1"))
    submission = Submission(id="x", source="x", sha256="", cells=cells, attempted=frozenset({"1.1"}))
    assert warmth_for(submission, CATALOG.exercise) is Warmth.LIGHT


@pytest.fixture(scope="module")
def process() -> Iterator[ServerProcess]:
    """A light server."""
    process = ServerProcess(models_folder(), walls=find_walls(models_folder()).walls, memory_mb=1024)
    yield process
    process.close()


@pytest.fixture
def connect(process: ServerProcess) -> Iterator[Callable[[], Server]]:
    """Makes ways to the server."""
    made: list[Server] = []

    def connect() -> Server:
        made.append(Server(process.connect(), process.access))
        return made[-1]

    yield connect
    for server in made:
        server.close()


EXERCISE = Exercise(id="x", title="", file="x.py", points=1, answers=("go",))


@pytest.fixture
def start(connect: Callable[[], Server]) -> Iterator[Callable[..., SandboxSession]]:
    """Starts a session with these cells of one exercise each, and runs them."""
    made: list[SandboxSession] = []

    def start(*sources: str) -> SandboxSession:
        exercises = [
            Exercise(id=f"x{number}", title="", file="", points=1, answers=("go",)) for number in range(len(sources))
        ]
        session = SandboxSession(connect(), exercises)
        made.append(session)
        session.load([SourceCell(source=source, exercise=f"x{number}") for number, source in enumerate(sources)])
        session.run_until({exercise.id for exercise in exercises})
        return session

    yield start
    for session in made:
        session.close()


def test_two_workers_share_a_server_and_nothing_else(connect: Callable[[], Server]) -> None:
    one, other = connect(), connect()
    first, second = one.spawn(), other.spawn()
    one.end(first)
    assert not first.is_alive()
    assert second.is_alive()
    assert other.spawn().is_alive()


def test_what_a_worker_asked_for_ends_with_it(connect: Callable[[], Server]) -> None:
    one, other = connect(), connect()
    left, stays = one.spawn(), other.spawn()
    left._channel.close()  # as when its process is killed: the kernel closes what it had open
    one.close()
    end = time.monotonic() + 10
    while left.is_alive() and time.monotonic() < end:
        time.sleep(0.02)
    assert not left.is_alive()
    assert stays.is_alive()


def test_a_server_that_cannot_start_is_said_in_a_line(tmp_path: Path) -> None:
    process = ServerProcess(tmp_path / "gone", walls=find_walls(models_folder()).walls, memory_mb=1024)
    try:
        with pytest.raises(SandboxError, match="the fork server did not start"):
            process.warm_up(Warmth.MODELS)
    finally:
        process.close()


def test_a_submission_without_room_for_a_process_costs_no_other_one_its_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room() -> int:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", no_room)
    first, (ours, theirs) = socket.socket(), socket.socketpair()
    service = student_side._Service(first, student_side.Settings(walls=(), memory_mb=1, processes=1, scratch_mb=1))
    with first, ours, theirs:
        service._serve(theirs, Request(id=7, op="spawn", args={}), [os.dup(theirs.fileno())])
        reply = read_reply(ours.recv(1 << 16)[4:])
    assert reply.id == 7
    assert reply.trouble is not None
    assert "unavailable" in reply.trouble.message


def test_a_light_server_has_no_torch(start: Callable[..., SandboxSession]) -> None:
    session = start("import sys\ngo = sorted({'torch', 'numpy', 'transformers'} & set(sys.modules))")
    assert Cell(session.student("x0")).get("go") == []


LEFT_BEHIND = {
    "a global": "count = 0\ndef go():\n    global count\n    count += 1\n    return count",
    "a list": "seen = []\ndef go():\n    seen.append(1)\n    return len(seen)",
    "a default": "def go(seen=[]):\n    seen.append(1)\n    return len(seen)",
    "an attribute of a module": "import string\ndef go():\n    string.n = getattr(string, 'n', 0) + 1\n    return string.n",
    "a generator": "numbers = iter(range(1, 9))\ndef go():\n    return next(numbers)",
}


@pytest.mark.parametrize("source", LEFT_BEHIND.values(), ids=LEFT_BEHIND)
def test_no_check_sees_what_another_left(start: Callable[..., SandboxSession], source: str) -> None:
    session = start(source)
    for _ in range(3):
        cell = Cell(session.student("x0"))
        assert cell.names()["go"] == "function"
        assert cell.get("go")() == 1
        assert cell.get("go")() == 2  # within one check it goes on
        session.end_check()


def test_a_seed_that_was_set_before_the_first_look_counts(start: Callable[..., SandboxSession]) -> None:
    session = start("import random\ndef go():\n    return random.random()")
    drawn = []
    for seed in (7, 7, 8):
        cell = Cell(session.student("x0"))
        cell.seed(seed)
        drawn.append(cell.get("go")())
        session.end_check()
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_look_that_ends_the_process_costs_its_own_check_only(start: Callable[..., SandboxSession]) -> None:
    session = start(
        "import os\nclass Trap(dict):\n    def items(self):\n        os._exit(1)\ntrap = Trap()\ndef go():\n    return 1"
    )
    with pytest.raises(LostError):
        Cell(session.student("x0")).get("trap")
    session.end_check()
    assert Cell(session.student("x0")).get("go")() == 1


def test_cells_in_a_row_run_in_one_process_and_each_keeps_its_state(start: Callable[..., SandboxSession]) -> None:
    session = start("import os\npid, go = os.getpid(), 1", "other, go = os.getpid(), 2")
    first = Cell(session.student("x0"))
    assert first.get("go") == 1
    assert not first.has("other")
    second = Cell(session.student("x1"))
    assert second.get("pid") == second.get("other")


def test_after_a_thread_was_left_running_another_process_goes_on(start: Callable[..., SandboxSession]) -> None:
    left = "import os, threading, time\npid = os.getpid()\nthreading.Thread(target=time.sleep, args=(99,)).start()"
    session = start(left, "other, go = os.getpid(), threading.active_count()")
    cell = Cell(session.student("x1"))
    assert cell.get("pid") != cell.get("other")
    assert cell.get("go") == 1


def test_a_cell_that_ends_its_process_leaves_the_next_one_the_state_before_it(
    start: Callable[..., SandboxSession],
) -> None:
    session = start("go = 1", "import os\ngo = 2\nos._exit(0)", "seen = go")
    assert Cell(session.student("x2")).get("seen") == 1
    with pytest.raises(LostError):
        session.student("x1")


def test_each_cell_can_wait_for_the_programs_it_starts(start: Callable[..., SandboxSession]) -> None:
    cell = "import subprocess\ngo = subprocess.run(['/bin/sh', '-c', 'exit 3']).returncode"
    session = start(cell, cell, cell)
    assert [Cell(session.student(f"x{number}")).get("go") for number in range(3)] == [3, 3, 3]


def test_no_cell_is_met_by_an_alarm_of_an_earlier_one(start: Callable[..., SandboxSession]) -> None:
    session = start(
        "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.3)\ngo = 1", "import time\ntime.sleep(0.8)\ngo = 2"
    )
    assert Cell(session.student("x1")).get("go") == 2
