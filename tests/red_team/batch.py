"""Grades the red team among innocent submissions, in the walls that stand here or as in a container that has fewer."""

import contextlib
import ctypes
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.model import RunResult, SubmissionResult
from grader.offline.cache import models_folder
from grader.results.report.results import read_results_json
from grader.sandbox import users
from grader.wall.bubblewrap import NOBODY
from grader.wall.procfs import descendants
from tests.container import PLAIN_USER, as_in_docker
from tests.red_team.attacks import ALL, EXERCISES, ROOT, UPLOADS, answers, picking_up, put

CANARY = "canary-"
INNOCENT = ("aaa", "family_06a", "family_10a", "family_17a", "zzz")
"""Ids of innocent submissions; they come before, between and after the hostile ones."""
LIMITS = "limits = {run_s = 4.0, ask_s = 1.5, memory_mb = 1024}"
TRAPS = Path("/tmp/lm-red-traps")
"""What lies open to everybody outside of the walls."""
_TRAPS = {"readable", "writable", "fifo", "stream", "datagram"}
_SHARED, _KEY = Path("/dev/shm/lm-red-readable"), 0x1ED7EA4


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Walls in which the red team is graded."""

    name: str
    families: tuple[int, ...]
    """Those whose attacks depend on the walls that are missing here; the others meet the same walls as ever."""
    prefix: Callable[[], list[str]]
    """What stands in front of the command; raises OSError where this system cannot play it."""
    walls: tuple[str, ...]


_DEPENDENT = (3, 5, 6, 10, 11, 14, 16)
CONFIGURATIONS = (
    Configuration(
        name="full",
        families=tuple(range(1, 18)),
        prefix=list,
        walls=("bubblewrap", "namespaces", "limits", "landlock", "seccomp", "memory watch"),
    ),
    Configuration(
        name="no namespaces, root",
        families=_DEPENDENT,
        prefix=lambda: as_in_docker("all", root=True),
        walls=("own user", "limits", "landlock", "seccomp", "memory watch"),
    ),
    Configuration(
        name="no namespaces, plain user",
        families=_DEPENDENT,
        prefix=lambda: as_in_docker("all", root=False),
        walls=("signal scope", "limits", "landlock", "seccomp", "memory watch"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one run made of all submissions."""

    configuration: Configuration
    run: RunResult
    results: dict[str, SubmissionResult]
    place: Path
    out: Path
    said: str
    """What the command printed."""
    uploads: frozenset[str]
    """Ids of those that are hostile as a whole. What each of them must come to is for the tests to say."""
    left: frozenset[str]
    """Processes, files and segments that were not there before."""
    sprung: frozenset[str]
    """Files that lie open to all and were changed."""


@contextlib.contextmanager
def graded(configuration: Configuration) -> Iterator[Batch]:
    """The red team, graded by the real command.

    Raises:
        OSError: this system cannot play the configuration.
    """
    prefix = configuration.prefix()
    place = Path(tempfile.mkdtemp(prefix="red-"))  # not pytest's folder: a plain user must get there, too
    try:
        yield _grade(configuration, prefix, place)
    finally:
        shutil.rmtree(place)


def _grade(configuration: Configuration, prefix: list[str], place: Path) -> Batch:
    course, work, out = place / "course", place / "class", place / "out"
    out.mkdir()
    _course(course)
    _class(work, configuration.families)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PLAYGROUND_CANARY": CANARY + "in-the-environment"}
    if prefix:
        shutil.copytree(models_folder().parent, place / "models")
        environment["LM_PLAYGROUND_CACHE"] = str(place / "models")
        _give_away(place)
    command = [
        *prefix,
        sys.executable,
        "-m",
        "grader.cli",
        "grade",
        str(work),
        "--out",
        str(out),
        "--jobs",
        "2",
        "--no-resume",
    ]
    for exercise in EXERCISES:
        command += ["--exercise", exercise]
    before = _traces()
    with _traps(owner=PLAIN_USER if "plain" in configuration.name and os.getuid() == 0 else os.getuid()):
        ended = subprocess.run(command, check=False, cwd=course, env=environment, capture_output=True, text=True)
        sprung = {path.name for path in TRAPS.iterdir()} ^ _TRAPS
        sprung |= set() if (TRAPS / "writable").read_text() == CANARY + "open-to-all" else {"written"}
    said = ended.stdout + ended.stderr
    if not (out / "results.json").exists():
        raise OSError(f"this system has no such walls: {said[-1000:]}") if prefix else AssertionError(said[-3000:])
    run = read_results_json(out)
    left = _traces() - before
    if left:  # what was killed takes a moment to go
        time.sleep(3)
        left &= _traces()
    return Batch(
        configuration=configuration,
        run=run,
        results={result.id: result for result in run.submissions},
        place=place,
        out=out,
        said=said,
        uploads=frozenset(r.id for r in run.submissions) - _others(),
        left=frozenset(left),
        sprung=frozenset(sprung),
    )


