"""The trusted end of a fork server: starts it behind the outer wall, lets it make processes, clears up after each."""

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import SandboxError
from grader.model import Struct
from grader.protocol.student import LostError
from grader.protocol.warmth import Warmth
from grader.sandbox.inner import SCRATCH
from grader.sandbox.scratch import empty, held_mb
from grader.wall.bubblewrap import (
    MEMORY_WATCH,
    NAMESPACES,
    NOBODY,
    OUTER_WALL,
    OWN_USER,
    SCRATCH_MB,
    server_command,
    view,
)
from grader.wall.process import Clock, Process
from grader.wall.procfs import descendants, user_of

START_TIMEOUT_S = 180.0
SPAWN_TIMEOUT_S = 60.0
END_TIMEOUT_S = 30.0
_ROUNDS = 100


class Access(Struct, frozen=True, kw_only=True):
    """What a worker needs to know of a server that it shares with others."""

    walls: tuple[str, ...]
    """Those that were asked for."""
    memory_mb: int
    """What one process may hold on top of the warm libraries."""
    processes: int
    """How many processes and threads of a submission may exist at once, those that we need included."""
    scratch_mb: int
    """The size of a submission's scratch folder."""
    scratch: str = ""
    """The folder of these folders, if the outer walls leave submissions none of their own."""


