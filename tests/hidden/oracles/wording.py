"""Reads generated text for what it says, whatever it is dressed in; for hidden suites, with what all suites read."""

import re

from grader.checks.course.printed import contains_in_order, count_words, numbers_in, without_entities

__all__ = ["contains_in_order", "continuations", "count_words", "is_said", "numbers_in", "plain", "without_entities"]

MAX_LENGTH = 20_000
"""Characters of a text that are read; no right answer says as much."""


def plain(text: str) -> str:
    """The words of a text: no special tokens, no markup, single spaces, none before a punctuation mark."""
    text = without_entities(re.sub(r"<\|[a-z_]+\|>|</?[a-z]+\d?[^<>]{0,80}>", " ", text[:MAX_LENGTH]))
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
