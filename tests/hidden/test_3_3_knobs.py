"""Hidden checks of the bonus 3.3: every knob does what its name says."""

import pytest

from grader import prompts, reference, wording
from grader.suite import StudentError, a_said_text, ask, feedback

pytestmark = pytest.mark.exercise("3.3")


def say(cell, prompt, strategy, **knobs):
    """What `generate` says."""
    try:
        value = ask(cell, "generate", "gpt2", prompt, strategy=strategy, **knobs)
    except StudentError:  # perhaps it goes by its other spelling
        value = ask(cell, "generate", "gpt2", prompt, strategy=strategy.replace("_", "-"), **knobs)
    return wording.continuations(a_said_text(value, cell.last_output, "what `generate` returns"), prompt)[-1]


def draws(cell, rng, prompt, count, strategy, **knobs):
    """What it says when it is asked for one token, again and again, each time with another seed."""
    said = []
    for _ in range(count):
        cell.seed(rng.getrandbits(31))
        said.append(say(cell, prompt, strategy, max_new_tokens=1, **knobs))
    return said


def ranks_of(prompt, said):
    """The ranks of the tokens, of those that can be told from their text."""
    found = [reference.rank_of_start(prompt, text) for text in said]
    return [rank for rank in found if rank is not None]


@pytest.mark.points(2)
def test_greedy_ignores_the_knobs(cell, rng):
    """Greedy takes the most likely tokens, whatever temperature, k and p are"""
    (prompt,) = prompts.clear_prompts(rng, 1, 8)
    for knobs in ({}, {"temperature": 1.9, "k": 300, "p": 0.99}):
        cell.seed(rng.getrandbits(31))
        text = say(cell, prompt, "greedy", max_new_tokens=8, **knobs)
        assert wording.is_said(text, prompt, prompts.greedy_text(prompt, 8), whole=True), feedback(
            "greedy does not add the most likely tokens, as many as asked for",
            hint="For greedy nothing is drawn, so temperature, k and p have no say.")


@pytest.mark.points(2)
def test_k_is_how_many_tokens_are_drawn_from(cell, rng):
    """With k = 1, top_k is greedy; with k = 3 it draws from the best three tokens"""
    (clear,) = prompts.clear_prompts(rng, 1, 6)
    cell.seed(rng.getrandbits(31))
    assert wording.is_said(say(cell, clear, "top_k", max_new_tokens=6, k=1), clear, prompts.greedy_text(clear, 6), whole=True), feedback(
        "with k = 1 top_k does not take the most likely tokens", hint="Hand `k` on to the library's `top_k`.")
    # At temperature 2 three tokens share the odds evenly enough: 24 equal draws are less likely than 1 in a million.
    prompt, _ = prompts.open_prompt(rng)
    ranks = ranks_of(prompt, draws(cell, rng, prompt, prompts.MAX_DRAWS, "top_k", k=3, temperature=2.0))
    assert max(ranks, default=0) < 3, feedback(
        "with k = 3 a token came that is not among the best three", hint="`k` is the number of tokens to draw from.")
    assert len(set(ranks)) > 1, feedback(
        "with k = 3 and a high temperature nothing is drawn at random", hint="top_k draws: `do_sample=True`.")


@pytest.mark.points(2)
def test_p_is_the_share_that_is_drawn_from(cell, rng):
    """With a tiny p, top_p is greedy; with a larger one it draws from the nucleus"""
    (clear,) = prompts.clear_prompts(rng, 1, 6)
    cell.seed(rng.getrandbits(31))
    assert wording.is_said(say(cell, clear, "top_p", max_new_tokens=6, p=1e-4), clear, prompts.greedy_text(clear, 6), whole=True), feedback(
        "with a tiny p top_p does not take the most likely tokens", hint="Hand `p` on to the library's `top_p`.")
    prompt, count = prompts.open_prompt(rng)
    _, probs = reference.ranks(prompt)
    ranks = ranks_of(prompt, draws(cell, rng, prompt, count, "top_p", p=0.8))
    assert sum(probs[: max(ranks, default=0)]) < 0.8 + 1e-3, feedback(
        "top_p draws tokens from outside the nucleus of p", hint="Draw from the most likely tokens that add up to p.")
    assert len(set(ranks)) > 1, feedback(
        "with p = 0.8 nothing is drawn at random", hint="top_p draws: `do_sample=True`.")


@pytest.mark.points(2)
def test_beam_finds_likelier_text_than_greedy(cell, rng):
    """Beam search rolls no dice, and its text is at least as likely as greedy's"""
    prompt = prompts.beam_prompt(rng, 6, 4)
    said = []
    for _ in range(2):
        cell.seed(rng.getrandbits(31))
        said.append(say(cell, prompt, "beam", max_new_tokens=6, num_beams=4))
    assert said[0] == said[1], feedback(
        "beam search says something else on a second call", hint="Beam search draws nothing: `do_sample=False`.")
    beam, greedy = reference.beam_text(prompt, 6, 4), prompts.greedy_text(prompt, 6)
    found, start = wording.plain(said[0])[:300], wording.plain(prompt)
    if found == wording.plain(beam):
        return
    assert found != wording.plain(greedy), feedback(
        "beam search gives the greedy text where a likelier one was within reach", hint="Hand `num_beams` on to the library.")
    # Another beam search than the library's may end elsewhere; it must not end worse than greedy.
    lost = reference.log_likelihood(start, " " + greedy.strip()) - reference.log_likelihood(start, " " + found)
    assert lost < 0.01 and len(reference.ids_of("gpt2", " " + found)) >= 4, feedback(
        "the text of beam search is less likely than the greedy one",
        hint="Keep the `num_beams` likeliest texts at each step, and return the best of them.")


@pytest.mark.points(2)
def test_temperature_turns_chance_up_and_down(cell, rng):
    """A low temperature keeps to the most likely token, a high one strays from it"""
    # `two_faced_prompt` looks for a best token that misses fewer than 3 in 1000 draws at 0.05 and wins fewer than 2 in 10
    # at 3. Then 4 misses in 16 draws, or 13 wins, come by bad luck with a probability below 1e-6.
    prompt, count = prompts.two_faced_prompt(rng), 16
    for strategy, knobs in (("top_k", {"k": 50}), ("top_p", {"p": 0.999})):
        low = ranks_of(prompt, draws(cell, rng, prompt, count, strategy, temperature=0.05, **knobs))
        high = ranks_of(prompt, draws(cell, rng, prompt, count, strategy, temperature=3.0, **knobs))
        assert low.count(0) >= len(low) - 3, feedback(
            "at a low temperature other tokens than the most likely one are drawn",
            hint="The logits are divided by the temperature; hand it on to the library together with `do_sample=True`.")
        assert high.count(0) <= len(high) * 0.75, feedback(
            "at a high temperature it keeps to the most likely token",
            hint="The logits are divided by the temperature; hand it on to the library together with `do_sample=True`.")
