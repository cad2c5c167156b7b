"""Each wall alone, with all others off; sets of walls for systems that lack some; and which of these are enough."""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.checks.cell import Cell, StudentError
from grader.model import SourceCell, Status
from grader.offline.cache import models_folder
from grader.project import project_catalog, project_root
from grader.protocol.student import LostError
from grader.sandbox import inner, system
from grader.sandbox.scratch import empty, held_mb
from grader.wall.available import are_enough, can_run_in_parallel
from grader.wall.bubblewrap import ALL_WALLS, OUTER_WALL, server_command
from grader.wall.fork_server import Server
from grader.wall.procfs import descendants
from grader.wall.session import SandboxSession
from tests.children import in_child, trial
from tests.container import PLAIN_USER, as_in_docker, refusing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls are Linux's")
needs_root = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root gives users away")
needs_bubblewrap = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
CANARY = "canary-77b1"


def landlock_abi() -> int:
    return int(ctypes.CDLL(None).syscall(444, None, 0, 1))


@contextlib.contextmanager
def a_victim(user: int | None = None) -> Iterator[int]:
    """Another process."""
    victim = subprocess.Popen(["/bin/sleep", "60"], user=user)
    try:
        yield victim.pid
    finally:
        victim.kill()
        victim.wait()


# --- one wall and nothing else ------------------------------------------------------------


@needs_bubblewrap
def test_bubblewrap_alone_hides_files_environment_network_and_processes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PLAYGROUND_CANARY", CANARY)
    (tmp_path / "secret").write_text(CANARY)
    command, environment = server_command(models_folder(), (OUTER_WALL,))
    start = command.index("-c")
    look = f"""
        import json, os, socket
        def trial(action):
            try: action()
            except OSError as error: return type(error).__name__
            return "ok"
        print(json.dumps([
            [trial(lambda: open(path)) for path in {[str(tmp_path / "secret"), str(project_root() / "pyproject.toml"), "/etc/passwd"]}],
            [trial(lambda: open(path + "/x", "w")) for path in ("/usr", "/kit/grader/sandbox", "/models")],
            {CANARY!r} in str(os.environ) + open("/proc/self/environ").read() + open("/proc/1/environ").read(),
            trial(lambda: socket.create_connection(("127.0.0.1", 1), 1)), len([n for n in os.listdir("/proc") if n.isdigit()]) < 5,
        ]))"""
    ended = subprocess.run(
        [*command[: start + 1], textwrap.dedent(look)], env=environment, capture_output=True, text=True, check=True
    )
    files, writes, seen, network, few = json.loads(ended.stdout)
    assert files == ["FileNotFoundError"] * 3
    assert set(writes) <= {"OSError", "PermissionError", "FileNotFoundError"}
    assert (seen, few) == (False, True)
    assert network in ("OSError", "ConnectionRefusedError")  # its own loopback, where nobody listens


def test_limits_alone_cap_files_processes_and_the_time_of_a_processor(tmp_path: Path) -> None:
    def work() -> object:
        used = inner.mapped_bytes()  # Python itself may lie where the other user cannot read it
        if os.getuid() == 0:
            tmp_path.chmod(0o777)
            os.chdir(tmp_path)
            inner.become(PLAIN_USER)  # root is above the limit of processes
        else:
            os.chdir(tmp_path)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        inner._limits(used, inner.Limits(64, inner.processes_of_user() + 5, 64))
        children = []
        with contextlib.suppress(BlockingIOError):
            while len(children) < 100:
                pid = os.fork()
                if pid == 0:
                    time.sleep(30)
                children.append(pid)
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        with open("large", "wb") as file:  # noqa: PTH123 - by descriptor, in a folder that is not ours any more
            large = trial(lambda: file.truncate(65 << 20))
        descriptors = trial(lambda: [os.open("/dev/null", os.O_RDONLY) for _ in range(300)])
        return [len(children) <= 5, large, descriptors]

    os.chmod(tmp_path.parent, 0o755)  # noqa: PTH101
    os.chmod(tmp_path.parent.parent, 0o755)  # noqa: PTH101
    assert in_child(work) == [True, "OSError", "OSError"]


