"""Visible checks of the bonus: byte-pair encoding of texts that can be done with pencil and paper."""

import pytest

from grader.checks.answers import a_text, a_token_list, ask, feedback

pytestmark = pytest.mark.exercise("bpe")

TEXT = "abababcabd"
"""“ab” occurs four times; after that “ab” is followed by “ab” twice, and nothing else comes twice."""


def tokens_after(cell, num_merges, text=TEXT):
    """The tokens of a text after so many merges learned from TEXT, as strings."""
    merges = ask(cell, "train_bpe", TEXT, num_merges)
    return [
        token.decode("utf-8", "replace")
        for token in a_token_list(ask(cell, "bpe_encode", text, merges), "`bpe_encode(...)`")
    ]


def test_merges_are_the_most_frequent_pairs(cell):
    """Each merge joins the most frequent pair: first “ab”, then “abab”"""
    for num_merges, due in enumerate((list(TEXT), ["ab", "ab", "ab", "c", "ab", "d"], ["abab", "ab", "c", "ab", "d"])):
        got = tokens_after(cell, num_merges)
        assert got == due, feedback(
            f"after {num_merges} merges the text is cut in another way",
            asked=f"bpe_encode({TEXT!r}, train_bpe({TEXT!r}, {num_merges}))",
            expected=due,
            got=got,
        )


def test_a_new_text_is_cut_by_the_same_merges(cell):
    """What was learned from one text cuts another"""
    got = tokens_after(cell, 2, "cababx")
    assert got == ["c", "abab", "x"], feedback(
        "the merges are not applied in the order learned",
        asked="bpe_encode('cababx', merges)",
        expected=["c", "abab", "x"],
        got=got,
    )


def test_any_text_comes_back(cell):
    """Encoding and decoding give the text back, emoji included"""
    merges = ask(cell, "train_bpe", TEXT, 2)
    for text in ("abab 🚀 café", ""):
        got = a_text(ask(cell, "bpe_decode", ask(cell, "bpe_encode", text, merges)), "`bpe_decode(...)`")
        assert got == text, feedback(
            "the text does not come back",
            expected=text,
            got=got,
            hint="An emoji is four bytes: join all tokens before you decode them.",
        )
