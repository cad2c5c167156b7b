"""The inner wall: what a fork of the server puts around itself before any code of a submission exists in it."""

import os
import resource
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from grader.model import Struct
from grader.protocol.messages import Trouble
from grader.sandbox import system
from grader.sandbox.scratch import empty

_MB = 1 << 20
SCRATCH = "/tmp"  # noqa: S108 - where namespaces stand, a fresh tmpfs of this submission alone
_SHARED_MEMORY = "/dev/shm"  # noqa: S108 - likewise


class View(Struct, frozen=True, kw_only=True):
    """What Landlock leaves of the files."""

    readable: tuple[str, ...] = ("/",)
    """Trees; what is not there is passed over."""
    listable: tuple[str, ...] = ()
    """Trees of which names can be read, no contents."""
    scratch: str = SCRATCH
    """The one folder that can be written."""


def enter_namespaces(walls: tuple[str, ...]) -> None:
    """Own user, pid, mount, net, ipc and uts namespaces; the next fork is process 1 of the new pid namespace."""
    if "namespaces" not in walls:
        return
    user, group = os.getuid(), os.getgid()
    system.set_dumpable(True)  # or the files below would belong to root
    system.unshare(system.ALL_NAMESPACES)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123
            file.write(text)
    system.set_dumpable(False)


class Limits(NamedTuple):
    """The largest that any exercise may have: those of a submission, for good."""

    memory_mb: int
    """Address space on top of what is mapped now."""
    processes: int
    """Processes and threads that may exist at once."""
    scratch_mb: int
    """The size of the scratch folder, and of a file in it."""


def raise_walls(walls: tuple[str, ...], channel: int, limits: Limits, view: View | None = None) -> tuple[str, ...]:
    """Puts up every wall of `walls` around this process, for good. Returns those that stand.

    Args:
        walls: names out of `namespaces`, `own user`, `signal scope`, `limits`, `landlock`, `seccomp`.
        channel: the one file descriptor that stays open besides 0, 1 and 2.
        limits: for the wall of that name, and the size of the scratch folder.
        view: what Landlock leaves of the files.

    Raises:
        OSError: a wall cannot stand.
    """
    memory_used = mapped_bytes()
    fresh_descriptors(channel)
    for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(signal_number, signal.SIG_DFL)
    view, namespaces = view or View(), "namespaces" in walls
    if walls and not namespaces:
        system.adopt_orphans()
    shared = [_SHARED_MEMORY] if namespaces else []
    steps: dict[str, Callable[[], object]] = {
        "namespaces": lambda: _private_files(limits.scratch_mb),
        "own user": lambda: None,  # each fork becomes it, see `isolate_fork`
        "signal scope": system.landlock_scope,
        "limits": lambda: _limits(memory_used, limits),
        "landlock": lambda: system.landlock(
            _there(view.readable), [view.scratch, "/dev/null", *shared], _there(view.listable)
        ),
        "seccomp": lambda: system.seccomp(shares=_shared(walls)),
    }
    if walls:
        system.no_new_privileges()
    standing = []
    for name, step in steps.items():
        if name in walls:
            step()
            standing.append(name)
    return tuple(standing)


def isolate_fork(walls: tuple[str, ...], user: int | None) -> None:
    """Parts a fork of a submission's first process from it, which student code could end or stop otherwise.

    In namespaces the kernel does that: process 1 gets no signal from inside.
    """
    if "own user" in walls and user is not None:
        become(user)
    if "signal scope" in walls:
        system.landlock_scope()


def become(user: int) -> None:
    """Takes another user's number for good, and with it loses every right of root."""
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def end_others(walls: tuple[str, ...], user: int | None, scratch: str) -> None:
    """Ends all processes of the submission but its first, which calls this, and empties its folder.

    They end at one stroke, so that none can fork away from it.
    """
    if "own user" in walls and user is not None:
        pid = os.fork()
        if pid == 0:
            become(user)
            os.kill(-1, signal.SIGKILL)  # all of that user
            empty(Path(scratch))
            os._exit(0)
        os.waitpid(pid, 0)
    elif "signal scope" in walls:
        os.kill(-1, signal.SIGKILL)  # all that the scope lets it reach: what it forked
        empty(Path(scratch))


def own_folder(parent: str, user: int | None) -> str:
    """A new folder of this submission alone, where everything that looks for a place to write finds it."""
    if user is not None:
        os.setegid(user)
        os.seteuid(user)
    folder = tempfile.mkdtemp(dir=parent)
    os.chdir(folder)
    if user is not None:
        os.seteuid(0)
        os.setegid(0)
    os.environ["HOME"] = os.environ["TMPDIR"] = folder
    tempfile.tempdir = None
    return folder


def processes_of_user() -> int:
    """How many processes and threads this user has. The limit of them counts all where no namespaces stand."""
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            count += len(list((process / "task").iterdir())) if process.stat().st_uid == os.getuid() else 0
        except OSError:
            continue  # it ended just now
    return count


def _shared(walls: tuple[str, ...]) -> tuple[str, ...]:
    """What a submission has in common with the rest of the system."""
    if "namespaces" in walls:
        return ()
    return ("ipc",) if "own user" in walls else ("ipc", "user")


def _there(paths: tuple[str, ...]) -> list[str]:
    return [path for path in paths if Path(path).exists()]


def _private_files(scratch_mb: int) -> None:
    system.mount_tmpfs(SCRATCH, scratch_mb)
    system.mount_tmpfs(_SHARED_MEMORY, 16)
    system.mount_tmpfs("/proc", 1)  # the server's processes, this one's memory maps: nothing to see
    os.chdir(SCRATCH)
    system.drop_capabilities()


def _limits(memory_used: int, limits: Limits) -> None:
    for limit, value in (
        (resource.RLIMIT_AS, memory_used + limits.memory_mb * _MB),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_FSIZE, limits.scratch_mb * _MB),
        (resource.RLIMIT_CPU, 600),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def narrow(memory_less_mb: int, file_mb: int) -> None:
    """Lowers the limits of this process to those of one exercise; what `raise_walls` set stands above them.

    Args:
        memory_less_mb: what the exercise may not use of the memory that a submission may.
        file_mb: size of one file.
    """
    memory_most = resource.getrlimit(resource.RLIMIT_AS)[1]
    if memory_most == resource.RLIM_INFINITY:  # this wall does not stand
        return
    for limit, value in (
        (resource.RLIMIT_AS, memory_most - memory_less_mb * _MB),
        (resource.RLIMIT_FSIZE, file_mb * _MB),
    ):
        most = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (min(value, most), most))


def narrow_processes(less: int) -> None:
    """Lets this process start others while there are so many less than the submission may ever have."""
    most = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    if most != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NPROC, (max(0, most - less), most))


def mapped_bytes() -> int:
    """What this process has in its address space."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
        return int(file.read().split()[0]) * resource.getpagesize()


def fresh_descriptors(channel: int) -> None:
    """New, silent 0, 1 and 2 and no other descriptor but the channel.

    Inherited ones would share offsets, flags and locks with the server and with other submissions.
    """
    os.closerange(3, channel)
    os.closerange(channel + 1, 4096)
    for number in (0, 1, 2):
        null = os.open("/dev/null", os.O_RDWR)
        if null != number:
            os.dup2(null, number)
            os.close(null)


def trouble_of_wall(error: OSError) -> Trouble:
    """A wall that fell, as data."""
    return Trouble(kind="raised", type="OSError", message=str(error))
