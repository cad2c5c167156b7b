"""Visible checks of 3.1: what can be said of any model's text."""

import pytest

from grader.checks.answers import StudentError, ask, feedback, spoken_text

pytestmark = pytest.mark.exercise("3.1")

PROMPT = "Once upon a time"


def generated(cell, seed, *arguments):
    """What `generate` says to the prompt."""
    cell.seed(seed)
    value = ask(cell, "generate", "gpt2", PROMPT, *arguments)
    return spoken_text(value, cell.last_output, "`generate(...)`")


def texts_of(cell, spellings):
    """Texts of a sampling strategy until two differ, twelve at most; by the spelling that draws."""
    texts, refused = set(), None
    for name, seed in ((name, seed) for name in spellings for seed in range(12)):
        try:
            texts.add(generated(cell, seed, name, 12))
        except StudentError as error:
            refused = error
        if len(texts) > 1:
            return texts
    if not texts:
        raise refused
    return texts


def test_greedy_repeats_itself(cell):
    """Greedy says the same on every call"""
    first, second = generated(cell, 1, "greedy", 8), generated(cell, 2, "greedy", 8)
    assert first == second, feedback(
        "greedy draws nothing at random",
        asked='generate("gpt2", "Once upon a time", "greedy", 8), twice',
        expected=first,
        got=second,
    )


def test_longer_greedy_text_goes_on_from_the_shorter(cell):
    """`max_new_tokens` sets how far the text goes"""
    short, long = generated(cell, 1, "greedy", 4).rstrip(), generated(cell, 1, "greedy", 14)
    assert long.startswith(short) and len(long) > len(short) + 8, feedback(
        "14 new tokens should go on where 4 stop", asked="max_new_tokens = 4 and 14", got=f"{short!r} and {long!r}"
    )


@pytest.mark.parametrize("spellings", [("top_k", "top-k"), ("top_p", "top-p")], ids=["top_k", "top_p"])
def test_sampling_draws_at_random(cell, spellings):
    """Sampling says something else with another seed"""
    texts = texts_of(cell, spellings)
    assert len(texts) > 1, feedback(
        "every call gave the same text, whatever the seed",
        asked=f"generate(..., {spellings[0]!r}, 12)",
        got=texts,
        hint="Set `do_sample=True` for this strategy, and no seed inside `generate`.",
    )
