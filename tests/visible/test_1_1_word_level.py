"""Visible checks of 1.1. They show what was asked, what came back and what was expected."""

import pytest

from grader.checks.answers import a_text, an_id_list, ask, feedback
from grader.checks.course.tokens import an_entry_list, ask_decode, corpus_entries, corpus_words, plain_word

pytestmark = pytest.mark.exercise("1.1")


def test_vocabulary_is_small_and_complete(cell):
    """The vocabulary has one entry per different word, plus PAD and UNK"""
    vocab, words = an_entry_list(cell.vocab, "`vocab`"), corpus_words(cell)
    assert vocab, feedback(
        "`vocab` is empty",
        expected="the words of `corpus`, each once, and PAD and UNK",
        hint="Split each sentence of `corpus` on whitespace.",
    )
    twice = sorted({entry for entry in vocab if vocab.count(entry) > 1})
    assert not twice, feedback("an entry of `vocab` stands there twice", got=twice, hint="Each word needs only one id.")
    known = {plain_word(entry) for entry in vocab}
    for word in words:
        assert word in known, feedback("an entry is missing in `vocab`", expected=word, got=vocab)
    others = sorted(entry for entry in vocab if plain_word(entry) not in words)
    assert len(others) >= 2, feedback(
        "PAD or UNK is missing in `vocab`", expected="two entries besides the words", got=others
    )


def test_known_words_make_the_round_trip(cell):
    """A text of known words becomes one id per word, and the ids become the text again"""
    first, *rest = corpus_entries(cell)[:5]
    text = " ".join([first, *rest, first])
    value = ask(cell, "encode", text)
    ids = an_id_list(value, "`encode(...)`")
    assert len(ids) == 6, feedback(
        "`encode` gives one id per word", asked=f"encode({text!r})", expected="6 ids", got=ids
    )
    assert ids[0] == ids[5] and len(set(ids)) == 5, feedback(
        "the same word has the same id everywhere, other words have others",
        asked=f"encode({text!r})",
        expected=f"equal ids for both “{first}”, five different ids in all",
        got=ids,
    )
    back = a_text(ask_decode(cell, ids, value), "`decode(...)`")
    assert " ".join(back.lower().split()) == text.lower(), feedback(
        "`decode` gives the text back", asked=f"decode({ids})", expected=text, got=back
    )


def test_unknown_words_become_unk(cell):
    """Words that the corpus does not have all become UNK"""
    words, known = corpus_words(cell), corpus_entries(cell)
    the = "the" if "the" in {entry.lower() for entry in known} else known[0].lower()
    one, two, three = [
        word for word in ("unicorn", "greets", "dragon", "wizard", "sings", "moat") if word not in words
    ][:3]
    text = f"{the} {one} {two} {the} {three}"
    value = ask(cell, "encode", text)
    ids = an_id_list(value, "`encode(...)`")
    assert len(ids) == 5, feedback(
        "an unknown word takes one place, too", asked=f"encode({text!r})", expected="5 ids", got=ids
    )
    assert ids[1] == ids[2] == ids[4] != ids[0], feedback(
        f"“{one}”, “{two}” and “{three}” are all unknown",
        asked=f"encode({text!r})",
        expected=f"one and the same id for the three, another for “{the}”",
        got=ids,
        hint="`dict.get` takes a second argument.",
    )
    back = a_text(ask_decode(cell, ids, value), "`decode(...)`")
    said = back.lower().split()
    due = f"{the} [UNK] [UNK] {the} [UNK]"
    assert len(said) >= 5 and said[0] == the and said[1] not in text, feedback(
        "the id of unknown words decodes to UNK", asked=f"decode({ids})", expected=due, got=back
    )
    assert said[1] not in words, feedback(
        "unknown words decode to a word of the corpus",
        asked=f"decode({ids})",
        expected=due,
        got=back,
        hint="Fall back on the id of UNK, which belongs to no real word.",
    )
