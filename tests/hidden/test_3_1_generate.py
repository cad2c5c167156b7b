"""Hidden checks of 3.1: greedy against an argmax loop of our own, and dice where dice belong."""

import numpy as np
import pytest

from grader.checks.answers import (
    StudentError,
    a_handle,
    a_list,
    a_mapping,
    a_tensor,
    a_text,
    an_id_list,
    ask,
    feedback,
    spoken_text,
)
from oracles import prompts, reference, wording

pytestmark = pytest.mark.exercise("3.1")

GENEROUS_K = 200
GENEROUS_P = 0.9925
"""Any usual k or p stays inside these: k up to 200, p up to 0.99 with room for rounding."""
MOST = 1_000_000
"""More tokens than any vocabulary has."""
TOP_K, TOP_P = ("top_k", "top-k"), ("top_p", "top-p")


def say(cell, prompt, *args, **kwargs):
    """What `generate` says, returned or printed."""
    value = ask(cell, "generate", "gpt2", prompt, *args, **kwargs)
    return spoken_text(value, cell.last_output, "what `generate` returns")


def say_greedily(cell, prompt, *args, **kwargs):
    """What `generate` says; a longer text where it counts the prompt as well and so refuses to be that short."""
    try:
        return say(cell, prompt, *args, **kwargs)
    except StudentError:
        return say(cell, prompt, *(arg if isinstance(arg, str) else 30 for arg in args), **dict.fromkeys(kwargs, 30))


def sample(cell, prompt, names):
    """What a sampling strategy says when it is asked for one token, and the arguments that it took.

    By the first of its spellings that `generate` does not refuse. One that counts the prompt as well refuses to be that
    short: then it may be longer.
    """
    attempts = [(name, count) for count in (1, 24) for name in names]
    for arguments in attempts[:-1]:
        try:
            return say(cell, prompt, *arguments), arguments
        except StudentError:
            continue
    return say(cell, prompt, *attempts[-1]), attempts[-1]


def sample_until_it_differs(cell, rng, prompt, names, count):
    """What is said until two texts differ, `count` times at most, each time with another seed."""
    said, arguments = [], None
    while len(said) < count and len(set(said)) < 2:
        cell.seed(rng.getrandbits(31))
        text, arguments = sample(cell, prompt, names)
        said.append(wording.plain(text))
    return said, arguments


def sample_by_either_spelling(cell, rng, names):
    """A prompt, what is said to it, and the arguments: by the spelling that draws, or the last where neither does.

    `open_prompt` chooses prompt and number of draws so that a right answer says two things with a probability of all but
    1e-6. Both spellings are tried, since a `generate` may take the one for greedy and the other for sampling.
    """
    prompt, count = prompts.open_prompt(rng)
    for spelling in (names, names[::-1]):
        said, arguments = sample_until_it_differs(cell, rng, prompt, spelling, count)
        if len(set(said)) > 1:
            break
    return prompt, said, arguments


def require_dice(cell, rng, names):
    """Fails where nothing is drawn; else returns the prompt, what was said, the arguments, and the odds if torch drew.

    An answer that draws from the same seed on every call draws all the same; another check is about that.
    """
    prompt, said, arguments = sample_by_either_spelling(cell, rng, names)
    odds = odds_of(cell, rng, prompt, arguments)
    for other in names if len(set(said)) < 2 and not odds else ():
        try:
            odds, arguments = odds_of(cell, rng, prompt, (other, arguments[1])), (other, arguments[1])
        except StudentError:
            continue
        if odds:
            break
    is_drawn = len(set(said)) > 1 or (odds and odds[0] > 1 and len(odds[1]) > 1 and odds[1][1] > 0.001)
    assert is_drawn, feedback(
        "nothing is drawn at random: this strategy takes the best token, as greedy does",
        hint="Without `do_sample=True` the library takes the best token, whatever top_k and top_p are.",
    )
    return prompt, said, arguments, odds


