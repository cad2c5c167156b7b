"""What commands cost: wall seconds, processor seconds of every process that they start, and memory at its peak."""

import contextlib
import ctypes
import os
import platform
import struct
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import KitError
from grader.wall.procfs import descendants, memory_mb

_PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}
_ATTRIBUTES = 128
_SOFTWARE, _TASK_CLOCK, _INHERIT = 1, 1, 1 << 1
_SAMPLE_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A program to run."""

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict)
    """On top of this process's own."""


Lane = Sequence[Command]
"""Commands that run one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a run took."""

    wall_s: float
    cpu_s: float

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(wall_s=self.wall_s + other.wall_s, cpu_s=self.cpu_s + other.cpu_s)


class ProcessorClock:
    """Counts the processor time of this process and of all that it starts from now on, however they end.

    The times that a parent gets from `wait` are not enough: the kit's forks are reaped by the kernel or killed with
    their namespace, and whoever is not waited for is in no sum. The kernel's performance counter misses none.
    """

    def __init__(self) -> None:
        """Opens the counter.

        Raises:
            KitError: the kernel refuses it.
        """
        number = _PERF_EVENT_OPEN.get(platform.machine())
        attributes = bytearray(_ATTRIBUTES)
        struct.pack_into("IIQQQQQ", attributes, 0, _SOFTWARE, _ATTRIBUTES, _TASK_CLOCK, 0, 0, 0, _INHERIT)
        libc = ctypes.CDLL(None, use_errno=True)
        buffer = (ctypes.c_char * _ATTRIBUTES).from_buffer(attributes)
        self._file = libc.syscall(number, buffer, 0, -1, -1, 0) if number else -1
        if self._file < 0:
            raise KitError(
                "the kernel counts no processor time of other processes here; as root, allow it with "
                "`sysctl kernel.perf_event_paranoid=1`"
            )

    def read_s(self) -> float:
        """Processor seconds so far, of all processes but this one."""
        (nanoseconds,) = struct.unpack("Q", os.read(self._file, 8))
        return float(nanoseconds) / 1e9 - time.process_time()


def run(lanes: Sequence[Lane], clock: ProcessorClock) -> Spent:
    """Runs lanes side by side; what they took together.

    Raises:
        KitError: a command failed; its last words are in the message.
    """
    cpu_s, start = clock.read_s(), time.perf_counter()
    with ThreadPoolExecutor(max(1, len(lanes))) as pool:
        list(pool.map(_run_lane, lanes))
    return Spent(wall_s=time.perf_counter() - start, cpu_s=clock.read_s() - cpu_s)


def _run_lane(lane: Lane) -> None:
    for command in lane:
        done = subprocess.run(
            command.argv,
            cwd=command.cwd,
            env={**os.environ, **command.env},
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if done.returncode:
            words = done.stdout.decode(errors="replace").strip()[-1500:]
            raise KitError(f"{' '.join(command.argv)[:200]} ended with {done.returncode}:\n{words}")


class PeakMemory:
    """While it is entered, looks at what the processes below this one hold together; `mb` is the most that it saw.

    What processes share counts once, clean pages of files do not count.
    """

    def __init__(self) -> None:
        self.mb = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "PeakMemory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._end.wait(_SAMPLE_S):
            with contextlib.suppress(OSError, ValueError):
                self.mb = max(self.mb, memory_mb(descendants(os.getpid())))
