"""Hidden checks of 1.2: letters as tokens, whole special tokens, and characters that are no letters."""

import string

import pytest

from grader.checks.answers import a_table, a_text, an_id_list, ask, feedback
from grader.checks.course.tokens import (
    an_entry_list,
    ask_decode,
    entries,
    frame_of,
    ids_by_entry,
    special,
    stands_for_unknown,
    without_frame,
)

pytestmark = pytest.mark.exercise("1.2")

RARE = ("0123456789#%&@~^|¿§¶", "µßñøœŵαβγδζλπωбджищ漢字語", "♜♞☂☃✂✈❄➜🚀🌟🎈🦜🧩")
"""Digits and signs, letters of other scripts, pictures: an answer may go wrong with one kind and not with another."""


def table(cell):
    """The id of each entry."""
    return ids_by_entry(cell, "char2id")


def raw_ids(cell, text):
    """What `encode` makes of a text, and the same as a list of ids."""
    value = ask(cell, "encode", text)
    return value, an_id_list(value, "`encode(...)`")


def frame(cell):
    """What `encode` puts around every text. One check wants nothing there; the others look at what is in between."""
    return frame_of(raw_ids(cell, "a")[1], raw_ids(cell, "Z")[1])


def encoded_as(cell, text):
    """The ids of a text's characters, and the form in which `encode` returned them. Nothing is asked after that."""
    around = frame(cell)
    value, ids = raw_ids(cell, text)
    return without_frame(ids, around), value


def encoded(cell, text):
    """The ids of a text's characters."""
    return encoded_as(cell, text)[0]


def decoded(cell, ids, like):
    """The text of these ids."""
    return a_text(ask_decode(cell, ids, like), "`decode(...)`")


def unknown_characters(cell, rng):
    """Three characters of different kinds outside the vocabulary, which may well hold more than letters."""
    vocab = set(entries(cell, "char2id"))
    left = [[character for character in kind if character not in vocab] for kind in RARE]
    return [rng.choice(kind or left[-1] or list(RARE[-1])) for kind in left]


def letters(rng, count):
    """A text of so many letters, small and capital, of which no two neighbours are the same."""
    return "".join(rng.sample(string.ascii_letters, count))


@pytest.mark.points(2)
def test_vocabulary_holds_all_letters_and_whole_special_tokens(cell):
    """The vocabulary holds a-z, A-Z and the two special tokens as whole entries, each once"""
    vocab = an_entry_list(cell.vocab, "`vocab`")
    named = {special(cell, "PAD"), special(cell, "UNK")}
    others = [entry for entry in vocab if entry not in set(string.ascii_letters)]
    whole = {entry for entry in others if len(entry) > 1 or entry in named}
    assert whole or not {"[", "]", "<", ">"} & set(others), feedback(
        "the special tokens fell apart into characters",
        hint="`list(text)` splits a string into characters. Add PAD and UNK as items of a list.",
    )
    assert not any(string.ascii_lowercase in entry.lower() for entry in whole), feedback(
        "the letters stand in `vocab` as one long entry",
        hint="Spread the string of letters, so that each of them is an item.",
    )
    assert set(string.ascii_letters) <= set(vocab), feedback(
        "a letter is missing in `vocab`", hint="All of a-z and A-Z belong in it, whatever the corpus uses."
    )
    assert len(set(vocab)) == len(vocab), feedback(
        "an entry of `vocab` stands there twice", hint="Each entry needs one id."
    )
    assert len(whole) >= 2, feedback(
        "`vocab` has no two special tokens besides the characters", hint="PAD and UNK are entries like any other."
    )


@pytest.mark.points(1)
def test_the_two_dictionaries_mirror_the_vocabulary(cell):
    """char2id numbers the whole vocabulary, and id2char leads back"""
    vocab = entries(cell, "char2id")
    char2id = a_table(cell.char2id, "`char2id`", str, int)
    id2char = a_table(cell.id2char, "`id2char`", int, str)
    ids = [char2id.get(entry) for entry in vocab]
    assert len(vocab) >= 54 and None not in ids and len(set(ids)) == len(vocab), feedback(
        "not every entry of `vocab` has an id of its own in `char2id`",
        hint="Number the entries with `enumerate(vocab)`.",
    )
    assert min(ids) >= 0 and all(id2char.get(char2id[entry]) == entry for entry in vocab), feedback(
        "`id2char` does not lead back from an id to its character", hint="It is `char2id` read backwards."
    )


