"""Tests of grader/prompts.py: what the statistical checks promise about bad luck holds for the models as they are."""

import random

import pytest

from grader.offline.supply import supply
from oracles import prompts, reference
from oracles.studied import COLD, HOT

SEEDS = range(60)


@pytest.fixture(scope="module")
def pool():
    """The studied prompts."""
    return prompts.pool()


def test_the_pool_agrees_with_a_loop_of_one_prompt(pool):
    """Studying all prompts at a time gives the path that an argmax loop takes for each alone."""
    for text in random.Random(1).sample(sorted(pool), 3):
        ids = reference.ids_of("gpt2", text)
        for step in pool[text].steps:
            scores = reference.next_scores(tuple(ids))
            assert int(scores.argmax()) == step.token
            assert float(reference.log_softmax(scores).max()) == pytest.approx(step.log_prob, abs=1e-2)
            ids.append(step.token)


def test_equal_draws_are_rarer_than_promised(pool):
    """A sampler with k = 5 at temperature 0.5 says one thing on all draws less often than FALSE_FAIL_RATE."""
    for seed in SEEDS:
        prompt, draws = prompts.open_prompt(random.Random(seed))
        assert pool[prompt].steps[0].share(5, 0.5) ** (draws - 1) <= prompts.FALSE_FAIL_RATE
        assert pool[prompt].steps[0].share(3, 2.0) ** (prompts.MAX_DRAWS - 1) <= prompts.FALSE_FAIL_RATE
        assert pool[prompt].is_legible


def test_temperature_shows_within_the_promised_tries(pool):
    """All tries of a right sampler fail less often than FALSE_FAIL_RATE, and there are few of them."""
    for seed in SEEDS:
        prompt, length, tries = prompts.weather_prompt(random.Random(seed))
        assert pool[prompt].bad_luck(length) ** tries <= prompts.FALSE_FAIL_RATE
        assert tries <= 6


def test_bad_luck_is_not_underrated(pool):
    """Samplers with k = 5 keep to the greedy path when hot, and stray from it when cold, no more often than it says."""
    import torch

    torch.manual_seed(1)
    prompt, length, _ = prompts.weather_prompt(random.Random(1))
    steps = pool[prompt].steps[:length]
    kept = strayed = 0
    for _ in range(2000):
        kept += all(_draws_the_first(step.scores[:5], HOT) for step in steps)
        strayed += not all(_draws_the_first(step.scores, COLD) for step in steps)
    assert (kept + strayed) / 2000 <= 2 * pool[prompt].bad_luck(length) + 0.005


def _draws_the_first(scores, temperature):
    import torch

    return int(torch.multinomial((torch.tensor(scores) / temperature).softmax(-1), 1)) == 0


def test_steep_prompts_tell_fifty_tokens_from_a_nucleus():
    """After them 49 tokens have more of the probability than any usual p."""
    for seed in SEEDS:
        assert reference.mass_of_best(prompts.steep_prompt(random.Random(seed)), 49) > 0.9925


def test_rounding_cannot_change_a_clear_path(pool):
    """The prompts for greedy have a lead at each step that no order of float32 additions makes up for."""
    for seed in SEEDS:
        for text in prompts.clear_prompts(random.Random(seed), 2, prompts.STEPS):
            assert pool[text].clearness(prompts.STEPS) > 0.01


def test_no_sampler_finds_a_clear_path(pool):
    """The paths for greedy are unlikely as a whole."""
    for seed in SEEDS:
        assert sum(pool[text].log_prob(6) for text in prompts.clear_prompts(random.Random(seed), 2, 6)) < -6


def test_a_penalty_changes_a_path_that_comes_back(pool):
    """The library's own penalty, at its smallest usual size, says something else; a ban of repeated pairs does not."""
    import torch

    model, encoding = supply("gpt2_model"), reference.encoding("gpt2")
    chosen = {prompts.revisiting_prompt(random.Random(seed), 6) for seed in SEEDS}
    assert len(chosen) > 1
    for text in chosen:
        ids = torch.tensor([reference.ids_of("gpt2", text)])

        def said(ids=ids, **knobs):
            row = model.generate(ids, do_sample=False, max_new_tokens=6, pad_token_id=encoding.eot_token, **knobs)[0]
            return encoding.decode(row[ids.shape[1] :].tolist())

        assert said() == said(no_repeat_ngram_size=2) == prompts.greedy_text(text, 6)
        assert said(repetition_penalty=prompts.PENALTY) != said()
        assert pool[text].clearness(6) > 0.1


def test_beam_search_has_something_to_find():
    """For the prompts that beam search is judged by, it finds a likelier text than greedy does."""
    prompt = prompts.beam_prompt(random.Random(1), 6, 4)
    assert reference.log_likelihood(prompt, reference.beam_text(prompt, 6, 4)) > pool_log_prob(prompt, 6)


def pool_log_prob(prompt, length):
    """The log-probability of the greedy path."""
    return prompts.pool()[prompt].log_prob(length)


def test_prompts_are_longer_than_any_short_text_asked_for(pool):
    """A `max_length` that counts the prompt falls short of `max_new_tokens`: every prompt has six tokens or more."""
    assert min(len(reference.ids_of("gpt2", text)) for text in pool) >= 6


def test_checks_draw_many_different_prompts():
    """No handful of prompts serves all submissions."""
    drawn = {prompts.clear_prompts(random.Random(seed), 1, 8)[0] for seed in SEEDS}
    assert len(drawn) > 8
