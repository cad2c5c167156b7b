"""One submission behind the wall: what it costs, what stays apart, and what it cannot reach. Needs bubblewrap."""

import contextlib
import ctypes
import json
import os
import shutil
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from grader.checks.cell import Cell, Handle, MissingAnswerError, RaisedError, StudentError, supply
from grader.model import Limits, SourceCell, Status
from grader.offline.cache import models_folder
from grader.project import project_catalog, project_root
from grader.protocol.student import NO_ANSWER, LostError
from grader.sandbox import inner, system
from grader.wall.bubblewrap import ALL_WALLS, STUDENT_SIDE
from grader.wall.fork_server import Server
from grader.wall.procfs import descendants
from grader.wall.session import SandboxSession
from tests.children import in_child, trial

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("bwrap") is None, reason="the sandbox needs Linux and bubblewrap"
)
CANARY = "canary-5f3c9e"
LOOK = """
def look(code):
    names = {}
    exec(code, names)
    return names.get("found")
"""
"""A cell through which a test runs any line on the student's side."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A warm fork server, started with a canary in the environment and an open file beside it."""
    os.environ["PLAYGROUND_CANARY"] = CANARY
    server = Server.alone(models_folder(), walls=ALL_WALLS, memory_mb=1024)
    del os.environ["PLAYGROUND_CANARY"]
    server.spawn().kill()  # waits until it is warm
    yield server
    server.close()


Start = Callable[..., SandboxSession]


@pytest.fixture
def start(server: Server) -> Iterator[Start]:
    """Starts a session with these cells, `(exercise, source)`; closes it after the test."""
    sessions: list[SandboxSession] = []

    def begin(*cells: tuple[str, str], **limits: float) -> SandboxSession:
        limit = msgspec.convert(limits, Limits, strict=False)
        exercises = [msgspec.structs.replace(e, limits=limit) for e in project_catalog(project_root()).exercise]
        session = SandboxSession(server, exercises)
        sessions.append(session)
        session.load([SourceCell(source=textwrap.dedent(source), exercise=id_, where=id_) for id_, source in cells])
        return session

    yield begin
    for session in sessions:
        session.close()


@pytest.fixture
def look(start: Start) -> Callable[[str], object]:
    """Runs code on the student's side; gives what it calls `found`, or the name of the exception."""
    session = start(("1.1", LOOK))
    cell = Cell(session.student("1.1"))

    def run(code: str) -> object:
        try:
            return cell.get("look")(textwrap.dedent(code))
        except StudentError as error:
            return error.type_name

    return run


def called(session: SandboxSession, name: str, *args: object, exercise: str = "1.1") -> object:
    """What a function of the cell returns to a fresh student."""
    try:
        return Cell(session.student(exercise)).get(name)(*args)
    finally:
        session.end_check()


