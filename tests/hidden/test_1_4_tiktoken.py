"""Hidden checks of 1.4: ids and text of both encodings, judged by what the cell printed, displayed or holds."""

import re

import pytest

from grader import reference, wording
from grader.suite import a_list, a_mapping, a_text, a_token_list, an_id_list, feedback, fresh_words

pytestmark = pytest.mark.exercise("1.4")

ENCODINGS = ("gpt2", "cl100k_base")


def a_sentence(rng, tail=" 🌟"):
    """A sentence that nobody has printed before; both encodings cut it differently."""
    while True:
        words = fresh_words(rng, 5)
        text = f"The {words[0]} star-{words[1]}    scored {words[2].title()} {words[3]} unbelievable {words[4]}{tail}!"
        if reference.pieces_of("gpt2", text) != reference.pieces_of("cl100k_base", text):
            return text


def given_name(cell):
    """The name that holds the sentence: `sentence`, unless the student chose another."""
    if cell.has("sentence"):
        return "sentence"
    texts = {name: a_text(cell.get(name), "a text")[:999] for name, kind in cell.names().items() if kind == "str"}
    shown = {name: sum(shows(cell, encoding, text) for encoding in ENCODINGS) for name, text in texts.items()}
    # An earlier cell's texts are there, too, and may have been encoded with GPT-2: best is what both encodings encode.
    return max(reversed(shown), key=lambda name: shown[name], default="sentence")


def held(cell, part):
    """The texts, id lists or token pieces that the cell's names hold."""
    return a_list(a_mapping(cell.probe("holdings"), "what the cell holds").get(part), "what the cell holds")


def shows(cell, name, sentence):
    """Whether the tokens of that encoding were printed or are held: their ids, or else the pieces of text they stand for."""
    due = reference.ids_of(name, sentence)
    lists = [an_id_list(part, "a list of ids") for part in held(cell, "ids")] + [wording.numbers_in(cell.output)]
    if any(wording.contains_in_order(numbers, due) for numbers in lists):
        return True
    pieces = [piece.decode("utf-8", "replace").strip() for piece in reference.pieces_of(name, sentence)]
    return any(wording.contains_in_order(row, pieces) for row in rows_of_pieces(cell))


def rows_of_pieces(cell):
    """Texts that stand next to each other: in lists that are held, between quotes in the output, or line by line."""
    for part in held(cell, "pieces"):
        yield [piece.decode("utf-8", "replace").strip() for piece in a_token_list(part, "pieces")]
    yield from wording.rows_in(cell.output)


def decoded_copies(cell, sentence, given):
    """How often the sentence came back, as a whole or token by token; the given that holds it does not count."""
    kept = {a_text(name, "a name") for name, text in held_texts(cell) if text == sentence} - {given}
    joined = [b"".join(a_token_list(part, "pieces")) for part in held(cell, "pieces")]
    output = cell.output
    printed = output.count(sentence) + spelled_out(output.replace(sentence, "\n"), sentence)
    return len(kept) + joined.count(sentence.encode()) + printed


def held_texts(cell):
    """Pairs of a name and a text that it holds."""
    return (tuple(pair[:2]) for pair in held(cell, "texts") if isinstance(pair, (list, tuple)) and len(pair) == 2)


def spelled_out(output, sentence):
    """How often the pieces of the sentence were printed one after another, in one print or in many."""
    found, cuts = 0, [reference.pieces_of(name, sentence) for name in ENCODINGS]
    for found_list in re.findall(r"\[[^\[\]]*\]", output):
        items = wording.literal(found_list)
        if isinstance(items, list) and items and all(isinstance(item, (str, bytes)) for item in items):
            found += b"".join(a_token_list(items, "pieces")) == sentence.encode()
            output = output.replace(found_list, "\n")
    for pieces in cuts:
        place = 0
        for piece in pieces:
            place = output.find(piece.decode("utf-8", "replace").strip(), place) + 1
            if place == 0:
                break
        else:
            found, output = found + 1, output[place:]
    return found


@pytest.mark.points(2)
def test_gpt2_tokens_are_shown(cell, rng):
    """The sentence is encoded with gpt2, whatever the sentence is"""
    sentence = a_sentence(rng)
    assert shows(cell.rerun(**{given_name(cell): sentence}), "gpt2", sentence), feedback(
        "the tokens of the gpt2 encoding are neither printed nor kept",
        hint="Ask tiktoken for the encoding named gpt2, and encode `sentence` with it.")


@pytest.mark.points(2)
def test_cl100k_base_tokens_are_shown(cell, rng):
    """The sentence is encoded with cl100k_base, whatever the sentence is"""
    sentence = a_sentence(rng)
    assert shows(cell.rerun(**{given_name(cell): sentence}), "cl100k_base", sentence), feedback(
        "the tokens of the cl100k_base encoding are neither printed nor kept",
        hint="Two encodings are asked for; the second one is cl100k_base. Both encode the same `sentence`.")


@pytest.mark.points(2)
def test_both_encodings_are_decoded_again(cell, rng):
    """The ids of both encodings are decoded again, as a whole or token by token"""
    sentence, given = a_sentence(rng, tail=""), given_name(cell)
    fresh = cell.rerun(**{given: sentence})
    copies = decoded_copies(fresh, sentence, given)
    assert copies > 0, feedback(
        "the ids are not decoded again", hint="Show what the ids of each encoding turn into when they are decoded.")
    assert copies > 1 and all(shows(fresh, name, sentence) for name in ENCODINGS), feedback(
        "the ids of only one encoding are decoded again", hint="Show the decoded text once for gpt2 and once for cl100k_base.")
