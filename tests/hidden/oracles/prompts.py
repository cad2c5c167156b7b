"""Prompts for hidden checks, chosen by what GPT-2 makes of them, so that a right answer can't fail by bad luck.

A fixed pool of prompts is studied once in a process, all at a time; each check then draws from it with its own seed.
"""

import math
import random
from collections.abc import Callable
from functools import lru_cache

from oracles.reference import beam_text, ids_of, log_likelihood
from oracles.studied import Studied, study

POOL_SIZE = 240
STEPS = 8
"""How many tokens of the greedy path are known for each prompt."""
FALSE_FAIL_RATE = 1e-6
"""How often a right answer may fail a check of sampling by bad luck, at most."""
MAX_DRAWS = 28
CLEAR = 0.3
"""A lead that neither rounding nor another order of additions makes up for."""
PENALTY = 1.2
"""The smallest usual `repetition_penalty`."""
UNLIKELY = 5.0
"""The log-probability, but for its sign, of a path that a sampler finds less than once in a hundred tries."""

_WHO = (
    "girl",
    "boy",
    "dog",
    "cat",
    "bird",
    "teacher",
    "farmer",
    "king",
    "queen",
    "bear",
    "rabbit",
    "friend",
    "doctor",
    "sailor",
    "robot",
    "dragon",
)
_WHAT = (
    "house",
    "tree",
    "river",
    "garden",
    "boat",
    "book",
    "box",
    "flower",
    "mountain",
    "castle",
    "table",
    "road",
    "ball",
    "cake",
    "song",
    "story",
)
_HOW = ("little", "old", "happy", "big", "quiet", "brave", "young", "funny", "sad", "kind")
_FRAMES = (
    "Once upon a time there was a {how} {who}",
    "The {who} looked at the {what} and",
    "One day a {how} {who} found a",
    "Everybody said that the {what} is",
    "In the morning the {who} wanted to",
    "The {how} {who} said that the {what}",
    "There was a {what} near the {what2} and",
    "The {who} and the {who2} went to the",
)
_SYLLABLES = ("ba", "do", "ki", "lu", "mer", "nor", "pil", "ra", "sto", "ten", "vu", "zi")


def a_prompt(rng: random.Random) -> str:
    """The beginning of a simple English sentence, drawn from thousands; at least six of GPT-2's tokens long."""
    who, who2 = rng.sample(_WHO, 2)
    what, what2 = rng.sample(_WHAT, 2)
    return rng.choice(_FRAMES).format(who=who, who2=who2, what=what, what2=what2, how=rng.choice(_HOW))


def greedy_text(prompt: str, length: int) -> str:
    """The text of the greedy path of a prompt of the pool, without the prompt."""
    return pool()[prompt].says(length)


def clear_prompts(rng: random.Random, count: int, length: int) -> list[str]:
    """Prompts on whose greedy path the winner leads clearly at every step, so that rounding can't change it.

    Where there is a choice, a sampler hardly ever finds that path, and it repeats no pair of tokens, so that
    `no_repeat_ngram_size` changes nothing either.
    """
    ranks = _clear_ranks(length)
    return sorted(rng.sample(list(ranks), 60), key=lambda text: ranks[text], reverse=True)[:count]


@lru_cache(maxsize=STEPS)
def _clear_ranks(length: int) -> dict[str, tuple[float, bool, float]]:
    """How good each prompt of the pool is for that; reckoned once in a process, as all ranks below are."""

    def rank(studied: Studied) -> tuple[float, bool, float]:
        rarity = min(-studied.log_prob(length), UNLIKELY)
        return min(studied.clearness(length), CLEAR), not studied.repeats(length), rarity

    return {text: rank(studied) for text, studied in pool().items()}


def revisiting_prompt(rng: random.Random, length: int) -> str:
    """A clear prompt whose greedy path comes back to a token, so that a penalty on repeated tokens changes it.

    It repeats no pair of tokens, like the others: `no_repeat_ngram_size` changes nothing.
    """
    return rng.choice(_revisiting_pool(length))


@lru_cache(maxsize=STEPS)
def _revisiting_pool(length: int) -> tuple[str, ...]:
    def rank(studied: Studied) -> tuple[bool, float]:
        return studied.minds(PENALTY, length) and not studied.repeats(length), min(studied.clearness(length), CLEAR)

    return tuple(studied.text for studied in sorted(pool().values(), key=rank, reverse=True)[:4])


