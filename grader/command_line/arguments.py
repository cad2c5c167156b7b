"""Types of command-line arguments that are paths: what cannot work is said before any work is done."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from grader.errors import KitError


def file_to_read(text: str) -> Path:
    """The path of an ordinary file.

    Raises:
        KitError: there is none, or it cannot be read.
    """
    return _readable(text, "a file", stat.S_ISREG)


def folder_to_read(text: str) -> Path:
    """The path of a folder.

    Raises:
        KitError: there is none, or it cannot be read.
    """
    return _readable(text, "a folder", stat.S_ISDIR)


def place_to_read(text: str) -> Path:
    """The path of an ordinary file or of a folder.

    Raises:
        KitError: there is neither, or it cannot be read.
    """
    return _readable(text, "a file or a folder", lambda mode: stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def file_to_write(text: str) -> Path:
    """The path of a file that is there, or that can be made.

    Raises:
        KitError: it cannot be written.
    """
    return _writable(text, "a file", stat.S_ISREG)


def folder_to_write(text: str) -> Path:
    """The path of a folder that is there, or that can be made.

    Raises:
        KitError: nothing can be written there.
    """
    return _writable(text, "a folder", stat.S_ISDIR)


def place_to_write(text: str) -> Path:
    """The path of a file or of a folder that is there, or that can be made.

    Raises:
        KitError: nothing can be written there.
    """
    return _writable(text, "a file or a folder", lambda mode: stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _readable(text: str, wanted: str, is_wanted: Callable[[int], bool]) -> Path:
    path = _path(text)
    if not is_wanted(path.stat().st_mode):  # raises where there is nothing
        raise KitError(f"{path}: not {wanted}; name one that can be read")
    if not os.access(path, os.R_OK):
        raise KitError(f"{path}: cannot be read (permission denied); ask its owner for the right to read it")
    return path


def _writable(text: str, wanted: str, is_wanted: Callable[[int], bool]) -> Path:
    path = _path(text)
    if path.is_symlink() and not path.exists():
        raise KitError(f"{path}: a link that leads nowhere; remove it, or name another place")
    if path.exists() and not is_wanted(path.stat().st_mode):
        raise KitError(f"{path}: not {wanted}; name another place")
    there = next(place for place in (path, *path.absolute().parents) if place.exists())
    if there != path and not there.is_dir():
        raise KitError(f"{path}: cannot be written, since {there} is no folder; name another place")
    if not os.access(there, os.W_OK):
        raise KitError(f"{path}: cannot be written, since {there} is read-only; name another place")
    return path


def _path(text: str) -> Path:
    if not text:
        raise KitError("a path was due, and an empty word came; is a variable of the command line not set?")
    return Path(text)
