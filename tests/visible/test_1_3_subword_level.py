"""Visible checks of 1.3. They show what was asked, what came back and what was expected."""

import pytest

from grader.checks.answers import a_text, an_id_list, ask, feedback
from grader.checks.course.tokens import ask_decode

pytestmark = pytest.mark.exercise("1.3")


def decoded(cell, ids, like):
    """The text of these ids, which a batch of one may hold."""
    value = ask_decode(cell, ids, like)
    return a_text(value[0] if isinstance(value, list) and len(value) == 1 else value, "`decode(...)`")


def test_ids_are_gpt2s(cell):
    """Encoding gives GPT-2's ids: “Hello world” is 15496, 995"""
    for text, ids in {"Hello world": [15496, 995], "Hello Hello": [15496, 18435]}.items():
        got = an_id_list(ask(cell, "encode", text), "`encode(...)`")
        assert got == ids, feedback(
            "these are not GPT-2's ids",
            asked=f"encode({text!r})",
            expected=ids,
            got=got,
            hint="A space belongs to the word after it, so “Hello” and “ Hello” differ.",
        )


def test_nothing_is_lost(cell):
    """Any text makes the round trip, emoji included"""
    text = "Tokenize naïve café 🚀!"
    value = ask(cell, "encode", text)
    got = decoded(cell, an_id_list(value, "`encode(...)`"), value)
    assert got == text, feedback(
        "the text does not come back as it was", asked=f"decode(encode({text!r}))", expected=text, got=got
    )


def test_decode_takes_any_ids(cell):
    """Decoding turns GPT-2's ids into text"""
    got = decoded(cell, [15496, 995], ask(cell, "encode", "Hi"))
    assert got == "Hello world", feedback(
        "these ids spell another text", asked="decode([15496, 995])", expected="Hello world", got=got
    )
