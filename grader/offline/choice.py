"""Chooses between the embedded models and real ones, and says in one line which it is."""

import os
import socket
import sys
from urllib.parse import urlsplit

from grader.errors import KitError
from grader.offline import offline_environment, use_offline_models

MODELS_VARIABLE = "PLAYGROUND_MODELS"
MODELS_KINDS = ("small", "smollm2", "hub")
"""What the variable may say, and `--models`."""
_PATIENCE_S = 3.0
_HUB = "https://huggingface.co"
_EMBEDDED = "the small ones that came with the kit, with nothing to download"
_OTHERS = "PLAYGROUND_MODELS=smollm2, set before Python starts, means a real chat model, PLAYGROUND_HUB=1 real ones."


def wanted_models() -> str:
    """`small`, `smollm2` or `hub`, as PLAYGROUND_MODELS says; PLAYGROUND_HUB=1 is another way to say `hub`.

    Raises:
        KitError: it says something else.
    """
    said = os.environ.get(MODELS_VARIABLE, "").strip().lower()
    if said and said not in MODELS_KINDS:
        raise KitError(f"{MODELS_VARIABLE} says {said!r}; there is {', '.join(MODELS_KINDS)}")
    if said:
        return said
    return "hub" if os.environ.get("PLAYGROUND_HUB") else "small"


def use_wanted_models() -> None:
    """Points this process at the models that are wanted; for those of the hub there is nothing to do.

    Raises:
        KitError: they cannot be had.
    """
    wanted = wanted_models()
    if wanted == "smollm2":
        from grader.offline.smollm2 import smollm2_folder

        os.environ.update(offline_environment(smollm2_folder()))
    if wanted != "hub":
        use_offline_models()


def choose_models() -> str:
    """Sets this process up for the models that are wanted, or for the embedded ones where those cannot be had.

    Returns:
        What was chosen and how to choose otherwise. Nothing is raised: this is the first cell of a notebook.
    """
    try:
        wanted, remark = wanted_models(), _OTHERS
    except KitError as error:
        wanted, remark = "small", f"{error}."
    if wanted == "hub" and _answers(os.environ.get("HF_ENDPOINT") or _HUB):
        return "Models: the real ones from the hub. The first use of each downloads it, gigabytes in all."
    _use_one_thread()
    try:
        if wanted == "smollm2":
            return _use_smollm2()
        use_offline_models()
    except (KitError, OSError) as error:
        return f"Models: as they were, for {error}"
    if wanted == "hub":
        return f"Models: {_EMBEDDED}. PLAYGROUND_HUB asks for the real ones, but the hub does not answer."
    return f"Models: {_EMBEDDED}. {remark}"


def _use_smollm2() -> str:
    """SmolLM2 under Qwen's names; where it is not installed, the embedded models."""
    try:
        use_wanted_models()
    except KitError as error:
        use_offline_models()
        return f"Models: {_EMBEDDED}. {error}"
    return "Models: SmolLM2-135M-Instruct, a real chat model, under Qwen's name; GPT-2 is the small one of the kit."


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