def open_prompt(rng: random.Random) -> tuple[str, int]:
    """A prompt that can go on in many ways, and how many draws of one token it takes to see that.

    So many equal draws happen with a probability below FALSE_FAIL_RATE for an answer that samples, even if it samples
    as carefully as from the 5 best tokens at temperature 0.5. (n draws are all equal with p <= max(p_i) ** (n - 1).)
    """
    closeness, text = rng.choice(_open_pool())
    draws = 1 + math.ceil(math.log(FALSE_FAIL_RATE) / math.log(min(closeness, 0.999)))
    return text, min(max(draws, 8), MAX_DRAWS)


@lru_cache(maxsize=1)
def _open_pool() -> tuple[tuple[float, str], ...]:
    """Those eight whose likeliest first token is least likely, and how likely the most careful sampler takes it."""
    ranked = ((one.steps[0].share(5, 0.5) + (not one.is_legible), one.text) for one in pool().values())
    return tuple(sorted(ranked)[:8])


def steep_prompt(rng: random.Random) -> str:
    """A prompt after which a few tokens have nearly all of the probability, as far as there are such prompts."""
    return rng.choice(_steep_pool())


def weather_prompt(rng: random.Random) -> tuple[str, int, int]:
    """A prompt that shows the temperature, how many tokens show it, and how many tries that takes.

    In one try a right sampler takes the greedy path when it is COLD and leaves it when it is HOT, but for bad luck.
    That all tries fail happens with a probability below FALSE_FAIL_RATE.
    """
    (_, length, luck), text = rng.choice(_weather_pool())
    return text, length, math.ceil(math.log(FALSE_FAIL_RATE) / math.log(max(min(luck, 0.5), 1e-6)))


@lru_cache(maxsize=1)
def _weather_pool() -> tuple[tuple[tuple[float, int, float], str], ...]:
    return tuple(sorted((_weather(studied), studied.text) for studied in pool().values())[:6])


def _weather(studied: Studied) -> tuple[float, int, float]:
    """How bad its luck is, but for what four tries make up for; the fewest tokens for that, and its luck with them."""
    lucks = [(max(studied.bad_luck(length), 0.03), length, studied.bad_luck(length)) for length in range(2, STEPS + 1)]
    return min(lucks)


def beam_prompt(rng: random.Random, length: int, beams: int) -> str:
    """A prompt for which beam search finds a likelier text than greedy does."""
    return rng.choice(_beam_pool(length, beams))


@lru_cache(maxsize=2)
def _beam_pool(length: int, beams: int) -> tuple[str, ...]:
    """The first four prompts of the pool for which that is clearly so; else the best of those looked at."""
    gains = dict[str, float]()
    for prompt in list(pool())[:16]:
        gains[prompt] = _beam_gain(prompt, length, beams)
        good = [prompt for prompt, gain in gains.items() if gain > CLEAR]
        if len(good) == 4:
            break
    return tuple(good) or (max(gains, key=lambda prompt: gains[prompt]),)


def _beam_gain(prompt: str, length: int, beams: int) -> float:
    """By how much beam search's text is likelier than greedy's, in log-probability; -1 where texts hide their ids."""
    beam, greedy = beam_text(prompt, length, beams), greedy_text(prompt, length)
    if any(len(ids_of("gpt2", text)) != length or "\ufffd" in text for text in (beam, greedy)):
        return -1.0
    return log_likelihood(prompt, beam) - log_likelihood(prompt, greedy)


@lru_cache(maxsize=1)
def pool() -> dict[str, Studied]:
    """The prompts that checks of generation draw from, studied together: one greedy search for all."""
    return {studied.text: studied for studied in study(_different(a_prompt, POOL_SIZE), STEPS)}


@lru_cache(maxsize=1)
def _steep_pool() -> tuple[str, ...]:
    """Of many prompts, most of them no sense at all, the four with the smallest nucleus."""
    studied = study(_different(_a_mumble, 2 * POOL_SIZE), 1) + list(pool().values())
    studied.sort(key=lambda one: one.steps[0].total - one.steps[0].scores[0])
    return tuple(one.text for one in studied[:4])


def _different(draw: Callable[[random.Random], str], count: int) -> list[str]:
    rng = random.Random(count)
    return list(dict.fromkeys(draw(rng) for _ in range(2 * count)))[:count]


def _a_mumble(rng: random.Random) -> str:
    word = "".join(rng.choices(_SYLLABLES, k=3))
    return f"{rng.choice(_HOW)} {word} {rng.choice(_WHO)} {rng.choice(_SYLLABLES)}"
