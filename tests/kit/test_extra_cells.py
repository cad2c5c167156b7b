"""Cells that end no exercise: however many there are and whatever they leave running, no answer loses anything."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from grader.checks.cell import Cell
from grader.model import Limits, SourceCell, Status
from grader.offline.cache import models_folder
from grader.project import project_catalog
from grader.protocol.student import LostError
from grader.wall.bubblewrap import ALL_WALLS
from grader.wall.fork_server import Server
from grader.wall.procfs import descendants, threads_of
from grader.wall.session import SandboxSession
from tools.build import Course, read_course, solution_notebook
from tools.course_notebook import course_notebook

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("bwrap") is None, reason="the sandbox needs Linux and bubblewrap"
)
ROOT = Path(__file__).parents[2]
NOTE = "note = 1"
THREAD = "import threading, time\nthreading.Thread(target=time.sleep, args=(3600,), daemon=True).start()"
PROCESS = "import subprocess\nleft = subprocess.Popen(['/bin/sleep', '3600'])"
FAILING = ("1 / 0", "def (", "import os; os._exit(1)")


# --- the whole command ----------------------------------------------------------------------

Notebook = dict[str, object]


def with_cells(notebook: Notebook, extra: Callable[[int, bool], Sequence[str]]) -> Notebook:
    """The notebook with more code cells: those that `extra` gives for the number of a code cell, and whether it is an
    answer, behind that cell."""
    answers = {source.solution.strip() for source in COURSE.sources.values()}
    cells: list[dict[str, object]] = []
    number = 0
    for cell in notebook["cells"]:  # type: ignore[attr-defined]
        cells.append(cell)
        if cell["cell_type"] == "code":
            more = extra(number, "".join(cell["source"]).strip() in answers)
            cells += [
                {
                    "cell_type": "code",
                    "id": f"extra-{number}-{i}",
                    "metadata": {},
                    "execution_count": None,
                    "outputs": [],
                    "source": source,
                }
                for i, source in enumerate(more)
            ]
            number += 1
    return {**notebook, "cells": cells}


def behind_each(*sources: str) -> Callable[[int, bool], Sequence[str]]:
    return lambda _, is_answer: sources if is_answer else ()


def everywhere(count: int, source: str = NOTE) -> Callable[[int, bool], Sequence[str]]:
    """So many in all, in the gaps between the first 40 code cells."""
    return lambda number, _: [source] * (count * (number + 1) // 40 - count * number // 40) if number < 40 else ()


COURSE: Course = read_course(ROOT)
KIT: Notebook = json.loads(solution_notebook(COURSE))
COURSES: Notebook = course_notebook(
    {id_: s.solution for id_, s in COURSE.sources.items() if s.exercise.course_cell}, COURSE
)
THREADS_IN_ANSWERS = {
    **KIT,
    "cells": [
        {**cell, "source": "".join(cell["source"]) + "\n\n" + THREAD}
        if "".join(cell["source"]).strip() in {s.solution.strip() for s in COURSE.sources.values()}
        else cell
        for cell in KIT["cells"]  # type: ignore[attr-defined]
    ],
}
HARMLESS = {
    "0": KIT,
    "14": with_cells(KIT, behind_each(NOTE)),
    "42": with_cells(KIT, behind_each(NOTE, NOTE, NOTE)),
    "200": with_cells(KIT, everywhere(200)),
}
CLASS = {
    **{f"{name}-once": notebook for name, notebook in HARMLESS.items()},
    **{f"{name}-again": notebook for name, notebook in HARMLESS.items()},
    "on-top": {**KIT, "cells": [*with_cells(KIT, lambda number, _: [NOTE] * 42 if number == 0 else ())["cells"]]},  # type: ignore[misc]
    "hanging": with_cells(KIT, lambda number, _: ["while True: pass"] if number == 9 else ()),
    "failing": with_cells(KIT, behind_each(*FAILING)),
    "threads": with_cells(KIT, behind_each(THREAD, THREAD, THREAD)),
    "threads-in-answers": THREADS_IN_ANSWERS,
    "processes": with_cells(KIT, behind_each(PROCESS)),
    "course-0": COURSES,
    "course-36": with_cells(COURSES, behind_each(NOTE, NOTE, NOTE)),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, tuple[float, str]]]:
    """Score and status of each exercise of each member of the class."""
    place = tmp_path_factory.mktemp("extra")
    (place / "class").mkdir()
    for name, notebook in CLASS.items():
        (place / "class" / f"{name}.ipynb").write_text(json.dumps(notebook))
    command = [
        sys.executable,
        "-m",
        "grader.cli",
        "grade",
        str(place / "class"),
        "--out",
        str(place / "out"),
        "--jobs",
        "2",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((place / "out" / "results.json").read_text())["submissions"]
    return {r["id"]: {id_: (e["score"], e["status"]) for id_, e in r["exercises"].items()} for r in results}


@pytest.mark.heavy
@pytest.mark.parametrize("name", CLASS)
def test_extra_cells_change_no_verdict(graded: dict[str, dict[str, tuple[float, str]]], name: str) -> None:
    found = graded[name]
    given = {"bpe", "3.3"} if name.startswith("course") else set()
    assert found == {
        e.id: (0, "not_attempted") if e.id in given else (e.points, "passed") for e in project_catalog(ROOT).exercise
    }


# --- the processes behind it, in each set of walls --------------------------------------------

FEWER = {"all": ALL_WALLS, "a user": ("bubblewrap", "own user", "limits", "landlock", "seccomp", "memory watch")}
TIGHT = Limits(processes=20, ask_s=5)
ROOM = """
def room():
    'How many threads can be started beside this one.'
    import threading
    done, started = threading.Event(), []
    try:
        while len(started) < 200:
            thread = threading.Thread(target=done.wait)
            thread.start()
            started.append(thread)
    except RuntimeError:
        pass
    done.set()
    for thread in started:
        thread.join()
    return len(started)
