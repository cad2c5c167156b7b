"""Hidden checks of 2.2b: the output of GPT-2's first block, compared by value."""

import pytest

from grader import reference
from grader.suite import a_tensor, fail, feedback, supply

pytestmark = pytest.mark.exercise("2.2b")

TOLERANCE = 2e-4
"""Hidden states are of size 1 to 10 in float32; threads and kernels change the last digits only."""

OTHER = "gpt2_model:7"

ADVICE = {
    "no block": ("the output is the embeddings: no block was applied", "Call the first block, `h[0]`, on the embeddings."),
    "no positions": ("the position embeddings are missing", "GPT-2 adds `wpe` of the positions to `wte` of the tokens."),
    "positions from 1": ("the positions do not start at 0", "Positions count from 0: `torch.arange`."),
    "one position for all": ("all tokens got the same position", "Each token needs its own position: 0, 1, 2, and so on."),
    "positions from token ids": ("`wpe` was asked for token ids", "`wpe` takes positions: 0, 1, 2, and so on."),
    "embeddings doubled": ("the position embeddings were added twice", "`wte` plus `wpe`, once each."),
    "ln_f first": ("the final layer norm, `ln_f`, was applied first", "`ln_f` is the last step of all; a block has its own norms."),
    "ln_1 twice": ("a layer norm was applied before the block", "A block applies its own norms: hand it the plain embeddings."),
    "ln_f after": ("the final layer norm, `ln_f`, was applied", "It comes after all twelve blocks, so not here."),
    "last block": ("the last block was used instead of the first", "The first one is at index 0."),
    "attention only": ("only the attention part of the block was used", "Call the block itself: it has attention and MLP in it."),
    "all blocks": ("all twelve blocks were applied", "Only the first one is asked for, `h[0]`."),
    "whole model": ("the whole model was applied", "Only the first block is asked for, `h[0]`."),
}
"""For each slip that `reference.first_block_slips` knows: what is wrong, and what to try."""


def run(cell, model=OTHER, **givens):
    """The cell, run again with a model that is known here, whatever 2.2a made."""
    kinds = cell.names()
    names = [name for name, kind in kinds.items() if kind == "GPT2LMHeadModel"]
    if not names and "GPT2Model" not in kinds.values():  # a model without its head has other names for its parts: leave it
        names = ["gpt2"]
    return cell.rerun(**{name: supply(model) for name in names} | givens)


def tokens_of(cell):
    """The tokens that went in: (1, seq_len)."""
    tokens = a_tensor(cell.dummy_tokens, "`dummy_tokens`")
    if tokens.is_floating_point() or not 0 < tokens.numel() <= 64 or not bool(((tokens >= 0) & (tokens < 50_257)).all()):
        fail("`dummy_tokens` does not hold token ids", hint="Leave the line that draws them as it is.")
    return tokens.reshape(1, -1).long()


def outputs(cell):
    """What may be the answer: `out`, or where that is missing any tensor of floats that the cell keeps."""
    if cell.has("out"):
        return [a_tensor(cell.out, "`out`").float()]
    names = [name for name, kind in cell.names().items() if kind in ("Tensor", "tuple")]
    values = [cell.get(name) for name in names]
    values = [value[0] if isinstance(value, tuple) and value else value for value in values]
    tensors = [a_tensor(v, "a tensor") for v in values if type(v).__name__ == "Tensor" and v.is_floating_point()]
    return [tensor.float() for tensor in tensors] or [a_tensor(cell.out, "`out`")]


def matches(found, due):
    """Whether one of the outputs is that hidden state, with or without the batch axis."""
    import torch

    flat = [value.reshape(value.shape[-2:]) for value in found if value.ndim == 2 or (value.ndim == 3 and value.shape[0] == 1)]
    return any(value.shape == due.shape and torch.allclose(value, due, atol=TOLERANCE, rtol=1e-3) for value in flat)


def judge(cell):
    """Compares the output with the first block's, and names the slip where it is a known one.

    Parts of the model that an earlier cell gave a name of their own (`block = gpt2.transformer.h[0]`) still belong to
    the model of 2.2a when the cell runs again, and that is right, too.
    """
    found, tokens = outputs(cell), tokens_of(cell)
    models = (OTHER, "gpt2_model")
    if any(matches(found, reference.first_block_output(tokens, first, second)) for first in models for second in models):
        return
    for model in models:
        for slip, value in reference.first_block_slips(tokens, model).items():
            if matches(found, value):
                problem, hint = ADVICE[slip]
                fail(problem, hint=hint)
    if any(value.shape[-1:] == (50_257,) for value in found):
        problem, hint = ADVICE["whole model"]
        fail(problem, hint=hint)
    fail("the output is not what the first block computes",
         hint="Add token and position embeddings, and call the first block once on the sum.")


@pytest.mark.points(1)
def test_output_has_one_vector_per_token(cell):
    """The output holds one vector of n_embd numbers for each token"""
    fresh = run(cell)
    seq_len = tokens_of(fresh).shape[1]
    size = reference.library("gpt2_model").config.n_embd
    shapes = [tuple(value.shape) for value in outputs(fresh)]
    assert (1, seq_len, size) in shapes or (seq_len, size) in shapes, feedback(
        "the output does not have the shape (batch, seq_len, n_embd)",
        hint="A block keeps the shape of its input: one vector for each token.")


@pytest.mark.points(4)
def test_output_is_the_first_blocks(cell):
    """The output is what the first block makes of token plus position embeddings"""
    judge(run(cell))


@pytest.mark.points(3)
@pytest.mark.needs("test_output_is_the_first_blocks")
def test_it_follows_the_sequence_length(cell, rng):
    """With longer or shorter sequences the output is right, too"""
    for seq_len in (rng.randint(2, 6), rng.randint(10, 20)):
        fresh = run(cell, seq_len=seq_len)
        assert tokens_of(fresh).shape[1] == seq_len, feedback(
            "the number of tokens does not follow `seq_len`", hint="Leave the line that draws `dummy_tokens` as it is.")
        judge(fresh)


@pytest.mark.points(2)
@pytest.mark.needs("test_output_is_the_first_blocks")
def test_the_same_token_differs_by_position(cell, rng):
    """One and the same token, repeated, gives another vector at each position"""
    import torch

    judge(run(cell, dummy_tokens=torch.full((1, 8), rng.randrange(50_000))))