def eventually(claim: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether the claim comes true in time; the kernel takes its time to clear away what was killed."""
    end = time.monotonic() + seconds
    while not claim() and time.monotonic() < end:
        time.sleep(0.05)
    return claim()


def living(session: SandboxSession) -> set[int]:
    """Processes of a submission below process 1, those aside that have ended and whose parent stands still."""
    found = set()
    for pid in descendants(session.process_tree.first.pid):
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                found.add(pid)
    return found


# --- an accident costs what it must -------------------------------------------------------


def test_a_cell_that_hangs_costs_its_own_limit_and_exercise(start: Start) -> None:
    begin = time.monotonic()
    session = start(("1.1", "before = 1"), ("1.2", "while True: pass"), ("1.3", "after = before + 1"), run_s=2)
    lost = session.checkpoint("1.2").lost
    assert lost is not None
    assert lost.status is Status.TIMED_OUT
    assert Cell(session.student("1.3")).after == 2
    assert time.monotonic() - begin < 10


def test_an_answer_that_hangs_costs_its_own_limit_and_check(start: Start) -> None:
    session = start(("1.1", "def encode(text):\n    while text == 'hang': pass\n    return 3"), ask_s=1)
    with pytest.raises(LostError) as caught:
        called(session, "encode", "hang")
    assert caught.value.status is Status.TIMED_OUT
    assert called(session, "encode", "go on") == 3


@pytest.mark.parametrize(
    "end",
    [
        "import os; os._exit(0)",
        "import ctypes; ctypes.string_at(0)",
        "import os; os.kill(os.getpid(), 9)",
        "import os; os.abort()",
        "import sys; sys.setrecursionlimit(10**9)\ndef down(n): return [*map(down, [n])]\ndown(0)",
    ],
    ids=["exit", "segfault", "kill", "abort", "deep recursion"],
)
def test_a_cell_that_ends_its_process_costs_its_exercise_only(start: Start, end: str) -> None:
    session = start(("1.1", "before = 1"), ("1.2", end), ("1.3", "after = before + 1"))
    point = session.checkpoint("1.2")
    assert point.lost is not None
    assert point.lost.status is Status.CRASHED
    assert Cell(session.student("1.3")).after == 2


@pytest.mark.parametrize(
    "end", ["raise ValueError('no')", "import sys; sys.exit(0)", "raise KeyboardInterrupt", "1/0", "def"]
)
def test_what_a_cell_raises_is_data_and_earlier_names_stay(start: Start, end: str) -> None:
    session = start(("1.1", f"vocab = [1]\n{end}" if end != "def" else end))
    trouble = session.checkpoint("1.1").trouble
    assert trouble is not None
    assert trouble.kind == "raised"
    assert trouble.line == (2 if end != "def" else 1)
    if end != "def":
        assert Cell(session.student("1.1")).vocab == [1]


def test_memory_beyond_the_limit_is_refused(start: Start) -> None:
    session = start(("1.1", "x = bytearray(8 << 30)"), ("1.2", "import torch; y = torch.ones(2 << 30)"))
    for exercise in ("1.1", "1.2"):
        trouble = session.checkpoint(exercise).trouble
        assert trouble is not None
        assert trouble.kind == "memory"


def test_memory_is_counted_over_all_processes_of_a_submission(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.wall.process_tree.MEMORY_MB", 600)
    session = start(
        (
            "1.1",
            """
        import os, time
        def take():
            for _ in range(3):
                if os.fork() == 0:
                    break
            block = b"x" * (250 << 20)
            time.sleep(6)
            return 1
        """,
        )
    )
    with pytest.raises(LostError) as caught:
        called(session, "take")
    assert caught.value.status is Status.OUT_OF_MEMORY


def test_memory_is_counted_while_many_quick_questions_are_asked(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.wall.process_tree.MEMORY_MB", 600)
    session = start(
        (
            "1.1",
            """
        import os, time
        def begin():
            for _ in range(4):
                if os.fork() == 0:
                    block = b"x" * (250 << 20)
                    time.sleep(60)
        def go_on():
            time.sleep(0.1)
        """,
        )
    )
    cell = Cell(session.student("1.1"))
    with pytest.raises(LostError) as caught:
        cell.begin()  # on a slow machine the watch sees it here already
        for _ in range(60):
            cell.go_on()
    assert caught.value.status is Status.OUT_OF_MEMORY


def test_memory_of_processes_that_shed_what_they_were_born_with_is_counted(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new program starts with next to nothing in memory, so growth beyond that of a fork is no measure for it."""
    monkeypatch.setattr("grader.wall.process_tree.MEMORY_MB", 600)
    session = start(
        (
            "1.1",
            """
        import subprocess, sys, time
        def take():
            for _ in range(5):
                subprocess.Popen([sys.executable, "-I", "-S", "-c", "x = b'x' * (250 << 20); import time; time.sleep(60)"])
            time.sleep(8)
        """,
        )
    )
    with pytest.raises(LostError) as caught:
        called(session, "take")
    assert caught.value.status is Status.OUT_OF_MEMORY


def test_output_is_kept_up_to_its_limit(start: Start) -> None:
    session = start(
        (
            "1.1",
            "for _ in range(300): print('x' * 100_000)\nimport os\nfor _ in range(300): os.write(1, b'x' * 100_000)",
        )
    )
    assert len(Cell(session.student("1.1")).output) < 300_000


# --- checkpoints --------------------------------------------------------------------------

TWICE = (
    ("1.1", "def encode(text): return 'words'\nvocab = [1]"),
    ("1.2", "def encode(text): return 'letters'\nvocab += [2]"),
)


def test_each_exercise_is_asked_as_it_stood_after_its_cell(start: Start) -> None:
    session = start(*TWICE)
    assert called(session, "encode", "", exercise="1.2") == "letters"
    assert called(session, "encode", "", exercise="1.1") == "words"
    assert Cell(session.student("1.1")).vocab == [1]
    assert Cell(session.student("1.2")).vocab == [1, 2]


def test_a_rerun_starts_before_the_cell_with_other_givens(start: Start) -> None:
    session = start(("1.1", "seen = []"), ("1.2", "text = 'given'\nseen.append(text)\nextra = globals().get('hidden')"))
    again = Cell(session.student("1.2")).rerun(text="other", hidden=3)
    assert (again.seen, again.extra) == (["other"], 3)
    assert Cell(session.student("1.2")).seen == ["given"]


def test_a_missing_given_of_an_earlier_exercise_is_supplied(start: Start) -> None:
    session = start(("2.2a", "gpt2 = None"), ("2.2b", "out = gpt2.config.n_layer"))
    assert Cell(session.student("2.2b")).out == 12
    assert session.checkpoint("2.2b").supplied == ["gpt2", "torch"]


def test_what_earlier_cells_left_behind_is_not_said_to_be_supplied(start: Start) -> None:
    session = start(
        (
            "2.2a",
            "import torch\nfrom transformers import GPT2LMHeadModel\ngpt2 = GPT2LMHeadModel.from_pretrained('gpt2')",
        ),
        ("2.2b", "out = gpt2.config.n_layer"),
    )
    assert Cell(session.student("2.2b")).out == 12
    assert session.checkpoint("2.2b").supplied == []


def test_a_supplied_model_may_stand_as_a_given(start: Start) -> None:
    session = start(("2.2b", "w = gpt2.lm_head.weight[0, :3].tolist()"))
    cell = Cell(session.student("2.2b"))
    assert cell.rerun(gpt2=supply("gpt2_model:7")).w != cell.w


def test_a_supplied_given_does_not_count_for_the_exercise_that_failed_to_define_it(start: Start) -> None:
    session = start(("2.2a", "pass"), ("2.2b", "out = gpt2"))
    with pytest.raises(MissingAnswerError):
        Cell(session.student("2.2a")).get("gpt2")


def test_one_check_does_not_see_what_another_changed(start: Start) -> None:
    session = start(("1.1", "calls = []\ndef encode(text):\n    calls.append(text)\n    return calls"))
    assert called(session, "encode", "a") == ["a"]
    assert called(session, "encode", "b") == ["b"]


def test_values_come_as_copies_and_objects_as_handles(start: Start) -> None:
    session = start(("1.1", "class Box:\n    row = [1]\n    def add(self): self.row.append(2)\nbox = Box()"))
    cell = Cell(session.student("1.1"))
    row = cell.box.row
    cell.box.add()
    assert row == [1]
    assert cell.box.row == [1, 2]
    assert isinstance(cell.box, Handle)


# --- what it cannot reach -----------------------------------------------------------------


def test_all_walls_stand_and_are_named(start: Start, server: Server) -> None:
    start()
    assert server.walls == ALL_WALLS


def test_the_environment_holds_nothing_of_ours(look: Callable[[str], object]) -> None:
    names = look("import os; found = dict(os.environ)")
    assert isinstance(names, dict)
    assert CANARY not in str(names)
    assert names["HOME"] == "/tmp"
    block = look("""
        import ctypes
        first = ctypes.cast(ctypes.c_void_p.in_dll(ctypes.CDLL(None), "environ"), ctypes.POINTER(ctypes.c_char_p))
        found = b" ".join(iter(lambda it=iter(range(500)): first[next(it)], None))
        """)
    assert isinstance(block, bytes)
    assert b"HOME" in block
    assert CANARY.encode() not in block


@pytest.mark.parametrize(
    "path",
    [
        "tests/hidden",
        "tests",
        "solutions",
        "exercises",
        "grader",
        "grader/run/judge.py",
        "pyproject.toml",
        ".git",
        "tools",
    ],
)
def test_nothing_of_the_project_can_be_seen(look: Callable[[str], object], path: str) -> None:
    assert look(f"import os; found = os.path.exists({str(project_root() / path)!r})") is False


def test_only_the_students_part_of_the_package_is_there(look: Callable[[str], object]) -> None:
    found = look("import os, grader; found = sorted(os.listdir(os.path.dirname(grader.__file__)))")
    assert found == sorted(STUDENT_SIDE)


def test_files_of_the_grader_cannot_be_read(look: Callable[[str], object], tmp_path: Path) -> None:
    secret = tmp_path / "results.json"
    secret.write_text(CANARY)
    tmp_path.chmod(0o777)
    for path in (
        secret,
        Path("/etc/passwd"),
        Path("/etc/hostname"),
        Path("/proc/1/environ"),
        Path("/proc/self/maps"),
        Path("/sys/kernel"),
    ):
        assert look(f"found = open({str(path)!r}).read()") in ("FileNotFoundError", "PermissionError")
    assert look("import os; found = os.listdir('/proc') + os.listdir('/tmp') + os.listdir('/dev/shm')") == []


def test_only_the_scratch_folder_can_be_written(look: Callable[[str], object]) -> None:
    for folder in (
        "/",
        "/usr",
        "/usr/lib",
        "/kit",
        "/kit/grader",
        "/models",
        "/models/hub",
        "/etc",
        "/dev",
        "/dev/pts",
        "/proc",
        "/root",
        sys.prefix,
    ):
        assert look(f"open({folder + '/x'!r}, 'w')") in ("PermissionError", "OSError", "FileNotFoundError"), folder
    assert look("open('/tmp/x', 'w').write('x'); found = open('/tmp/x').read()") == "x"


def test_the_scratch_folder_is_capped_and_private(start: Start, look: Callable[[str], object]) -> None:
    fill = """
        import os
        found = 0
        try:
            for i in range(100):
                with open(f"{folder}/{i}", "wb") as file:
                    found += file.write(bytes(1 << 20))
        except OSError:
            pass
        """
    for folder, limit in (("/tmp", 64 << 20), ("/dev/shm", 16 << 20)):
        written = look(f"folder = {folder!r}\n" + textwrap.dedent(fill))
        assert isinstance(written, int)
        assert 0 < written <= limit
    other = start(("1.1", LOOK))
    assert called(other, "look", "import os; found = os.listdir('/tmp') + os.listdir('/dev/shm')") == []


@pytest.mark.parametrize("call", ["memfd_create", "shmget"])
def test_memory_cannot_be_taken_past_the_address_space(look: Callable[[str], object], call: str) -> None:
    code = {
        "memfd_create": "import os; found = os.memfd_create('x')",
        "shmget": "import ctypes; found = ctypes.CDLL(None).shmget(0, 50 << 20, 0o1600)",
    }[call]
    assert look(code) in ("PermissionError", "OSError", -1)


@pytest.mark.parametrize(
    "family", [socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET, socket.AF_VSOCK, 38], ids=str
)
def test_no_socket_leads_out(look: Callable[[str], object], family: int) -> None:
    for kind in (1, 2, 3):
        assert look(f"import socket; socket.socket({int(family)}, {kind})") in ("PermissionError", "OSError")


def test_an_abstract_socket_of_the_machine_is_out_of_reach(look: Callable[[str], object]) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"\0{CANARY}")
        listener.listen()
        code = f"import socket; socket.socket(socket.AF_UNIX).connect('\\0{CANARY}')"
        assert look(code) in ("ConnectionRefusedError", "PermissionError")


