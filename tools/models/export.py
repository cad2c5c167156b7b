"""Writes a checkpoint of a training as the embedded weights: grader/offline/data/<model>/model.safetensors.

    python -m tools.models.export gpt2 --run build/gpt2

Stored in half precision; of the embedding table only the rows of tokens that occur in the training text, and the one
that all others share. `grader/offline/checkpoint.py` makes the whole table of it.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save

from grader.command_line.arguments import folder_to_read
from grader.command_line.border import command
from grader.offline.cache import DATA
from grader.offline.checkpoint import IDS, TABLES, TRAINED
from tools.models.train import NOISE_STD, PLANS


@command("export")
def main(arguments: Sequence[str] | None = None) -> int:
    """Writes one model's file."""
    parser = argparse.ArgumentParser(prog="python -m tools.models.export", description=__doc__.splitlines()[0])
    parser.add_argument("model", choices=PLANS)
    parser.add_argument("--run", type=folder_to_read, required=True, help="the folder of the training")
    options = parser.parse_args(arguments)
    target = DATA / options.model / TRAINED
    target.write_bytes(exported(options.model, options.run))
    print(f"{target}: {target.stat().st_size:,} bytes")
    return 0


def exported(model: str, run: Path) -> bytes:
    """The content of the weights' file."""
    kept = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    used: list[int] = json.loads((run / "tokens.json").read_text(encoding="utf-8"))
    tensors = {
        name.removeprefix("transformer."): values.numpy().astype(np.float16)
        for name, values in sorted(kept["net"].items())
        if not name.startswith("lm_head")
    }
    kind = {"gpt2": "gpt2", "qwen": "qwen2"}[model]
    if len(tensors[TABLES[kind]]) != len(used) + 1:
        raise ValueError(f"{run}: checkpoint.pt and tokens.json are of different runs")
    tensors[IDS] = np.array(used, dtype=np.int32)
    return save(tensors, {"config": json.dumps(PLANS[model].config), "noise_std": str(NOISE_STD)})


if __name__ == "__main__":
    sys.exit(main())