def odds_of(cell, rng, prompt, arguments):
    """How many tokens were drawn from, and the odds of the likeliest; None where torch drew nothing."""
    generate = a_handle(cell.get("generate"), "`generate`")
    found = a_list(cell.probe("odds", generate, ["gpt2", prompt, *arguments], rng.getrandbits(31)), "the odds")
    if len(found) != 2 or type(found[0]) is not int or not 0 <= found[0] <= MOST or not isinstance(found[1], list):
        return None
    return (found[0], found[1]) if found[1] and all(type(share) is float for share in found[1]) else None


def ranks_drawn(cell, rng, prompt, said, arguments):
    """The ranks of drawn tokens, for a `generate` that draws without torch: 16 draws, those made already among them."""
    texts = list(said)
    while len(texts) < 16:
        cell.seed(rng.getrandbits(31))
        texts.append(say(cell, prompt, *arguments))
    ranks = [reference.rank_of_start(prompt, wording.continuations(text, prompt)[-1]) for text in texts]
    return [rank for rank in ranks if rank is not None]


def require_nucleus(prompt, before_last, temperature=1.0):
    """Fails where a token was in reach though those before it already make up any usual p.

    At the temperature of the draw, or at 1: an own loop may cut first and warm up then.
    """
    mass = min(reference.mass_of_best(prompt, before_last, heat) for heat in (1.0, temperature))
    assert mass < GENEROUS_P, feedback(
        "top_p draws tokens from outside the nucleus",
        hint="Draw from the most likely tokens that add up to p, such as 0.9. Where one token is nearly certain, these are very few: "
        "a fixed number of tokens is top_k.",
    )


@pytest.mark.points(2)
def test_model_and_tokenizer_are_loaded(cell, rng):
    """`tokenizers` and `models` hold GPT-2 under its key"""
    text = prompts.a_prompt(rng)
    due = reference.ids_of("gpt2", text)
    tokenizer = a_handle(
        a_mapping(cell.tokenizers, "`tokenizers`").get("gpt2"),
        "`tokenizers['gpt2']`",
        hint="The keys are those of MODELS; the values are what `from_pretrained` returns.",
    )
    assert an_id_list(ask(tokenizer, "encode", text), "the tokenizer's ids") == due, feedback(
        "`tokenizers['gpt2']` is not GPT-2's tokenizer", hint="Load the tokenizer by the name that MODELS gives."
    )
    model = a_handle(
        a_mapping(cell.models, "`models`").get("gpt2"),
        "`models['gpt2']`",
        hint="The keys are those of MODELS; the values are what `from_pretrained` returns.",
    )
    output = model(np.array([due]))
    logits = output.get("logits") if isinstance(output, dict) else output
    assert not isinstance(output, dict) or logits is not None, feedback(
        "the model gives no logits: it was loaded without its output layer",
        hint="`AutoModelForCausalLM` loads a model that can generate.",
    )
    logits = a_tensor(logits, "the model's logits")
    assert reference.is_same_model(logits, reference.logits_of(text)), feedback(
        "`models['gpt2']` does not compute what GPT-2 computes",
        hint="Load the trained model with `AutoModelForCausalLM.from_pretrained`, and leave it in eval mode.",
    )


@pytest.mark.points(2)
def test_greedy_takes_the_most_likely_token(cell, rng):
    """Greedy takes the most likely token at each step"""
    for prompt in (prompts.revisiting_prompt(rng, 6), *prompts.clear_prompts(rng, 1, 6)):
        text = say_greedily(cell, prompt, "greedy", 6)
        assert wording.is_said(text, prompt, prompts.greedy_text(prompt, 6), whole=False), feedback(
            "greedy does not continue the prompt with the most likely tokens",
            hint="Tokenize the prompt as it is, take the best token at each step (no sampling, no penalty), and decode what comes out.",
        )


@pytest.mark.points(1)
def test_greedy_says_the_same_on_every_call(cell, rng):
    """Greedy rolls no dice: it says the same on every call"""
    # An answer that draws repeats six tokens of such a path with a probability of a few in a thousand.
    (prompt,) = prompts.clear_prompts(rng, 1, 6)
    said = []
    for _ in range(2):
        cell.seed(rng.getrandbits(31))
        said.append(say_greedily(cell, prompt, "greedy", 6))
    assert said[0] == said[1], feedback(
        "greedy says something else on a second call",
        hint="Greedy draws nothing: `do_sample` belongs to top_k and top_p only.",
    )


