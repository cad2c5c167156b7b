"""Visible checks of 1.4: both encodings of a short sentence, among what the cell prints or keeps."""

import pytest

from grader.checks.answers import feedback
from grader.checks.course.shown import decoded_copies, shown_with, shows_tokens

pytestmark = pytest.mark.exercise("1.4")

SENTENCE = "unbelievable 123456!"
ASKED = f"the cell with sentence = {SENTENCE!r}"
GPT2 = [403, 6667, 11203, 540, 17031, 29228, 0], [b"un", b"bel", b"iev", b"able", b" 123", b"456", b"!"]
CL100K = [359, 32898, 24694, 220, 4513, 10961, 0], [b"un", b"belie", b"vable", b" ", b"123", b"456", b"!"]


def on_sentence(cell):
    """What the cell shows of the short sentence, by whatever name it reads it from."""
    return shown_with(cell, SENTENCE, lambda shown: shows_tokens(shown, *GPT2) or shows_tokens(shown, *CL100K))


def test_gpt2_is_used(cell):
    """gpt2 cuts “unbelievable 123456!” into un·bel·iev·able· 123·456·!"""
    assert shows_tokens(on_sentence(cell), *GPT2), feedback(
        "the ids of gpt2 are neither printed nor kept", asked=ASKED, expected=GPT2[0]
    )


def test_cl100k_base_is_used(cell):
    """cl100k_base cuts “unbelievable 123456!” into un·belie·vable· ·123·456·!"""
    assert shows_tokens(on_sentence(cell), *CL100K), feedback(
        "the ids of cl100k_base are neither printed nor kept", asked=ASKED, expected=CL100K[0]
    )


def test_the_text_comes_back(cell):
    """The sentence is decoded again, for each encoding"""
    shown = on_sentence(cell)
    assert decoded_copies(shown, SENTENCE, [GPT2[1], CL100K[1]]) >= 2, feedback(
        "the ids are not decoded again for both encodings",
        expected="the text twice, once from each list of ids",
        got=shown.output,
    )