@pytest.mark.skipif(landlock_abi() < 4, reason="Linux 6.7")
def test_landlock_alone_stops_tcp() -> None:
    def work() -> object:
        system.no_new_privileges()
        system.landlock(["/usr"], [])
        with socket.socket() as one, socket.socket() as other:
            return [trial(lambda: one.connect(("127.0.0.1", 1))), trial(lambda: other.bind(("127.0.0.1", 0)))]

    assert in_child(work) == ["PermissionError", "PermissionError"]


def test_landlock_alone_hides_the_processes_and_memory_of_others() -> None:
    def work() -> object:
        system.no_new_privileges()
        system.landlock(["/usr"], [])
        with contextlib.suppress(FileNotFoundError):
            return [
                trial(lambda name=name: os.open(f"/proc/{victim}/{name}", os.O_RDONLY))
                for name in ("environ", "mem", "maps", "fd", "cmdline")
            ]

    with a_victim() as victim:
        assert in_child(work) == ["PermissionError"] * 5


@pytest.mark.skipif(landlock_abi() < 6, reason="Linux 6.12")
def test_the_signal_scope_alone_stops_signals_to_outside_and_to_whoever_forked_it() -> None:
    def work() -> object:
        system.no_new_privileges()
        system.landlock_scope()
        first = os.getpid()
        child = os.fork()
        if child == 0:
            system.landlock_scope()
            outward = [trial(lambda pid=pid: os.kill(pid, 0)) for pid in (victim, first)]
            left, _ = socket.socketpair()
            os._exit(0 if outward == ["PermissionError"] * 2 and trial(left.getpeername) == "ok" else 1)
        inward = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sleeper = os.fork()
        if sleeper == 0:
            time.sleep(60)
        os.kill(-1, signal.SIGKILL)  # of all processes there are, its own alone
        return [inward, os.waitstatus_to_exitcode(os.waitpid(sleeper, 0)[1])]

    with a_victim() as victim:
        assert in_child(work) == [0, -signal.SIGKILL]
        os.kill(victim, 0)


@needs_root
def test_a_user_of_its_own_alone_stops_signals_limits_and_looks_at_others() -> None:
    def work() -> object:
        libc = ctypes.CDLL(None, use_errno=True)
        inner.become(65_000)
        return [
            [trial(lambda pid=pid: os.kill(pid, 9)) for pid in (victim, other)],
            [trial(lambda pid=pid: os.open(f"/proc/{pid}/environ", os.O_RDONLY)) for pid in (victim, other)],
            libc.ptrace(16, other, 0, 0),
            trial(lambda: os.setpriority(os.PRIO_PROCESS, other, 19)),
            trial(lambda: os.sched_setaffinity(other, {0})),
            trial(lambda: os.setuid(0)),
            trial(lambda: os.setgroups([0])),
        ]

    with a_victim() as victim, a_victim(user=65_001) as other:
        denied = "PermissionError"
        assert in_child(work) == [[denied] * 2, [denied] * 2, -1, denied, denied, denied, denied]


