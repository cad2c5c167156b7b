"""Objects that stand in for an answer that is missing: `supply("gpt2_model")` where 2.2a defined no `gpt2`.

Every call hands out an object of its own, so one check's changes (weights, mode, pad token) never reach another. What
is loaded once for each process is kept pristine inside: a second supply costs a copy (about 10 ms), not a load.
"""

import copy
import importlib
import json
import sys
from collections.abc import Callable, Iterable
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any

from grader.errors import KitError
from grader.offline import use_offline_models

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

MODELS = {"gpt2": "gpt2", "qwen": "Qwen/Qwen1.5-1.8B-Chat"}
"""The keys that the course uses, and the names on the hub behind them."""
SHORT_BLOCKS = 5


def supply(name: str) -> Any:
    """The object of that name.

    Args:
        name: `gpt2_model`, `gpt2_short` (its first 5 blocks only), `qwen_model`, `gpt2_tokenizer`, `qwen_tokenizer`,
            `models`, `tokenizers`, `models_gpt2`, `tokenizers_gpt2` (dicts with the course's keys), `models_map`,
            `pad`, `unk`, or `module:torch.nn`. A whole number after a colon (`gpt2_model:7`) gives the same
            architecture other random weights.

    Raises:
        KitError: the name is unknown, or the offline models cannot be set up.
    """
    kind, _, detail = name.partition(":")
    if kind == "module" and detail:
        return _module(detail)
    if kind in _SEEDED:
        return _SEEDED[kind](_seed(name, detail))
    if kind in _PLAIN and not detail:
        return _PLAIN[kind]()
    known = ", ".join([*_SEEDED, *_PLAIN, "module:NAME"])
    raise KitError(f"supply({name!r}): unknown name. Known are: {known}")


@cache
def sample(name: str) -> Any:
    """The object of that name, the same one on every call: to be looked at, and never to be handed out."""
    return supply(name)


def needs_libraries(name: str) -> bool:
    """Whether building the object of that name takes more than the standard library."""
    kind, _, detail = name.partition(":")
    if kind == "module":
        return detail.partition(".")[0] not in sys.stdlib_module_names
    return kind not in _PLAIN


def _seed(name: str, detail: str) -> int | None:
    if not detail:
        return None
    if not detail.isdecimal():
        raise KitError(f"supply({name!r}): expected a whole number after the colon, got {detail!r}")
    return int(detail)


def _module(name: str) -> Any:
    if name.partition(".")[0] in ("torch", "transformers", "tiktoken"):
        use_offline_models()
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise KitError(f"supply('module:{name}'): {error}") from error


def _models(keys: Iterable[str], seed: int | None) -> "dict[str, PreTrainedModel]":
    return {key: _model(key, seed) for key in keys}


def _tokenizers(keys: Iterable[str], _no_seed: int | None) -> "dict[str, PreTrainedTokenizerFast]":
    return {key: _tokenizer(key) for key in keys}


def _model(key: str, seed: int | None) -> "PreTrainedModel":
    return copy.deepcopy(_pristine_model(key) if seed is None else _seeded_model(key, seed))


def _tokenizer(key: str, _no_seed: int | None = None) -> "PreTrainedTokenizerFast":
    """A tokenizer with attributes of its own; its compiled core is shared, and loaded anew once tokens were added."""
    size, tokenizer = _pristine_tokenizer(key)
    if len(tokenizer) != size:
        _pristine_tokenizer.cache_clear()
        size, tokenizer = _pristine_tokenizer(key)
    own = copy.copy(tokenizer)
    own.__dict__ = {
        name: copy.copy(value) if isinstance(value, (dict, list)) else value
        for name, value in tokenizer.__dict__.items()
    }
    return own


def _short_model(seed: int | None) -> "PreTrainedModel":
    """GPT-2 cut down to five blocks: the same parts by the same names, but fewer blocks, and spare parts without use.

    So a list of names tells it from the whole model on every level of the tree.
    """
    model = _model("gpt2", seed)
    model.transformer.h = model.transformer.h[:SHORT_BLOCKS]
    for part in (model, model.transformer, *model.transformer.h):
        part.add_module("spare", copy.deepcopy(model.transformer.ln_f))
    model.config.n_layer = SHORT_BLOCKS
    return model


@cache
def _pristine_model(key: str) -> "PreTrainedModel":
    use_offline_models()
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(MODELS[key]).eval()


@lru_cache(maxsize=4)
def _seeded_model(key: str, seed: int) -> "PreTrainedModel":
    import torch

    from grader.offline.weights import random_weights

    model = copy.deepcopy(_pristine_model(key))
    config = json.loads(model.config.to_json_string(use_diff=False))
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name, values in random_weights(config, seed).items():
            # GPT-2's checkpoint leaves out the prefix that the model with an output layer puts before its names.
            own = parameters[name if name in parameters else f"transformer.{name}"]
            own.copy_(torch.from_numpy(values))
    return model


@cache
def _pristine_tokenizer(key: str) -> "tuple[int, PreTrainedTokenizerFast]":
    use_offline_models()
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(MODELS[key])
    return len(tokenizer), tokenizer


_SEEDED: dict[str, Callable[[int | None], Any]] = {
    "gpt2_model": partial(_model, "gpt2"),
    "gpt2_short": _short_model,
    "qwen_model": partial(_model, "qwen"),
    "models": partial(_models, ("gpt2", "qwen")),
    "models_gpt2": partial(_models, ("gpt2",)),
    "gpt2_tokenizer": partial(_tokenizer, "gpt2"),
    "qwen_tokenizer": partial(_tokenizer, "qwen"),
    "tokenizers": partial(_tokenizers, ("gpt2", "qwen")),
    "tokenizers_gpt2": partial(_tokenizers, ("gpt2",)),
}
_PLAIN: dict[str, Callable[[], Any]] = {
    "models_map": partial(dict, MODELS),
    "pad": partial(str, "[PAD]"),
    "unk": partial(str, "[UNK]"),
}