@pytest.mark.points(2)
def test_max_new_tokens_sets_the_length(cell, rng):
    """`max_new_tokens` sets how many tokens are added"""
    (prompt,) = prompts.clear_prompts(rng, 1, 8)
    for count in (8, 3):
        try:
            text = say(cell, prompt, "greedy", count)
        except StudentError:
            say(cell, prompt, "greedy", 30)
            text = ""  # a `max_length` that is shorter than the prompt is refused by the library
        # Whoever does not say the greedy text can be right about its length. Read from text, tokens may be
        # fewer or more.
        added = len(reference.ids_of("gpt2", " " + wording.continuations(text, prompt)[-1]))
        is_right = wording.is_said(text, prompt, prompts.greedy_text(prompt, count), whole=True)
        assert is_right or count // 2 <= added <= 1.5 * count + 1, feedback(
            "the text does not grow by `max_new_tokens` tokens",
            hint="Pass `max_new_tokens` on; a `max_length` would count the prompt, too.",
        )


@pytest.mark.points(1)
def test_greedy_is_the_default(cell, rng):
    """Without a strategy, `generate` is greedy"""
    (prompt,) = prompts.clear_prompts(rng, 1, 6)
    text = say_greedily(cell, prompt, max_new_tokens=6)
    is_right = wording.is_said(text, prompt, prompts.greedy_text(prompt, 6), whole=False)
    assert is_right or text == say_greedily(cell, prompt, "greedy", 6), feedback(
        "without a strategy the text is not the greedy one", hint="Keep the defaults of the function's first line."
    )


@pytest.mark.points(2)
def test_top_k_draws_from_the_best_tokens(cell, rng):
    """top_k draws at random, from the k most likely tokens"""
    prompt, said, arguments, odds = require_dice(cell, rng, TOP_K)
    # A right answer never leaves its k best tokens, so this fails no answer with k up to 200.
    reach = odds[0] if odds else max(ranks_drawn(cell, rng, prompt, said, arguments), default=0) + 1
    assert reach <= GENEROUS_K, feedback(
        "top_k draws tokens from far down the list",
        hint="Draw from the k most likely tokens only, with a k such as 50.",
    )


@pytest.mark.points(2)
def test_top_p_draws_from_the_nucleus(cell, rng):
    """top_p draws at random, from the most likely tokens that make up a share of the probability"""
    prompt, said, arguments, odds = require_dice(cell, rng, TOP_P)
    if odds is None:
        require_nucleus(prompt, max(ranks_drawn(cell, rng, prompt, said, arguments), default=0))
        return
    steep = prompts.steep_prompt(rng)
    for place, found in ((prompt, odds), (steep, odds_of(cell, rng, steep, arguments))):
        if found:
            require_nucleus(place, found[0] - 1, reference.temperature_of(place, found[1]))


@pytest.mark.points(1)
def test_sampling_varies_from_call_to_call(cell, rng):
    """top_k and top_p say something else on another call"""
    for names in (TOP_K, TOP_P):
        _, said, _ = sample_by_either_spelling(cell, rng, names)
        assert len(set(said)) > 1, feedback(
            "a sampling strategy says the same on every call",
            hint="Let it draw at random (`do_sample=True`), and set no seed inside `generate`: dice that fall the same way are none.",
        )


@pytest.mark.points(1)
def test_generate_returns_its_text(cell, rng):
    """`generate` returns the text, whatever it prints"""
    (prompt,) = prompts.clear_prompts(rng, 1, 4)
    text = a_text(ask(cell, "generate", "gpt2", prompt, "greedy", 20), "what `generate` returns")
    assert wording.continuations(text, prompt)[-1], feedback(
        "what `generate` returns is not the generated text", hint="Decode all ids and return one string."
    )
