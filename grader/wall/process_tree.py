"""All processes of one submission: forks them, watches from outside what they use together, and ends them."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from grader.model import Status
from grader.protocol.student import LostError
from grader.wall.fork_server import Server
from grader.wall.limits import ProcessorTime
from grader.wall.process import Process
from grader.wall.procfs import descendants, memory_mb, resident_mb

MEMORY_MB = 4096
"""What all processes of a submission may hold together."""
_ROUNDS = 50


class ProcessTree:
    """The first process of a submission and its forks: some are kept, the others live until `kill_temporary`."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._processor = ProcessorTime()
        self.first = server.spawn()
        """No student code has run in it."""
        self.first.watch = self._watch
        self._kept: list[Process] = [self.first]
        self._temporary: list[Process] = []

    def fork(self, process: Process, timeout_s: float) -> Process:
        """A temporary fork of one of these.

        Raises:
            LostError: it did not come about in time, or the process is gone.
        """
        process.resume()
        try:
            child = process.fork(timeout_s)
        finally:
            if process is not self.first:
                process.pause()
        self._temporary.append(child)
        return child

    def fork_newest(self, time_for: Callable[[], float]) -> tuple[Process, Process]:
        """The newest of the kept ones that still answers, and its fork.

        Args:
            time_for: the seconds that the next try may take; raises LostError when there is no time for another.

        Raises:
            LostError: not even the first one can be forked, or time is up.
        """
        while True:
            newest, timeout_s = self._kept[-1], time_for()
            try:
                return newest, self.fork(newest, timeout_s)
            except LostError:
                if newest is self.first:
                    raise
                self._kept.pop().kill()

    def keep(self, process: Process) -> None:
        """Keeps it, paused, beyond `kill_temporary`."""
        self._temporary.remove(process)
        self._kept.append(process)
        process.pause()

    def allow(self, processor: ProcessorTime) -> None:
        """Counts the processor time of what follows against this."""
        self._processor = processor

    def kill_temporary(self) -> None:
        """Ends all that are not kept, also what keeps forking away from the signal."""
        known = self._known()
        self._processor = ProcessorTime()
        for process in self._temporary:
            process.kill()
        self._temporary.clear()
        for number_of_round in range(_ROUNDS):
            time.sleep(0.002 * number_of_round)
            strangers = self._strangers(descendants(self.first.pid), known)
            if not strangers or not self.first.is_alive():
                return
            for number in (signal.SIGSTOP, signal.SIGKILL):  # what is stopped cannot fork
                for pid in strangers:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, number)
        self._server.end(self.first)  # with it the whole submission ends

    def close(self) -> None:
        """Ends all of it: with process 1 of its namespace every process in it dies."""
        self.kill_temporary()
        for process in reversed(self._kept[1:]):
            process.kill()
        self._server.end(self.first)

    def _watch(self) -> None:
        """Looks at what the processes use together; one alone has limits of its own."""
        pids = descendants(self.first.pid)
        self._processor.look(pids)
        self._watch_memory(pids)

    def _watch_memory(self, pids: Sequence[int]) -> None:
        warm_mb = resident_mb(self.first.pid)
        grown_mb = sum(max(0, resident_mb(pid) - warm_mb) for pid in pids)  # counts what forks share several times
        strangers = self._strangers(pids, self._known())
        # A process that started another program no longer holds the warm pages: its growth says nothing. One may be a
        # fork that has not said hello yet.
        if (grown_mb > MEMORY_MB or len(strangers) > 1) and memory_mb(pids) > MEMORY_MB:
            raise LostError(Status.OUT_OF_MEMORY, f"the processes of your code took more than {MEMORY_MB:,} MB in all")
        if self._server.scratch_is_full():
            raise LostError(Status.OUT_OF_MEMORY, "your code wrote more to its scratch folder than it may")

    def _known(self) -> set[int]:
        return {process.pid for process in self._kept + self._temporary}

    @staticmethod
    def _strangers(pids: Sequence[int], known: set[int]) -> list[int]:
        """Those that nobody here has forked, dead ones left out."""
        return [pid for pid in pids if pid not in known and not _is_zombie(pid)]


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return True
