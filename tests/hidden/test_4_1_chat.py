"""Hidden checks of 4.1: two models, each with its own tokenizer, told apart by what they compute."""

import numpy as np
import pytest

from grader.checks.answers import (
    StudentError,
    a_handle,
    a_mapping,
    a_tensor,
    an_id_list,
    ask,
    feedback,
    fresh_words,
    type_name,
)
from oracles import reference

pytestmark = pytest.mark.exercise("4.1")


def loaded(cell, table, key):
    """The tokenizer or model under that key."""
    what = f"`{table}['{key}']`"
    return a_handle(
        a_mapping(cell.get(table), f"`{table}`").get(key),
        what,
        hint=f"Put what `from_pretrained` returns into `{table}`, under the same keys as in MODELS.",
    )


def a_text(rng):
    """A text that the two tokenizers cut differently."""
    words = fresh_words(rng, 3)
    return f"{words[0].title()} has {rng.randint(1000, 9999)} {words[1]}, 你好 {words[2]}!"


def tokenizes(cell, rng, key):
    """Whether the tokenizer under that key gives the ids of its model."""
    text = a_text(rng)
    return an_id_list(ask(loaded(cell, "tokenizers", key), "encode", text), "the tokenizer's ids") == reference.ids_of(
        key, text
    )


def computes(cell, rng, key):
    """Whether the model under that key computes what the reference computes."""
    text = " ".join(fresh_words(rng, 1))[:5]
    ids, due = reference.ids_of(key, text), reference.logits_of(text, f"{key}_model")
    try:
        output = loaded(cell, "models", key)(np.array([ids]))
    except StudentError:  # ids that it does not know, say
        return False
    logits = output.get("logits") if isinstance(output, dict) else output
    assert not isinstance(output, dict) or logits is not None, feedback(
        "a model gives no logits: it was loaded without its output layer",
        hint="`AutoModelForCausalLM` loads a model that can generate.",
    )
    logits = a_tensor(logits, "the model's logits")
    return reference.is_same_model(logits, due)


@pytest.mark.points(2)
def test_both_models_come_with_their_tokenizers(cell):
    """Both dictionaries hold something for gpt2 and for qwen"""
    kinds = {
        (table, key): type_name(loaded(cell, table, key))
        for table in ("tokenizers", "models")
        for key in ("gpt2", "qwen")
    }
    assert all("Model" in kinds["models", key] or "LM" in kinds["models", key] for key in ("gpt2", "qwen")), feedback(
        "`models` does not hold models", hint="Load them with `AutoModelForCausalLM.from_pretrained`."
    )
    assert kinds["models", "gpt2"] != kinds["models", "qwen"], feedback(
        "`models` holds the same kind of model twice", hint="Load each model by the name that MODELS gives for its key."
    )


@pytest.mark.points(1)
def test_gpt2s_tokenizer_is_its_own(cell, rng):
    """GPT-2 is given GPT-2's tokenizer"""
    assert tokenizes(cell, rng, "gpt2"), feedback(
        "`tokenizers['gpt2']` does not give GPT-2's ids",
        hint="Load each tokenizer by the name that MODELS gives for its key.",
    )


@pytest.mark.points(2)
def test_qwens_tokenizer_is_its_own(cell, rng):
    """Qwen is given Qwen's tokenizer, not GPT-2's"""
    tokenizer = loaded(cell, "tokenizers", "qwen")
    text = a_text(rng)
    ids = an_id_list(ask(tokenizer, "encode", text), "the tokenizer's ids")
    assert ids != reference.ids_of("gpt2", text), feedback(
        "`tokenizers['qwen']` is GPT-2's tokenizer",
        hint="Ids mean something else to each model: load each its own tokenizer.",
    )
    assert ids == reference.ids_of("qwen", text) and tokenizes(cell, rng, "qwen"), feedback(
        "`tokenizers['qwen']` does not give Qwen's ids",
        hint="Load each tokenizer by the name that MODELS gives for its key.",
    )


@pytest.mark.points(1)
def test_gpt2_computes_like_gpt2(cell, rng):
    """The model under gpt2 computes what GPT-2 computes"""
    assert computes(cell, rng, "gpt2"), feedback(
        "`models['gpt2']` does not compute what GPT-2 computes",
        hint="Load the trained model with `AutoModelForCausalLM` by the name that MODELS gives, and leave it in eval mode.",
    )


@pytest.mark.points(2)
def test_qwen_computes_like_qwen(cell, rng):
    """The model under qwen computes what the chat model computes"""
    assert computes(cell, rng, "qwen"), feedback(
        "`models['qwen']` does not compute what Qwen computes",
        hint="Load the trained model with `AutoModelForCausalLM` by the name that MODELS gives, and leave it in eval mode.",
    )
