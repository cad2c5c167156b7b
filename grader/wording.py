"""Reads free text for what it says, whatever it is dressed in: generated text, printed ids, words in an output."""

import ast
import html
import re
import warnings
from collections.abc import Iterable, Sequence

MAX_LENGTH = 20_000
"""Characters of a text that are read; no right answer says as much."""


def plain(text: str) -> str:
    """The words of a text: no special tokens, no markup, single spaces, none before a punctuation mark."""
    text = html.unescape(re.sub(r"<\|[a-z_]+\|>|</?[a-z]+\d?[^<>]{0,80}>", " ", text[:MAX_LENGTH]))
    return re.sub(r" ([.,!?;:'])", r"\1", " ".join(text.split()))


def continuations(said: str, prompt: str) -> list[str]:
    """The readings of what was said: as a continuation alone; last, where the prompt is in it, what follows that."""
    text, start = plain(said), plain(prompt)
    return [text, text.rpartition(start)[2].strip()] if start in text else [text]


def is_said(said: str, prompt: str, expected: str, *, whole: bool) -> bool:
    """Whether that text continues the prompt as expected.

    Args:
        said: the student's text, with or without the prompt.
        prompt: the prompt.
        expected: the right continuation.
        whole: all of it and no more; else more may stand around it, or what follows its first third may be missing.
    """
    due = plain(expected)
    found = continuations(said, prompt)
    if whole:
        return due in found
    return any(due in text or (due.startswith(text) and len(text) >= len(due) // 3) for text in found)


def contains_in_order(items: Sequence[object], wanted: Sequence[object], gap: int = 4) -> bool:
    """Whether the wanted numbers or words occur in this order, with no more than `gap` others between two of them."""
    for start in (place for place, item in enumerate(items) if wanted and item == wanted[0]):
        place, left = start, list(wanted[1:])
        while left:
            window = list(items[place + 1 : place + 2 + gap])
            if left[0] not in window:
                break
            place += 1 + window.index(left.pop(0))
        else:
            return True
    return False


def numbers_in(text: str) -> list[int]:
    """The whole numbers in a text, in order."""
    return [int(digits) for digits in re.findall(r"(?<![\d.])\d{1,7}(?![\d.]*\.\d)", text)]


def rows_in(output: str) -> list[list[str]]:
    """Short texts that an output shows next to each other: what stands between quotes, and its lines."""
    quoted = [literal(found) for found in re.findall(_QUOTED, output)]
    texts = [value.decode("utf-8", "replace") if isinstance(value, bytes) else value for value in quoted]
    return [[text.strip() for text in texts if isinstance(text, str)], [line.strip() for line in output.splitlines()]]


_QUOTED = r"""b?'(?:[^'\\\n]|\\.)*'?|b?"(?:[^"\\\n]|\\.)*"?"""
"""A string or bytes object as Python prints it. One that is not closed matches, too, so that no text takes long."""


def literal(text: str) -> object:
    """The value of a printed literal; None for what is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a backslash that escapes nothing
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None


def count_words(text: str, words: Iterable[str]) -> int:
    """How many of the words stand in the text as words of their own."""
    return sum(bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)) for word in words)
