"""Each limit of an exercise, reached on purpose through the real `grade`: its own words, and nobody else's time."""

import contextlib
import json
import os
import shutil
import sqlite3
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from grader.catalog import check_catalog
from grader.checks.cell import Cell, supply
from grader.errors import CatalogError
from grader.model import CheckResult, Exercise, ExerciseResult, Given, Limits, SourceCell, Status, SubmissionResult
from grader.offline.cache import models_folder
from grader.protocol.student import LostError, still_running
from grader.run.pipeline import Options, grade
from grader.wall.bubblewrap import ALL_WALLS
from grader.wall.fork_server import Server
from grader.wall.limits import AFTER_HANG_S, Pace, ProcessorTime
from grader.wall.session import SandboxSession, SandboxStudent

needs_sandbox = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("bwrap") is None, reason="the sandbox needs Linux and bubblewrap"
)
LIMITS = Limits(run_s=4, ask_s=4, memory_mb=300, processes=20, scratch_mb=8, output_kb=16)
PATIENT = msgspec.structs.replace(LIMITS, run_s=90, ask_s=90, cpu_s=1)
ROOMY = msgspec.structs.replace(LIMITS, memory_mb=2500, processes=40, scratch_mb=30)
SUITE = """
import pytest
pytestmark = pytest.mark.exercise({id!r})

@pytest.mark.points(1)
def test_it_goes(cell):
    '''It goes.'''
    assert cell.go() == 1

@pytest.mark.points(1)
def test_it_does_not_say_too_much(cell):
    '''It does not say too much.'''
    assert len(cell.output) < 17_000
"""


# --- through `grade` -----------------------------------------------------------------------

SPIN = "while True: pass"
CASES: dict[str, tuple[str, Status, str]] = {
    "innocent": ("def go(): return 1", Status.PASSED, ""),
    "sleeps": ("import time\ndef go(): time.sleep(60)", Status.TIMED_OUT, "your code was still running after 4 s"),
    "memory": ("def go(): return len(bytearray(500 << 20)) and 1", Status.OUT_OF_MEMORY, "more memory than the 300 MB"),
    "threads": (
        "import threading, time\ndef go():\n    for _ in range(30): threading.Thread(target=time.sleep, args=(9,)).start()\n    return 1",
        Status.ERRORED,
        "one more process or thread; it may have 20 at once",
    ),
    "forks": (
        "import os, time\ndef go():\n    for _ in range(30):\n        if os.fork() == 0: time.sleep(9)\n    return 1",
        Status.ERRORED,
        "one more process or thread; it may have 20 at once",
    ),
    "a large file": (
        "def go():\n    with open('x', 'wb') as f: f.write(bytes(12 << 20))\n    return 1",
        Status.ERRORED,
        "wrote more than 8 MB to disk",
    ),
    "many files": (
        "def go():\n    for i in range(40):\n        with open(str(i), 'wb') as f: f.write(bytes(1 << 20))\n    return 1",
        Status.ERRORED,
        "wrote more than 8 MB to disk",
    ),
    "output": ("def go(): return 1\nfor _ in range(100): print('x' * 10_000)", Status.PASSED, ""),
}
SPINNING = {
    "spins": f"def go():\n    {SPIN}",
    "spins in children": f"import os, time\ndef go():\n    for _ in range(3):\n        if os.fork() == 0:\n            {SPIN}\n    time.sleep(80)",
    "spins in threads": f"import threading, time\ndef spin():\n    {SPIN}\ndef go():\n    threading.Thread(target=spin).start()\n    time.sleep(80)",
    "cell spins": SPIN,
}
CELLS = {
    "cell sleeps": ("import time; time.sleep(60)", Status.TIMED_OUT, "your code was still running after 4 s"),
    "cell takes memory": ("x = bytearray(500 << 20)", Status.OUT_OF_MEMORY, "more memory than the 300 MB"),
    "cell writes": ("open('x', 'wb').write(bytes(12 << 20))", Status.ERRORED, "wrote more than 8 MB to disk"),
}
"""Limits that the cell itself runs into."""