def test_no_process_outside_can_be_signalled(look: Callable[[str], object], server: Server) -> None:
    victim = subprocess.Popen(["/bin/sleep", "60"])
    try:
        for pid in (victim.pid, os.getpid(), server._process._child.pid, *descendants(server._process._child.pid)[:3]):
            assert look(f"import os; os.kill({pid}, 0); found = 'reached'") in (
                "ProcessLookupError",
                "PermissionError",
                "reached",
            ), pid
        look("import os, signal; signal.signal(15, signal.SIG_IGN); os.kill(-1, 15); os.kill(0, 15); os.kill(1, 9)")
        assert victim.poll() is None
        assert server._process._child.poll() is None
    finally:
        victim.kill()
        victim.wait()


def test_a_process_sees_only_its_own_submission(look: Callable[[str], object]) -> None:
    """Process numbers start at 1 inside; none beyond the first few exists."""
    assert look("import os; found = os.getpid() < 50") is True
    alive = look("""
        import os
        found = 0
        for pid in range(1, 40_000):
            try:
                os.kill(pid, 0)
                found += 1
            except OSError:
                pass
        """)
    assert isinstance(alive, int)
    assert alive <= 5


def test_descriptors_are_silent_and_few(look: Callable[[str], object]) -> None:
    found = look("""
        import os
        found = []
        for number in range(256):
            try:
                found.append((number, os.fstat(number).st_rdev))
            except OSError:
                pass
        """)
    null = os.stat("/dev/null").st_rdev  # noqa: PTH116
    assert isinstance(found, list)
    assert [rdev for _, rdev in found] == [null, null, null, 0]  # and the channel


