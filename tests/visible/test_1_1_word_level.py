"""Visible checks of 1.1. They show what was asked, what came back and what was expected."""

import pytest

from grader.suite import a_text, a_text_list, an_id_list, ask, feedback

pytestmark = pytest.mark.exercise("1.1")


def test_vocabulary_is_small_and_complete(cell):
    """The vocabulary has one entry per different word, plus PAD and UNK"""
    vocab = a_text_list(cell.vocab, "`vocab`")
    assert vocab, feedback("`vocab` is empty", expected="the words of `corpus`, each once, and PAD and UNK",
                           hint="Split each sentence of `corpus` on whitespace.")
    twice = sorted({entry for entry in vocab if vocab.count(entry) > 1})
    assert not twice, feedback("an entry of `vocab` stands there twice", got=twice, hint="Each word needs only one id.")
    lowered = [entry.lower() for entry in vocab]
    for word in ("fox", "tokenization", "predict"):
        assert word in lowered, feedback("an entry is missing in `vocab`", expected=word, got=vocab)
    others = set(lowered) - {word.lower() for text in a_text_list(cell.corpus, "`corpus`") for word in text.split()}
    assert len(others) >= 2, feedback("PAD or UNK is missing in `vocab`", expected="two entries besides the words", got=sorted(others))


def test_known_words_make_the_round_trip(cell):
    """A text of known words becomes one id per word, and the ids become the text again"""
    text = "the lazy dog jumps over the fox"
    ids = an_id_list(ask(cell, "encode", text), "`encode(...)`")
    assert len(ids) == 7, feedback("`encode` gives one id per word", asked=f"encode({text!r})", expected="7 ids", got=ids)
    assert ids[0] == ids[5] and len(set(ids)) == 6, feedback(
        "the same word has the same id everywhere, other words have others", asked=f"encode({text!r})",
        expected="equal ids for both “the”, six different ids in all", got=ids)
    back = a_text(ask(cell, "decode", ids), "`decode(...)`")
    assert back.lower() == text, feedback("`decode` gives the text back", asked=f"decode({ids})", expected=text, got=back)


def test_unknown_words_become_unk(cell):
    """Words that the corpus does not have all become UNK"""
    text = "the unicorn greets the dragon"
    ids = an_id_list(ask(cell, "encode", text), "`encode(...)`")
    assert len(ids) == 5, feedback("an unknown word takes one place, too", asked=f"encode({text!r})", expected="5 ids", got=ids)
    assert ids[1] == ids[2] == ids[4] != ids[0], feedback(
        "“unicorn”, “greets” and “dragon” are all unknown", asked=f"encode({text!r})",
        expected="one and the same id for the three, another for “the”", got=ids, hint="`dict.get` takes a second argument.")
    back = a_text(ask(cell, "decode", ids), "`decode(...)`")
    words = back.lower().split()
    assert len(words) == 5 and words[0] == words[3] == "the" and words[1] == words[2] == words[4] not in text, feedback(
        "the id of unknown words decodes to UNK", asked=f"decode({ids})", expected="the [UNK] [UNK] the [UNK]", got=back)
    corpus = "the quick brown fox jumps over the lazy dog tokenization converts text to numbers large language models predict next token"
    assert words[1] not in corpus.split(), feedback(
        "unknown words decode to a word of the corpus", asked=f"decode({ids})", expected="the [UNK] [UNK] the [UNK]", got=back,
        hint="Fall back on the id of UNK, which belongs to no real word.")