def put_course(course: Path, **limits: Limits) -> None:
    """A course of exercises with these limits, by the names `ex_…` of their files."""
    exercises = []
    for name, limit in limits.items():
        id_ = name.removeprefix("ex_")
        suite = course / "tests" / "hidden" / f"test_{course.name}_{id_}.py"
        suite.parent.mkdir(parents=True, exist_ok=True)
        suite.write_text(SUITE.format(id=id_))
        exercises.append(
            Exercise(id=id_, title=id_, file=f"{name}.py", points=2, answers=("go",), stub="go = None", limits=limit)
        )
    (course / "exercises").mkdir()
    (course / "exercises" / "catalog.toml").write_text(
        "format_version = 1\n" + "".join(f"[[exercise]]\n{as_toml(exercise)}" for exercise in exercises)
    )


def as_toml(exercise: Exercise) -> str:
    def text(value: object) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key} = {text(item)}" for key, item in value.items()) + "}"
        return json.dumps(value)

    return "".join(f"{key} = {text(value)}\n" for key, value in msgspec.to_builtins(exercise).items())


def graded(
    course: Path,
    submissions: dict[str, dict[str, str]],
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, SubmissionResult]:
    """The results by name of submissions, each a dict of modules."""
    for name, files in submissions.items():
        for file, source in files.items():
            path = course / "class" / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(course)
        run = grade(Options(paths=(course / "class",), out=course / "out", jobs=jobs), progress).run
    return {result.source.rpartition("/")[2]: result for result in run.submissions}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SubmissionResult]:
    course = tmp_path_factory.mktemp("limits")
    put_course(course, ex_tight=LIMITS, ex_roomy=ROOMY, ex_patient=PATIENT)
    sources = {name: case[0] for name, case in {**CASES, **CELLS}.items()}
    submissions = {name: {"ex_tight.py": source} for name, source in sources.items()}
    for name in ("memory", "threads", "a large file"):
        submissions[f"roomy {name}"] = {"ex_roomy.py": sources[name]}
    submissions.update({name: {"ex_patient.py": source} for name, source in SPINNING.items()})
    return graded(course, submissions)


def first_check(result: ExerciseResult) -> CheckResult:
    return result.checks[0]


@needs_sandbox
@pytest.mark.parametrize("name", CASES)
def test_an_answer_that_uses_too_much_is_told_of_what(verdicts: dict[str, SubmissionResult], name: str) -> None:
    _, status, words = CASES[name]
    check = first_check(verdicts[name].exercises["tight"])
    assert (check.status, words in check.message) == (status, True), check


@needs_sandbox
@pytest.mark.parametrize("name", CELLS)
def test_a_cell_that_uses_too_much_is_told_of_what(verdicts: dict[str, SubmissionResult], name: str) -> None:
    _, status, words = CELLS[name]
    result = verdicts[name].exercises["tight"]
    check = first_check(result)
    assert (check.status, words in check.message) == (status, True), check
    if status is not Status.TIMED_OUT:
        assert any(words in note for note in result.notes)


@needs_sandbox
@pytest.mark.parametrize("name", SPINNING)
def test_processor_time_is_limited_however_long_the_wall_time_is(
    verdicts: dict[str, SubmissionResult], name: str
) -> None:
    check = first_check(verdicts[name].exercises["patient"])
    assert check.status is Status.TIMED_OUT
    assert "your code used more than 1 s of processor time" in check.message


@needs_sandbox
@pytest.mark.parametrize("name", ["memory", "threads", "a large file"])
def test_the_same_work_is_right_where_the_exercise_allows_more(
    verdicts: dict[str, SubmissionResult], name: str
) -> None:
    result = verdicts[f"roomy {name}"].exercises["roomy"]
    assert first_check(result).status is Status.PASSED, result


@needs_sandbox
def test_what_is_over_the_limit_of_output_is_dropped_and_not_punished(verdicts: dict[str, SubmissionResult]) -> None:
    assert verdicts["output"].exercises["tight"].status is Status.PASSED


@pytest.mark.heavy
@needs_sandbox
def test_a_hung_submission_costs_its_limit_while_others_are_graded_beside_it(tmp_path: Path) -> None:
    put_course(tmp_path, ex_one=msgspec.structs.replace(LIMITS, run_s=12))
    quick = {name: {"ex_one.py": f"name = {name!r}\ndef go(): return 1"} for name in ("a", "b", "x", "y", "z")}
    kept: list[set[str]] = []

    def look(*_: object) -> None:
        with contextlib.closing(sqlite3.connect(tmp_path / "out" / "results.db")) as store:
            kept.append({row[0] for row in store.execute("SELECT submission FROM results")})

    results = graded(tmp_path, {"hung": {"ex_one.py": SPIN}, **quick}, 2, look)
    assert [results[name].score for name in (*quick, "hung")] == [2, 2, 2, 2, 2, 0]
    assert results["hung"].exercises["one"].status is Status.TIMED_OUT
    assert 12 <= results["hung"].student_seconds < 20
    assert kept[-2] == set(quick)  # `a` and `b` warmed both workers, the others went by


