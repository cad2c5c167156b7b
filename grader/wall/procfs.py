"""What the system says of running processes: who started whom, and how much memory they hold."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path


def descendants(pid: int) -> list[int]:
    """Process ids below `pid`, the nearest first."""
    # Plain calls and no Path: this is asked after every check, about dozens of processes.
    found: list[int] = []
    waiting = [pid]
    while waiting:
        tasks = f"/proc/{waiting.pop()}/task"
        for task in _names_in(tasks):
            with contextlib.suppress(OSError), open(f"{tasks}/{task}/children", "rb", 0) as file:  # noqa: PTH123
                children = [int(word) for word in file.read().split()]
                found += children
                waiting += children
    return found


def user_of(pid: int) -> int:
    """The user that a process is; -1 when it is gone."""
    with contextlib.suppress(OSError):
        return os.stat(f"/proc/{pid}").st_uid  # noqa: PTH116
    return -1


def threads_of(pid: int) -> int:
    """How many threads a process has, its main one included."""
    return len(_names_in(f"/proc/{pid}/task"))


def resident_mb(pid: int) -> int:
    """What a process has in memory, pages that it shares with others in full. Quick to ask."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
    return 0


def memory_mb(pids: Iterable[int]) -> int:
    """What these processes hold together; what they share counts by their share. Takes 30 ms for each of them."""
    total_kb = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
            share = fields.get("Pss_Dirty") or fields["Pss"]  # before Linux 6.0: clean pages count, too
            total_kb += int(share.split()[0])
    return total_kb >> 10


def _names_in(folder: str) -> list[str]:
    with contextlib.suppress(OSError):
        return os.listdir(folder)  # noqa: PTH208
    return []
