"""Visible checks of the bonus 3.3: the knobs at the ends of their range."""

import pytest

from grader.checks.answers import ask, feedback, spoken_text

pytestmark = pytest.mark.exercise("3.3")

PROMPT = "Once upon a time"


def generated(cell, seed, strategy, **knobs):
    """What `generate` returns for the prompt."""
    cell.seed(seed)
    value = ask(cell, "generate", "gpt2", PROMPT, strategy=strategy, max_new_tokens=8, **knobs)
    return spoken_text(value, cell.last_output, "`generate(...)`")


def test_one_candidate_means_greedy(cell):
    """With k = 1, or a tiny p, sampling has no choice and turns greedy"""
    greedy = generated(cell, 1, "greedy")
    for strategy, knobs in (("top_k", {"k": 1}), ("top_p", {"p": 1e-4})):
        got = generated(cell, 2, strategy, **knobs)
        assert got == greedy, feedback(
            "only one token is left to draw from", asked=f"{strategy} with {knobs}", expected=greedy, got=got
        )


def test_heat_brings_variety(cell):
    """At a high temperature texts differ from seed to seed"""
    texts = set()
    for seed in range(8):
        texts.add(generated(cell, seed, "top_k", temperature=2.0))
        if len(texts) > 1:
            break
    assert len(texts) > 1, feedback("eight seeds gave the same text", asked='"top_k" with temperature=2.0', got=texts)


def test_beam_rolls_no_dice(cell):
    """Beam search says the same on every call"""
    first, second = generated(cell, 1, "beam", num_beams=3), generated(cell, 2, "beam", num_beams=3)
    assert first == second, feedback("beam search draws nothing at random", expected=first, got=second)