# --- the pace after a time-out --------------------------------------------------------------


def test_a_step_has_all_of_its_time_until_one_never_ended() -> None:
    pace = Pace()
    for seconds in (0.1, 1.0, 0.2):
        assert pace.limit(20) == 20
        pace.ended(seconds)
    for status in (Status.CRASHED, Status.OUT_OF_MEMORY):
        pace.lost(LostError(status, "gone"), 20)
    assert pace.limit(20) == 20


@pytest.mark.parametrize(
    ("slowest", "limit", "less"), [(0.1, 20, AFTER_HANG_S), (0.1, 60, 6), (2.5, 20, 8), (9, 20, 20), (0.1, 1, 1)]
)
def test_after_a_time_out_there_is_less_but_thrice_what_right_answers_took(
    slowest: float, limit: float, less: float
) -> None:
    pace = Pace()
    pace.ended(slowest)
    first = pace.lost(LostError(Status.TIMED_OUT, still_running(limit)), limit)
    assert str(first) == still_running(limit)
    assert pace.limit(limit) == less
    again = pace.lost(LostError(Status.TIMED_OUT, still_running(less)), less)
    assert str(again).startswith(f"your code was still running after {less:g} s; an earlier call had more time")


def test_processor_time_is_measured_from_the_first_look_on() -> None:
    meter = ProcessorTime(0.3)
    meter.look([os.getpid()])
    with pytest.raises(LostError) as caught:
        for _ in range(100):
            end = time.process_time() + 0.1
            while time.process_time() < end:
                pass
            meter.look([os.getpid()])
    assert caught.value.status is Status.TIMED_OUT
    assert time.process_time() > 0.3


@pytest.mark.parametrize("field", Limits.__struct_fields__)
def test_a_limit_of_nothing_is_refused_with_its_place(field: str) -> None:
    exercise = {"id": "x", "title": "x", "file": "x.py", "points": 1, "limits": {field: 0}}
    with pytest.raises(CatalogError, match=field):
        check_catalog({"format_version": 1, "exercise": [exercise]}, "catalog.toml")


# --- in a session of its own -----------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server.alone(models_folder(), walls=ALL_WALLS, memory_mb=1024)
    yield server
    server.close()


Start = Callable[..., SandboxSession]


@pytest.fixture
def start(server: Server) -> Iterator[Start]:
    """Starts a session whose exercises are these cells, with these limits and givens."""
    sessions: list[SandboxSession] = []

    def begin(*cells: str, givens: tuple[Given, ...] = (), **limits: float) -> SandboxSession:
        limit = msgspec.convert(limits, Limits, strict=False)
        exercises = [
            Exercise(id=str(i), title="", file="", points=1, limits=limit, givens=givens if i else ())
            for i in range(len(cells))
        ]
        session = SandboxSession(server, exercises)
        sessions.append(session)
        session.load(
            [SourceCell(source=textwrap.dedent(cell), exercise=str(i), where=str(i)) for i, cell in enumerate(cells)]
        )
        return session

    yield begin
    for session in sessions:
        session.close()


def lost(action: Callable[[], object]) -> tuple[LostError, float]:
    """How the action was lost, and how long it took."""
    begin = time.monotonic()
    with pytest.raises(LostError) as caught:
        action()
    return caught.value, time.monotonic() - begin


