"""Folders that student code filled: how much is in them, and how to empty them however deep or closed they are."""

import os
import stat
from collections.abc import Iterator
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
                    if about.st_mode & 0o500 != 0o500:
                        return _PAST_COUNTING
        if entries > MAX_ENTRIES:
            return _PAST_COUNTING
    return kilobytes >> 10


def empty(folder: Path) -> None:
    """Removes everything in a folder, following no link.

    What lies deep is lifted to the top first: a path must not grow longer than the kernel takes it.
    """
    top = _open(str(folder), None)
    numbers = count()
    try:
        while names := os.listdir(top):  # noqa: PTH208 - by descriptor, as all that follows
            for name in names:
                if not _is_folder(name, top):
                    os.unlink(name, dir_fd=top)
                else:
                    _lift(name, top, numbers)
    finally:
        os.close(top)


def _lift(name: str, top: int, numbers: Iterator[int]) -> None:
    """Moves what is in a folder to the top, and removes the folder."""
    opened = _open(name, top)
    try:
        os.fchmod(opened, 0o700)
        for inside in os.listdir(opened):  # noqa: PTH208
            if _is_folder(inside, opened):
                os.close(_open(inside, opened))  # only an open one may be moved
            os.rename(inside, f"{os.urandom(8).hex()}-{next(numbers)}", src_dir_fd=opened, dst_dir_fd=top)
    finally:
        os.close(opened)
    os.rmdir(name, dir_fd=top)


def _open(name: str, parent: int | None) -> int:
    """A folder, made open to its owner if it is not."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    with suppress(PermissionError):
        return os.open(name, flags, dir_fd=parent)
    os.chmod(name, 0o700, dir_fd=parent)
    return os.open(name, flags, dir_fd=parent)


def _is_folder(name: str, parent: int) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
