"""Folders that student code filled: how much is in them, and how to empty them however deep or closed they are."""

import os
import stat
from contextlib import suppress
from itertools import count
from pathlib import Path

MAX_ENTRIES = 20_000
_PAST_COUNTING = 1_000


def held_mb(folder: Path) -> int:
    """What lies below a folder, in MB. What cannot be counted counts as 1,000 MB: too many, too deep, closed."""
    kilobytes, entries, waiting = 0, 0, [folder]
    while waiting:
        with suppress(FileNotFoundError, PermissionError), os.scandir(waiting.pop()) as found:
            for entry in found:
                entries += 1
                try:
                    about = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                except OSError:  # a path too long for the kernel
                    return _PAST_COUNTING
                kilobytes += about.st_blocks // 2
                if stat.S_ISDIR(about.st_mode):
                    waiting.append(Path(entry.path))
                    if about.st_mode & 0o500 != 0o500:  # noqa: PLR2004 - its owner cannot look inside
                        return _PAST_COUNTING
        if entries > MAX_ENTRIES:
            return _PAST_COUNTING
    return kilobytes >> 10


def empty(folder: Path) -> None:
    """Removes everything in a folder in which nothing is at work any more.

    What lies deep is lifted to the top first: a path must not grow longer than the kernel takes it.
    """
    free = (folder / f"{os.urandom(8).hex()}-{number}" for number in count())
    while entries := list(folder.iterdir()):
        for entry in entries:
            if not _is_folder(entry):
                entry.unlink()
                continue
            entry.chmod(0o700)
            for inside in list(entry.iterdir()):
                if _is_folder(inside):
                    inside.chmod(0o700)  # only then may it be moved
                inside.rename(next(free))
            entry.rmdir()


def _is_folder(path: Path) -> bool:
    return stat.S_ISDIR(path.lstat().st_mode)
