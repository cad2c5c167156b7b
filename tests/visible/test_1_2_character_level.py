"""Visible checks of 1.2. They show what was asked, what came back and what was expected."""

import string

import pytest

from grader.checks.answers import a_text, an_id_list, ask, feedback
from grader.checks.course.tokens import an_entry_list, ask_decode, entries, special

pytestmark = pytest.mark.exercise("1.2")


def test_vocabulary_has_letters_and_two_special_tokens(cell):
    """The vocabulary has the 52 letters and two whole special tokens"""
    vocab = an_entry_list(cell.vocab, "`vocab`")
    for letter in string.ascii_letters:
        assert letter in vocab, feedback("a letter is missing in `vocab`", expected=letter, got=vocab)
    assert len(vocab) >= 54, feedback(
        "`vocab` has too few entries", expected="26 + 26 letters and 2 special tokens", got=len(vocab)
    )
    whole = [entry for entry in vocab if len(entry) > 1 or entry in (special(cell, "PAD"), special(cell, "UNK"))]
    assert len(set(vocab)) == len(vocab) and whole, feedback(
        "the special tokens fell apart into characters",
        expected="PAD and UNK as one entry each",
        got=vocab,
        hint="`list(\"abc\")` is `['a', 'b', 'c']`; `[\"abc\"]` is a list with one entry.",
    )


def test_letters_make_the_round_trip(cell):
    """A text of letters becomes one id per letter, and the ids become the text again"""
    value = ask(cell, "encode", "HelloWorld")
    ids = an_id_list(value, "`encode(...)`")
    assert len(ids) == 10 and ids[2] == ids[3] == ids[8], feedback(
        "`encode` gives one id per letter",
        asked="encode('HelloWorld')",
        expected="10 ids, the same for each “l”",
        got=ids,
    )
    back = a_text(ask_decode(cell, ids, value), "`decode(...)`")
    assert back == "HelloWorld", feedback(
        "`decode` gives the text back",
        asked=f"decode({ids})",
        expected="HelloWorld",
        got=back,
        hint="Between characters belongs nothing at all.",
    )


def test_other_characters_become_unk(cell):
    """Emoji and other signs are outside the vocabulary and all become UNK"""
    one, two = [sign for sign in "☃🚀🌟🦜" if sign not in entries(cell, "char2id")][:2]
    value = ask(cell, "encode", f"a{one}b{two}")
    ids = an_id_list(value, "`encode(...)`")
    assert len(ids) == 4 and ids[1] == ids[3] and len(set(ids)) == 3, feedback(
        f"“{one}” and “{two}” are unknown",
        asked=f"encode('a{one}b{two}')",
        expected="4 ids, the second and the fourth the same",
        got=ids,
    )
    back = a_text(ask_decode(cell, ids, value), "`decode(...)`")
    assert back.startswith("a") and "b" in back[1:] and len(back) >= 4 and one not in back, feedback(
        "the id of unknown characters decodes to UNK",
        asked=f"decode({ids})",
        expected="a[UNK]b[UNK]",
        got=back,
        hint="Look up UNK in `char2id`, the table of this cell.",
    )
