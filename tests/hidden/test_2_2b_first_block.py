"""Hidden checks of 2.2b: the output of GPT-2's first block, compared by value."""

import numpy as np
import pytest

from grader.checks.answers import StudentError, a_tensor, fail, feedback, has_fractions, is_tensor, supply
from oracles import reference

pytestmark = pytest.mark.exercise("2.2b")

CLOSE = 0.02
"""The share of the output's spread that rounding may take: bfloat16 takes 0.007, the smallest slip below 0.4."""

OTHER = "gpt2_model:7"

ADVICE = {
    "no block": (
        "the output is the embeddings: no block was applied",
        "Call the first block, `h[0]`, on the embeddings.",
    ),
    "no positions": (
        "the position embeddings are missing",
        "GPT-2 adds `wpe` of the positions to `wte` of the tokens.",
    ),
    "positions from 1": ("the positions do not start at 0", "Positions count from 0: `torch.arange`."),
    "one position for all": (
        "all tokens got the same position",
        "Each token needs its own position: 0, 1, 2, and so on.",
    ),
    "positions from token ids": ("`wpe` was asked for token ids", "`wpe` takes positions: 0, 1, 2, and so on."),
    "embeddings doubled": ("the position embeddings were added twice", "`wte` plus `wpe`, once each."),
    "ln_f first": (
        "the final layer norm, `ln_f`, was applied first",
        "`ln_f` is the last step of all; a block has its own norms.",
    ),
    "ln_1 twice": (
        "a layer norm was applied before the block",
        "A block applies its own norms: hand it the plain embeddings.",
    ),
    "ln_f after": ("the final layer norm, `ln_f`, was applied", "It comes after all twelve blocks, so not here."),
    "no tokens": ("the token embeddings are missing", "GPT-2 adds `wte` of the tokens to `wpe` of the positions."),
    "input added again": (
        "the block's input was added to its output",
        "A block has its own residual connections: call it, and that is all.",
    ),
    "second block": ("the second block was used instead of the first", "Python counts from 0."),
    "last block": ("the last block was used instead of the first", "The first one is at index 0."),
    "attention only": (
        "only the attention part of the block was used",
        "Call the block itself: it has attention and MLP in it.",
    ),
    "mlp only": ("only the MLP part of the block was used", "Call the block itself: it has attention and MLP in it."),
    "all blocks": ("all twelve blocks were applied", "Only the first one is asked for, `h[0]`."),
    "whole model": ("the whole model was applied", "Only the first block is asked for, `h[0]`."),
}
"""For each slip that `reference.first_block_slips` knows: what is wrong, and what to try."""


def run(cell, tokens):
    """The cell, run again with these tokens and a model that is known here, whatever 2.2a made."""
    kinds = cell.names()
    names = [name for name, kind in kinds.items() if kind == "GPT2LMHeadModel"]
    if (
        not names and "GPT2Model" not in kinds.values()
    ):  # a model without its head has other names for its parts: leave it
        names = ["gpt2"]
    given = {"dummy_tokens": tokens, "seq_len": tokens.shape[1]}
    return cell.rerun(**{name: supply(OTHER) for name in names} | given)


def some_tokens(rng, seq_len):
    """Token ids: (1, seq_len)."""
    return np.array([[rng.randrange(50_000) for _ in range(seq_len)]])


def outputs(cell):
    """What may be the answer: `out`, or where that is missing any tensor of floats that the cell keeps."""
    if cell.has("out"):
        return [as_float(a_tensor(cell.out, "`out`"))]
    names = [name for name, kind in cell.names().items() if kind in ("Tensor", "tuple")]
    values = [cell.get(name) for name in names]
    values = [value[0] if isinstance(value, tuple) and value else value for value in values]
    tensors = [a_tensor(v, "a tensor") for v in values if has_fractions(v)]
    return [as_float(tensor) for tensor in tensors] or [a_tensor(cell.out, "`out`")]