def test_seccomp_alone_closes_ipc_and_files_by_name_to_those_who_share_them(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("x")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as box:
        box.bind(str(tmp_path / "box"))

        def work() -> object:
            libc = ctypes.CDLL(None, use_errno=True)
            system.no_new_privileges()
            system.seccomp(shares=("ipc", "user"))
            pair = socket.socketpair()
            return {
                "chmod": trial(lambda: target.chmod(0o777)),
                "chown": trial(lambda: os.chown(target, -1, -1)),
                "utime": trial(lambda: os.utime(target)),
                "truncate": trial(lambda: os.truncate(target, 0)),
                "xattr": trial(lambda: os.setxattr(target, "user.x", b"")),
                "socket": trial(lambda: socket.socket(socket.AF_UNIX)),
                "box": trial(lambda: socket.socketpair(type=socket.SOCK_DGRAM)),
                "turn": trial(lambda: pair[0].connect(str(tmp_path / "box"))),
                "queue": libc.mq_open(b"/lm-queue", 0),
                "segment": libc.shmat(0, None, 0) == -1,
                "semaphore": libc.semop(0, None, 0),
                "dumpable": libc.prctl(4, 0, 0, 0, 0),
                "nice": trial(lambda: os.setpriority(os.PRIO_PROCESS, victim, 19)),
                "cores": trial(lambda: os.sched_setaffinity(victim, {0})),
                "watch": libc.inotify_init(),
                "still": trial(lambda: pair[0].send(b"x")),
                "own cores": trial(lambda: os.sched_setaffinity(0, {0})),
            }

        with a_victim() as victim:
            found = in_child(work)
    assert isinstance(found, dict)
    assert [found.pop("still"), found.pop("own cores")] == ["ok", "ok"]
    assert {name: result for name, result in found.items() if result not in ("PermissionError", -1, True)} == {}


# --- enough, or not -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("walls", "enough"),
    [
        (ALL_WALLS, True),
        (("bubblewrap", "namespaces", "limits", "seccomp", "memory watch"), True),
        (("namespaces", "limits", "landlock", "seccomp", "memory watch"), True),
        (("own user", "limits", "landlock", "seccomp", "memory watch"), True),
        (("signal scope", "limits", "landlock", "seccomp", "memory watch"), True),
        (("bubblewrap", "limits", "landlock", "seccomp", "memory watch"), False),
        (("bubblewrap", "own user", "limits", "seccomp", "memory watch"), False),
        (("own user", "limits", "seccomp", "memory watch"), False),
        (("namespaces", "limits", "seccomp", "memory watch"), False),
        (("bubblewrap", "namespaces", "limits", "landlock", "memory watch"), False),
        (("bubblewrap", "namespaces", "landlock", "seccomp", "memory watch"), False),
        ((), False),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, tuple) else str(value),
)
def test_which_walls_are_enough(walls: tuple[str, ...], enough: bool) -> None:
    assert are_enough(walls) is enough


def test_a_scope_alone_is_not_enough_to_grade_side_by_side() -> None:
    assert not can_run_in_parallel(("signal scope", "limits", "landlock", "seccomp", "memory watch"))
    assert can_run_in_parallel(("own user", "limits", "landlock", "seccomp", "memory watch"))


# --- sets of walls in which the user namespace is missing ---------------------------------

FEWER = {
    "bubblewrap and a user": ("bubblewrap", "own user", "limits", "landlock", "seccomp", "memory watch"),
    "bubblewrap, a user and a scope": (
        "bubblewrap",
        "own user",
        "signal scope",
        "limits",
        "landlock",
        "seccomp",
        "memory watch",
    ),
}
LOOK = """
def look(code):
    names = {}
    exec(code, names)
    return names.get("found")
"""


@pytest.fixture(scope="module", params=FEWER, ids=str)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A fork server with fewer walls."""
    walls = FEWER[request.param]
    if os.getuid() != 0 or shutil.which("bwrap") is None or ("signal scope" in walls and landlock_abi() < 6):
        pytest.skip("needs root, bubblewrap and for a scope Linux 6.12")
    server = Server.alone(models_folder(), walls=walls, memory_mb=1024)
    yield server
    server.close()


@pytest.fixture
def session(server: Server) -> Iterator[SandboxSession]:
    session = SandboxSession(server, project_catalog(project_root()).exercise)
    session.load([SourceCell(source=LOOK, exercise="1.1", where="1.1")])
    yield session
    session.close()


@pytest.fixture
def look(session: SandboxSession) -> Callable[[str], object]:
    """Runs code on the student's side; gives what it calls `found`, or the name of the exception."""
    cell = Cell(session.student("1.1"))

    def run(code: str) -> object:
        try:
            return cell.get("look")(textwrap.dedent(code))
        except StudentError as error:
            return error.type_name

    return run


