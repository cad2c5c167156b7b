"""The fork server: torch, transformers and the embedded models loaded once; each submission is a fork of it.

    python -I -m grader.sandbox.server CHANNEL_FD SETTINGS_JSON

It never runs student code. A child that could reach it would own every later submission, so each child first goes
into namespaces of its own, where this process does not exist. Where there are none, it becomes a user of its own.
"""

import gc
import os
import signal
import socket
import sys
from typing import Any

import msgspec

from grader.model import Struct
from grader.protocol.messages import Reply
from grader.sandbox import inner, system, threads
from grader.sandbox.heap_filler import fill_holes
from grader.sandbox.lean_imports import forget_log_locks, lean_imports
from grader.sandbox.resident import Resident, receive, send
from grader.sandbox.seeds import seed_everything
from grader.sandbox.users import Users


class Settings(Struct, frozen=True, kw_only=True):
    """How children are walled in."""

    walls: tuple[str, ...]
    memory_mb: int
    processes: int
    scratch_mb: int
    uid: int | None = None
    """The user to become when started as root."""
    view: inner.View = inner.View()

    @property
    def limits(self) -> inner.Limits:
        """The numbers behind the wall of that name."""
        return inner.Limits(self.memory_mb, self.processes, self.scratch_mb)


def main(arguments: list[str]) -> None:
    """Warms up, says so, then forks a child for each descriptor that comes."""
    channel = socket.socket(fileno=int(arguments[0]))
    settings = msgspec.json.decode(arguments[1], type=Settings)
    if os.getuid() == 0:
        _give_up_root(settings)
    system.adopt_orphans()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's to handle
    versions, users = warm_up(), Users()
    send(channel, Reply(id=0, value=versions))
    while (received := receive(channel)) is not None:
        request, descriptors = received
        user = users.claim() if "own user" in settings.walls else None
        if os.fork() == 0:
            channel.close()
            _become_submission(socket.socket(fileno=descriptors[0]), settings, user)
        os.close(descriptors[0])
        send(channel, Reply(id=request.id))


def _give_up_root(settings: Settings) -> None:
    if settings.uid is None:
        return
    os.setgroups([])
    if "own user" in settings.walls:  # never runs student code, so it may keep the right to make others of its forks
        system.drop_capabilities(keep=(system.CAP_SETUID, system.CAP_SETGID))
    else:
        inner.become(settings.uid)


def warm_up() -> dict[str, Any]:
    """Loads what every submission would load, and freezes it so that forks share its memory."""
    with lean_imports():
        versions = _load()
    forget_log_locks()
    gc.collect()
    fill_holes()
    gc.freeze()
    system.use_huge_pages()
    return versions


def _load() -> dict[str, Any]:
    import IPython.display  # noqa: F401
    import ipywidgets  # noqa: F401
    import numpy  # noqa: F401
    import tiktoken  # noqa: F401
    import torch
    import transformers

    from grader.offline import stock

    threads.work_on_one_thread()
    torch.set_num_interop_threads(1)
    stock.load_for_class()
    seed_everything(0)
    return {"torch": torch.__version__, "transformers": transformers.__version__, "python": sys.version.split()[0]}


def _become_submission(channel: socket.socket, settings: Settings, user: int | None) -> None:
    """Never returns: this process becomes the first one of a submission, or says which wall fell."""
    walls, first = settings.walls, 0
    try:
        inner.enter_namespaces(walls)
        if os.fork():
            os._exit(0)
        os.setsid()
        first, view = os.getpid(), settings.view
        limits = settings.limits
        if walls and "namespaces" not in walls:
            view = msgspec.structs.replace(view, scratch=inner.own_folder(view.scratch, user))
            others = inner.processes_of_user() if user is None else 0
            limits = limits._replace(processes=limits.processes + others)
        standing = inner.raise_walls(walls, channel.fileno(), limits, view)
        send(channel, Reply(id=0, value=list(standing)))
        Resident(channel, lambda: inner.isolate_fork(walls, user)).live()
        if os.getpid() == first:
            inner.end_others(walls, user, view.scratch)
    except OSError as error:
        send(channel, Reply(id=0, trouble=inner.trouble_of_wall(error)))
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
