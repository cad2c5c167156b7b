"""Visible checks of 2.2b: what any output of the first block must look like. The values are the grader's to compare."""

import numpy as np
import pytest

from grader.checks.answers import a_tensor, fail, feedback, has_fractions

pytestmark = pytest.mark.exercise("2.2b")


def outputs_of(cell, rows):
    """`out`, or where that is missing any tensor with so many rows; each without its batch axis."""
    names = ["out"] if cell.has("out") else [name for name, kind in cell.names().items() if kind in ("Tensor", "tuple")]
    values = [cell.get(name) for name in names or ["out"]]
    values = [value[0] if isinstance(value, (tuple, list)) and value else value for value in values]
    tensors = [value for value in values if has_fractions(value)]
    tensors = [value[0] if value.ndim == 3 and len(value) == 1 else value for value in tensors] or [
        a_tensor(values[0], "`out`")
    ]
    fitting = [
        np.asarray(value, dtype=np.float32)
        for value in tensors
        if value.ndim == 2 and len(value) == rows and value.shape[1] < 2000
    ]
    return fitting or fail(
        "a block keeps the shape of its input",
        expected=f"(1, {rows}, n_embd)",
        got=[tuple(value.shape) for value in tensors],
        hint="No logits yet: the scores for the vocabulary come at the very end of the model.",
    )


def test_one_vector_per_token(cell):
    """Eight tokens become eight vectors of n_embd numbers"""
    assert outputs_of(cell, a_tensor(cell.dummy_tokens, "`dummy_tokens`").size)


def test_it_is_not_normalized(cell):
    """The output is a block's own, before any final norm"""
    rows = outputs_of(cell, a_tensor(cell.dummy_tokens, "`dummy_tokens`").size)[-1]
    flat = np.allclose(rows.mean(-1), 0, atol=1e-4) and bool(abs(rows.std(-1, ddof=1) - 1).max() < 0.02)
    assert not flat, feedback(
        "every row has mean 0 and spread 1, so a layer norm came last", hint="`ln_f` comes after all 12 blocks."
    )


def test_position_matters(cell):
    """One token, repeated, gives different vectors at different positions"""
    found = outputs_of(cell.rerun(dummy_tokens=np.full((1, 8), 464), seq_len=8), 8)
    assert not all(np.allclose(rows[0], rows[-1], atol=1e-4) for rows in found), feedback(
        "the same token gives the same vector everywhere",
        asked="dummy_tokens = [[464, 464, 464, ...]]",
        expected="rows that differ",
        got="equal rows",
        hint="`wpe` gives a vector for each position 0, 1, 2, ...",
    )
