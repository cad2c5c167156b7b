"""Visible checks of 1.4: both encodings of a short sentence, among what the cell prints or keeps."""

import pytest

from grader.suite import a_list, a_mapping, an_id_list, feedback
from grader.wording import contains_in_order, numbers_in

pytestmark = pytest.mark.exercise("1.4")


SENTENCE = "tiktoken is great!"


def with_sentence(cell):
    """The cell on the short sentence, and the name that holds it: `sentence`, or else the newest name of a text."""
    texts = [name for name, kind in cell.names().items() if kind == "str"]
    name = "sentence" if cell.has("sentence") or not texts else texts[-1]
    return cell.rerun(**{name: SENTENCE}), name


def shows(cell, ids):
    """Whether these ids are printed one after another, or kept in a list."""
    kept = a_list(a_mapping(cell.probe("holdings"), "what the cell keeps").get("ids"), "the ids")
    lists = [an_id_list(part, "a list of ids") for part in kept] + [numbers_in(cell.output)]
    return any(contains_in_order(numbers, ids) for numbers in lists)


def test_gpt2_is_used(cell):
    """The ids of the encoding gpt2 are there: “tiktoken is great!” begins with 83, 1134"""
    ids = [83, 1134, 30001, 318, 1049, 0]
    assert shows(with_sentence(cell)[0], ids), feedback(
        "the ids of gpt2 are neither printed nor kept", asked='the cell with sentence = "tiktoken is great!"', expected=ids)


def test_cl100k_base_is_used(cell):
    """The ids of the encoding cl100k_base are there: “tiktoken is great!” begins with 83, 1609"""
    ids = [83, 1609, 5963, 374, 2294, 0]
    assert shows(with_sentence(cell)[0], ids), feedback(
        "the ids of cl100k_base are neither printed nor kept", asked='the cell with sentence = "tiktoken is great!"', expected=ids)


def test_the_text_comes_back(cell):
    """The sentence is decoded again, for each encoding"""
    fresh, name = with_sentence(cell)
    kept = {str(pair[0]) for pair in a_list(a_mapping(fresh.probe("holdings"), "what the cell keeps").get("texts"), "the texts")
            if isinstance(pair, (list, tuple)) and len(pair) == 2 and pair[1] == SENTENCE}
    copies = max(fresh.output.count(SENTENCE), len(kept - {name}))
    pieces = fresh.output.count("great")
    assert max(copies, pieces) >= 2, feedback(
        "the ids are not decoded again for both encodings", expected="the text twice, once from each list of ids", got=fresh.output)
