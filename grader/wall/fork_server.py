"""The trusted end of a fork server: starts it behind the outer wall, lets it make processes, clears up after each."""

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import SandboxError
from grader.protocol.student import LostError
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
from grader.wall.procfs import descendants

START_TIMEOUT_S = 180.0
SPAWN_TIMEOUT_S = 60.0
END_TIMEOUT_S = 30.0
_ROUNDS = 100


class Server:
    """A fork server behind the outer wall; `spawn` makes one process for each submission."""

    def __init__(
        self, models: Path, *, walls: tuple[str, ...], memory_mb: int, processes: int = 96, scratch_mb: int = SCRATCH_MB
    ) -> None:
        """Starts it.

        Args:
            models: the folder with the laid-out models.
            walls: the walls to raise around each submission; none for submissions that are trusted.
            memory_mb: what one process may hold on top of the warm libraries.
            processes: how many processes and threads of a submission may exist at once, those that we need included.
            scratch_mb: the size of a submission's scratch folder.
        """
        self.clock = Clock()
        self.memory_mb, self.processes = memory_mb, processes
        self.walls: tuple[str, ...] = ()
        """Those that stand, known after the first `spawn`."""
        self._wanted = walls
        self._scratch, self._scratch_mb = _scratch_folder(walls), scratch_mb
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
        self._channel = Process(ours, self.clock)
        self._warm = False

    def spawn(self) -> Process:
        """Process 1 of a new submission, walls up, no student code in it.

        Raises:
            SandboxError: the server or a wall does not stand.
        """
        self._wait_until_warm()
        ours, theirs = socket.socketpair()
        process = Process(ours, self.clock)
        try:
            with theirs:
                self._channel.ask("spawn", {}, SPAWN_TIMEOUT_S, theirs.fileno())
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
        self.walls = tuple(wall for wall in self._wanted if wall in named)
        return process

    def end(self, first: Process) -> None:
        """Ends a submission: its first process and with it all others."""
        if NAMESPACES not in self.walls and self.walls:
            first.dismiss(END_TIMEOUT_S)  # which ends them all, then itself
        first.kill()
        if NAMESPACES in self.walls or not self._channel.is_alive():  # a number without its process may be anybody's
            return
        for _ in range(_ROUNDS):  # what was left, should the first process have been gone
            left = descendants(self._channel.pid)
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if not left:
                break
            time.sleep(0.01)
        self._empty_scratch()

    def scratch_is_full(self) -> bool:
        """Whether a submission wrote more than it may, where no file system keeps it from that."""
        return self._scratch is not None and held_mb(self._scratch) > self._scratch_mb

    def _wait_until_warm(self) -> None:
        if self._warm:
            return
        try:
            self._channel.wait(START_TIMEOUT_S)
        except LostError:
            raise SandboxError(f"the fork server did not start. {self._last_words()}") from None
        self._warm = True

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        return f"Its last words: {lines[-1]}" if lines else "It said nothing."

    def close(self) -> None:
        """Ends the server and everything that is left of its children."""
        self._channel.kill()
        self._child.kill()
        self._child.wait()
        self._log.close()
        self._empty_scratch()
        if self._scratch is not None:
            with contextlib.suppress(OSError):
                self._scratch.rmdir()

    def _empty_scratch(self) -> None:
        if self._scratch is not None:
            with contextlib.suppress(OSError):  # root without its rights over files: they stay, and harm nobody
                empty(self._scratch)


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
