"""The notebook's own lines with no network: real vocabularies, small models, the libraries' own caches."""

import os
import sys
from pathlib import Path

from grader.errors import KitError
from grader.offline.cache import is_complete, models_folder

__all__ = ["offline_environment", "use_offline_models"]

_OLD_VARIABLES = ("TRANSFORMERS_CACHE", "PYTORCH_TRANSFORMERS_CACHE", "PYTORCH_PRETRAINED_BERT_CACHE")
"""Older transformers let these win over HF_HUB_CACHE."""


def use_offline_models() -> Path:
    """Points transformers and tiktoken of this process at the embedded models.

    Call it before transformers is imported. Imports neither torch nor transformers itself. Where the environment names
    a laid-out folder already (a process started with `offline_environment`), that one is kept.

    Returns:
        The folder that holds everything the libraries read; it may be mounted read-only elsewhere, see
        `offline_environment`.

    Raises:
        KitError: the folder cannot be written, or the libraries were imported with other settings.
    """
    folder = _folder_in_use() or models_folder()
    environment = offline_environment(folder)
    _refuse_late_call(environment)
    os.environ.update(environment)
    for name in _OLD_VARIABLES:
        os.environ.pop(name, None)
    return folder


def offline_environment(folder: Path | str) -> dict[str, str]:
    """The environment variables with which a new process finds the models in `folder`, quietly and without network."""
    folder = Path(folder)
    return {
        "HF_HUB_CACHE": str(folder / "hub"),
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TIKTOKEN_CACHE_DIR": str(folder / "tiktoken"),
        "TOKENIZERS_PARALLELISM": "false",
        "TRANSFORMERS_OFFLINE": "1",
        "TRANSFORMERS_VERBOSITY": "error",
        "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    }


def _folder_in_use() -> Path | None:
    """The laid-out folder that this process reads already; a student's cell may have changed the environment since."""
    constants = sys.modules.get("huggingface_hub.constants")
    hub = constants.HF_HUB_CACHE if constants else os.environ.get("HF_HUB_CACHE", "")
    folder = Path(hub).parent
    return folder if is_complete(folder) else None


def _refuse_late_call(environment: dict[str, str]) -> None:
    """huggingface_hub reads its settings once, at import."""
    constants = sys.modules.get("huggingface_hub.constants")
    if constants is None:
        return
    if environment["HF_HUB_CACHE"] != constants.HF_HUB_CACHE or not constants.HF_HUB_OFFLINE:
        raise KitError(
            "transformers was imported before the offline models were set up, so it would ask the network. "
            "Call grader.offline.use_offline_models() first, in a fresh process."
        )
