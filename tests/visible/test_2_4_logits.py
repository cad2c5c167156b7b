"""Visible checks of 2.4."""

import numpy as np
import pytest

from grader.checks.answers import a_tensor, feedback

pytestmark = pytest.mark.exercise("2.4")


def test_logits_have_one_row_per_token(cell):
    """“The cat sat on the mat” is six tokens, so there are six rows of 50257 scores"""
    fresh = cell.rerun(text="The cat sat on the mat")
    got = tuple(a_tensor(fresh.logits, "`logits`").shape)
    assert got in ((1, 6, 50257), (6, 50257)), feedback(
        "one row of scores per token", asked='text = "The cat sat on the mat"', expected="(1, 6, 50257)", got=got
    )


def test_logits_are_raw_scores(cell):
    """Logits are no probabilities yet: the rows need not add up to 1"""
    short = cell.rerun(text="The cat sat on the mat")  # of a long text there are too many scores to look at
    rows = np.asarray(a_tensor(short.logits, "`logits`"), dtype=np.float32)
    assert not np.allclose(rows.sum(-1), 1, atol=1e-3), feedback(
        "each row adds up to 1, so these are probabilities", hint="Keep the scores of before softmax in `logits`."
    )


def test_five_tokens_are_printed(cell):
    """Something is printed for the top 5, and it changes with the text"""
    first, second = cell.output, cell.rerun(text="Once upon a time there was a garden").output
    after = first.partition("Top-5")[2].partition("\n")[2] or first
    assert len("".join(after.split())) >= 5, feedback("the five tokens are not printed", got=after)
    assert first != second, feedback(
        "the predictions are the same for every text",
        asked="two texts",
        got=after,
        hint="Predict from the logits of `text`.",
    )
