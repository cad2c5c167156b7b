"""Visible checks of 2.2a."""

import pytest

from grader.suite import a_handle, a_mapping, a_tensor, feedback

pytestmark = pytest.mark.exercise("2.2a")


def test_gpt2_has_twelve_blocks(cell):
    """The model is there and has 12 blocks"""
    name = "gpt2" if cell.has("gpt2") else next((n for n, kind in cell.names().items() if kind == "GPT2LMHeadModel"), "gpt2")
    model = a_handle(cell.get(name), "`gpt2`", hint="`from_pretrained` returns the model.")
    blocks = a_handle(a_handle(model.transformer, "`gpt2.transformer`").h, "`gpt2.transformer.h`")
    assert len(blocks) == 12, feedback("GPT-2 has 12 blocks", asked="len(gpt2.transformer.h)", expected=12, got=len(blocks))


def test_two_calls_agree(cell):
    """The model gives the same scores for the same text, call after call"""
    import torch

    name = "gpt2" if cell.has("gpt2") else next((n for n, kind in cell.names().items() if kind == "GPT2LMHeadModel"), "gpt2")
    model = a_handle(cell.get(name), "`gpt2`")
    ids = torch.tensor([[15496, 995]])
    first, second = (a_tensor(a_mapping(model(ids), "the output").get("logits"), "the logits") for _ in range(2))
    assert torch.equal(first, second), feedback("two calls with the same ids differ", hint="`gpt2.eval()` switches dropout off.")