# --- what it leaves behind ----------------------------------------------------------------

DAEMONS = """
    import os, signal, threading, time
    def leave(seconds=60):
        for _ in range(3):
            if os.fork() == 0:
                os.setsid()
                for number in (1, 2, 3, 15):
                    signal.signal(number, signal.SIG_IGN)
                if os.fork() == 0:
                    time.sleep(seconds)
                os._exit(0)
        threading.Thread(target=time.sleep, args=(seconds,)).start()
        return 1
    """


def test_daemons_of_a_check_end_with_it(start: Start) -> None:
    session = start(("1.1", DAEMONS))
    session.student("1.1")
    kept = living(session)
    called(session, "leave")
    assert eventually(lambda: living(session) <= kept)


def test_processes_that_hop_from_one_number_to_the_next_end_with_their_check(start: Start) -> None:
    session = start(
        (
            "1.1",
            """
        import os, signal, time
        def hop():
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            for _ in range(10):
                if os.fork() == 0:
                    end = time.time() + 60
                    while time.time() < end:
                        if os.fork():
                            os._exit(0)
            return 1
        """,
        ),
        ask_s=2,
    )
    session.student("1.1")
    kept = living(session)
    with contextlib.suppress(LostError):
        called(session, "hop")
    assert eventually(lambda: living(session) <= kept)


