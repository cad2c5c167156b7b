"""All processes of one submission: forks them, watches from outside what they use together, and ends them."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from grader.model import Status
from grader.protocol.student import LostError
from grader.wall.fork_server import Server
from grader.wall.limits import ProcessorTime
from grader.wall.process import HELLO_TIMEOUT_S, NoRoomError, Process
from grader.wall.procfs import descendants, memory_mb, resident_mb, threads_of

MEMORY_MB = 4096
"""What all processes of a submission may hold together."""
MOST_VISITORS = 16
_ROUNDS = 50


def own_processes(exercises: int) -> int:
    """The most that a submission needs for us: the first, the newest, one before and after each exercise, visitors."""
    return 2 + 2 * exercises + MOST_VISITORS


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
        self._lasting: list[Process] = []
        """Forks that outlive `kill_temporary`, until they are ended by hand."""

    def let_last(self, process: Process) -> None:
        """Makes a temporary fork one that lasts until `release`."""
        if process in self._temporary:
            self._temporary.remove(process)
            self._lasting.append(process)

    def make_temporary(self, process: Process) -> None:
        """Lets a lasting fork end with the next `kill_temporary`."""
        if process in self._lasting:
            self._lasting.remove(process)
            self._temporary.append(process)

    def release(self, process: Process) -> None:
        """Ends a lasting fork."""
        if process in self._lasting:
            self._lasting.remove(process)
        process.kill()

    @property
    def newest(self) -> Process:
        """The newest of the kept ones."""
        return self._kept[-1]

    def fork(self, process: Process, timeout_s: float) -> Process:
        """A temporary fork of one of these.

        Raises:
            LostError: it did not come about in time, or the process is gone.
        """
        if len(self._temporary) == MOST_VISITORS:
            raise LostError(Status.KIT_ERROR, f"a check may ask {MOST_VISITORS} copies of your code at once, not more")
        process.resume()
        try:
            child = process.fork(timeout_s)
        except NoRoomError as error:
            raise self._fault_of_ours() or error from None
        finally:
            if process in self._kept[1:]:
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
            except LostError as error:
                if newest is self.first or error.status is Status.KIT_ERROR:
                    raise
                self._kept.pop().kill()

    def keep(self, process: Process, timeout_s: float) -> Process:
        """The state of a process, kept beyond `kill_temporary`: a paused fork of it.

        The process itself ends with the others, and with it the threads that were left running in it.

        Raises:
            LostError: it cannot be forked.
        """
        state = self.fork(process, timeout_s)
        state.pause()
        self._temporary.remove(state)
        self._kept.append(state)
        return state

    def keep_only(self, needed: Collection[Process]) -> None:
        """Ends the kept ones that are not needed; the first and the newest stay."""
        for process in self._kept[1:-1]:
            if process not in needed:
                self._kept.remove(process)
                process.kill()

    def processes_less(self, processes: int) -> int:
        """What is to be taken off the most that a submission may have for one of these to have so many, ours aside."""
        ours = len(self._kept) + len(self._temporary) + len(self._lasting) - 1  # the one asked counts as theirs
        return max(0, self._server.processes - processes - ours)

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
        for process in (*self._lasting, *reversed(self._kept[1:])):
            process.kill()
        self._server.end(self.first)

    def _fault_of_ours(self) -> LostError | None:
        """The error if it is not the submission that leaves no room for a fork.

        A process that has run student code may say what it likes. So the first one, which has not run any, has to make
        as many forks as there were, when nothing of the submission is running any more.
        """
        forks = len(self._temporary) + 1
        self.kill_temporary()
        for _ in range(_ROUNDS):
            if self._known().issuperset(descendants(self.first.pid)):
                break
            time.sleep(0.02)
        try:
            for _ in range(forks):
                self._temporary.append(self.first.fork(HELLO_TIMEOUT_S))
        except NoRoomError:
            if all(threads_of(process.pid) <= 1 for process in self._kept[1:]):
                return LostError(Status.KIT_ERROR, "this machine has no room for another process")
        except LostError:  # ended together with processes that kept forking away
            return None
        finally:
            self.kill_temporary()
        return None

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
        if self._server.scratch_is_full(self.first):
            raise LostError(Status.OUT_OF_MEMORY, "your code wrote more to its scratch folder than it may")

    def _known(self) -> set[int]:
        return {process.pid for process in self._kept + self._temporary + self._lasting}

    @staticmethod
    def _strangers(pids: Sequence[int], known: set[int]) -> list[int]:
        """Those that nobody here has forked, dead ones left out."""
        return [pid for pid in pids if pid not in known and not _is_zombie(pid)]


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return True
