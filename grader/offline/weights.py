"""Seeded random weights whose behaviour a test can tell apart: likely tokens, varied text, every part of the model matters.

A plain random initialisation (standard deviation 0.02) gives flat logits and, since the output layer shares the
embedding table, the last token again and again. Here the final norm flips the sign of half its dimensions, so a token
no longer predicts itself; the scales below make some tokens likely and each block change its input clearly.
"""

import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Weights = dict[str, Array]


def random_weights(config: Mapping[str, Any], seed: int = 0) -> Weights:
    """All tensors of a GPT-2 or Qwen2 model, as its checkpoint on the hub names them.

    Args:
        config: the content of the model's config.json.
        seed: any whole number; the same one gives the same weights on every machine.
    """
    draw = _Draw(seed)
    return _FAMILIES[config["model_type"]](config, draw)


class _Draw:
    """Draws tensors; each name has a stream of its own, so one tensor's size never moves another's values."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def normal(self, name: str, shape: tuple[int, ...], std: float) -> Array:
        """Values around 0, rounded to half precision: the last bits may differ between machines, these don't."""
        values = self._stream(name).standard_normal(shape, dtype=np.float32) * np.float32(std)
        return values.astype(np.float16).astype(np.float32)

    def around_one(self, name: str, size: int) -> Array:
        """The scale of a norm inside a block."""
        return 1 + self.normal(name, (size,), 0.15)

    def signs(self, name: str, size: int) -> Array:
        """As many -1 as +1, shuffled."""
        halves = np.where(np.arange(size) % 2, 1.0, -1.0).astype(np.float32)
        return self._stream(name + ".signs").permutation(halves)

    def _stream(self, name: str) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64([self._seed % 2**64, zlib.crc32(name.encode())]))


def _gpt2(config: Mapping[str, Any], draw: _Draw) -> Weights:
    n_embd, vocab_size = config["n_embd"], config["vocab_size"]
    names = {
        "wte.weight": draw.normal("wte.weight", (vocab_size, n_embd), 0.14) * _prominence(vocab_size, vocab_size - 1),
        "wpe.weight": draw.normal("wpe.weight", (config["n_positions"], n_embd), 0.10),
        "ln_f.weight": draw.around_one("ln_f.weight", n_embd) * draw.signs("ln_f.weight", n_embd) * _LOGIT_STD["gpt2"] / (0.14 * n_embd**0.5),
        "ln_f.bias": draw.normal("ln_f.bias", (n_embd,), 0.3),
    }
    for layer in range(config["n_layer"]):
        names |= _gpt2_block(f"h.{layer}.", n_embd, draw)
    return names


def _gpt2_block(prefix: str, n_embd: int, draw: _Draw) -> Weights:
    weights: Weights = {}
    for norm in ("ln_1", "ln_2"):
        weights[f"{prefix}{norm}.weight"] = draw.around_one(f"{prefix}{norm}.weight", n_embd)
        weights[f"{prefix}{norm}.bias"] = draw.normal(f"{prefix}{norm}.bias", (n_embd,), 0.1)
    # GPT-2 stores its linear layers transposed: (inputs, outputs).
    for layer, n_in, n_out, gain in (
        ("attn.c_attn", n_embd, 3 * n_embd, 1.4), ("attn.c_proj", n_embd, n_embd, 0.35),
        ("mlp.c_fc", n_embd, 4 * n_embd, 1.4), ("mlp.c_proj", 4 * n_embd, n_embd, 0.35),
    ):  # fmt: skip
        weights[f"{prefix}{layer}.weight"] = draw.normal(f"{prefix}{layer}.weight", (n_in, n_out), gain * n_in**-0.5)
        weights[f"{prefix}{layer}.bias"] = draw.normal(f"{prefix}{layer}.bias", (n_out,), 0.05)
    return weights


def _qwen2(config: Mapping[str, Any], draw: _Draw) -> Weights:
    hidden, vocab_size = config["hidden_size"], config["vocab_size"]
    weights = {
        "model.embed_tokens.weight": draw.normal("embed", (vocab_size, hidden), 0.14) * _prominence(vocab_size, config["bos_token_id"]),
        "model.norm.weight": draw.around_one("norm", hidden) * draw.signs("norm", hidden) * _LOGIT_STD["qwen2"] / (0.14 * hidden**0.5),
    }
    for layer in range(config["num_hidden_layers"]):
        weights |= _qwen2_block(f"model.layers.{layer}.", config, draw)
    return weights


def _qwen2_block(prefix: str, config: Mapping[str, Any], draw: _Draw) -> Weights:
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    values = hidden // config["num_attention_heads"] * config["num_key_value_heads"]
    weights: Weights = {}
    for norm in ("input_layernorm", "post_attention_layernorm"):
        weights[f"{prefix}{norm}.weight"] = draw.around_one(f"{prefix}{norm}", hidden)
    for layer, n_in, n_out, gain in (
        ("self_attn.q_proj", hidden, hidden, 1.4), ("self_attn.k_proj", hidden, values, 1.4),
        ("self_attn.v_proj", hidden, values, 1.4), ("self_attn.o_proj", hidden, hidden, 0.5),
        ("mlp.gate_proj", hidden, inner, 1.4), ("mlp.up_proj", hidden, inner, 1.4), ("mlp.down_proj", inner, hidden, 0.5),
    ):  # fmt: skip
        weights[f"{prefix}{layer}.weight"] = draw.normal(f"{prefix}{layer}.weight", (n_out, n_in), gain * n_in**-0.5)
        if layer[-6:] in ("q_proj", "k_proj", "v_proj"):
            weights[f"{prefix}{layer}.bias"] = draw.normal(f"{prefix}{layer}.bias", (n_out,), 0.1)
    return weights


def _prominence(vocab_size: int, last: int) -> Array:
    """How far each token's embedding reaches, (vocab_size, 1): far for common tokens, hardly at all for bare bytes.

    Ids follow the frequency of the tokens. The ids 94 to 255 are bytes that are no text by themselves.
    """
    reach = (1 + np.arange(vocab_size, dtype=np.float32) / 3000) ** -0.35
    reach[94:256] = 0.1
    reach[last:] = 0.1
    return reach[:, None].astype(np.float32)


_LOGIT_STD = {"gpt2": 4.5, "qwen2": 4.5}
_FAMILIES: dict[str, Callable[[Mapping[str, Any], _Draw], Weights]] = {"gpt2": _gpt2, "qwen2": _qwen2}
