"""Visible checks of 1.4: both encodings of a short sentence, among what the cell prints or keeps."""

import pytest

from grader.suite import a_list, a_mapping, an_id_list, feedback
from grader.wording import contains_in_order, numbers_in, rows_in

pytestmark = pytest.mark.exercise("1.4")


SENTENCE = "unbelievable 123456!"


def with_sentence(cell):
    """The cell on the short sentence, and the name that holds it: `sentence`, or else the newest name of a text."""
    texts = [name for name, kind in cell.names().items() if kind == "str"]
    name = "sentence" if cell.has("sentence") or not texts else texts[-1]
    return cell.rerun(**{name: SENTENCE}), name


def shows(cell, ids, pieces):
    """Whether these ids, or the pieces that they stand for, are printed one after another or kept in a list."""
    kept = a_list(a_mapping(cell.probe("holdings"), "what the cell keeps").get("ids"), "the ids")
    lists = [an_id_list(part, "a list of ids") for part in kept] + [numbers_in(cell.output)]
    return any(contains_in_order(numbers, ids) for numbers in lists) or any(
        contains_in_order(row, [piece.strip() for piece in pieces]) for row in rows_in(cell.output))


def test_gpt2_is_used(cell):
    """gpt2 cuts “unbelievable 123456!” into un·bel·iev·able· 123·456·!"""
    ids, pieces = [403, 6667, 11203, 540, 17031, 29228, 0], ["un", "bel", "iev", "able", " 123", "456", "!"]
    assert shows(with_sentence(cell)[0], ids, pieces), feedback(
        "the ids of gpt2 are neither printed nor kept", asked=f"the cell with sentence = {SENTENCE!r}", expected=ids)


def test_cl100k_base_is_used(cell):
    """cl100k_base cuts “unbelievable 123456!” into un·belie·vable· ·123·456·!"""
    ids, pieces = [359, 32898, 24694, 220, 4513, 10961, 0], ["un", "belie", "vable", " ", "123", "456", "!"]
    assert shows(with_sentence(cell)[0], ids, pieces), feedback(
        "the ids of cl100k_base are neither printed nor kept", asked=f"the cell with sentence = {SENTENCE!r}", expected=ids)


def test_the_text_comes_back(cell):
    """The sentence is decoded again, for each encoding"""
    fresh, name = with_sentence(cell)
    kept = {str(pair[0]) for pair in a_list(a_mapping(fresh.probe("holdings"), "what the cell keeps").get("texts"), "the texts")
            if isinstance(pair, (list, tuple)) and len(pair) == 2 and pair[1] == SENTENCE}
    copies = max(fresh.output.count(SENTENCE), len(kept - {name}))
    pieces = fresh.output.count("456")
    assert max(copies, pieces) >= 2, feedback(
        "the ids are not decoded again for both encodings", expected="the text twice, once from each list of ids", got=fresh.output)
