"""Reads what a cell printed: numbers in order, short texts in rows, words. For the visible and the hidden suites."""

import ast
import html
import re
import warnings
from collections.abc import Iterable, Sequence


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


def without_entities(text: str) -> str:
    """The text with `&amp;` and the like as what they stand for; as it is where one of them stands for nothing."""
    try:
        return html.unescape(text)
    except ValueError:  # a number of thousands of digits
        return text


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
