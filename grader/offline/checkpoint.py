"""A model's config.json and model.safetensors: the trained weights where a file holds them, else seeded random ones.

To exchange the weights, put one file `model.safetensors` next to the model's config.json. It may be stored in half
precision, and what its architecture changes (`{"n_embd": 128, "n_head": 8}`) stands as JSON in the file's own metadata
under `config`, so no second file needs an edit.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save

from grader.offline.weights import Weights, random_weights

TRAINED = "model.safetensors"


def checkpoint(folder: Path) -> tuple[bytes, bytes]:
    """The content of config.json and model.safetensors, weights in float32.

    Args:
        folder: the model's data, with `config.json` and maybe `model.safetensors`.
    """
    config: dict[str, Any] = json.loads((folder / "config.json").read_bytes())
    if (folder / TRAINED).exists():
        changes, weights = _trained(folder / TRAINED)
        config |= changes
    else:
        weights = random_weights(config)
    return json.dumps(config, indent=2).encode(), save(weights, {"format": "pt"})


def _trained(path: Path) -> tuple[dict[str, Any], Weights]:
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata() or {}
        weights = {name: file.get_tensor(name).astype(np.float32) for name in sorted(file.keys())}
    return json.loads(metadata.get("config", "{}")), weights
