"""Models and tokenizers loaded ahead: the first `from_pretrained` calls of a process hand these out instead of loading.

Loading GPT-2's tokenizer takes 0.15 s, Qwen's 0.5 s, and most submissions load them several times. A process that
holds a stock and then forks gives each fork its own private copy of it. What is handed out is what the library made of
the same call, it is handed out once, and when the stock is empty the library loads as ever.
"""

from collections.abc import Callable
from typing import Any

from grader.offline.supply import MODELS, sample, supply

TOKENIZERS = {"gpt2": 5, "qwen": 2}
"""How many of each: a notebook loads GPT-2's tokenizer in 1.3, 2.4, 3.1 and 4.1, Qwen's in 4.1."""
_MODELS = {"gpt2": 6, "qwen": 2}

_FOR_ONE = ({"gpt2": 3, "qwen": 1}, {"gpt2": 2, "qwen": 1})
"""Tokenizers and models for the cells of one question."""
_ENCODINGS = ("gpt2", "cl100k_base")
_STAND_INS = ("models", "tokenizers", "models_gpt2", "tokenizers_gpt2", "gpt2_model", "gpt2_model:7")
"""Supplies that givens are compared with before each cell, and the model with other weights that 2.2b runs on."""

_Stock = dict[tuple[type, str], list[Any]]


def load_for_class() -> None:
    """Loads what the exercises load, into the process whose forks are submissions."""
    import torch

    _load(TOKENIZERS, _MODELS)
    ids = torch.tensor([[1, 2, 3]])
    with torch.no_grad():
        supply("gpt2_model").generate(ids, max_new_tokens=2, do_sample=True, pad_token_id=0)
    for name in _STAND_INS:
        sample(name)


def load_for_one() -> None:
    """Loads what one submission loads, once: a stock would cost as much as it saves."""
    for name in ("tokenizers", "models"):
        supply(name)


def load_for_student() -> None:
    """Loads what the exercises load, into the process whose forks are questions of one student."""
    _load(*_FOR_ONE)


def _load(tokenizers: dict[str, int], models: dict[str, int]) -> None:
    import tiktoken

    for name in ("tokenizers", "models"):
        supply(name)
    lay_in(tokenizers, models)
    for encoding in _ENCODINGS:
        tiktoken.get_encoding(encoding)


def lay_in(tokenizers: dict[str, int] = TOKENIZERS, models: dict[str, int] = _MODELS) -> None:
    """Fills the stock, and lets transformers hand out of it. Call it once, before the process forks.

    Args:
        tokenizers: how many of each key of `MODELS`.
        models: likewise.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

    stock: _Stock = {}
    for kind, counts in ((AutoTokenizer, tokenizers), (AutoModelForCausalLM, models)):
        for key, count in counts.items():
            made = [kind.from_pretrained(MODELS[key]) for _ in range(count)]
            for one in made:
                stock.setdefault((type(one), MODELS[key]), []).append(one)
    _hand_out(PreTrainedTokenizerBase, stock, _says_nothing_new)
    _hand_out(PreTrainedModel, stock, _asks_for_the_usual_model)


def _hand_out(base: Any, stock: _Stock, is_usual: Callable[[Any, dict[str, Any]], bool]) -> None:
    load = base.from_pretrained.__func__

    def from_pretrained(cls: type, name: Any, *inputs: Any, **options: Any) -> Any:
        ready = stock.get((cls, name)) if isinstance(name, str) else None
        if ready and not inputs and is_usual(ready[-1], options):
            return ready.pop()
        return load(cls, name, *inputs, **options)

    from_pretrained.__doc__ = load.__doc__
    base.from_pretrained = classmethod(from_pretrained)


def _says_nothing_new(_: Any, options: dict[str, Any]) -> bool:
    """Whether the options are none but those that the Auto classes add to a call without options."""
    silent = {"_from_auto": True, "_commit_hash": None, "adapter_kwargs": None, "trust_remote_code": False}
    revision = options.get("revision")  # newer ones hand on which commit they found
    if getattr(revision, "initial", revision) is not None:
        return False
    return all(name in silent and value is silent[name] for name, value in options.items() if name != "revision")


def _asks_for_the_usual_model(model: Any, options: dict[str, Any]) -> bool:
    options = dict(options)
    config = options.pop("config", None)
    return _says_nothing_new(model, options) and (config is None or _is_same(config, model.config))


def _is_same(config: Any, usual: Any) -> bool:
    return type(config) is type(usual) and _settings(config) == _settings(usual)


def _settings(config: Any) -> dict[str, Any]:
    settings: dict[str, Any] = config.to_dict()
    # Loading a model writes these into its configuration.
    return {name: value for name, value in settings.items() if name not in ("architectures", "dtype", "torch_dtype")}