def test_the_walls_that_were_asked_for_stand(look: Callable[[str], object], server: Server) -> None:
    assert look("found = 1") == 1
    assert server.walls in FEWER.values()


def test_it_is_nobody_else_and_reads_nothing_of_others(look: Callable[[str], object]) -> None:
    assert (
        look("import os; found = 61184 <= os.getuid() <= 65519 and os.getuid() == os.getgid() and os.getgroups() == []")
        is True
    )
    for path in (
        "/proc/self/environ",
        "/proc/1/environ",
        "/proc/1/maps",
        "/etc/passwd",
        "/tmp",
        "/dev/shm",
        "/proc",
        "/",
    ):
        assert look(f"import os; os.close(os.open({path!r}, os.O_RDONLY))") in (
            "PermissionError",
            "FileNotFoundError",
        ), path
    assert look("import torch, transformers, tiktoken, IPython.display; found = 1") == 1


def test_its_scratch_folder_is_its_own_and_is_all_that_it_can_write(look: Callable[[str], object]) -> None:
    assert look(
        "import os; open('x', 'w').write('x'); found = os.getcwd() == os.environ['HOME'] and os.listdir('.')"
    ) == ["x"]
    assert look("import tempfile; found = tempfile.NamedTemporaryFile().name.startswith('/tmp/')") is True
    for folder in ("/tmp", "/dev/shm", "/kit", "/models", "/usr", "/dev"):
        assert look(f"open({folder + '/x'!r}, 'w')") in ("PermissionError", "OSError", "FileNotFoundError"), folder


def test_it_reaches_neither_the_server_nor_its_first_process(
    look: Callable[[str], object], server: Server, session: SandboxSession
) -> None:
    assert (
        look("""
        import os, signal
        found = []
        for pid in [1, *range(2, 200)]:
            for number in (0, signal.SIGTERM, signal.SIGKILL):
                try:
                    if pid != os.getpid():
                        os.kill(pid, number)
                        found.append(pid)
                except OSError:
                    pass
        """)
        in ([], None)
        or session.process_tree.first.is_alive()
    )
    look("import os; os.kill(-1, 9)")
    assert session.process_tree.first.is_alive()
    assert server._process._child.poll() is None


def test_everything_of_it_ends_with_it_and_its_files_go(server: Server) -> None:
    code = """
        import os, signal, time
        os.makedirs("deep/" * 40)
        open("left", "w").write("x")
        for _ in range(5):
            if os.fork() == 0:
                os.setsid()
                signal.signal(signal.SIGCHLD, signal.SIG_IGN)
                while True:
                    if os.fork():
                        os._exit(0)
        """
    session = SandboxSession(server, project_catalog(project_root()).exercise)
    session.load([SourceCell(source=textwrap.dedent(code), exercise="1.1", where="1.1")])
    session.run_until(["1.1"])
    session.close()
    assert descendants(server._channel.pid) == []


def test_memory_is_counted_where_there_are_no_namespaces(
    session: SandboxSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.wall.process_tree.MEMORY_MB", 600)
    cell = Cell(session.student("1.1"))
    with pytest.raises(LostError) as caught:
        cell.get("look")(
            "import os, time\nfor _ in range(3):\n    if os.fork() == 0: break\nblock = b'x' * (250 << 20)\ntime.sleep(6)"
        )
    assert caught.value.status is Status.OUT_OF_MEMORY


# --- the whole command where calls are refused --------------------------------------------


@pytest.fixture(scope="module")
def answer() -> Iterator[Path]:
    """A submission with one right answer, in a folder that everybody can read."""
    folder = Path("/tmp") / f"lm-walls-{os.getpid()}"
    (folder / "class" / "ann").mkdir(parents=True)
    shutil.copy(project_root() / "solutions" / "ex_1_1_word_level.py", folder / "class" / "ann")
    shutil.copytree(models_folder().parent, folder / "models")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o644)
    yield folder
    shutil.rmtree(folder)


