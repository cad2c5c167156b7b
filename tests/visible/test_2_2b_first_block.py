"""Visible checks of 2.2b: what any output of the first block must look like. The values are the grader's to compare."""

import pytest

from grader.suite import a_tensor, feedback

pytestmark = pytest.mark.exercise("2.2b")


def output_of(cell):
    """`out`, or else the newest tensor, without its batch axis."""
    tensors = [name for name, kind in cell.names().items() if kind == "Tensor"]
    out = a_tensor(cell.get("out" if cell.has("out") or not tensors else tensors[-1]), "`out`").float()
    return out[0] if out.ndim == 3 and out.shape[0] == 1 else out


def test_one_vector_per_token(cell):
    """Eight tokens become eight vectors of n_embd numbers"""
    tokens = a_tensor(cell.dummy_tokens, "`dummy_tokens`")
    got = tuple(output_of(cell).shape)
    assert len(got) == 2 and got[0] == tokens.numel() and got[1] < 2000, feedback(
        "a block keeps the shape of its input", expected="(1, seq_len, n_embd)", got=got,
        hint="No logits yet: the scores for the vocabulary come at the very end of the model.")


def test_it_is_not_normalized(cell):
    """The output is a block's own, before any final norm"""
    import torch

    rows = output_of(cell)
    flat = bool(torch.allclose(rows.mean(-1), torch.zeros(len(rows)), atol=1e-4)) and bool((rows.std(-1) - 1).abs().max() < 0.02)
    assert not flat, feedback("every row has mean 0 and spread 1, so a layer norm came last", hint="`ln_f` comes after all 12 blocks.")


def test_position_matters(cell):
    """One token, repeated, gives different vectors at different positions"""
    import torch

    rows = output_of(cell.rerun(dummy_tokens=torch.full((1, 8), 464)))
    assert not torch.allclose(rows[0], rows[-1], atol=1e-4), feedback(
        "the same token gives the same vector everywhere", asked="dummy_tokens = [[464, 464, 464, ...]]",
        expected="rows that differ", got="equal rows", hint="`wpe` gives a vector for each position 0, 1, 2, ...")
