"""Hidden checks of 1.2: letters as tokens, whole special tokens, and characters that are no letters."""

import string

import pytest

from grader.suite import a_table, a_text, a_text_list, an_id_list, ask, feedback

pytestmark = pytest.mark.exercise("1.2")

RARE = "0123456789#%&@~^|¿§¶µßñøœŵαβγδζλπωбджищ漢字語♜♞☂☃✂✈❄➜🚀🌟🎈🦜🧩"


def encoded(cell, text):
    """The ids of a text."""
    return an_id_list(ask(cell, "encode", text), "`encode(...)`")


def decoded(cell, ids):
    """The text of these ids."""
    return a_text(ask(cell, "decode", ids), "`decode(...)`")


def unknown_characters(cell, rng, count):
    """Characters that are not in the vocabulary: more than letters and special tokens may well be."""
    vocab = set(a_text_list(cell.vocab, "`vocab`"))
    return rng.sample([character for character in RARE if character not in vocab], count)


def letters(rng, count):
    """A text of so many letters, small and capital."""
    return "".join(rng.choices(string.ascii_letters, k=count))


@pytest.mark.points(2)
def test_vocabulary_holds_all_letters_and_whole_special_tokens(cell):
    """The vocabulary holds a-z, A-Z and the two special tokens as whole entries, each once"""
    vocab = a_text_list(cell.vocab, "`vocab`")
    others = [entry for entry in vocab if entry not in string.ascii_letters]
    whole = [entry for entry in others if len(entry) > 1]
    assert whole or not {"[", "]", "<", ">"} & set(others), feedback(
        "the special tokens fell apart into characters",
        hint="`list(text)` splits a string into characters. Add PAD and UNK as items of a list.")
    assert set(string.ascii_letters) <= set(vocab), feedback(
        "a letter is missing in `vocab`", hint="All of a-z and A-Z belong in it, whatever the corpus uses.")
    assert len(set(vocab)) == len(vocab), feedback("an entry of `vocab` stands there twice", hint="Each entry needs one id.")
    assert len(others) >= 2, feedback(
        "`vocab` has no two special tokens besides the letters", hint="PAD and UNK are entries like any other.")


@pytest.mark.points(1)
def test_the_two_dictionaries_mirror_the_vocabulary(cell):
    """char2id numbers the whole vocabulary, and id2char leads back"""
    vocab = a_text_list(cell.vocab, "`vocab`")
    char2id = a_table(cell.char2id, "`char2id`", str, int)
    id2char = a_table(cell.id2char, "`id2char`", int, str)
    ids = [char2id.get(entry) for entry in vocab]
    assert len(vocab) >= 54 and None not in ids and len(set(ids)) == len(vocab), feedback(
        "not every entry of `vocab` has an id of its own in `char2id`", hint="Number the entries with `enumerate(vocab)`.")
    assert min(ids) >= 0 and all(id2char.get(char2id[entry]) == entry for entry in vocab), feedback(
        "`id2char` does not lead back from an id to its character", hint="It is `char2id` read backwards.")


@pytest.mark.points(1)
def test_each_letter_becomes_its_id(cell, rng):
    """Encoding gives one id per letter, the one in char2id"""
    char2id = a_table(cell.char2id, "`char2id`", str, int)
    for text in (letters(rng, 12), "".join(rng.sample(string.ascii_letters, 52))):
        ids = encoded(cell, text)
        assert len(ids) == len(text), feedback(
            "`encode` does not give one id per character", hint="Here a token is a single character.")
        assert ids == [char2id.get(letter) for letter in text], feedback(
            "`encode` gives ids other than those in `char2id`", hint="Look each character up in `char2id`, as it is written.")


@pytest.mark.points(2)
def test_decode_gives_the_text_back(cell, rng):
    """Decoding gives back the text letter by letter, capitals and all, with nothing in between"""
    first, second = letters(rng, 9), letters(rng, 9)
    early = encoded(cell, first)
    encoded(cell, second)
    text = decoded(cell, early)
    assert " ".join(first) not in text, feedback(
        "`decode` puts spaces between the characters", hint="Join with the empty string: here a space would be a character.")
    assert text == first, feedback("`decode(encode(text))` is not the text", hint="Look each id up in `id2char`.")
    char2id = a_table(cell.char2id, "`char2id`", str, int)
    assert decoded(cell, [char2id.get(letter, 0) for letter in second[::-1]]) == second[::-1], feedback(
        "`decode` does not turn ids of `char2id` into their characters",
        hint="`decode` should depend on nothing but the ids it is given, and on `id2char`.")


@pytest.mark.points(1)
def test_unknown_characters_share_one_id_of_this_vocabulary(cell, rng):
    """Digits, emoji and the like share one id: an entry of this cell's vocabulary that is no letter"""
    odd = unknown_characters(cell, rng, 3)
    # The word tokenizer's table of 1.1 may happen to hold the same number, so its numbers are changed for a second look.
    spelled = [cell.get(name) for name in ("PAD", "UNK") if cell.has(name)]
    words = {token: 700 + place for place, token in enumerate(spelled) if isinstance(token, str)}
    for place in (cell, cell.rerun(word2id=words)):
        ids = encoded(place, f"{odd[0]}a{odd[1]}") + encoded(place, odd[2])
        assert len(ids) == 4, feedback(
            "characters outside the vocabulary are dropped", hint="Every character takes one place, known or not.")
        assert ids[0] == ids[2] == ids[3], feedback(
            "characters outside the vocabulary get different ids", hint="They all become UNK.")
        char2id = a_table(place.char2id, "`char2id`", str, int)
        assert ids[0] in char2id.values(), feedback(
            "the id of unknown characters does not belong to this vocabulary",
            hint="`word2id` is the word tokenizer's table of the cell before; UNK has another id in `char2id`.")
        assert ids[0] not in [char2id.get(letter) for letter in string.ascii_letters], feedback(
            "unknown characters get the id of a letter", hint="Fall back on the id that UNK has in `char2id`.")


@pytest.mark.points(1)
def test_unknown_characters_decode_to_the_unknown_token(cell, rng):
    """What was unknown decodes to the unknown token, between the letters that were known"""
    (odd,) = unknown_characters(cell, rng, 1)
    left, right = letters(rng, 3), letters(rng, 3)
    ids = encoded(cell, left + odd + right)
    assert len(ids) == 7, feedback("an unknown character does not take one place", hint="One character, one id.")
    token = a_table(cell.id2char, "`id2char`", int, str).get(ids[3], "")
    text = decoded(cell, ids)
    assert token not in string.ascii_letters and text == left + token + right, feedback(
        "an unknown character does not decode to the unknown token", hint="The id of UNK should lead back to UNK in `id2char`.")