"""


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=() if name == "all" else pytest.mark.heavy) for name in FEWER]
)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    if request.param != "all" and os.getuid() != 0:
        pytest.skip("only root gives users away")
    server = Server.alone(models_folder(), walls=FEWER[request.param], memory_mb=1024)
    yield server
    server.close()


Start = Callable[..., SandboxSession]


@pytest.fixture
def start(server: Server) -> Iterator[Start]:
    """Starts a session with these cells, `(exercise or None, source)`; closes it after the test."""
    sessions: list[SandboxSession] = []

    def begin(*cells: tuple[str | None, str]) -> SandboxSession:
        exercises = [msgspec.structs.replace(e, limits=TIGHT, givens=()) for e in project_catalog(ROOT).exercise]
        session = SandboxSession(server, exercises)
        sessions.append(session)
        session.load(
            [
                SourceCell(source=textwrap.dedent(source), exercise=id_, where=id_ or f"cell {i}")
                for i, (id_, source) in enumerate(cells)
            ]
        )
        return session

    yield begin
    for session in sessions:
        session.close()


def settled(session: SandboxSession, most: int) -> int:
    """How many processes there are, dead ones that nobody reaped included, once the killed ones had their time to go."""
    end = time.monotonic() + 10
    while len(descendants(session.process_tree.first.pid)) > most and time.monotonic() < end:
        time.sleep(0.05)
    return len(descendants(session.process_tree.first.pid))


def test_states_that_no_exercise_needs_do_not_stay(start: Start) -> None:
    session = start(
        ("1.1", "x = []"),
        *[(None, f"x.append({i})") for i in range(30)],
        ("1.2", "y = x + x"),
        *[(None, NOTE)] * 30,
        ("1.3", "z = len(y)"),
    )
    assert Cell(session.student("1.3")).z == 60
    assert Cell(session.student("1.1")).x == []
    session.end_check()
    # After 1.1, 1.2 and 1.3, before 1.2 and 1.3, and what the checks of 1.1 look at.
    assert settled(session, 6) == 6


@pytest.mark.parametrize(
    "end", ["import os; os._exit(0)", "import os\ndef no(): raise OSError\nos.fork = no"], ids=["ends", "cannot fork"]
)
def test_a_cell_between_that_is_lost_costs_what_it_did_only(start: Start, end: str) -> None:
    cells = (
        ("1.1", "x = [1]"),
        (None, "x.append(2)"),
        (None, f"x.append(3)\n{end}"),
        (None, "x.append(4)"),
        ("1.2", "y = x"),
    )
    assert Cell(start(*cells).student("1.2")).y == [1, 2, 4]


def test_what_has_been_asked_is_reaped_at_once(start: Start) -> None:
    session = start(("1.1", "x = 1"), ("1.2", "y = x"))
    for _ in range(30):
        student = session.student("1.2")
        assert Cell(student).y == 1
        assert Cell(student).rerun(x=3).y == 3
        session.end_check()
    assert settled(session, 3) == 3


def test_what_earlier_cells_left_running_takes_no_room(start: Start) -> None:
    session = start(
        *[(id_, 9 * (THREAD + "\n")) for id_ in ("1.1", "1.2", "1.3", "1.4", "2.1")], ("2.3", PROCESS), ("2.4", ROOM)
    )
    student = session.student("2.4")
    assert [threads_of(pid) for pid in descendants(session.process_tree.first.pid)] == [1] * 8
    found = Cell(student).get("room")()
    assert isinstance(found, int)
    assert 18 <= found <= 20


def test_the_limit_is_the_same_with_many_states_and_copies(start: Start) -> None:
    few = start(("1.1", ROOM))
    ids = project_catalog(ROOT).ids
    many = start(*[cell for id_ in ids for cell in ((None, NOTE), (id_, ROOM))])
    many.run_until(ids)
    student = many.student(ids[0])
    for _ in range(10):
        many.student(ids[0])
    found = [
        Cell(few.student("1.1")).get("room")(),
        Cell(student).get("room")(),
        Cell(many.student(ids[-1])).get("room")(),
    ]
    assert found == found[:1] * 3


# --- whose fault it is that there is no room ---------------------------------------------------


REFUSE = """
import os
first = os.fork
def fork():
    pid = first()
    if pid == 0:
        os.fork = refuse
    return pid
