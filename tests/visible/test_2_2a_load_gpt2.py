"""Visible checks of 2.2a."""

import pytest

from grader.suite import a_handle, a_mapping, a_tensor, feedback, type_name

pytestmark = pytest.mark.exercise("2.2a")


def the_model(cell):
    """The model, under the name `gpt2` or another."""
    name = "gpt2" if cell.has("gpt2") else next((n for n, kind in cell.names().items() if kind == "GPT2LMHeadModel"), "gpt2")
    return a_handle(cell.get(name), "`gpt2`", hint="`from_pretrained` returns the model.")


def test_gpt2_has_twelve_blocks(cell):
    """The model is there and has 12 blocks"""
    model = the_model(cell)
    stem = model if type_name(model) == "GPT2Model" else a_handle(model.transformer, "`gpt2.transformer`")
    blocks = a_handle(stem.h, "`gpt2.transformer.h`")
    assert len(blocks) == 12, feedback("GPT-2 has 12 blocks", asked="len(gpt2.transformer.h)", expected=12, got=len(blocks))


def test_two_calls_agree(cell):
    """The model gives the same scores for the same text, call after call"""
    import torch

    model = the_model(cell)
    ids = torch.tensor([[15496, 995]])
    outputs = [a_mapping(model(ids), "the output") for _ in range(2)]
    first, second = (a_tensor(output.get("logits", output.get("last_hidden_state")), "the output") for output in outputs)
    assert torch.equal(first, second), feedback("two calls with the same ids differ", hint="`gpt2.eval()` switches dropout off.")
