"""Prompts for hidden checks, chosen by what GPT-2 makes of them, so that a right answer can't fail by bad luck.

A fixed pool of prompts is studied once in a process, all at a time; each check then draws from it with its own seed.
"""

import math
import random
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from grader.reference import beam_text, encoding, ids_of, library, log_likelihood, spelling
from grader.wording import plain

POOL_SIZE = 64
STEPS = 16
"""How many tokens of the greedy path are known for each prompt."""
FALSE_FAIL_RATE = 1e-6
"""How often a right answer may fail a check of sampling by bad luck, at most."""
MAX_DRAWS = 24

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
    "My favourite {what} is", "In the morning the {who} wanted to", "The {how} {who} said that the {what}",
    "There was a {what} near the {what2} and", "The {who} and the {who2} went to the",
)  # fmt: skip


def a_prompt(rng: random.Random) -> str:
    """The beginning of a simple English sentence, drawn from thousands."""
    who, who2 = rng.sample(_WHO, 2)
    what, what2 = rng.sample(_WHAT, 2)
    return rng.choice(_FRAMES).format(who=who, who2=who2, what=what, what2=what2, how=rng.choice(_HOW))


@dataclass(frozen=True, slots=True, kw_only=True)
class Studied:
    """A prompt and what GPT-2 makes of it."""

    text: str
    path: tuple[int, ...]
    """The tokens that are most likely one by one."""
    leads: tuple[float, ...]
    """How far the winner of each step is ahead of its runner-up, in score; 0 from the end of text on."""
    log_probs: tuple[float, ...]
    """The log-probability of each step."""
    best: tuple[float, ...]
    """The 50 highest scores for the first step, in order."""
    is_legible: bool
    """Whether the five best first tokens read as five different words."""

    def says(self, length: int) -> str:
        """The text of that many steps."""
        return str(encoding("gpt2").decode(list(self.path[:length])))

    def repeats(self, length: int) -> bool:
        """Whether a pair of neighbours comes twice in prompt and path."""
        row = [*ids_of("gpt2", self.text), *self.path[:length]]
        return len(set(pairwise(row))) < len(row) - 1

    def clearness(self, length: int) -> float:
        """The smallest lead on the way; -1 where the text of the path does not show its tokens."""
        text = self.says(length)
        return min(self.leads[:length]) if len(plain(text)) >= length and "\ufffd" not in text else -1.0

    def top_share(self, k: int, temperature: float) -> float:
        """The best token's share of the odds among the k best, at that temperature."""
        odds = [math.exp((score - self.best[0]) / temperature) for score in self.best[:k]]
        return odds[0] / sum(odds)


def greedy_text(prompt: str, length: int) -> str:
    """The text of the greedy path of a prompt of the pool, without the prompt."""
    return pool()[prompt].says(length)


def clear_prompts(rng: random.Random, count: int, length: int) -> list[str]:
    """Prompts on whose greedy path the winner leads clearly at every step, so that rounding can't change it.

    Where there is a choice, the path repeats no pair of tokens, so that `no_repeat_ngram_size` changes nothing either.
    """

    def rank(studied: Studied) -> tuple[bool, bool, float]:
        clearness = studied.clearness(length)
        return clearness > CLEAR / 3, not studied.repeats(length), clearness

    drawn = rng.sample(list(pool().values()), 14 + 2 * count)
    return [studied.text for studied in sorted(drawn, key=rank, reverse=True)[:count]]


def loaded_prompt(rng: random.Random, length: int) -> str:
    """A prompt whose greedy path is clear at every step and still unlikely as a whole.

    So a sampler finds that path when the temperature is next to nothing, and hardly ever at temperature 1 and above.
    """
    drawn = sorted(rng.sample(list(pool().values()), 40), key=lambda studied: -studied.clearness(length))
    clear = [studied for studied in drawn if studied.clearness(length) > CLEAR] or drawn[:1]
    return min(clear, key=lambda studied: sum(studied.log_probs[:length])).text


CLEAR = 0.3
"""A lead that no sampler misses at temperature 0.02, where it amounts to 15 nats."""