def _others() -> set[str]:
    return {*INNOCENT, "family_06b", *(attack.id for attack in ALL)}


def _course(course: Path) -> None:
    """A copy of what grading needs, with short limits, and canaries in and beside the hidden suites and in a solution."""
    shutil.copytree(
        ROOT / "tests" / "hidden", course / "tests" / "hidden", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(ROOT / "solutions", course / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    for suite in (course / "tests" / "hidden").glob("test_*.py"):  # and so in the memory of the grader
        suite.write_text(suite.read_text() + f"\nNOTE = '{CANARY}in-a-hidden-suite'\n")
    (course / "tests" / "hidden" / "notes.txt").write_text(CANARY + "beside-the-tests")
    (course / "solutions" / "ex_0_canary.py").write_text(f"# {CANARY}in-a-solution")
    catalog = re.sub(r"\[exercise\.limits\]\n(\w+ = .*\n)+", "", (ROOT / "exercises" / "catalog.toml").read_text())
    (course / "exercises").mkdir()
    (course / "exercises" / "catalog.toml").write_text(catalog.replace("[[exercise]]\n", f"[[exercise]]\n{LIMITS}\n"))


def _class(work: Path, families: tuple[int, ...]) -> None:
    for name in INNOCENT:
        put(work / name, answers())
    put(work / "family_06b", {**answers(), "ex_9_notes.py": f"# {CANARY}in-another-submission"})
    for attack in ALL:
        if attack.family in families:
            put(work / attack.id, {EXERCISES[attack.exercise]: attack.source})
    for build in UPLOADS if len(families) == len(CONFIGURATIONS[0].families) else (picking_up,):
        build(work)


def _give_away(place: Path) -> None:
    """Everything to the plain user, who grades in one of the configurations."""
    for path in (place, *place.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
        if os.getuid() == 0:
            os.chown(path, PLAIN_USER, PLAIN_USER)


@contextlib.contextmanager
def _traps(owner: int) -> Iterator[None]:
    """Files, sockets, a fifo and a segment that are open to everybody and belong to whoever grades."""
    libc, umask = ctypes.CDLL(None), os.umask(0)
    shutil.rmtree(TRAPS, ignore_errors=True)
    TRAPS.mkdir(mode=0o777)
    for path in (TRAPS / "readable", TRAPS / "writable", _SHARED):
        path.write_text(CANARY + "open-to-all")
    os.mkfifo(TRAPS / "fifo", 0o666)
    segment = libc.shmget(_KEY, 4096, 0o1666)
    with (
        socket.socket(socket.AF_UNIX) as stream,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagram,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        stream.bind(str(TRAPS / "stream"))
        datagram.bind(str(TRAPS / "datagram"))
        abstract.bind("\0lm-red-abstract")
        stream.listen()
        abstract.listen()
        os.umask(umask)
        if os.getuid() == 0:
            for path in (TRAPS, *TRAPS.iterdir(), _SHARED):
                os.chown(path, owner, owner)
        try:
            yield
        finally:
            libc.shmctl(segment, 0, None)
            shutil.rmtree(TRAPS)
            _SHARED.unlink()


def _traces() -> set[str]:
    """What could be left of a submission: processes of ours or of its users, files, segments, sockets."""
    users_of_submissions = {NOBODY, PLAIN_USER, *range(users.FIRST, users.LAST + 1)}
    found = {f"process {pid}" for pid in descendants(os.getpid()) if b"resource_tracker" not in _command(pid)}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.getuid() == 0 and process.stat().st_uid in users_of_submissions - {NOBODY}:
                found.add(f"process {process.name} {_command(int(process.name))[:80]!r}")
    for folder in ("/tmp", "/dev/shm", "/var/tmp", "/dev/mqueue"):
        with contextlib.suppress(OSError):
            found |= {str(path) for path in Path(folder).iterdir() if _is_trace(path, users_of_submissions)}
    for kind in ("shm", "msg", "sem"):
        found |= {f"{kind} {line.split()[1]}" for line in Path("/proc/sysvipc", kind).read_text().splitlines()[1:]}
    found |= {line.split("@")[1] for line in Path("/proc/net/unix").read_text().splitlines() if "@lm-" in line}
    return found


def _is_trace(path: Path, owners: set[int]) -> bool:
    ours = path.name.startswith(("breach", "canary", "lm-playground-"))
    return ours or (os.getuid() == 0 and path.lstat().st_uid in owners and path.name.startswith("tmp"))


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
