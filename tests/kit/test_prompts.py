"""Tests of grader/prompts.py: what the statistical checks promise about bad luck holds for the models as they are."""

import random

import pytest

from grader import prompts, reference

SEEDS = range(60)


@pytest.fixture(scope="module")
def pool():
    """The studied prompts."""
    return prompts.pool()


def test_the_pool_agrees_with_a_loop_of_one_prompt(pool):
    """Studying all prompts at a time gives the path that an argmax loop takes for each alone."""
    for text in random.Random(1).sample(sorted(pool), 3):
        ids = reference.ids_of("gpt2", text)
        for token in pool[text].path[:8]:
            assert int(reference.next_scores(ids).argmax()) == token
            ids.append(token)


def test_equal_draws_are_rarer_than_promised(pool):
    """A sampler with k = 5 at temperature 0.5 says one thing on all draws less often than FALSE_FAIL_RATE."""
    for seed in SEEDS:
        prompt, draws = prompts.open_prompt(random.Random(seed))
        assert pool[prompt].top_share(5, 0.5) ** (draws - 1) <= prompts.FALSE_FAIL_RATE
        assert pool[prompt].is_legible


def test_temperature_shows_at_both_ends(pool):
    """At 0.05 the best token misses fewer than 3 in 1000 draws, at 3 it wins fewer than 2 in 10."""
    for seed in SEEDS:
        studied = pool[prompts.two_faced_prompt(random.Random(seed))]
        assert 1 - studied.top_share(50, 0.05) < 0.003
        assert studied.top_share(50, 3.0) < 0.2


def test_loaded_prompts_are_sure_when_cold_and_unlikely_when_warm(pool):
    """The greedy path leads clearly at every step, and has a small probability as a whole."""
    for seed in SEEDS:
        studied = pool[prompts.loaded_prompt(random.Random(seed), 6)]
        assert studied.clearness(6) > prompts.CLEAR
        assert sum(studied.log_probs[:6]) < -2


def test_rounding_cannot_change_a_clear_path(pool):
    """The prompts for greedy have a lead at each of 16 steps that no order of float32 additions makes up for."""
    for seed in SEEDS:
        for text in prompts.clear_prompts(random.Random(seed), 2, 16):
            assert pool[text].clearness(16) > 0.01


def test_checks_draw_many_different_prompts():
    """No handful of prompts serves all submissions."""
    drawn = {prompts.clear_prompts(random.Random(seed), 1, 8)[0] for seed in SEEDS}
    assert len(drawn) > 8
