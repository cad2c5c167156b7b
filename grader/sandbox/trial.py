"""Tries each wall alone, in a child, and prints which stand: a JSON object of wall and what was in the way, or ''."""

import os
import sys
from collections.abc import Callable

import msgspec

from grader.sandbox import inner, system
from grader.sandbox.server import Settings
from grader.sandbox.users import Users


def main(arguments: list[str]) -> None:
    """Prints the object; the argument is the server's settings, with all walls in it that are to be tried."""
    settings = msgspec.json.decode(arguments[0], type=Settings)
    trials: dict[str, Callable[[Settings], object]] = {
        "namespaces": _namespaces,
        "own user": _own_user,
        "signal scope": lambda _: system.landlock_scope(),
        "limits": lambda _: inner._limits(64 << 30, settings.limits),
        "landlock": lambda _: system.landlock(["/usr"], []),
        "seccomp": lambda _: system.seccomp(),
    }
    found = {wall: _in_child(trial, settings) for wall, trial in trials.items() if wall in settings.walls}
    sys.stdout.write(msgspec.json.encode(found).decode())


def _in_child(trial: Callable[[Settings], object], settings: Settings) -> str:
    """What is in the way, said by a child that tried it; '' for nothing."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        said = ""
        try:
            system.no_new_privileges()
            trial(settings)
        except OSError as error:
            said = f"{error.strerror or error}"
        except Exception as error:  # noqa: BLE001 - whatever it is, the wall does not stand
            said = str(error) or type(error).__name__
        os.write(writer, said.encode()[:1000])
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        said = file.read().decode(errors="replace")
    status = os.waitpid(pid, 0)[1]
    return said or ("" if status == 0 else "ended the process that tried it")


def _namespaces(settings: Settings) -> None:
    if os.getuid() == 0 and settings.uid is not None:
        os.setgroups([])
        inner.become(settings.uid)
    _must_read(settings)
    inner.enter_namespaces(("namespaces",))
    pid = os.fork()
    if pid == 0:
        try:
            inner._private_files(settings.scratch_mb)
            _must_read(settings)
        except OSError as error:
            os.write(2, str(error).encode())
            os._exit(1)
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        raise OSError("no file systems can be mounted in them")


def _own_user(settings: Settings) -> None:
    if os.getuid() != 0:
        raise OSError("only root can give one")
    os.setgroups([])
    inner.become(Users().claim())
    _must_read(settings)


def _must_read(settings: Settings) -> None:
    """Students' code loads libraries and models later on, as a user that has no rights but everybody's."""
    for path in settings.view.readable:
        if not os.access(path, os.R_OK) and path not in _OPTIONAL:
            raise OSError(f"{path} cannot be read by every user")


_OPTIONAL = (
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libraries",
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/localtime",
)
