"""Hidden checks of the bonus 3.3: every knob does what its name says."""

import pytest

from grader.checks.answers import StudentError, ask, feedback, spoken_text
from oracles import prompts, reference, wording
from oracles.studied import COLD, HOT

pytestmark = pytest.mark.exercise("3.3")

FEWEST_DRAWS = 10
"""Draws that are judged for where they come from, also when the first two differ already."""


def say(cell, prompt, strategy, **knobs):
    """What `generate` says."""
    try:
        value = ask(cell, "generate", "gpt2", prompt, strategy=strategy, **knobs)
    except StudentError:  # perhaps it goes by its other spelling
        value = ask(cell, "generate", "gpt2", prompt, strategy=strategy.replace("_", "-"), **knobs)
    return wording.continuations(spoken_text(value, cell.last_output, "what `generate` returns"), prompt)[-1]


def ranks_drawn(cell, rng, prompt, count, strategy, **knobs):
    """The ranks of the tokens that are drawn one at a time; `count` times at most, as long as all are equal."""
    said = []
    while len(said) < FEWEST_DRAWS or (len(said) < count and len(set(said)) < 2):
        cell.seed(rng.getrandbits(31))
        said.append(say(cell, prompt, strategy, max_new_tokens=1, **knobs))
    found = [reference.rank_of_start(prompt, text) for text in said]
    return [rank for rank in found if rank is not None]


def is_greedy(cell, rng, length, strategy, **knobs):
    """Whether that strategy with these knobs takes the most likely tokens, as many as asked for."""
    (prompt,) = prompts.clear_prompts(rng, 1, length)
    cell.seed(rng.getrandbits(31))
    text = say(cell, prompt, strategy, max_new_tokens=length, **knobs)
    return wording.is_said(text, prompt, prompts.greedy_text(prompt, length), whole=True)


@pytest.mark.points(2)
def test_greedy_ignores_the_knobs(cell, rng):
    """Greedy takes the most likely tokens, whatever temperature, k and p are"""
    for knobs in ({}, {"temperature": 1.9, "k": 300, "p": 0.99}):
        assert is_greedy(cell, rng, 6, "greedy", **knobs), feedback(
            "greedy does not add the most likely tokens, as many as asked for",
            hint="For greedy nothing is drawn, so temperature, k and p have no say.",
        )


@pytest.mark.points(2)
def test_k_is_how_many_tokens_are_drawn_from(cell, rng):
    """With k = 1, top_k is greedy; with k = 3 it draws from the best three tokens"""
    assert is_greedy(cell, rng, 5, "top_k", k=1), feedback(
        "with k = 1 top_k does not take the most likely tokens", hint="Hand `k` on to the library's `top_k`."
    )
    # At temperature 2 three tokens share the odds evenly enough: 24 equal draws are less likely than 1 in a million.
    prompt, _ = prompts.open_prompt(rng)
    ranks = ranks_drawn(cell, rng, prompt, prompts.MAX_DRAWS, "top_k", k=3, temperature=2.0)
    assert max(ranks, default=0) < 3, feedback(
        "with k = 3 a token came that is not among the best three", hint="`k` is the number of tokens to draw from."
    )
    assert len(set(ranks)) > 1, feedback(
        "with k = 3 and a high temperature nothing is drawn at random", hint="top_k draws: `do_sample=True`."
    )


@pytest.mark.points(2)
def test_p_is_the_share_that_is_drawn_from(cell, rng):
    """With a tiny p, top_p is greedy; with a larger one it draws from the nucleus"""
    assert is_greedy(cell, rng, 5, "top_p", p=1e-4), feedback(
        "with a tiny p top_p does not take the most likely tokens", hint="Hand `p` on to the library's `top_p`."
    )
    prompt, count = prompts.open_prompt(rng)
    _, probs = reference.ranks(prompt)
    ranks = ranks_drawn(cell, rng, prompt, count, "top_p", p=0.8)
    assert sum(probs[: max(ranks, default=0)]) < 0.8 + 1e-3, feedback(
        "top_p draws tokens from outside the nucleus of p", hint="Draw from the most likely tokens that add up to p."
    )
    assert len(set(ranks)) > 1, feedback(
        "with p = 0.8 nothing is drawn at random", hint="top_p draws: `do_sample=True`."
    )


def lone_beam(cell, prompt):
    """What beam search says with one beam; None where it will have more, as when it returns several texts."""
    try:
        return wording.plain(say(cell, prompt, "beam", max_new_tokens=6, num_beams=1))
    except StudentError:
        return None


@pytest.mark.points(2)
def test_beam_finds_likelier_text_than_greedy(cell, rng):
    """Beam search rolls no dice, and its text is at least as likely as greedy's"""
    prompt, said = prompts.beam_prompt(rng, 6, 4), []
    for _ in range(2):
        cell.seed(rng.getrandbits(31))
        said.append(say(cell, prompt, "beam", max_new_tokens=6, num_beams=4))
    assert said[0] == said[1], feedback(
        "beam search says something else on a second call", hint="Beam search draws nothing: `do_sample=False`."
    )
    beam, greedy = reference.beam_text(prompt, 6, 4), prompts.greedy_text(prompt, 6)
    found, start = wording.plain(said[0])[:300], wording.plain(prompt)
    assert found != wording.plain(greedy), feedback(
        "beam search gives the greedy text where a likelier one was within reach",
        hint="Hand `num_beams` on to the library.",
    )
    assert lone_beam(cell, prompt) in (None, wording.plain(greedy)), feedback(
        "with a single beam there is more than the greedy text",
        hint="`num_beams` is how many texts are kept: hand it on to the library.",
    )
    if found == wording.plain(beam):
        return
    # Another beam search than the library's may end elsewhere; it must not end worse than greedy.
    lost = reference.log_likelihood(start, " " + greedy.strip()) - reference.log_likelihood(start, " " + found)
    assert lost < 0.01 and len(reference.ids_of("gpt2", " " + found)) >= 4, feedback(
        "the text of beam search is less likely than the greedy one",
        hint="Keep the `num_beams` likeliest texts at each step, and return the best of them.",
    )


@pytest.mark.points(2)
def test_temperature_turns_chance_up_and_down(cell, rng):
    """A low temperature keeps to the most likely tokens, a high one strays from them"""
    # `weather_prompt` chooses prompt, length and number of tries: all tries fail by bad luck with a probability below 1e-6.
    prompt, length, tries = prompts.weather_prompt(rng)
    greedy = wording.plain(prompts.greedy_text(prompt, length))
    for strategy, knobs in (("top_k", {"k": 50}), ("top_p", {"p": 0.999})):
        seen = set()
        for seed in (rng.getrandbits(31) for _ in range(tries)):
            said = []
            for temperature in (COLD, HOT):
                cell.seed(seed)
                said.append(
                    say(cell, prompt, strategy, max_new_tokens=length, temperature=temperature, **knobs) == greedy
                )
            seen.add(tuple(said))
            if seen >= {(True, False)}:
                break
        cold_ones, hot_ones = zip(*seen, strict=True)
        assert any(cold_ones), feedback(
            "at a low temperature other tokens than the most likely ones are drawn",
            hint="The logits are divided by the temperature; hand it on to the library together with `do_sample=True`.",
        )
        assert not all(hot_ones) and (True, False) in seen, feedback(
            "at a high temperature it keeps to the most likely tokens",
            hint="The logits are divided by the temperature; hand it on to the library together with `do_sample=True`.",
        )