def test_a_fork_bomb_is_capped_and_costs_its_check_only(start: Start, server: Server) -> None:
    session = start(
        ("1.1", "import os, time\ndef bomb():\n    while True:\n        os.fork()\ndef encode(): return 1"), ask_s=2
    )
    with pytest.raises((LostError, RaisedError)):
        called(session, "bomb")
    assert len(descendants(server._process._child.pid)) < 70
    assert eventually(lambda: len(living(session)) <= 2)  # the state, and what its checks look at
    assert called(session, "encode") == 1


def test_a_background_thread_of_a_cell_stands_still_between_checks(start: Start) -> None:
    session = start(
        (
            "1.1",
            """
        import threading, time, mmap
        count = mmap.mmap(-1, 8)
        def tick():
            while True:
                count[:8] = (int.from_bytes(count[:8], "little") + 1).to_bytes(8, "little")
                time.sleep(0.001)
        threading.Thread(target=tick, daemon=True).start()
        def read(): return int.from_bytes(count[:8], "little")
        """,
        )
    )
    first = called(session, "read")
    time.sleep(1)
    second = called(session, "read")
    assert isinstance(first, int)
    assert isinstance(second, int)
    assert second - first < 500  # about 1,000 had it gone on; forking lets it run for a moment


def test_nothing_of_a_submission_outlives_its_close(start: Start, server: Server) -> None:
    before = set(descendants(server._process._child.pid))
    session = start(("1.1", textwrap.dedent(DAEMONS) + "leave()"), ("1.2", "x = 1"))
    called(session, "leave")
    # The first one, the state after 1.1, and what its checks look at together.
    assert len(set(descendants(server._process._child.pid)) - before) == 3
    session.close()
    assert eventually(lambda: set(descendants(server._process._child.pid)) <= before)