@needs_sandbox
def test_an_endless_function_costs_its_whole_limit_once(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.wall.limits.AFTER_HANG_S", 0.5)
    session = start(
        "import time\ndef encode(text):\n    while text == 'hang': time.sleep(1)\n    return 3",
        "def encode(text): return 4",
        ask_s=5,
    )

    def ask(text: str, exercise: str = "0") -> object:
        try:
            return Cell(session.student(exercise)).encode(text)
        finally:
            session.end_check()

    assert ask("go on") == 3
    error, seconds = lost(lambda: ask("hang"))
    assert error.status is Status.TIMED_OUT
    assert seconds > 5
    for _ in range(3):
        error, seconds = lost(lambda: ask("hang"))
        assert error.status is Status.TIMED_OUT
        assert seconds < 3
    assert ask("go on") == 3
    assert ask("", "1") == 4


@needs_sandbox
def test_a_cell_that_hangs_on_other_givens_costs_its_limit_once(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.wall.limits.AFTER_HANG_S", 0.5)
    session = start("import time\nn = 0\ntime.sleep(n)", run_s=5)
    seconds = [lost(lambda: Cell(session.student("0")).rerun(n=60))[1] for _ in range(3)]
    assert seconds[0] > 5
    assert max(seconds[1:]) < 3


@needs_sandbox
def test_a_keeper_whose_forks_hang_costs_its_limit_once(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.wall.session.HELLO_TIMEOUT_S", 4.0)
    monkeypatch.setattr("grader.wall.limits.AFTER_HANG_S", 0.5)
    session = start("import os, time\nos.register_at_fork(after_in_child=lambda: time.sleep(60))")
    seconds = [lost(lambda: session.student("0"))[1] for _ in range(3)]
    assert seconds[0] > 4
    assert max(seconds[1:]) < 3


# --- our own faults, and who claims them -----------------------------------------------------

WRITE = """
    import json, os, struct, sys
    def request_id():
        frame = sys._getframe()
        while "request" not in frame.f_locals:
            frame = frame.f_back
        return frame.f_locals["request"].id
    def blame(*_):
        body = json.dumps({"id": request_id(), "trouble": {"kind": "kit", "type": "KitError", "message": "CANARY"}}).encode()
        os.write(3, struct.pack("<I", len(body)) + body)
        os._exit(0)
    """
GIVEN = (Given(name="ours", source="0", supply="pad"),)


@needs_sandbox
@pytest.mark.parametrize(
    "how",
    [
        "import grader.sandbox.resident as r\nr.missing_givens = blame",
        "import grader.offline.supply as s\ns._PLAIN.clear()",
        "import grader.offline.supply as s\ns.supply = blame",
        "class Odd:\n    def __getattr__(self, _): raise RuntimeError('kit')\nours = Odd()",
        "import sys\nsys.modules['grader.offline.supply'] = None",
        "import grader.sandbox.exercise as e\ne._serves = lambda *_: 1 / 0",
    ],
    ids=[
        "writes it itself",
        "breaks the supply",
        "replaces the supply",
        "odd value",
        "hides the module",
        "breaks the choice",
    ],
)
def test_a_submission_cannot_blame_the_kit(start: Start, how: str) -> None:
    session = start(textwrap.dedent(WRITE) + how, "x = 1", givens=GIVEN)
    error = session.checkpoint("1").lost
    if error is not None:  # what it broke may have stayed without effect
        assert error.status is Status.CRASHED
        assert "CANARY" not in str(error)
    session.end_check()
    error, _ = lost(lambda: Cell(session.student("0")).blame())
    assert error.status is Status.CRASHED


@needs_sandbox
@pytest.mark.parametrize(
    "earlier", ["x = 1", textwrap.dedent(WRITE) + "import grader.sandbox.resident as r\nr.missing_givens = blame"]
)
def test_a_given_that_nobody_can_supply_is_our_fault_whatever_the_submission_does(start: Start, earlier: str) -> None:
    session = start(earlier, "x = 1", givens=(Given(name="ours", source="0", supply="unheard_of"),))
    error = session.checkpoint("1").lost
    assert error is not None
    assert error.status is Status.KIT_ERROR
    assert "unheard_of" in str(error)
    assert "CANARY" not in str(error)


@needs_sandbox
def test_a_supply_in_a_question_that_cannot_be_had_is_our_fault(start: Start) -> None:
    session = start("def take(x): return 1")
    take = Cell(session.student("0")).take
    assert take(supply("pad")) == 1
    error, _ = lost(lambda: take(supply("unheard_of")))
    assert error.status is Status.KIT_ERROR


@needs_sandbox
def test_a_value_that_looks_like_a_supply_is_none(start: Start) -> None:
    session = start(textwrap.dedent(WRITE) + "def give(): return {'supply': 'unheard_of'}")
    cell = Cell(session.student("0"))
    error, _ = lost(lambda: cell.blame(cell.give()))
    assert error.status is Status.CRASHED


@needs_sandbox
def test_a_student_keeps_its_limits(start: Start) -> None:
    student = start("x = 1", ask_s=7).student("0")
    assert isinstance(student, SandboxStudent)
    assert student.limits.ask_s == 7
