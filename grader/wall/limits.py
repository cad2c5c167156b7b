"""Limits of an exercise on the trusted side: how long a step may take, what it used, and what a learner is told."""

import contextlib
import math
import os
from collections.abc import Iterable
from pathlib import Path

from grader.model import Status
from grader.protocol.student import LostError, still_running

AFTER_HANG_S = 3.0
"""What a question may take, at the least, once an earlier one to the same exercise has had no answer in time."""
_SHARE_AFTER_HANG = 0.1
_TIMES_THE_SLOWEST = 3.0


class Pace:
    """The seconds for the steps of one exercise: as its limits say until one of them never ends, then much less.

    Less is never less than three times what the slowest step that did end took: who is slow but right keeps the pace.
    """

    def __init__(self) -> None:
        self._slowest_s = 0.0
        self._has_hung = False

    def limit(self, seconds: float) -> float:
        """What a step may take whose limit is so long."""
        if not self._has_hung:
            return seconds
        enough = max(AFTER_HANG_S, _SHARE_AFTER_HANG * seconds, _TIMES_THE_SLOWEST * self._slowest_s)
        return min(seconds, float(math.ceil(enough)))

    def ended(self, seconds: float) -> None:
        """A step came to its end."""
        self._slowest_s = max(self._slowest_s, seconds)

    def lost(self, error: LostError, limit: float) -> LostError:
        """A step never ended; the error with the words that fit."""
        if self._has_hung and str(error) == still_running(limit):
            return LostError(error.status, f"{error}; an earlier call had more time and did not end")
        self._has_hung = self._has_hung or error.status is Status.TIMED_OUT
        return error


class ProcessorTime:
    """The processor time that the processes of a submission use in one step, from the first look on."""

    def __init__(self, limit_s: float = math.inf) -> None:
        self._limit_s = limit_s
        self._before: float | None = None

    def look(self, pids: Iterable[int]) -> None:
        """Adds up what these processes used.

        Raises:
            LostError: it is more than the limit.
        """
        used = processor_s(pids)
        if self._before is None:
            self._before = used
        elif used - self._before > self._limit_s:
            raise LostError(Status.TIMED_OUT, f"your code used more than {self._limit_s:g} s of processor time")


def processor_s(pids: Iterable[int]) -> float:
    """Processor seconds of these processes and of those children that they waited for."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):  # it ended meanwhile
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")