class ServerProcess:
    """A fork server behind the outer wall. One serves all workers of a machine, each with a channel of its own."""

    def __init__(
        self, models: Path, *, walls: tuple[str, ...], memory_mb: int, processes: int = 96, scratch_mb: int = SCRATCH_MB
    ) -> None:
        """Starts it.

        Args:
            models: the folder with the laid-out models.
            walls: the walls to raise around each submission; none for submissions that are trusted.
            memory_mb: see `Access`.
            processes: likewise.
            scratch_mb: likewise.
        """
        self._scratch = _scratch_folder(walls)
        self.access = Access(
            walls=walls,
            memory_mb=memory_mb,
            processes=processes,
            scratch_mb=scratch_mb,
            scratch=str(self._scratch or ""),
        )
        command, environment = server_command(models, walls)
        ours, theirs = socket.socketpair()
        settings = {
            "walls": [wall for wall in walls if wall not in (OUTER_WALL, MEMORY_WATCH)],
            "memory_mb": memory_mb,
            "processes": processes,
            "scratch_mb": scratch_mb,
            "uid": NOBODY if walls else None,
            "view": view(models, walls, str(self._scratch or SCRATCH)),
        }
        arguments = [str(theirs.fileno()), msgspec.json.encode(settings).decode()]
        self._log = _log_file()
        with theirs:
            self._child = subprocess.Popen(
                [*command, *arguments],
                env=environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
            )
        self._channel = Process(ours, Clock())
        self._has_started = False

    def connect(self) -> socket.socket:
        """A channel for one worker; it may be handed to another process.

        Raises:
            SandboxError: the server did not start, or is gone.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self._wait_for_start()
                self._channel.ask("connect", {}, START_TIMEOUT_S, theirs.fileno())
        except LostError as error:
            ours.close()
            raise SandboxError(f"the fork server is gone: {error}. {self.last_words()}") from None
        return ours

    def warm_up(self, warmth: Warmth) -> None:
        """Tells it to load what submissions will ask for; comes back at once."""
        self._wait_for_start()
        self._channel.tell("warm", {"warmth": int(warmth)})

    def is_alive(self) -> bool:
        """Whether it still runs."""
        # What stands around the server ends a moment after it.
        return self._child.poll() is None and (not self._has_started or self._channel.is_alive())

    def last_words(self) -> str:
        """What it said last on its error output."""
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        return f"Its last words: {lines[-1]}" if lines else "It said nothing."

    def close(self) -> None:
        """Ends it and everything that is left of its children."""
        self._channel.kill()
        self._child.kill()
        self._child.wait()
        self._log.close()
        if self._scratch is not None:
            with contextlib.suppress(OSError):  # root without its rights over files: they stay, and harm nobody
                empty(self._scratch)
                self._scratch.rmdir()

    def _wait_for_start(self) -> None:
        if self._has_started:
            return
        try:
            self._channel.wait(START_TIMEOUT_S)
        except LostError as error:
            raise SandboxError(f"the fork server did not start: {error}. {self.last_words()}") from None
        self._has_started = True


class Server:
    """One worker's way to a fork server; `spawn` makes one process for each submission."""

    def __init__(self, channel: socket.socket, access: Access, process: ServerProcess | None = None) -> None:
        """Takes a channel that `ServerProcess.connect` gave.

        Args:
            channel: to a server.
            access: what `ServerProcess.access` says.
            process: the server itself if nobody else uses it; `close` ends it then.
        """
        self.clock = Clock()
        self.memory_mb, self.processes = access.memory_mb, access.processes
        self.walls: tuple[str, ...] = ()
        """Those that stand, known after the first `spawn`."""
        self._access, self._process = access, process
        self._channel = Process(channel, self.clock)
        self._users: dict[Process, int] = {}
        """The user of each submission that is one of its own."""
        self._firsts: list[Process] = []
        self.warmth = Warmth.LIGHT

    @classmethod
    def alone(cls, models: Path, *, walls: tuple[str, ...], memory_mb: int, **limits: int) -> "Server":
        """A server that serves this process only, fully warm; the arguments are those of `ServerProcess`."""
        process = ServerProcess(models, walls=walls, memory_mb=memory_mb, **limits)
        server = cls(process.connect(), process.access, process)
        server.warm_up(Warmth.STOCK)
        return server

    def warm_up(self, warmth: Warmth) -> None:
        """Waits until it has loaded that much.

        Raises:
            SandboxError: the server is gone.
        """
        if warmth > self.warmth:
            self._ask("warm", {"warmth": int(warmth)}, START_TIMEOUT_S)
            self.warmth = warmth

    def spawn(self) -> Process:
        """Process 1 of a new submission, walls up, no student code in it.

        Raises:
            SandboxError: the server or a wall does not stand.
        """
        ours, theirs = socket.socketpair()
        process = Process(ours, self.clock)
        try:
            with theirs:
                user = self._ask("spawn", {}, START_TIMEOUT_S, theirs.fileno())
            reply = process.hello(SPAWN_TIMEOUT_S)
        except LostError as error:
            ours.close()
            raise SandboxError(f"the fork server is gone: {error}. {self._last_words()}") from None
        if reply.trouble is not None:
            raise SandboxError(
                f"a wall does not stand on this system: {reply.trouble.message}. docs/security.md says what is needed; "
                "pass --no-sandbox if you trust every submission."
            )
        named = {*reply.value, OUTER_WALL, MEMORY_WATCH}  # the latter two stand around the server and beside it
        self.walls = tuple(wall for wall in self._access.walls if wall in named)
        self._firsts.append(process)
        if isinstance(user, int):
            self._users[process] = user
        return process

    def is_alive(self) -> bool:
        """Whether it still runs, as far as is known; that is so from the first `spawn` on."""
        return self._channel.is_alive()

    def end(self, first: Process) -> None:
        """Ends a submission: its first process and with it all others."""
        own = descendants(first.pid) if not self.walls else []
        if NAMESPACES not in self.walls and self.walls:
            first.dismiss(END_TIMEOUT_S)  # which ends them all, then itself
        first.kill()
        _kill(own)
        if first in self._firsts:
            self._firsts.remove(first)
        user = self._users.pop(first, None)
        if (
            NAMESPACES in self.walls or not self.walls or not self._channel.is_alive()
        ):  # a number without its process may be anybody's
            return
        for _ in range(_ROUNDS):  # what was left, should the first process have been gone
            left = self._left_of(user)
            _kill(left)
            if not left:
                break
            time.sleep(0.01)
        self._empty_scratch(user)
        if user is not None:
            self._ask("release", {"user": user}, SPAWN_TIMEOUT_S)

    def scratch_is_full(self, first: Process) -> bool:
        """Whether a submission wrote more than it may, where no file system keeps it from that."""
        if not self._access.scratch:
            return False
        return sum(map(held_mb, self._folders_of(self._users.get(first)))) > self._access.scratch_mb

    def _left_of(self, user: int | None) -> list[int]:
        """The processes below the server that are of this user; without one, all but those of living submissions."""
        others = [other.pid for other in self._firsts]
        below = descendants(self._channel.pid)
        if user is not None:
            return [pid for pid in below if user_of(pid) == user]
        living = {pid for other in others for pid in (other, *descendants(other))}
        return [pid for pid in below if pid not in living]

    def _folders_of(self, user: int | None) -> list[Path]:
        """The scratch folders of a submission; without users there is only one submission at a time."""
        with contextlib.suppress(OSError):
            folders = list(Path(self._access.scratch).iterdir())
            return [one for one in folders if user is None or one.lstat().st_uid == user]
        return []

    def _empty_scratch(self, user: int | None) -> None:
        for folder in self._folders_of(user) if self._access.scratch else ():
            with contextlib.suppress(OSError):  # root without its rights over files: they stay, and harm nobody
                empty(folder)
                folder.rmdir()

    def _ask(self, op: str, args: dict[str, Any], timeout_s: float, descriptor: int | None = None) -> object:
        try:
            reply = self._channel.ask(op, args, timeout_s, descriptor)
        except LostError as error:
            raise SandboxError(f"the fork server is gone: {error}. {self._last_words()}") from None
        if reply.trouble is not None:
            raise SandboxError(f"the fork server cannot make another process: {reply.trouble.message}")
        return reply.value

    def _last_words(self) -> str:
        return self._process.last_words() if self._process is not None else ""

    def close(self) -> None:
        """Leaves the server, and ends it if nobody else uses it."""
        if self._process is not None:
            self._process.close()
        self._channel.hang_up()


def _kill(pids: Iterable[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _scratch_folder(walls: tuple[str, ...]) -> Path | None:
    """Where submissions make folders of their own, if the outer walls leave them none."""
    if not walls or NAMESPACES in walls or OUTER_WALL in walls:
        return None
    folder = Path(tempfile.mkdtemp(prefix="lm-playground-")).resolve()
    if OWN_USER in walls:
        folder.chmod(0o1733)  # anybody may make a folder in it, nobody can see those of others
    return folder


def _log_file() -> Any:
    return tempfile.TemporaryFile()