def grade(answer: Path, prefix: list[str], *options: str) -> tuple[int, str, dict]:
    out = answer / f"out-{time.monotonic_ns()}"
    command = [
        *prefix,
        sys.executable,
        "-m",
        "grader.cli",
        "grade",
        str(answer / "class"),
        "--out",
        str(out),
        "--exercise",
        "1.1",
        *options,
    ]
    environment = {**os.environ, "PYTHONPATH": str(project_root()), "LM_PLAYGROUND_CACHE": str(answer / "models")}
    ended = subprocess.run(command, env=environment, cwd=project_root(), capture_output=True, text=True, check=False)
    results = out / "results.json"
    return ended.returncode, ended.stdout + ended.stderr, json.loads(results.read_text()) if results.exists() else {}


def place(kinds: str, *, root: bool) -> list[str]:
    try:
        return as_in_docker(kinds, root=root)
    except OSError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(
    ("root", "stand_in"), [(True, "own user"), (False, "signal scope")], ids=["root", "plain user"]
)
def test_without_namespaces_a_stand_in_is_found_and_the_missing_are_named(
    answer: Path, root: bool, stand_in: str
) -> None:
    if not root and landlock_abi() < 6:
        pytest.skip("Linux 6.12")
    code, said, results = grade(answer, place("all", root=root))
    assert code == 0, said
    assert stand_in in results["walls"]
    assert results["missing_walls"] == ["bubblewrap", "namespaces"]
    assert (results["submissions"][0]["score"], results["submissions"][0]["proven"]) == (8, True)
    assert "Missing walls: bubblewrap (" in said
    assert "namespaces (" in said


@needs_bubblewrap
@needs_root
def test_without_landlock_bubblewrap_and_namespaces_do(answer: Path) -> None:
    code, said, results = grade(answer, refusing("landlock"))
    assert code == 0, said
    assert results["missing_walls"] == ["landlock"]
    assert results["submissions"][0]["proven"] is True


@pytest.mark.parametrize("root", [True, False], ids=["root", "plain user"])
def test_without_anything_that_protects_nothing_is_graded_unless_it_is_told_to(answer: Path, root: bool) -> None:
    prefix = place("all,landlock", root=root)
    code, said, results = grade(answer, prefix)
    assert (code, results) == (2, {})
    assert "submissions cannot be walled in on this system" in said
    assert "--no-sandbox" in said
    assert "Traceback" not in said
    code, said, results = grade(answer, prefix, "--no-sandbox")
    assert (code, results["walls"], results["submissions"][0]["proven"]) == (0, [], False)


# --- scratch folders ----------------------------------------------------------------------


def test_a_folder_is_emptied_however_deep_and_closed_it_is_and_no_link_is_followed(tmp_path: Path) -> None:
    kept, folder, here = tmp_path / "kept", tmp_path / "scratch", Path.cwd()
    kept.mkdir()
    (kept / "file").write_text("x")
    folder.mkdir()
    os.chdir(folder)
    for _ in range(60):
        Path("x" * 200).mkdir()
        os.chdir("x" * 200)
    os.chdir(here)
    (folder / "link").symlink_to(kept)
    os.mkfifo(folder / "fifo")
    (folder / "closed" / "inside").mkdir(parents=True)
    (folder / "closed" / "inside").chmod(0)
    (folder / "closed").chmod(0)
    assert held_mb(folder) > 64
    empty(folder)
    assert list(folder.iterdir()) == []
    assert (kept / "file").read_text() == "x"


def test_what_a_folder_holds_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_bytes(bytes(5 << 20))
    assert 5 <= held_mb(tmp_path) <= 6
