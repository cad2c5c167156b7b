"""Seeded random weights that a test can tell apart: likely tokens, varied text, every part of the model matters.

A plain random initialisation (standard deviation 0.02) gives flat logits and, since the output layer shares the
embedding table, the last token again and again. Three things differ here, each scale found by measurement (the figures
stand in tests/kit/test_offline.py):

* the final norm turns the sign of three dimensions in five, so that a token rarely predicts itself;
* common tokens have long embeddings and so reach high logits; rare ones and bare bytes stay below;
* every block moves its input clearly, position embeddings are as long as those of tokens.
"""

import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Weights = dict[str, Array]

DEFAULT_SEED = 0

_EMBEDDING_STD = 0.14
_LOGIT_STD = {"gpt2": 5.0, "qwen2": 5.5}
"""Spread of the logits of common tokens, by size of vocabulary: some tokens get likely, none certain."""
_NEGATIVE_SHARE = 0.6


def random_weights(config: Mapping[str, Any], seed: int = DEFAULT_SEED) -> Weights:
    """All tensors of a GPT-2 or Qwen2 model, as its checkpoint on the hub names them.

    Args:
        config: the content of the model's config.json.
        seed: any whole number from 0; the same one gives the same weights on every machine.
    """
    return _FAMILIES[config["model_type"]](config, _Draw(seed))


class _Draw:
    """Draws tensors; each name has a stream of its own, so one tensor's size never moves another's values."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def normal(self, name: str, shape: tuple[int, ...], std: float) -> Array:
        """Values around 0, rounded to half precision, since the last bits of a float32 differ between machines."""
        values = self._stream(name).standard_normal(shape, dtype=np.float32) * np.float32(std)
        rounded: Array = values.astype(np.float16).astype(np.float32)
        return rounded

    def linear(self, name: str, shape: tuple[int, int], n_inputs: int, gain: float) -> Array:
        """A matrix that gives outputs `gain` times as long as its inputs."""
        return self.normal(name, shape, gain * n_inputs**-0.5)

    def scale(self, name: str, size: int) -> Array:
        """The weight of a norm inside a block: around 1."""
        return np.float32(1) + self.normal(name, (size,), 0.15)

    def final_scale(self, name: str, size: int, logit_std: float) -> Array:
        """The weight of the last norm: signs turned in part, long enough for the wanted spread of logits."""
        signs = np.where(np.arange(size) < _NEGATIVE_SHARE * size, -1, 1).astype(np.float32)
        order = self._stream(f"{name} signs").permutation(size)
        return self.scale(name, size) * signs[order] * np.float32(logit_std / (_EMBEDDING_STD * size**0.5))

    def embedding(self, name: str, shape: tuple[int, int], end_of_text: int) -> Array:
        """One row per token, long for common tokens. Ids follow frequency: early merges are common.

        The ids 94 to 255 are bytes that are no text by themselves; those from `end_of_text` on are special or unused.
        """
        length: Array = np.sqrt(3000 / (3000 + np.arange(shape[0], dtype=np.float32)), dtype=np.float32)
        length[94:256] = length[end_of_text:] = 0.1
        return self.normal(name, shape, _EMBEDDING_STD) * length[:, None]

    def _stream(self, name: str) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64([self._seed, zlib.crc32(name.encode())]))


def _gpt2(config: Mapping[str, Any], draw: _Draw) -> Weights:
    n_embd, vocab_size = config["n_embd"], config["vocab_size"]
    weights = {
        "wte.weight": draw.embedding("wte.weight", (vocab_size, n_embd), config["eos_token_id"]),
        "wpe.weight": draw.normal("wpe.weight", (config["n_positions"], n_embd), _EMBEDDING_STD),
        "ln_f.weight": draw.final_scale("ln_f.weight", n_embd, _LOGIT_STD["gpt2"]),
        "ln_f.bias": draw.normal("ln_f.bias", (n_embd,), 0.3),
    }
    for layer in range(config["n_layer"]):
        weights |= _gpt2_block(f"h.{layer}.", n_embd, draw)
    return weights


def _gpt2_block(prefix: str, n_embd: int, draw: _Draw) -> Weights:
    weights: Weights = {}
    for norm in (f"{prefix}ln_1", f"{prefix}ln_2"):
        weights[f"{norm}.weight"] = draw.scale(f"{norm}.weight", n_embd)
        weights[f"{norm}.bias"] = draw.normal(f"{norm}.bias", (n_embd,), 0.1)
    shapes = {
        "attn.c_attn": (n_embd, 3 * n_embd, 1.4),
        "attn.c_proj": (n_embd, n_embd, 0.1),
        "mlp.c_fc": (n_embd, 4 * n_embd, 1.4),
        "mlp.c_proj": (4 * n_embd, n_embd, 0.4),
    }
    # GPT-2 stores its linear layers as (inputs, outputs).
    for layer, (n_inputs, n_outputs, gain) in shapes.items():
        name = f"{prefix}{layer}"
        weights[f"{name}.weight"] = draw.linear(f"{name}.weight", (n_inputs, n_outputs), n_inputs, gain)
        weights[f"{name}.bias"] = draw.normal(f"{name}.bias", (n_outputs,), 0.05)
    return weights


def _qwen2(config: Mapping[str, Any], draw: _Draw) -> Weights:
    hidden_size, vocab_size = config["hidden_size"], config["vocab_size"]
    table = "model.embed_tokens.weight"
    weights = {
        table: draw.embedding(table, (vocab_size, hidden_size), config["bos_token_id"]),
        "model.norm.weight": draw.final_scale("model.norm.weight", hidden_size, _LOGIT_STD["qwen2"]),
    }
    for layer in range(config["num_hidden_layers"]):
        weights |= _qwen2_block(f"model.layers.{layer}.", config, draw)
    return weights


def _qwen2_block(prefix: str, config: Mapping[str, Any], draw: _Draw) -> Weights:
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    n_values = hidden // config["num_attention_heads"] * config["num_key_value_heads"]
    weights = {
        f"{prefix}{norm}.weight": draw.scale(f"{prefix}{norm}.weight", hidden)
        for norm in ("input_layernorm", "post_attention_layernorm")
    }
    shapes = {
        "self_attn.q_proj": (hidden, hidden, 1.4),
        "self_attn.k_proj": (hidden, n_values, 1.4),
        "self_attn.v_proj": (hidden, n_values, 1.4),
        "self_attn.o_proj": (hidden, hidden, 0.15),
        "mlp.gate_proj": (hidden, inner, 1.4),
        "mlp.up_proj": (hidden, inner, 1.4),
        "mlp.down_proj": (inner, hidden, 0.3),
    }
    for layer, (n_inputs, n_outputs, gain) in shapes.items():
        name = f"{prefix}{layer}"
        weights[f"{name}.weight"] = draw.linear(f"{name}.weight", (n_outputs, n_inputs), n_inputs, gain)
        if layer in ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"):
            weights[f"{name}.bias"] = draw.normal(f"{name}.bias", (n_outputs,), 0.1)
    return weights


_FAMILIES: dict[str, Callable[[Mapping[str, Any], _Draw], Weights]] = {"gpt2": _gpt2, "qwen2": _qwen2}
