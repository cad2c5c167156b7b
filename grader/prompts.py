"""Prompts for hidden checks, chosen by what GPT-2 makes of them, so that a right answer can't fail by bad luck.

A fixed pool of prompts is studied once in a process, all at a time; each check then draws from it with its own seed.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

from grader.reference import beam_text, encoding, ids_of, library, log_likelihood, spelling
from grader.wording import plain

POOL_SIZE = 240
STEPS = 8
"""How many tokens of the greedy path are known for each prompt."""
BEST = 50
"""How many of the highest scores of a step are kept."""
FALSE_FAIL_RATE = 1e-6
"""How often a right answer may fail a check of sampling by bad luck, at most."""
MAX_DRAWS = 28
CLEAR = 0.3
"""A lead that neither rounding nor another order of additions makes up for."""
PENALTY = 1.2
"""The smallest usual `repetition_penalty`."""
UNLIKELY = 5.0
"""The log-probability, but for its sign, of a path that a sampler finds less than once in a hundred tries."""
COLD, HOT = 0.1, 2.0
"""Two temperatures that any playground may be set to."""

_WHO = (
    "girl", "boy", "dog", "cat", "bird", "teacher", "farmer", "king", "queen", "bear", "rabbit", "friend", "doctor",
    "sailor", "robot", "dragon",
)  # fmt: skip
_WHAT = (
    "house", "tree", "river", "garden", "boat", "book", "box", "flower", "mountain", "castle", "table", "road", "ball",
    "cake", "song", "story",
)  # fmt: skip
_HOW = ("little", "old", "happy", "big", "quiet", "brave", "young", "funny", "sad", "kind")
_FRAMES = (
    "Once upon a time there was a {how} {who}", "The {who} looked at the {what} and", "One day a {how} {who} found a",
    "Everybody said that the {what} is", "In the morning the {who} wanted to", "The {how} {who} said that the {what}",
    "There was a {what} near the {what2} and", "The {who} and the {who2} went to the",
)  # fmt: skip
_SYLLABLES = ("ba", "do", "ki", "lu", "mer", "nor", "pil", "ra", "sto", "ten", "vu", "zi")


def a_prompt(rng: random.Random) -> str:
    """The beginning of a simple English sentence, drawn from thousands; at least six of GPT-2's tokens long."""
    who, who2 = rng.sample(_WHO, 2)
    what, what2 = rng.sample(_WHAT, 2)
    return rng.choice(_FRAMES).format(who=who, who2=who2, what=what, what2=what2, how=rng.choice(_HOW))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What GPT-2 makes of one step of a greedy path."""

    token: int
    scores: tuple[float, ...]
    """The highest scores, in order."""
    total: float
    """The logarithm of the sum of all exponentials: what a score lacks to be a log-probability."""

    @property
    def lead(self) -> float:
        """How far the winner is ahead of its runner-up."""
        return self.scores[0] - self.scores[1]

    @property
    def log_prob(self) -> float:
        """The winner's log-probability."""
        return self.scores[0] - self.total

    def share(self, k: int, temperature: float) -> float:
        """The winner's share of the odds among the k best, at that temperature."""
        return 1 / sum(math.exp((score - self.scores[0]) / temperature) for score in self.scores[:k])

    def nucleus(self, p: float) -> int:
        """How many of the best tokens make up that share of the probability; BEST where those kept do not."""
        sums = accumulate(math.exp(score - self.total) for score in self.scores)
        return next((size for size, mass in enumerate(sums, 1) if mass >= p), BEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Studied:
    """A prompt and what GPT-2 makes of it."""

    text: str
    steps: tuple[Step, ...]
    """The greedy path."""
    end: int
    """How many steps there are before the end of the text."""
    is_legible: bool
    """Whether the five best first tokens read as five different words."""

    def says(self, length: int) -> str:
        """The text of that many steps."""
        return str(encoding("gpt2").decode([step.token for step in self.steps[:length]]))

    def repeats(self, length: int) -> bool:
        """Whether a pair of neighbours comes twice in prompt and path."""
        row = [*ids_of("gpt2", self.text), *(step.token for step in self.steps[:length])]
        return len(set(pairwise(row))) < len(row) - 1

    def minds(self, penalty: float, length: int) -> bool:
        """Whether such a `repetition_penalty` takes its lead from a winner that was there before."""
        seen = set(ids_of("gpt2", self.text))
        for step in self.steps[:length]:
            best = step.scores[0]
            if step.token in seen and best - (best / penalty if best > 0 else best * penalty) > step.lead:
                return True
            seen.add(step.token)
        return False

    def clearness(self, length: int) -> float:
        """The smallest lead on the way; -1 where the path ends or its text does not show its tokens."""
        text = self.says(length)
        if self.end < length or len(plain(text)) < length or "\ufffd" in text:
            return -1.0
        return min(step.lead for step in self.steps[:length])

    def log_prob(self, length: int) -> float:
        """The log-probability of that many steps."""
        return sum(step.log_prob for step in self.steps[:length])

    def bad_luck(self, length: int) -> float:
        """How likely a right sampler strays from the path when it is cold, or keeps to it when it is hot.

        Even one that samples as carefully as from the 5 best tokens, or from the nucleus of 0.8 that it took before it
        warmed it up.
        """
        if self.clearness(length) <= 0:
            return 1.0
        steps = self.steps[:length]
        strays = sum(1 - step.share(BEST, COLD) for step in steps)
        keeps = math.prod(max(step.share(5, HOT), step.share(step.nucleus(0.8), HOT)) for step in steps)
        return min(1.0, strays + keeps)


def greedy_text(prompt: str, length: int) -> str:
    """The text of the greedy path of a prompt of the pool, without the prompt."""
    return pool()[prompt].says(length)


def clear_prompts(rng: random.Random, count: int, length: int) -> list[str]:
    """Prompts on whose greedy path the winner leads clearly at every step, so that rounding can't change it.

    Where there is a choice, a sampler hardly ever finds that path, and it repeats no pair of tokens, so that
    `no_repeat_ngram_size` changes nothing either.
    """

    def rank(studied: Studied) -> tuple[float, bool, float]:
        rarity = min(-studied.log_prob(length), UNLIKELY)
        return min(studied.clearness(length), CLEAR), not studied.repeats(length), rarity

    drawn = rng.sample(list(pool().values()), 60)
    return [studied.text for studied in sorted(drawn, key=rank, reverse=True)[:count]]


def revisiting_prompt(rng: random.Random, length: int) -> str:
    """A clear prompt whose greedy path comes back to a token, so that a penalty on repeated tokens changes it.

    It repeats no pair of tokens, like the others: `no_repeat_ngram_size` changes nothing.
    """

    def rank(studied: Studied) -> tuple[bool, float]:
        return studied.minds(PENALTY, length) and not studied.repeats(length), min(studied.clearness(length), CLEAR)

    return rng.choice(sorted(pool().values(), key=rank, reverse=True)[:4]).text


def open_prompt(rng: random.Random) -> tuple[str, int]:
    """A prompt that can go on in many ways, and how many draws of one token it takes to see that.

    So many equal draws happen with a probability below FALSE_FAIL_RATE for an answer that samples, even if it samples
    as carefully as from the 5 best tokens at temperature 0.5. (n draws are all equal with p <= max(p_i) ** (n - 1).)
    """

    def closeness(studied: Studied) -> float:
        return studied.steps[0].share(5, 0.5) + (not studied.is_legible)

    chosen = rng.choice(sorted(pool().values(), key=closeness)[:8])
    draws = 1 + math.ceil(math.log(FALSE_FAIL_RATE) / math.log(min(closeness(chosen), 0.999)))
    return chosen.text, min(max(draws, 8), MAX_DRAWS)


def steep_prompt(rng: random.Random) -> str:
    """A prompt after which a few tokens have nearly all of the probability, as far as there are such prompts."""
    return rng.choice(_steep_pool())


def weather_prompt(rng: random.Random) -> tuple[str, int, int]:
    """A prompt that shows the temperature, how many tokens show it, and how many tries that takes.

    In one try a right sampler takes the greedy path when it is COLD and leaves it when it is HOT, but for bad luck.
    That all tries fail happens with a probability below FALSE_FAIL_RATE.
    """
    ranked = sorted((_weather(studied), studied.text) for studied in pool().values())
    (_, length, luck), text = rng.choice(ranked[:6])
    return text, length, math.ceil(math.log(FALSE_FAIL_RATE) / math.log(max(min(luck, 0.5), 1e-6)))


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
        if len(good) == 4:  # noqa: PLR2004 - as the first line says
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
    return {studied.text: studied for studied in _study(_different(a_prompt, POOL_SIZE), STEPS)}


@lru_cache(maxsize=1)
def _steep_pool() -> tuple[str, ...]:
    """Of many prompts, most of them no sense at all, the four with the smallest nucleus."""
    studied = _study(_different(_a_mumble, 2 * POOL_SIZE), 1) + list(pool().values())
    studied.sort(key=lambda one: one.steps[0].total - one.steps[0].scores[0])
    return tuple(one.text for one in studied[:4])


def _different(draw: Callable[[random.Random], str], count: int) -> list[str]:
    rng = random.Random(count)  # noqa: S311 - no secret: checks draw from the pool with seeds of their own
    return list(dict.fromkeys(draw(rng) for _ in range(2 * count)))[:count]


def _a_mumble(rng: random.Random) -> str:
    word = "".join(rng.choices(_SYLLABLES, k=3))
    return f"{rng.choice(_HOW)} {word} {rng.choice(_WHO)} {rng.choice(_SYLLABLES)}"


def _study(texts: list[str], length: int) -> list[Studied]:
    import torch

    rows = [ids_of("gpt2", text) for text in texts]
    width, end = max(map(len, rows)), encoding("gpt2").eot_token
    ids = torch.tensor([[end] * (width - len(row)) + row for row in rows])  # padded on the left
    mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows])
    model, steps = library("gpt2_model"), []
    for _ in range(length):
        places = mask.cumsum(-1).sub(1).clamp(min=0)
        with torch.no_grad():
            scores = model(ids, attention_mask=mask, position_ids=places, logits_to_keep=1).logits[:, -1]
        steps.append((scores.topk(BEST), scores.logsumexp(-1)))
        best = steps[-1][0].indices[:, :1]
        ids, mask = torch.cat([ids, best], dim=1), torch.cat([mask, torch.ones_like(best)], dim=1)
    return [_studied(text, row, steps) for row, text in enumerate(texts)]


def _studied(text: str, row: int, steps: list[Any]) -> Studied:
    path = tuple(
        Step(token=int(top.indices[row, 0]), scores=tuple(top.values[row].tolist()), total=float(total[row]))
        for top, total in steps
    )
    tokens, end = [step.token for step in path], encoding("gpt2").eot_token
    five = [spelling()[token] for token in steps[0][0].indices[row, :5].tolist()]
    return Studied(
        text=text,
        steps=path,
        end=tokens.index(end) if end in tokens else len(tokens),
        is_legible=len(set(five)) == len(five) and all(word and "\ufffd" not in word for word in five),
    )
