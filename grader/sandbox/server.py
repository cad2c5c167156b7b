"""The fork server: torch, transformers and the embedded models loaded once; each submission is a fork of it.

    python -I -m grader.sandbox.server CHANNEL_FD SETTINGS_JSON

It never runs student code. A child that could reach it would own every later submission, so each child first goes
into namespaces of its own, where this process does not exist.
"""

import gc
import os
import signal
import socket
import sys
from typing import Any

import msgspec

from grader.model import Struct
from grader.sandbox import inner, system
from grader.sandbox.resident import Resident, receive, send
from grader.wire import Reply


class Settings(Struct, frozen=True, kw_only=True):
    """How children are walled in."""

    walls: tuple[str, ...]
    memory_mb: int
    processes: int
    scratch_mb: int
    uid: int | None = None
    """The user to become when started as root."""


def main(arguments: list[str]) -> None:
    """Warms up, says so, then forks a child for each descriptor that comes."""
    channel = socket.socket(fileno=int(arguments[0]))
    settings = msgspec.json.decode(arguments[1], type=Settings)
    if settings.uid is not None and os.getuid() == 0:
        os.setgroups([])
        os.setresgid(settings.uid, settings.uid, settings.uid)
        os.setresuid(settings.uid, settings.uid, settings.uid)
    system.adopt_orphans()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's to handle
    versions = warm_up()
    send(channel, Reply(id=0, value=versions))
    while (received := receive(channel)) is not None:
        request, descriptors = received
        if os.fork() == 0:
            channel.close()
            _become_submission(socket.socket(fileno=descriptors[0]), settings)
        os.close(descriptors[0])
        send(channel, Reply(id=request.id))


def warm_up() -> dict[str, Any]:
    """Loads what every submission would load, and freezes it so that forks share its memory."""
    import IPython.display  # noqa: F401
    import ipywidgets  # noqa: F401
    import numpy  # noqa: F401
    import tiktoken
    import torch
    import transformers

    from grader.offline import stock
    from grader.offline.supply import supply

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    for name in ("tokenizers", "models"):
        supply(name)
    stock.lay_in()
    for encoding in ("gpt2", "cl100k_base"):
        tiktoken.get_encoding(encoding)
    ids = torch.tensor([[1, 2, 3]])
    with torch.no_grad():
        supply("gpt2_model").generate(ids, max_new_tokens=2, do_sample=True, pad_token_id=0)
    gc.collect()
    gc.freeze()
    system.use_huge_pages()
    return {"torch": torch.__version__, "transformers": transformers.__version__, "python": sys.version.split()[0]}


def _become_submission(channel: socket.socket, settings: Settings) -> None:
    """Never returns: this process becomes process 1 of a submission's namespaces, or says which wall fell."""
    try:
        inner.enter_namespaces(settings.walls)
        if os.fork():
            os._exit(0)
        os.setsid()
        limits = inner.Limits(settings.memory_mb, settings.processes, settings.scratch_mb)
        standing = inner.raise_walls(settings.walls, channel.fileno(), limits)
        send(channel, Reply(id=0, value=list(standing)))
        Resident(channel).live()
    except OSError as error:
        send(channel, Reply(id=0, trouble=inner.trouble_of_wall(error)))
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
