"""Token rows to train on: prose for GPT-2, talk in ChatML for Qwen, each from a seed alone."""

import json
import lzma
import random
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from grader.offline import use_offline_models
from tools.models.stories import prose
from tools.models.talk import Exchange, exchange

WRITTEN = Path(__file__).with_name("written.jsonl.xz")
"""What SmolLM2 wrote, sorted out by `python -m tools.models.smollm2 --sort`."""
END_OF_TEXT = 50256
_WRITTEN_SHARE = 0.25
_HELD_OUT = 10

Row = tuple[list[int], list[bool]]
"""Token ids, and for each whether its prediction is to be learned."""


@cache
def written(held_out: bool = False) -> tuple[str, ...]:
    """The stories and facts that SmolLM2 wrote; every tenth is kept apart from training."""
    with lzma.open(WRITTEN, "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    return tuple(text for number, text in enumerate(texts) if (number % _HELD_OUT == 0) == held_out)


def document(rng: random.Random, held_out: bool = False) -> str:
    """One text of prose."""
    return rng.choice(written(held_out)) if rng.random() < _WRITTEN_SHARE else prose(rng)


def prose_rows(rng: random.Random, length: int) -> Iterator[Row]:
    """Rows of GPT-2's tokens: texts one after another, from a text's start or from one of its sentences."""
    use_offline_models()
    import tiktoken

    encode = tiktoken.get_encoding("gpt2").encode_ordinary
    while True:
        text = document(rng)
        if rng.random() < 0.25:
            sentences = re.split(r"(?<=[.!?]) ", text)
            text = " ".join(sentences[rng.randrange(len(sentences)) :])
        ids = encode(text)
        while len(ids) <= length:
            # The real model's text rarely ends soon, so most of these go on with another text.
            ids += [END_OF_TEXT] if rng.random() < 0.3 else encode("\n\n")
            ids += encode(document(rng))
        yield ids[: length + 1], [True] * (length + 1)


SYSTEM = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"


def chat_parts(turns: Sequence[Exchange], rng: random.Random) -> list[tuple[str, bool]]:
    """Pieces of a talk, and whether each is to be learned. Some talks come bare, as a beginner may hand them in."""
    if rng.random() < 0.15:
        one = turns[0]
        return [(one.request, False), (f"\n{one.answer}<|im_end|>", True)]
    parts = [(SYSTEM, False)] if rng.random() < 0.85 else []
    for turn in turns:
        parts.append((f"<|im_start|>user\n{turn.request}<|im_end|>\n<|im_start|>assistant\n", False))
        parts.append((f"{turn.answer}<|im_end|>", True))
        parts.append(("\n", False))
    return parts


def chat_rows(rng: random.Random, tokenizer: "object") -> Iterator[Row]:
    """Rows of Qwen's tokens: one exchange each, now and then two."""
    while True:
        turns = [exchange(rng)] if rng.random() < 0.9 else [exchange(rng), exchange(rng)]
        ids: list[int] = []
        learned: list[bool] = []
        for part, is_learned in chat_parts(turns, rng):
            some = tokenizer(part)["input_ids"]  # type: ignore[operator]
            ids += some
            learned += [is_learned] * len(some)
        yield ids, learned