def test_the_next_submission_is_served_as_if_nothing_had_happened(start: Start) -> None:
    start(
        (
            "1.1",
            "import builtins, torch, random\nbuiltins.len = lambda x: 99\ntorch.zeros = None\nrandom.random = None",
        ),
        run_s=2,
    ).checkpoint("1.1")
    session = start(("1.1", "import torch, random\nx = (len([]), torch.zeros(2).tolist(), random.random() < 1)"))
    assert Cell(session.student("1.1")).x == (0, [0.0, 0.0], True)


# --- a student's process that writes to the channel itself ---------------------------------

WRITE = """
    import json, os, struct, time
    def write(body):
        os.write(3, struct.pack("<I", len(body)) + body)
    def unknown(text):
        write(json.dumps({"id": 1, text: 0}).encode()); os._exit(0)
    def announced(text):
        os.write(3, text.encode()[:3] + bytes([255])); os._exit(0)
    def malformed(text):
        write(b'{"id": 1, "value": ' + b" " * len(text) + b"!}"); os._exit(0)
    def silent(text):
        time.sleep(60)
    """


@pytest.mark.parametrize("name", ["unknown", "announced", "malformed"])
def test_what_a_process_writes_itself_tells_nothing(start: Start, name: str) -> None:
    session = start(("1.1", WRITE))
    with pytest.raises(LostError) as caught:
        called(session, name, CANARY)
    assert str(caught.value) == NO_ANSWER


def test_a_keeper_that_refuses_to_fork_tells_nothing_and_costs_its_exercise_only(start: Start) -> None:
    session = start(("1.1", f"import os\ndef refuse(): raise OSError('{CANARY}')\nos.fork = refuse"), ("1.2", "x = 1"))
    with pytest.raises(LostError) as caught:
        session.student("1.1")
    assert CANARY not in str(caught.value)
    assert Cell(session.student("1.2")).x == 1


def test_the_time_of_the_whole_submission_ends(start: Start) -> None:
    session = start(("1.1", "def encode(): return 1"))
    assert called(session, "encode") == 1
    session._end = time.monotonic() - 1
    with pytest.raises(LostError) as caught:
        called(session, "encode")
    assert caught.value.status is Status.TIMED_OUT


# --- each wall alone ----------------------------------------------------------------------


def test_landlock_alone_stops_reading_and_writing_outside_its_trees(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "file").write_text("x")

    def work() -> object:
        system.no_new_privileges()
        system.landlock(["/usr"], [str(inside)])
        return [
            trial(inside.joinpath("file").read_text),
            trial(lambda: inside.joinpath("new").write_text("x")),
            trial(outside.joinpath("file").read_text),
            trial(lambda: outside.joinpath("new").write_text("x")),
            trial(lambda: inside.joinpath("file").rename(outside / "moved")),
            trial(Path("/etc/passwd").read_text),
        ]

    assert in_child(work) == ["ok", "ok", "PermissionError", "PermissionError", "PermissionError", "PermissionError"]


NUMBERS = {  # x86_64
    "ptrace": 101,
    "mount": 165,
    "umount2": 166,
    "unshare": 272,
    "setns": 308,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "bpf": 321,
    "userfaultfd": 323,
    "perf_event_open": 298,
    "keyctl": 250,
    "add_key": 248,
    "kexec_load": 246,
    "init_module": 175,
    "io_uring_setup": 425,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "pidfd_getfd": 438,
    "mount_setattr": 442,
    "pivot_root": 155,
    "chroot": 161,
    "reboot": 169,
    "swapon": 167,
    "personality": 135,
    "name_to_handle_at": 303,
    "open_by_handle_at": 304,
    "fanotify_init": 300,
    "sethostname": 170,
    "acct": 163,
    "kcmp": 312,
    "quotactl": 179,
    "vmsplice": 278,
}
CLONE3, X32_BIT = 435, 0x40000000


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are those of x86_64")
def test_seccomp_alone_refuses_the_calls_that_a_calculation_never_needs() -> None:
    def work() -> object:
        libc = ctypes.CDLL(None, use_errno=True)
        system.no_new_privileges()
        system.seccomp()
        found = {}
        for name, number in {**NUMBERS, "clone3": CLONE3}.items():
            libc.syscall(number, 0, 0, 0, 0, 0)
            found[name] = ctypes.get_errno()
        for family in (2, 10, 16, 17, 40):
            found[f"socket {family}"] = 1 if libc.socket(family, 1, 0) < 0 and ctypes.get_errno() == 1 else 0
        libc.ioctl(0, 0x5412, b"x")
        found["TIOCSTI"] = ctypes.get_errno()
        libc.syscall(302, 1, 7, 0, 0)  # prlimit64 of another process
        found["prlimit64"] = ctypes.get_errno()
        socket.socket(socket.AF_UNIX).close()
        return found

    found = in_child(work)
    assert isinstance(found, dict)
    assert found.pop("clone3") == 38
    assert {name: number for name, number in found.items() if number != 1} == {}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are those of x86_64")