def refuse():
    raise OSError("no room")
os.fork = fork
"""


def test_a_state_that_says_there_is_no_room_is_not_believed(start: Start) -> None:
    session = start(("1.1", REFUSE), ("1.2", "x = 1"))
    assert session.checkpoint("1.1").lost is None
    with pytest.raises(LostError) as caught:
        session.student("1.1")
    assert caught.value.status is Status.CRASHED
    assert Cell(session.student("1.2")).x == 1


@pytest.mark.heavy
@pytest.mark.parametrize(
    "bomb",
    [
        "import os, time\ndef go():\n    while True:\n        try: os.fork()\n        except OSError: time.sleep(0.1)",
        "import resource, os, time\nresource.setrlimit(resource.RLIMIT_NPROC, (resource.getrlimit(resource.RLIMIT_NPROC)[1],) * 2)\n"
        "for _ in range(200):\n    try:\n        if os.fork() == 0: time.sleep(60); os._exit(0)\n    except OSError: break\ndef go(): pass",
        "import os, threading, time\ndef many():\n    try:\n        while True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "    except RuntimeError: pass\nos.register_at_fork(after_in_child=many)\ndef go(): pass",
    ],
    ids=["forks in a check", "forks in a cell past its own limit", "threads in every fork"],
)
def test_whoever_leaves_no_room_is_to_blame(start: Start, bomb: str) -> None:
    session = start(("1.1", bomb), ("1.2", bomb), ("1.3", bomb))
    for id_ in ("1.1", "1.2", "1.3"):
        try:
            cell = Cell(session.student(id_))
            cell.get("go")()
        except LostError as error:
            assert error.status is not Status.KIT_ERROR
        session.end_check()
