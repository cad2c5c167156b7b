"""Hidden checks of 3.1: greedy against an argmax loop of our own, and dice where dice belong."""

import pytest

from grader import prompts, reference, wording
from grader.suite import (
    StudentError,
    a_handle,
    a_mapping,
    a_said_text,
    a_tensor,
    a_text,
    an_id_list,
    ask,
    feedback,
)

pytestmark = pytest.mark.exercise("3.1")

GENEROUS_K = 200
GENEROUS_P = 0.99
"""Any usual k or p stays inside these, so a token outside them was drawn from the whole vocabulary."""


def say(cell, prompt, *args, **kwargs):
    """What `generate` says, returned or printed."""
    value = ask(cell, "generate", "gpt2", prompt, *args, **kwargs)
    return a_said_text(value, cell.last_output, "what `generate` returns")


def say_by_sampling(cell, prompt, names, max_new_tokens):
    """What a sampling strategy says, by the first of its spellings that `generate` does not refuse."""
    # One that counts the prompt as well refuses to be that short: then it may be longer.
    attempts = [(name, count) for count in (max_new_tokens, 24) for name in names]
    for name, count in attempts[:-1]:
        try:
            return say(cell, prompt, name, count)
        except StudentError:
            continue
    return say(cell, prompt, *attempts[-1])


def draws_of(cell, rng, names):
    """What a strategy says when it is asked for one token, again and again, each time with another seed."""
    prompt, count = prompts.open_prompt(rng)
    said = []
    for number in range(count):
        cell.seed(rng.getrandbits(31) + number)
        said.append(say_by_sampling(cell, prompt, names, 1))
        if number > 3 and len(said[-1]) > len(prompt) + 60:
            break  # it says far more than the one token it was asked for: no need to hear so much of it so often
    return prompt, said


def judge_sampling(cell, rng, names):
    """Fails where nothing is drawn; returns the ranks of the drawn tokens.

    `open_prompt` chooses prompt and number of draws so that a right answer fails with a probability below 1e-6. Both
    spellings are tried, since a `generate` may take the one for greedy and the other for sampling.
    """
    said = []
    for spelling in (names, names[::-1]):
        prompt, said = draws_of(cell, rng, spelling)
        if len({wording.plain(text) for text in said}) > 1:
            break
    assert len({wording.plain(text) for text in said}) > 1, feedback(
        "this strategy says the same on every call: nothing is drawn at random",
        hint="Without `do_sample=True` the library takes the best token, whatever top_k and top_p are.")
    ranks = [reference.rank_of_start(prompt, wording.continuations(text, prompt)[-1]) for text in said]
    return prompt, [rank for rank in ranks if rank is not None]


@pytest.mark.points(2)
def test_model_and_tokenizer_are_loaded(cell, rng):
    """`tokenizers` and `models` hold GPT-2 under its key"""
    import torch

    text = prompts.a_prompt(rng)
    due = reference.ids_of("gpt2", text)
    tokenizer = a_handle(a_mapping(cell.tokenizers, "`tokenizers`").get("gpt2"), "`tokenizers['gpt2']`",
                         hint="The keys are those of MODELS; the values are what `from_pretrained` returns.")
    assert an_id_list(ask(tokenizer, "encode", text), "the tokenizer's ids") == due, feedback(
        "`tokenizers['gpt2']` is not GPT-2's tokenizer", hint="Load the tokenizer by the name that MODELS gives.")
    model = a_handle(a_mapping(cell.models, "`models`").get("gpt2"), "`models['gpt2']`",
                     hint="The keys are those of MODELS; the values are what `from_pretrained` returns.")
    logits = a_tensor(a_mapping(model(torch.tensor([due])), "the model's output").get("logits"), "the model's logits")
    assert reference.is_close(logits, reference.logits_of(text)), feedback(
        "`models['gpt2']` does not compute what GPT-2 computes", hint="Load the trained model with `from_pretrained`.")


@pytest.mark.points(4)
def test_greedy_takes_the_most_likely_token(cell, rng):
    """Greedy takes the most likely token at each step, and says the same on every call"""
    first, second = prompts.clear_prompts(rng, 2, 16)
    said = []
    for seed, prompt in enumerate((first, second, first)):
        cell.seed(rng.getrandbits(31) + seed)
        said.append(say(cell, prompt, "greedy", 16))
    assert said[0] == said[2], feedback(
        "greedy says something else on a second call", hint="Greedy draws nothing: `do_sample` belongs to top_k and top_p only.")
    for prompt, text in zip((first, second), said[:2], strict=True):
        assert wording.is_said(text, prompt, prompts.greedy_text(prompt, 16), whole=False), feedback(
            "greedy does not continue the prompt with the most likely tokens",
            hint="Tokenize the prompt as it is, let the model generate without sampling, and decode what comes out.")


@pytest.mark.points(2)
def test_max_new_tokens_sets_the_length(cell, rng):
    """`max_new_tokens` sets how many tokens are added"""
    (prompt,) = prompts.clear_prompts(rng, 1, 12)
    for count in (12, 3):
        try:
            text = say(cell, prompt, "greedy", count)
        except StudentError:
            if count == 12:
                raise
            text = ""  # a `max_length` that is shorter than the prompt is refused by the library
        assert wording.is_said(text, prompt, prompts.greedy_text(prompt, count), whole=True), feedback(
            "the text does not grow by `max_new_tokens` tokens",
            hint="Pass `max_new_tokens` on; a `max_length` would count the prompt, too.")


@pytest.mark.points(1)
def test_greedy_is_the_default(cell, rng):
    """Without a strategy, `generate` is greedy"""
    (prompt,) = prompts.clear_prompts(rng, 1, 16)
    text = say(cell, prompt, max_new_tokens=16)
    assert wording.is_said(text, prompt, prompts.greedy_text(prompt, 16), whole=False), feedback(
        "without a strategy the text is not the greedy one", hint="Keep the defaults of the function's first line.")


@pytest.mark.points(2)
def test_top_k_draws_from_the_best_tokens(cell, rng):
    """top_k draws at random, from the k most likely tokens"""
    _, ranks = judge_sampling(cell, rng, ("top_k", "top-k"))
    # A right answer never leaves its k best tokens, so this fails no answer with k up to 200.
    assert max(ranks, default=0) < GENEROUS_K, feedback(
        "top_k draws tokens from far down the list", hint="Draw from the k most likely tokens only, with a k such as 50.")


@pytest.mark.points(2)
def test_top_p_draws_from_the_nucleus(cell, rng):
    """top_p draws at random, from the most likely tokens that make up a share of the probability"""
    prompt, ranks = judge_sampling(cell, rng, ("top_p", "top-p"))
    _, probs = reference.ranks(prompt)
    # A token lies outside the nucleus of p when those before it already add up to p.
    assert sum(probs[: max(ranks, default=0)]) < GENEROUS_P, feedback(
        "top_p draws tokens from outside the nucleus", hint="Draw from the most likely tokens that add up to p, such as 0.9.")


@pytest.mark.points(1)
def test_generate_returns_its_text(cell, rng):
    """`generate` returns the text, whatever it prints"""
    (prompt,) = prompts.clear_prompts(rng, 1, 16)
    text = a_text(ask(cell, "generate", "gpt2", prompt, "greedy", 16), "what `generate` returns")
    assert wording.is_said(text, prompt, prompts.greedy_text(prompt, 16), whole=False), feedback(
        "what `generate` returns is not the generated text", hint="Decode all ids and return one string.")
