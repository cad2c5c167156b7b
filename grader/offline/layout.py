"""Lays out the folders in which transformers and tiktoken look for files that were downloaded before.

* `hub/models--gpt2/refs/main`: the revision
* `hub/models--gpt2/snapshots/<revision>/`: config.json, tokenizer.json, model.safetensors, ...
* `tiktoken/<sha1 of the file's address>`: vocab.bpe, cl100k_base.tiktoken, ...
"""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from grader.offline import vocabulary
from grader.offline.checkpoint import checkpoint

GPT2_NAMES = (
    "gpt2",
    "openai-community/gpt2",
    "gpt2-medium",
    "openai-community/gpt2-medium",
    "gpt2-large",
    "openai-community/gpt2-large",
    "gpt2-xl",
    "openai-community/gpt2-xl",
    "distilgpt2",
    "distilbert/distilgpt2",
)
QWEN_NAMES = (
    *(f"Qwen/Qwen1.5-{size}-Chat" for size in ("1.8B", "0.5B", "4B", "7B", "14B")),
    *(f"Qwen/Qwen1.5-{size}" for size in ("1.8B", "0.5B", "4B", "7B")),
    *(f"Qwen/Qwen2-{size}-Instruct" for size in ("0.5B", "1.5B", "7B")),
    *(f"Qwen/Qwen2.5-{size}-Instruct" for size in ("0.5B", "1.5B", "3B", "7B")),
)
"""The first name is the model that the course uses; the others stand for it, with the same tokenizer and weights."""

_ADDRESS = "https://openaipublic.blob.core.windows.net/"


def lay_out(data: Path, folder: Path) -> None:
    """Fills an empty folder from the embedded data.

    Args:
        data: the folder with vocabularies, configurations and weights.
        folder: gets `hub` (for HF_HUB_CACHE) and `tiktoken` (for TIKTOKEN_CACHE_DIR).
    """
    merges = vocabulary.gpt2_merges(data)
    tokens = vocabulary.gpt2_tokens(merges)
    _write_tiktoken(folder / "tiktoken", data, tokens)
    write_repositories(folder / "hub", GPT2_NAMES, _gpt2_files(data, tokens, merges))
    write_repositories(folder / "hub", QWEN_NAMES, _qwen_files(data))
    # Older transformers write this file themselves when it is missing.
    (folder / "hub" / "version.txt").write_text("1", encoding="ascii")


def _write_tiktoken(folder: Path, data: Path, tokens: list[bytes]) -> None:
    folder.mkdir(parents=True)
    files = {
        f"encodings/{name}.tiktoken": vocabulary.tiktoken_file(vocabulary.stored_tokens(data / f"{name}.tokens"))
        for name in ("cl100k_base", "o200k_base")
    } | {
        "gpt-2/encodings/main/vocab.bpe": (data / "gpt2" / "vocab.bpe").read_bytes(),
        "gpt-2/encodings/main/encoder.json": vocabulary.encoder_json(tokens, [vocabulary.END_OF_TEXT]),
        "encodings/r50k_base.tiktoken": vocabulary.tiktoken_file(tokens),
        "encodings/p50k_base.tiktoken": vocabulary.p50k_file(tokens),
    }
    for name, content in files.items():
        key = hashlib.sha1((_ADDRESS + name).encode(), usedforsecurity=False).hexdigest()
        (folder / key).write_bytes(content)


def _gpt2_files(data: Path, tokens: list[bytes], merges: list[str]) -> dict[str, bytes]:
    return {
        "vocab.json": vocabulary.encoder_json(tokens, [vocabulary.END_OF_TEXT]),
        "merges.txt": (data / "gpt2" / "vocab.bpe").read_bytes(),
        "tokenizer.json": _json(vocabulary.gpt2_tokenizer(tokens, merges)),
        **_model_files(data / "gpt2"),
    }


def _qwen_files(data: Path) -> dict[str, bytes]:
    tokens = vocabulary.qwen_tokens(data)
    merges = vocabulary.merges_of(tokens)
    return {
        "vocab.json": vocabulary.encoder_json(tokens, []),
        "merges.txt": "\n".join(["#version: 0.2", *merges, ""]).encode(),
        "tokenizer.json": _json(vocabulary.qwen_tokenizer(tokens, merges)),
        **_model_files(data / "qwen"),
    }


def _model_files(folder: Path) -> dict[str, bytes]:
    config, weights = checkpoint(folder)
    files = {name: (folder / name).read_bytes() for name in ("generation_config.json", "tokenizer_config.json")}
    return files | {"config.json": config, "model.safetensors": weights}


def write_repositories(hub: Path, names: Iterable[str], files: Mapping[str, bytes]) -> None:
    """One real repository; the others share its files.

    Args:
        hub: the folder of repositories.
        names: of the model, as `from_pretrained` is told them.
        files: what each repository holds.
    """
    revision = hashlib.sha1(b"".join(files.values()), usedforsecurity=False).hexdigest()
    first: Path | None = None
    for name in names:
        place = hub / repository(name)
        snapshot = place / "snapshots" / revision
        snapshot.mkdir(parents=True)
        (place / "refs").mkdir()
        (place / "refs" / "main").write_text(revision, encoding="ascii")
        for file, content in files.items():
            if first is None:
                (snapshot / file).write_bytes(content)
            else:
                _share(first / file, snapshot / file)
        first = first or snapshot


def repository(name: str) -> str:
    """The folder of a model among the repositories."""
    return f"models--{name.replace('/', '--')}"


def _share(source: Path, target: Path) -> None:
    """The same file under a second name, by what the file system offers."""
    for link in (os.link, _relative_link, shutil.copyfile):
        with suppress(OSError):
            link(source, target)
            return
    raise OSError(errno.EIO, "cannot be written", str(target))


def _relative_link(source: Path, target: Path) -> None:
    """A link that still holds when the whole folder is mounted elsewhere."""
    target.symlink_to(os.path.relpath(source, target.parent))


def _json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