@pytest.mark.parametrize("flag", [0x00020000, 0x10000000, 0x20000000, 0x40000000])
def test_seccomp_alone_refuses_new_namespaces_by_clone(flag: int) -> None:
    def work() -> object:
        libc = ctypes.CDLL(None, use_errno=True)
        system.no_new_privileges()
        system.seccomp()
        return libc.syscall(56, flag | 17, 0, 0, 0, 0) if os.getpid() else 0

    assert in_child(work) == -1


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="x32 is of x86_64")
def test_seccomp_alone_ends_a_process_that_calls_by_another_architecture() -> None:
    def work() -> object:
        libc = ctypes.CDLL(None, use_errno=True)
        system.no_new_privileges()
        system.seccomp()
        return [libc.syscall(X32_BIT | 272, 0x10000000), ctypes.get_errno()]

    assert in_child(work) in (None, [-1, 1], [-1, 38])


def test_namespaces_alone_hide_processes_and_network_and_cap_the_scratch_folder(tmp_path: Path) -> None:
    def work() -> object:
        inner.enter_namespaces(("namespaces",))
        pid = os.fork()
        if pid:
            os.waitpid(pid, 0)
            return json.loads((tmp_path / "found").read_text())
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        (tmp_path / "found").write_text(
            json.dumps(
                {
                    "pid": os.getpid(),
                    "kill": trial(lambda: os.kill(os.getppid() or 12345, 0)),
                    "net": trial(lambda: socket.create_connection(("127.0.0.1", 1), 0.2)),
                }
            )
        )
        system.mount_tmpfs(str(scratch), 1)
        large = trial(lambda: scratch.joinpath("x").write_bytes(bytes(2 << 20)))
        system.drop_capabilities()
        again = trial(lambda: system.mount_tmpfs(str(scratch), 1))
        found = json.loads((tmp_path / "found").read_text())
        (tmp_path / "found").write_text(json.dumps({**found, "large": large, "mount again": again}))
        os._exit(0)

    assert in_child(work) == {
        "pid": 1,
        "kill": "ProcessLookupError",
        "net": "OSError",
        "large": "OSError",
        "mount again": "PermissionError",
    }


def test_limits_alone_cap_memory_files_and_processes() -> None:
    def work() -> object:
        inner._limits(inner.mapped_bytes(), inner.Limits(memory_mb=256, processes=96, scratch_mb=64))
        import resource

        try:
            block = bytearray(512 << 20)
        except MemoryError:
            block = bytearray()
        return [len(block), resource.getrlimit(resource.RLIMIT_NPROC)[1], resource.getrlimit(resource.RLIMIT_CORE)[1]]

    assert in_child(work) == [0, 96, 0]


def test_descriptors_of_the_server_are_closed_but_the_channel() -> None:
    def work() -> object:
        _, theirs = socket.socketpair()
        channel = theirs.fileno()
        inner.fresh_descriptors(channel)
        return sorted(number for number in range(256) if trial(lambda n=number: os.fstat(n)) == "ok") == [
            0,
            1,
            2,
            channel,
        ]

    with socket.socketpair()[0]:
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:  # told by exit status: every other descriptor is gone
            os._exit(0 if work() else 1)
        os.close(reader)
        os.close(writer)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
