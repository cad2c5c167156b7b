"""The fork server: loads torch, transformers and the embedded models once; each submission is a fork of it.

    python -I -m grader.sandbox.server CHANNEL_FD SETTINGS_JSON

One server serves all workers of a machine, each by a channel of its own. It starts with nothing heavy loaded, and warms
up when it is told to. It never runs student code. A child that could reach it would own every later submission, so each
child first goes into namespaces of its own, where this process does not exist. Where there are none, it becomes a user
of its own.
"""

import gc
import os
import selectors
import signal
import socket
import sys
from typing import Any

import msgspec

from grader.model import Struct
from grader.protocol.messages import Reply, Request, Trouble
from grader.protocol.warmth import Warmth
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
    """Serves channels until the first one closes: forks a child for each descriptor that comes, and warms up."""
    first = socket.socket(fileno=int(arguments[0]))
    settings = msgspec.json.decode(arguments[1], type=Settings)
    if os.getuid() == 0:
        _give_up_root(settings)
    system.adopt_orphans()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's to handle
    send(first, Reply(id=0))
    _Service(first, settings).live()


_CHANNEL = 3
"""The descriptor of every submission's channel."""


class _Service:
    """The channels of this server, and how warm it is."""

    def __init__(self, first: socket.socket, settings: Settings) -> None:
        self._first, self._settings = first, settings
        self._users, self._warmth = Users(), Warmth.LIGHT
        self._channels = selectors.DefaultSelector()
        self._channels.register(first, selectors.EVENT_READ)

    def live(self) -> None:
        """Serves one request after another."""
        while True:
            for key, _ in self._channels.select():
                channel: Any = key.fileobj
                received = self._receive(channel)
                if received is not None:
                    self._serve(channel, *received)
                elif channel is self._first:
                    return
                else:
                    self._channels.unregister(channel)
                    channel.close()

    @staticmethod
    def _receive(channel: socket.socket) -> tuple[Request, list[int]] | None:
        try:
            return receive(channel)
        except ConnectionResetError:  # a worker that was killed
            return None

    def _serve(self, channel: socket.socket, request: Request, descriptors: list[int]) -> None:
        value: object = None
        trouble: Trouble | None = None
        if request.op == "connect":
            self._channels.register(socket.socket(fileno=descriptors[0]), selectors.EVENT_READ)
        elif request.op == "warm":
            self._warm_up(Warmth(request.args["warmth"]))
        elif request.op == "release":
            self._users.release(request.args["user"])
        else:
            value, trouble = self._spawn(descriptors[0])
        try:
            send(channel, Reply(id=request.id, value=value, trouble=trouble))
        except OSError:  # that worker is gone; its channel closes in a moment
            return

    def _spawn(self, descriptor: int) -> tuple[int | None, Trouble | None]:
        """Forks a submission; the user that it becomes, or why there is no room for it. Other workers' live on."""
        try:
            user = self._users.claim() if "own user" in self._settings.walls else None
            child = os.fork()
        except OSError as error:
            os.close(descriptor)
            return None, inner.trouble_of_wall(error)
        if child == 0:
            self._channels.close()
            own = os.dup2(descriptor, _CHANNEL, inheritable=False)  # in the place of some channel of this server
            _become_submission(socket.socket(fileno=own), self._settings, user)
        os.close(descriptor)
        return user, None

    def _warm_up(self, warmth: Warmth) -> None:
        if warmth > self._warmth:
            self._warmth = warmth
            warm_up(warmth)


def _give_up_root(settings: Settings) -> None:
    if settings.uid is None:
        return
    os.setgroups([])
    if "own user" in settings.walls:  # never runs student code, so it may keep the right to make others of its forks
        system.drop_capabilities(keep=(system.CAP_SETUID, system.CAP_SETGID))
    else:
        inner.become(settings.uid)


def warm_up(warmth: Warmth) -> None:
    """Loads what submissions would load, and freezes it so that forks share its memory."""
    with lean_imports():
        _load(warmth)
    forget_log_locks()
    gc.collect()
    fill_holes()
    gc.freeze()
    system.use_huge_pages()


def _load(warmth: Warmth) -> None:
    import encodings.unicode_escape  # noqa: F401 - torch's optimizers, in each fork

    import IPython.display  # noqa: F401
    import ipywidgets  # noqa: F401
    import numpy  # noqa: F401
    import tiktoken  # noqa: F401
    import torch
    import transformers.generation.streamers
    import transformers.trainer_utils  # noqa: F401

    from grader.offline import stock
    from grader.sandbox.course import probes, screen  # noqa: F401

    threads.work_on_one_thread()
    if torch.get_num_interop_threads() != 1:
        torch.set_num_interop_threads(1)
    stock.load_for_one() if warmth is Warmth.MODELS else stock.load_for_class()
    seed_everything(0)


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
