"""The trusted end of a channel: one process on the student's side, asked under deadlines, killed from outside."""

import array
import contextlib
import os
import select
import signal
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

from grader.model import Status
from grader.protocol.messages import MAX_FRAME, MAX_FRAME_IN, Reply, Request, frame, frame_length, read_reply
from grader.protocol.student import NO_ANSWER, LostError, still_running
from grader.protocol.values import WireError

HELLO_TIMEOUT_S = 15.0
"""For a fork of a process that has run student code."""
WATCH_EVERY_S = 0.5
_CREDENTIALS = struct.Struct("3i")
_SO_PASSPIDFD, _SCM_PIDFD = 76, 4


class NoRoomError(LostError):
    """A process says that it could not fork. It may have run student code: then this is no more than its word."""


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
        self._told = set[int]()
        self._lost: LostError | None = None

    def hello(self, timeout_s: float = HELLO_TIMEOUT_S) -> Reply:
        """Waits for the first word, which the kernel signs with the sender's process."""
        reply = self.wait(timeout_s)
        if self._pidfd < 0:
            raise _ended()
        for option in (socket.SO_PASSCRED, _SO_PASSPIDFD):
            with contextlib.suppress(OSError):
                self._channel.setsockopt(socket.SOL_SOCKET, option, 0)
        return reply

    def wait(self, timeout_s: float) -> Reply:
        """The next word, which nobody asked for.

        Raises:
            LostError: none came in time, the process ended, or what came is no reply.
        """
        return self._receive(time.monotonic() + timeout_s, timeout_s)

    def ask(
        self, op: str, args: dict[str, Any], timeout_s: float, descriptor: int | None = None, processes_less: int = 0
    ) -> Reply:
        """The reply to a request.

        Raises:
            LostError: none came in time, the process ended, or what came is no reply. The process is killed.
        """
        if self._lost is not None:
            raise self._lost
        self._number += 1
        request = Request(id=self._number, op=op, args=args, processes_less=processes_less)
        start = time.monotonic()
        try:
            self._send(frame(request, MAX_FRAME_IN), start + timeout_s, descriptor)
            reply = self._receive(start + timeout_s, timeout_s)
            while reply.id in self._told:
                self._told.remove(reply.id)
                reply = self._receive(start + timeout_s, timeout_s)
            _must_answer(reply, self._number)
        except LostError as error:
            self._lost = error
            self.kill()
            raise
        finally:
            self._clock.waited_s += time.monotonic() - start
        return reply

    def tell(self, op: str, args: dict[str, Any]) -> None:
        """Sends a request whose reply nobody waits for: the next `ask` passes over it."""
        self._number += 1
        self._told.add(self._number)
        self._send(
            frame(Request(id=self._number, op=op, args=args), MAX_FRAME_IN), time.monotonic() + HELLO_TIMEOUT_S, None
        )

    def fork(self, timeout_s: float = HELLO_TIMEOUT_S) -> "Process":
        """A process that starts as a copy of this one.

        Raises:
            NoRoomError: this process says that it has no room for another.
            LostError: this process is gone, or the fork does not answer.
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
        return self._pidfd >= 0 and not select.select([self._pidfd], [], [], 0)[0]

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

    def hang_up(self) -> None:
        """Closes the channel; the process goes on."""
        self._channel.close()
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1

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
        raise NoRoomError(Status.CRASHED, "your code left no room for another process")


def _ended() -> LostError:
    return LostError(Status.CRASHED, "your code ended the Python process it ran in")