@pytest.mark.points(1)
def test_each_letter_becomes_its_id(cell, rng):
    """Encoding gives one id per letter, the one in char2id, and adds nothing"""
    assert not any(frame(cell)), feedback(
        "`encode` adds ids that stand for no character of the text", hint="One id per character and no more."
    )
    due = table(cell)
    for text in (letters(rng, 12), "aaBBc", letters(rng, 52)):
        ids = encoded(cell, text)
        assert len(ids) == len(text), feedback(
            "`encode` does not give one id per character", hint="Here a token is a single character."
        )
        assert ids == [due.get(letter) for letter in text], feedback(
            "`encode` gives ids other than those in `char2id`",
            hint="Look each character up in `char2id`, as it is written.",
        )


@pytest.mark.points(2)
def test_decode_gives_the_text_back(cell, rng):
    """Decoding gives back the text letter by letter, capitals and all, with nothing in between"""
    first = letters(rng, 9)
    ids, like = encoded_as(cell, first)
    encoded(cell, letters(rng, 5))
    text = decoded(cell, ids, like)
    assert " ".join(first) not in text, feedback(
        "`decode` puts spaces between the characters",
        hint="Join with the empty string: here a space would be a character.",
    )
    assert text == first, feedback("`decode(encode(text))` is not the text", hint="Look each id up in `id2char`.")
    assert len(ids) == len(first), feedback(
        "`encode` does not give one id per character", hint="Here a token is a single character."
    )
    places = [4, 0, 0, 8, 3, 8, 8]
    assert decoded(cell, [ids[place] for place in places], like) == "".join(first[place] for place in places), feedback(
        "`decode` does not turn ids into the characters they belong to",
        hint="`decode` should depend on nothing but the ids it is given, and on `id2char`.",
    )


@pytest.mark.points(1)
def test_unknown_characters_share_one_id_of_this_vocabulary(cell, rng):
    """Whatever is not in the vocabulary shares one id: that of UNK in this cell's vocabulary"""
    odd = unknown_characters(cell, rng)
    for place in (cell, with_other_word_ids(cell)):
        ids = encoded(place, f"{odd[0]}a{odd[1]}") + encoded(place, odd[2])
        assert len(ids) == 4 and len(encoded(place, " a b ")) == 5, feedback(
            "characters outside the vocabulary are dropped",
            hint="Every character takes one place, known or not; so does a space.",
        )
        assert ids[0] == ids[2] == ids[3], feedback(
            "characters outside the vocabulary get different ids", hint="They all become UNK."
        )
        known = table(place)
        tokens = [entry for entry, number in known.items() if number == ids[0]]
        assert tokens, feedback(
            "the id of unknown characters does not belong to this vocabulary",
            hint="`word2id` is the word tokenizer's table of the cell before; UNK has another id in `char2id`.",
        )
        assert not set(tokens) & set(string.ascii_letters), feedback(
            "unknown characters get the id of a letter", hint="Fall back on the id that UNK has in `char2id`."
        )
        assert any(stands_for_unknown(token, list(known), place) for token in tokens), feedback(
            "unknown characters get the id of an entry other than UNK",
            hint="PAD fills up short texts, and a space is a space; what nobody has seen is UNK.",
        )


def with_other_word_ids(cell):
    """The cell after a 1.1 that numbered its words otherwise: by luck, the word tokenizer's UNK may have the same number.

    Not where this cell has a table of that name itself.
    """
    words = cell.get("word2id") if cell.has("word2id") else {}
    if not isinstance(words, dict) or "a" in words:
        return cell
    spelled = [token for token in (special(cell, "PAD"), special(cell, "UNK")) if token]
    return cell.rerun(word2id={token: 700 + place for place, token in enumerate(spelled)})


@pytest.mark.points(1)
def test_unknown_characters_decode_to_the_unknown_token(cell, rng):
    """What was unknown decodes to the unknown token, between the letters that were known"""
    left, right = letters(rng, 3), letters(rng, 3)
    for odd in unknown_characters(cell, rng):
        ids, like = encoded_as(cell, left + odd + right)
        assert len(ids) == 7, feedback("an unknown character does not take one place", hint="One character, one id.")
        text = decoded(cell, ids, like)
        tokens = {entry for entry, number in table(cell).items() if number == ids[3]} - set(string.ascii_letters)
        assert text in {left + token + right for token in tokens}, feedback(
            "an unknown character does not decode to the unknown token",
            hint="The id of UNK should lead back to UNK in `id2char`.",
        )