def open_prompt(rng: random.Random) -> tuple[str, int]:
    """A prompt that can go on in many ways, and how many draws of one token it takes to see that.

    So many equal draws happen with a probability below FALSE_FAIL_RATE for an answer that samples, even if it samples
    as carefully as from the 5 best tokens at temperature 0.5. (n draws are all equal with p <= max(p_i) ** (n - 1).)
    """
    drawn = rng.sample(list(pool().values()), 24)
    chosen = min(drawn, key=lambda studied: studied.top_share(5, 0.5) + (not studied.is_legible))
    draws = 1 + math.ceil(math.log(FALSE_FAIL_RATE) / math.log(min(chosen.top_share(5, 0.5), 0.999)))
    return chosen.text, min(max(draws, 8), MAX_DRAWS)


def two_faced_prompt(rng: random.Random) -> str:
    """A prompt that goes on in one way at temperature 0.05, either way at 1, and in many ways at 3."""

    def badness(studied: Studied) -> float:
        misses, even, wins = 1 - studied.top_share(50, 0.05), studied.top_share(50, 1.0), studied.top_share(50, 3.0)
        return 100 * misses + even + wins + 10 * (not studied.is_legible)

    return min(rng.sample(list(pool().values()), 16), key=badness).text


def beam_prompt(rng: random.Random, length: int, beams: int) -> str:
    """A prompt for which beam search finds a clearly likelier text than greedy does, where one is drawn."""
    drawn = rng.sample(sorted(pool()), 6)
    return max(drawn, key=lambda prompt: _beam_gain(prompt, length, beams))


def _beam_gain(prompt: str, length: int, beams: int) -> float:
    """By how much beam search's text is likelier than greedy's, in log-probability; -1 where texts hide their ids."""
    beam, greedy = beam_text(prompt, length, beams), greedy_text(prompt, length)
    if any(len(ids_of("gpt2", text)) != length or "\ufffd" in text for text in (beam, greedy)):
        return -1.0
    return log_likelihood(prompt, beam) - log_likelihood(prompt, greedy)


@lru_cache(maxsize=1)
def pool() -> dict[str, Studied]:
    """The prompts that checks of generation draw from, studied together: one greedy search for all."""
    rng = random.Random(POOL_SIZE)  # noqa: S311 - no secret: checks draw from the pool with seeds of their own
    texts = list(dict.fromkeys(a_prompt(rng) for _ in range(2 * POOL_SIZE)))[:POOL_SIZE]
    return {studied.text: studied for studied in _study(texts)}


def _study(texts: list[str]) -> list[Studied]:
    import torch

    rows = [ids_of("gpt2", text) for text in texts]
    width, end = max(map(len, rows)), encoding("gpt2").eot_token
    ids = torch.tensor([[end] * (width - len(row)) + row for row in rows])  # padded on the left
    mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows])
    model, cache, steps = library("gpt2_model"), None, []
    for _ in range(STEPS):
        places = mask.cumsum(-1).sub(1).clamp(min=0)[:, -ids.shape[1] :]
        with torch.no_grad():
            output = model(ids, attention_mask=mask, position_ids=places, past_key_values=cache, use_cache=True)
        scores, cache = output.logits[:, -1], output.past_key_values
        steps.append((scores.topk(50), scores.log_softmax(-1).max(-1).values))
        ids = steps[-1][0].indices[:, :1]
        mask = torch.cat([mask, torch.ones_like(ids)], dim=1)
    return [_studied(text, row, steps) for row, text in enumerate(texts)]


def _studied(text: str, row: int, steps: list[Any]) -> Studied:
    path = [int(top.indices[row, 0]) for top, _ in steps]
    leads = [float(top.values[row, 0] - top.values[row, 1]) for top, _ in steps]
    end = encoding("gpt2").eot_token
    ended = path.index(end) if end in path else STEPS
    first = steps[0][0]
    five = [spelling()[token] for token in first.indices[row, :5].tolist()]
    return Studied(
        text=text,
        path=tuple(path),
        leads=tuple(leads[:ended] + [0.0] * (STEPS - ended)),
        log_probs=tuple(float(log_probs[row]) for _, log_probs in steps),
        best=tuple(first.values[row].tolist()),
        is_legible=len(set(five)) == len(five) and all(word and "\ufffd" not in word for word in five),
    )
