"""Visible checks of 2.2a."""

import numpy as np
import pytest

from grader.checks.answers import a_handle, a_tensor, feedback, type_name

pytestmark = pytest.mark.exercise("2.2a")


def the_model(cell):
    """The model, under the name `gpt2` or another."""
    kinds = cell.names()
    names = [name for name, kind in kinds.items() if kind.startswith("GPT2") and kind.endswith("Model")] or ["gpt2"]
    names.sort(key=lambda name: (name == "gpt2", kinds.get(name) != "GPT2Model"))
    return a_handle(cell.get(names[-1]), "`gpt2`", hint="`from_pretrained` returns the model.")


def test_gpt2_has_twelve_blocks(cell):
    """The model is there and has 12 blocks"""
    model = the_model(cell)
    stem = model if type_name(model) == "GPT2Model" else a_handle(model.transformer, "`gpt2.transformer`")
    blocks = a_handle(stem.h, "`gpt2.transformer.h`")
    assert len(blocks) == 12, feedback(
        "GPT-2 has 12 blocks", asked="len(gpt2.transformer.h)", expected=12, got=len(blocks)
    )


def test_two_calls_agree(cell):
    """The model gives the same scores for the same text, call after call"""
    model = the_model(cell)
    ids = np.array([[15496, 995]])
    outputs = [model(ids) for _ in range(2)]
    outputs = [
        output.get("logits", output.get("last_hidden_state")) if isinstance(output, dict) else output
        for output in outputs
    ]
    first, second = (a_tensor(output, "the output") for output in outputs)
    assert np.array_equal(first, second), feedback(
        "two calls with the same ids differ", hint="`gpt2.eval()` switches dropout off."
    )


def test_something_is_shown(cell):
    """Something about the blocks is printed or displayed"""
    assert cell.output.strip(), feedback(
        "nothing is printed", hint="How many blocks are there, and what is the first one made of?"
    )
