"""Hidden checks of 2.2a: the model is there, with its trained weights, ready to be used, and its blocks were looked at."""

import re

import numpy as np
import pytest

from grader.checks.answers import StudentError, a_handle, a_tensor, fail, feedback, fresh_words, type_name
from oracles import reference

pytestmark = pytest.mark.exercise("2.2a")

CLOSE = 0.02
"""The share of a weight's spread that rounding may take: bfloat16 takes 0.002, other weights more than 1."""

SIGNS = r"attn|mlp|ln_1|c_fc|dropout|\bh\.\d|transformer\.h|Block|Attention|Conv1D|LayerNorm|n_layer|\b12\b|\b[Bb]locks?\b|\b[Ll]ayers?\b"
"""Whatever a look at the blocks may leave in the output: their count, their parts, their classes."""


def the_model(cell):
    """The model under the name `gpt2`, or the one that there is: the newest with an output layer, if there are more."""
    kinds = cell.names()
    names = [name for name, kind in kinds.items() if kind.startswith("GPT2") and kind.endswith("Model")]
    names.sort(key=lambda name: (name == "gpt2", kinds[name] != "GPT2Model"))
    if not names:
        no_model(cell)
    return a_handle(cell.get(names[-1]), "`gpt2`")


def no_model(cell):
    """Fails with the reason why there is no model, as far as it shows."""
    try:
        cell.get("gpt2")
    except StudentError as error:
        if error.type_name == "OSError":
            fail("no model of that name can be loaded", hint="The smallest GPT-2 is the one that is called `gpt2`.")
        raise
    fail(
        "there is no GPT-2 model under the name `gpt2`",
        hint="Keep what `from_pretrained` returns as `gpt2`: the model, not its class, its tokenizer or a part of it.",
    )


def stem_of(model):
    """The part with embeddings and blocks."""
    return a_handle(model.transformer if type_name(model) != "GPT2Model" else model, "`gpt2.transformer`")


@pytest.mark.points(1)
def test_a_gpt2_with_twelve_blocks_is_loaded(cell):
    """A GPT-2 with its twelve blocks is loaded"""
    blocks = a_handle(stem_of(the_model(cell)).h, "`gpt2.transformer.h`")
    assert len(blocks) == 12, feedback(
        "the model does not have 12 blocks", hint="Load the smallest GPT-2 as it is, all of it."
    )


@pytest.mark.points(1)
def test_the_weights_are_the_trained_ones(cell, rng):
    """Embeddings and blocks hold the trained weights, not random ones"""
    stem, tokens = stem_of(the_model(cell)), [rng.randrange(50_000) for _ in range(5)]
    rows = a_tensor(a_handle(stem.wte, "`wte`")(np.array([tokens])), "token embeddings")
    same = [reference.is_close(rows, reference.models("embeddings", tokens, "gpt2_model"), CLOSE)]
    blocks = a_handle(stem.h, "`h`")
    count = min(len(blocks), 12)  # how many there should be is another check's business
    for number in {0, rng.randrange(max(count, 1)), count - 1} if count else ():
        weight = a_handle(a_handle(a_handle(blocks[number], "a block").mlp, "`mlp`").c_fc, "`c_fc`").weight
        due = reference.models("mlp_weight", number, "gpt2_model")
        same.append(reference.is_close(a_tensor(weight, "a weight"), due, CLOSE))
    assert all(same) and len(same) > 1, feedback(
        "the weights are not those of the pretrained GPT-2",
        hint="A model built from a configuration starts with random weights; `from_pretrained` fetches the trained ones.",
    )


@pytest.mark.points(1)
def test_the_model_computes_like_gpt2(cell, rng):
    """The model computes what GPT-2 computes for a text, the same on every call"""
    model, text = the_model(cell), "The " + " ".join(fresh_words(rng, 1))
    ids = reference.ids_of("gpt2", text)
    first, second = (scores_in(model(np.array([ids]))) for _ in range(2))
    assert np.array_equal(first, second), feedback(
        "two calls with the same text give different results",
        hint="`eval()` switches dropout off; `from_pretrained` does so.",
    )
    due = reference.models("hidden_states", ids, "gpt2_model")
    due = due if first.size == due.size else reference.logits_of(text)
    assert reference.is_close(first, due), feedback(
        "the model does not compute what GPT-2 computes",
        hint="Load it with `from_pretrained` and leave its weights alone.",
    )


def scores_in(output):
    """The logits of an output, or the last hidden state of a model without its head; the first item of a tuple."""
    if isinstance(output, dict):
        output = output.get("logits", output.get("last_hidden_state"))
    return a_tensor(output, "the model's output")


@pytest.mark.points(1)
def test_the_blocks_are_looked_at(cell):
    """Something about the model's blocks is printed or displayed"""
    assert re.search(SIGNS, cell.output), feedback(
        "nothing about the blocks is printed",
        hint="How many are there, and what is the first one made of? `gpt2.transformer.h` holds them.",
    )
