"""The trusted end of the channels: a fork server and its processes, asked under deadlines, killed from outside."""

import array
import contextlib
import os
import select
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import SandboxError
from grader.limits import still_running
from grader.model import Status
from grader.processes import descendants
from grader.proxy import NO_ANSWER, LostError
from grader.sandbox.inner import SCRATCH
from grader.sandbox.scratch import empty, held_mb
from grader.walls import MEMORY_WATCH, NAMESPACES, NOBODY, OUTER_WALL, OWN_USER, SCRATCH_MB, server_command, view
from grader.wire import MAX_FRAME, MAX_FRAME_IN, Reply, Request, WireError, frame, frame_length, read_reply

START_TIMEOUT_S = 180.0
SPAWN_TIMEOUT_S = 60.0
HELLO_TIMEOUT_S = 15.0
"""For a fork of a process that has run student code."""
END_TIMEOUT_S = 30.0
WATCH_EVERY_S = 0.5
_ROUNDS = 100
_CREDENTIALS = struct.Struct("3i")
_SO_PASSPIDFD, _SCM_PIDFD = 76, 4


class Clock:
    """Adds up how long the trusted side waited for student code."""

    def __init__(self) -> None:
        self.waited_s = 0.0
        self.watched_at = time.monotonic()


class Process:
    """One process on the student's side, at the other end of a channel."""

    def __init__(self, channel: socket.socket, clock: Clock) -> None:
        self._channel, self._clock = channel, clock
        self.watch: Callable[[], None] | None = None
        """Called now and then while an answer is waited for; raises LostError to end the wait."""
        self._ask_for_name(channel)  # before anything can be sent
        self._pidfd = -1
        self.pid = 0
        self._number = 0
        self._lost: LostError | None = None

    def hello(self, timeout_s: float = HELLO_TIMEOUT_S) -> Reply:
        """Waits for the first word, which the kernel signs with the sender's process."""
        reply = self._receive(time.monotonic() + timeout_s, timeout_s)
        if self._pidfd < 0:
            raise _ended()
        for option in (socket.SO_PASSCRED, _SO_PASSPIDFD):
            with contextlib.suppress(OSError):
                self._channel.setsockopt(socket.SOL_SOCKET, option, 0)
        return reply

    def ask(self, op: str, args: dict[str, Any], timeout_s: float, descriptor: int | None = None) -> Reply:
        """The reply to a request.

        Raises:
            LostError: none came in time, the process ended, or what came is no reply. The process is killed.
        """
        if self._lost is not None:
            raise self._lost
        self._number += 1
        start = time.monotonic()
        try:
            self._send(frame(Request(id=self._number, op=op, args=args), MAX_FRAME_IN), start + timeout_s, descriptor)
            reply = self._receive(start + timeout_s, timeout_s)
            _must_answer(reply, self._number)
        except LostError as error:
            self._lost = error
            self.kill()
            raise
        finally:
            self._clock.waited_s += time.monotonic() - start
        return reply

    def fork(self, timeout_s: float = HELLO_TIMEOUT_S) -> "Process":
        """A process that starts as a copy of this one.

        Raises:
            LostError: this process is gone, or has no room for another.
        """
        ours, theirs = socket.socketpair()
        child = Process(ours, self._clock)
        child.watch = self.watch
        try:
            with theirs:
                reply = self.ask("fork", {}, timeout_s, theirs.fileno())
            _must_have_forked(reply)
            child.hello(timeout_s)
        except LostError:
            child.kill()
            raise
        return child

    def is_alive(self) -> bool:
        """Whether the process still runs."""
        try:
            signal.pidfd_send_signal(self._pidfd, 0)
        except OSError:  # gone, or never there
            return False
        return True

    def pause(self) -> None:
        """Stops it, threads and all, until `resume`."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Lets it go on."""
        self._signal(signal.SIGCONT)

    def dismiss(self, timeout_s: float) -> None:
        """Hangs up and waits until it has ended on its own."""
        self._lost = self._lost or LostError(Status.CRASHED, "the process is gone")
        self._channel.close()
        if self._pidfd >= 0:
            select.select([self._pidfd], [], [], timeout_s)

    def kill(self) -> None:
        """Ends it; safe to call again."""
        self._lost = self._lost or LostError(Status.CRASHED, "the process is gone")
        self._signal(signal.SIGKILL)
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1
        self._channel.close()

    def _signal(self, number: int) -> None:
        if self._pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def _send(self, data: bytes, deadline: float, descriptor: int | None) -> None:
        try:
            self._channel.settimeout(max(0.001, deadline - time.monotonic()))
            if descriptor is None:
                self._channel.sendall(data)
            else:
                socket.send_fds(self._channel, [data], [descriptor])
        except TimeoutError:
            raise LostError(Status.TIMED_OUT, "your code's process did not take the question") from None
        except OSError:
            raise _ended() from None

    def _receive(self, deadline: float, timeout_s: float) -> Reply:
        try:
            length = frame_length(self._read(4, deadline), MAX_FRAME)
            return read_reply(self._read(length, deadline))
        except TimeoutError:
            raise LostError(Status.TIMED_OUT, still_running(timeout_s)) from None
        except WireError:  # its text may hold what the process sent: not for anybody's eyes
            raise LostError(Status.CRASHED, NO_ANSWER) from None
        except OSError:
            raise _ended() from None

    def _read(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._channel.settimeout(min(left, WATCH_EVERY_S))
            try:
                part, ancillary, _, _ = self._channel.recvmsg(min(1 << 20, size - len(data)), 128)
            except TimeoutError:
                self._watch()
                continue
            self._note(ancillary)
            self._watch()
            if not part:
                raise _ended()
            data += part
        return bytes(data)

    def _watch(self) -> None:
        """Calls `watch` when its time has come, however short the waits are."""
        if self.watch is not None and time.monotonic() - self._clock.watched_at > WATCH_EVERY_S:
            self._clock.watched_at = time.monotonic()
            self.watch()

    def _ask_for_name(self, channel: socket.socket) -> None:
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        with contextlib.suppress(OSError):  # Linux before 6.5: then the number of the process has to do
            channel.setsockopt(socket.SOL_SOCKET, _SO_PASSPIDFD, 1)

    def _note(self, ancillary: list[tuple[int, int, bytes]]) -> None:
        """Takes the sender's process from the kernel's own words, and closes whatever else came along."""
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind in (socket.SCM_RIGHTS, _SCM_PIDFD):
                descriptors = array.array("i")
                descriptors.frombytes(content[: len(content) - len(content) % descriptors.itemsize])
                if kind == _SCM_PIDFD and self._pidfd < 0 and descriptors and descriptors[0] >= 0:
                    self._pidfd = descriptors.pop(0)
                for descriptor in descriptors:
                    if descriptor >= 0:
                        os.close(descriptor)
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS and not self.pid:
                self.pid = _CREDENTIALS.unpack(content[: _CREDENTIALS.size])[0]
                if self._pidfd < 0:
                    with contextlib.suppress(ProcessLookupError):
                        self._pidfd = os.pidfd_open(self.pid)


def _must_answer(reply: Reply, number: int) -> None:
    if reply.id != number:
        raise LostError(Status.CRASHED, "your code's process answered a question that was not asked")


def _must_have_forked(reply: Reply) -> None:
    if reply.trouble is not None:  # its text is the student's to choose
        raise LostError(Status.CRASHED, "your code left no room for another process")


def _ended() -> LostError:
    return LostError(Status.CRASHED, "your code ended the Python process it ran in")


class Server:
    """A fork server behind the outer wall; `spawn` makes one process for each submission."""

    def __init__(
        self, models: Path, *, walls: tuple[str, ...], memory_mb: int, processes: int = 48, scratch_mb: int = SCRATCH_MB
    ) -> None:
        """Starts it.

        Args:
            models: the folder with the laid-out models.
            walls: the walls to raise around each submission; none for submissions that are trusted.
            memory_mb: what one process may hold on top of the warm libraries.
            processes: how many processes and threads of a submission may exist at once.
            scratch_mb: the size of a submission's scratch folder.
        """
        self.clock = Clock()
        self.memory_mb = memory_mb
        self.walls: tuple[str, ...] = ()
        """Those that stand, known after the first `spawn`."""
        self._wanted = walls
        self._scratch, self._scratch_mb = _scratch_folder(walls), scratch_mb
        command, environment = server_command(models, walls)
        ours, theirs = socket.socketpair()
        settings = {
            "walls": [wall for wall in walls if wall not in (OUTER_WALL, MEMORY_WATCH)],
            "memory_mb": memory_mb, "processes": processes, "scratch_mb": scratch_mb,
            "uid": NOBODY if walls else None, "view": view(models, walls, str(self._scratch or SCRATCH)),
        }  # fmt: skip
        arguments = [str(theirs.fileno()), msgspec.json.encode(settings).decode()]
        self._log = _log_file()
        with theirs:
            self._child = subprocess.Popen(  # noqa: S603 - our own command
                [*command, *arguments], env=environment, pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
            )  # fmt: skip
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
            self._channel._receive(time.monotonic() + START_TIMEOUT_S, START_TIMEOUT_S)
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
    import tempfile

    if not walls or NAMESPACES in walls or OUTER_WALL in walls:
        return None
    folder = Path(tempfile.mkdtemp(prefix="lm-playground-")).resolve()
    if OWN_USER in walls:
        folder.chmod(0o1733)  # anybody may make a folder in it, nobody can see those of others
    return folder


def _log_file() -> Any:  # noqa: ANN401 - a private class of tempfile
    import tempfile

    return tempfile.TemporaryFile()
