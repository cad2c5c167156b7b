"""Chooses between the embedded models and the real ones, and says in one line which it is."""

import os
import socket
import sys
from urllib.parse import urlsplit

from grader.errors import KitError
from grader.offline import use_offline_models

_PATIENCE_S = 3.0
_HUB = "https://huggingface.co"
_EMBEDDED = "the small ones that came with the kit, with nothing to download"


def choose_models() -> str:
    """Sets this process up for the embedded models, or for the real ones where PLAYGROUND_HUB is set and answers.

    Returns:
        What was chosen and how to choose otherwise. Nothing is raised: this is the first cell of a notebook.
    """
    wanted = bool(os.environ.get("PLAYGROUND_HUB"))
    if wanted and _answers(os.environ.get("HF_ENDPOINT") or _HUB):
        return "Models: the real ones from the hub. The first use of each downloads it, gigabytes in all."
    _use_one_thread()
    try:
        use_offline_models()
    except KitError as error:
        return f"Models: as they were, for {error}"
    if wanted:
        return f"Models: {_EMBEDDED}. PLAYGROUND_HUB asks for the real ones, but the hub does not answer."
    return f"Models: {_EMBEDDED}. For the real ones set PLAYGROUND_HUB=1 before Python starts."


def _use_one_thread() -> None:
    """Small models gain nothing from a second thread; where others use the machine, too, waiting for it costs a lot.

    On two busy cores 80 tokens took 12.8 s with two threads and 0.6 s with one.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # read by torch when it is imported
    torch = sys.modules.get("torch")
    if torch is not None and os.environ["OMP_NUM_THREADS"] == "1":
        torch.set_num_threads(1)


def _answers(url: str) -> bool:
    """Whether the server of that address can be reached at all."""
    address = urlsplit(url)
    try:
        port = address.port or (80 if address.scheme == "http" else 443)
        socket.create_connection((address.hostname or "", port), timeout=_PATIENCE_S).close()
    except (OSError, ValueError):  # ValueError: a port that is no number
        return False
    return True
