"""Prompts with what GPT-2 makes of them: its greedy path, how clear it is, and how likely a sampler keeps to it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from oracles.reference import Array, encoding, ids_of, recorded, spelling
from oracles.wording import plain

BEST = 50
"""How many of the highest scores of a step are kept."""
COLD, HOT = 0.1, 2.0
"""Two temperatures that any playground may be set to."""


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
    first: tuple[int, ...]
    """The best first tokens, in order: those that the first step has scores of."""
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


def study(texts: list[str], length: int) -> list[Studied]:
    """What GPT-2 makes of each of these prompts in so many steps: one greedy search for all at a time."""
    rows = [ids_of("gpt2", text) for text in texts]
    return read(texts, *recorded("greedy_paths", rows, length, BEST, encoding("gpt2").eot_token, "gpt2_model"))


def read(texts: Sequence[str], tokens: Array, scores: Array, totals: Array) -> list[Studied]:
    """The prompts with their greedy paths, from what `models.greedy_paths` gives."""
    return [_studied(text, *rows) for text, *rows in zip(texts, tokens, scores, totals, strict=True)]


def _studied(text: str, best: Array, scores: Array, totals: Array) -> Studied:
    path = tuple(
        Step(token=int(row[0]), scores=tuple(values.tolist()), total=float(total))
        for row, values, total in zip(best, scores, totals, strict=True)
    )
    tokens, end = [step.token for step in path], encoding("gpt2").eot_token
    first = best[0].tolist()
    five = [spelling()[token] for token in first[:5]]
    return Studied(
        text=text,
        steps=path,
        end=tokens.index(end) if end in tokens else len(tokens),
        first=tuple(first),
        is_legible=len(set(five)) == len(five) and all(word and "\ufffd" not in word for word in five),
    )
