"""A model's config.json and model.safetensors: the trained weights where a file holds them, else seeded random ones.

To exchange the weights, put one file `model.safetensors` next to the model's config.json. It may be stored in half
precision, and what its architecture changes (`{"n_embd": 128, "n_head": 8}`) stands as JSON in the file's own metadata
under `config`, so no second file needs an edit. Most tokens of a large vocabulary never occur in a small training text:
the embedding table may hold rows for some only, see `_whole_table`.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save

from grader.offline.weights import Array, Weights, random_weights

TRAINED = "model.safetensors"
TABLES = {"gpt2": "wte.weight", "qwen2": "model.embed_tokens.weight"}
"""The name of each family's embedding table."""
IDS = "token_ids"
"""The tensor that says which tokens have rows of their own."""


def checkpoint(folder: Path) -> tuple[bytes, bytes]:
    """The content of config.json and model.safetensors, weights in float32.

    Args:
        folder: the model's data, with `config.json` and maybe `model.safetensors`.
    """
    config: dict[str, Any] = json.loads((folder / "config.json").read_bytes())
    if (folder / TRAINED).exists():
        config, weights = _trained(folder / TRAINED, config)
    else:
        weights = random_weights(config)
    return json.dumps(config, indent=2).encode(), save(weights, {"format": "pt"})


def _trained(path: Path, config: dict[str, Any]) -> tuple[dict[str, Any], Weights]:
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata() or {}
        stored = {name: file.get_tensor(name) for name in sorted(file.keys())}
    config = config | json.loads(metadata.get("config", "{}"))
    ids = stored.pop(IDS, None)
    weights = {name: values.astype(np.float32) for name, values in stored.items()}
    if ids is not None:
        table = TABLES[config["model_type"]]
        weights[table] = _whole_table(weights[table], ids, config["vocab_size"], float(metadata["noise_std"]))
    return config, weights


def _whole_table(rows: Array, ids: "np.ndarray[Any, Any]", vocab_size: int, noise_std: float) -> Array:
    """One row for each token of the vocabulary: its own, or the shared last one with noise that tells tokens apart.

    Args:
        rows: (len(ids) + 1, n_embd).
        ids: the tokens that the rows belong to.
        vocab_size: how many rows to make.
        noise_std: of the noise, in each dimension.
    """
    noise = np.random.Generator(np.random.PCG64(0)).standard_normal((vocab_size, rows.shape[1]), dtype=np.float32)
    # Rounded, since the last bits differ between machines.
    table: Array = (rows[-1] + noise * np.float32(noise_std)).astype(np.float16).astype(np.float32)
    table[ids] = rows[:-1]
    return table