def as_float(array):
    """The same numbers as float32."""
    return np.asarray(array, dtype=np.float32)


def matches(found, due):
    """Whether one of the outputs is that hidden state, with or without the batch axis."""
    return any(value.shape in (due.shape, (1, *due.shape)) and reference.is_close(value, due, CLOSE) for value in found)


def held_tokens(cell, tokens):
    """The tokens that the cell holds: its own, where it drew some again behind those that it was given."""
    held = cell.get("dummy_tokens") if cell.has("dummy_tokens") else None
    is_ids = is_tensor(held) and held.dtype.kind == "i" and held.ndim == 2 and held.shape[1] == tokens.shape[1]
    return held if is_ids and held.min() >= 0 and held.max() < 50_257 else tokens


def judge(cell, tokens):
    """Compares the output for these tokens with the first block's, and names the slip where it is a known one.

    Parts of the model that an earlier cell gave a name of their own (`block = gpt2.transformer.h[0]`) still belong to
    the model of 2.2a when the cell runs again, and that is right, too.
    """
    found, tokens = outputs(cell), held_tokens(cell, tokens)
    models = (OTHER, "gpt2_model")
    if any(
        matches(found, reference.first_block_output(tokens, first, second)) for first in models for second in models
    ):
        return
    for model in models:
        for slip, value in reference.first_block_slips(tokens, model).items():
            if matches(found, value):
                problem, hint = ADVICE[slip]
                fail(problem, hint=hint)
    if any(value.shape[-1:] == (50_257,) for value in found):
        problem, hint = ADVICE["whole model"]
        fail(problem, hint=hint)
    fail(
        "the output is not what the first block computes",
        hint="Add token and position embeddings, and call the first block once on the sum.",
    )


@pytest.mark.points(1)
def test_output_has_one_vector_per_token(cell, rng):
    """The output holds one vector of n_embd numbers for each token"""
    # A 2.2a of other sizes is not held against 2.2b, so a misfit has a second chance with a model that is known here.
    try:
        fits = has_a_row_per_token(cell, cell.dummy_tokens) or has_a_row_per_token(
            run(cell, tokens := some_tokens(rng, 8)), tokens
        )
    except StudentError:
        fail(
            "the cell stops with an error before the output is there",
            hint="A block takes vectors of n_embd numbers, one for each token: embed the ids first, and their positions.",
        )
    assert fits, feedback(
        "the output does not have the shape (batch, seq_len, n_embd)",
        hint="A block keeps the shape of its input: one vector for each token.",
    )


def has_a_row_per_token(cell, tokens):
    """Whether an output has the shape (batch, seq_len, n_embd), or (seq_len, n_embd)."""
    size = (a_tensor(tokens, "`dummy_tokens`").size, reference.models("size_of", "gpt2_model"))
    return any(tuple(value.shape) in (size, (1, *size)) for value in outputs(cell))


@pytest.mark.points(4)
def test_output_is_the_first_blocks(cell, rng):
    """The output is what the first block makes of token plus position embeddings"""
    tokens = some_tokens(rng, 8)
    judge(run(cell, tokens), tokens)


@pytest.mark.points(3)
@pytest.mark.needs("test_output_is_the_first_blocks")
def test_it_follows_the_sequence_length(cell, rng):
    """With a longer sequence the output is right, too"""
    tokens = some_tokens(rng, rng.randint(10, 20))
    try:
        judge(run(cell, tokens), tokens)
    except StudentError:
        fail(
            "with more tokens the cell raises an error",
            hint="Use `seq_len`, or the shape of `dummy_tokens`, where you wrote a number.",
        )


@pytest.mark.points(2)
@pytest.mark.needs("test_output_is_the_first_blocks")
def test_the_same_token_differs_by_position(cell, rng):
    """One and the same token, repeated, gives another vector at each position"""
    tokens = np.full((1, 8), rng.randrange(50_000))
    judge(run(cell, tokens), tokens)
