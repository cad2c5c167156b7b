"""The border of every command: what goes wrong outside of it becomes one line and an exit code, never a traceback."""

import csv
import json
import os
import select
import sqlite3
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TextIO

import msgspec
from rich.console import Console

from grader.errors import KitError
from grader.wording import one_line, printable

USAGE, STOPPED, NOBODY_READS = 2, 130, 141
"""Exit codes: a person must mend something; Ctrl+C; 128 + SIGPIPE, as for any command whose reader went away."""
_P = ParamSpec("_P")
_BAD_CONTENT = (
    UnicodeError,
    json.JSONDecodeError,
    tomllib.TOMLDecodeError,
    csv.Error,
    sqlite3.Error,
    msgspec.MsgspecError,
    zipfile.BadZipFile,
)
"""What reading a file raises whose content is not what it should be."""


def command(name: str, stopped: str = "stopped.") -> Callable[[Callable[_P, int]], Callable[_P, int]]:
    """Puts the border around the `main` of a command.

    Args:
        name: the command, for messages.
        stopped: what Ctrl+C says.
    """

    def decorate(main: Callable[_P, int]) -> Callable[_P, int]:
        @wraps(main)
        def bordered(*args: _P.args, **options: _P.kwargs) -> int:
            _open_what_is_closed()
            try:
                code = main(*args, **options)
                sys.stdout.flush()
            except (KitError, OSError, *_BAD_CONTENT, KeyboardInterrupt, SystemExit) as error:
                return _end(name, error, stopped)
            return code

        return bordered

    return decorate


@contextmanager
def about(path: Path) -> Iterator[None]:
    """Gives errors about what a file holds, which do not know it, the name of the file.

    Raises:
        KitError: in place of such an error.
    """
    try:
        yield
    except _BAD_CONTENT as error:
        raise KitError(f"{path}: {_in_words(error)}; is it the right file?") from error


def _end(name: str, error: BaseException, stopped: str) -> int:
    """Says what happened, in a line where it is about a file; returns the exit code."""
    is_left_alone = _let_go_of_output()
    if isinstance(error, SystemExit):
        if not isinstance(error.__context__, BrokenPipeError):
            raise error
        return NOBODY_READS  # this is what Rich makes of it
    if isinstance(error, BrokenPipeError) and is_left_alone:
        return NOBODY_READS
    is_stopped = isinstance(error, KeyboardInterrupt)
    Console(stderr=True).print(
        f"{name}: {stopped if is_stopped else printable(_in_words(error))}",
        markup=False,
        style=None if is_stopped else "red",
        highlight=False,
        soft_wrap=True,
    )
    return STOPPED if is_stopped else USAGE


def _in_words(error: BaseException) -> str:
    if isinstance(error, KitError):
        return str(error)
    if not isinstance(error, OSError):
        return f"not what it should be ({one_line(str(error)) or type(error).__name__})"
    files = [os.fsdecode(file) for file in (error.filename, error.filename2) if isinstance(file, str | bytes)]
    why = one_line(error.strerror or str(error)).lower() or type(error).__name__
    return f"{' to '.join(files)}: {why}" if files else why


def _open_what_is_closed() -> None:
    """Opens closed outputs (`>&-`): the first file that is opened would take their place, and get what is printed."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - open to the end


def _let_go_of_output() -> bool:
    """Sends to nowhere what can no longer be written, so that the process ends quietly; whether there is such."""
    broken = [number for number, stream in ((1, sys.stdout), (2, sys.stderr)) if not _can_be_written(number, stream)]
    for number in broken:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
    return bool(broken)


def _can_be_written(number: int, stream: TextIO) -> bool:
    """Whether the output takes what is in its buffer, and has a reader if it is a pipe."""
    try:
        stream.flush()
    except OSError:
        return False
    if not hasattr(select, "poll"):
        return True
    poll = select.poll()
    poll.register(number, 0)
    return not any(event & select.POLLERR for _, event in poll.poll(0))
