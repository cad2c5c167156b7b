"""A wall alone: what a function finds in a fork of this process, whose walls end with it."""

import json
import os
from collections.abc import Callable


def in_child(work: Callable[[], object]) -> object:
    """What `work` returns in a fork of this process, whose walls then end with it."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - told to the parent
            result = f"{type(error).__name__}: {error}"
        os.write(writer, json.dumps(result).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        data = file.read()
    os.waitpid(pid, 0)
    return json.loads(data) if data else None


def trial(action: Callable[[], object]) -> str:
    """`ok`, or the name of the error."""
    try:
        action()
    except OSError as error:
        return type(error).__name__
    return "ok"
