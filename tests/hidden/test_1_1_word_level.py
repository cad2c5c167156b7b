"""Hidden checks of 1.1: a vocabulary of words, and what becomes of words outside it."""

import pytest

from grader.suite import a_table, a_text, a_text_list, an_id_list, ask, fail, feedback, fresh_words

pytestmark = pytest.mark.exercise("1.1")


def encoded(cell, text):
    """The ids of a text."""
    return an_id_list(ask(cell, "encode", text), "`encode(...)`")


def decoded(cell, ids):
    """The words of these ids, in lower case: lower-casing the text is a choice that anybody may make."""
    return a_text(ask(cell, "decode", ids), "`decode(...)`").lower().split()


def entries(cell):
    """The vocabulary."""
    return a_text_list(cell.vocab, "`vocab`")


def corpus_words(cell):
    """The entries of the vocabulary that are words of the corpus, as they stand there."""
    corpus = {word.lower() for text in a_text_list(cell.corpus, "`corpus`") for word in text.split()}
    words = [word for word in dict.fromkeys(entries(cell)) if word.lower() in corpus]
    if len(words) < 10:
        fail("the vocabulary does not hold the words of the corpus", hint="Split each sentence and put the words into `vocab`.")
    return words


@pytest.mark.points(2)
def test_vocabulary_holds_each_word_and_special_token_once(cell):
    """The vocabulary holds every word of the corpus and both special tokens, each of them once"""
    vocab = entries(cell)
    lowered = {entry.lower() for entry in vocab}
    assert len(set(vocab)) == len(vocab), feedback(
        "an entry of `vocab` stands there twice", hint="A word that occurs twice in the corpus still needs only one id.")
    missing = [w for text in a_text_list(cell.corpus, "`corpus`") for w in text.lower().split() if w not in lowered]
    assert not missing, feedback(
        "a word of the corpus is missing in `vocab`", hint="Split every sentence of `corpus` and add each word.")
    # However they are spelled, and whatever else was added: besides the words there are two entries at least.
    assert len(set(vocab)) - len(corpus_words(cell)) >= 2, feedback(
        "PAD or UNK is not in `vocab`", hint="The special tokens are entries like any other, with ids of their own.")
    word2id = a_table(cell.word2id, "`word2id`", str, int)
    id2word = a_table(cell.id2word, "`id2word`", int, str)
    ids = [word2id.get(entry) for entry in vocab]
    assert None not in ids and len(set(ids)) == len(ids) and all(type(i) is int and i >= 0 for i in ids), feedback(
        "not every entry of `vocab` has an id of its own in `word2id`",
        hint="Number the entries of `vocab` from 0 upwards, the special tokens included.")
    assert all(id2word.get(word2id[entry]) == entry for entry in vocab), feedback(
        "`id2word` does not lead back from an id to its word", hint="It is `word2id` read backwards.")


@pytest.mark.points(1)
def test_each_known_word_becomes_its_id(cell, rng):
    """Each known word becomes its own id, wherever it stands in the text"""
    word2id = a_table(cell.word2id, "`word2id`", str, int)
    words = rng.sample(corpus_words(cell), 7)
    for order in (words, words[::-1], [words[0], words[0], words[3]]):
        ids = encoded(cell, " ".join(order))
        assert len(ids) == len(order), feedback(
            "`encode` does not give one id per word", hint="Split the text on whitespace: one word, one id.")
        assert ids == [word2id.get(word) for word in order], feedback(
            "`encode` gives ids other than those in `word2id`",
            hint="Look each word up in `word2id`; its place in the text does not matter, and no other tokenizer is needed.")
    for text in a_text_list(cell.corpus, "`corpus`"):
        due = [word2id.get(word, word2id.get(word.lower())) for word in text.split()]
        assert None in due or encoded(cell, text) == due, feedback(
            "a sentence of the corpus is not encoded as its own words",
            hint="Where the vocabulary is in lower case, the text has to be as well before you look its words up.")


@pytest.mark.points(1)
def test_decode_reads_the_ids_it_is_given(cell, rng):
    """Decoding turns any list of ids back into its words, in order"""
    word2id = a_table(cell.word2id, "`word2id`", str, int)
    first, second = rng.sample(corpus_words(cell), 6), rng.sample(corpus_words(cell), 4)
    early = encoded(cell, " ".join(first))
    encoded(cell, " ".join(second))
    assert decoded(cell, early) == [word.lower() for word in first], feedback(
        "`decode(encode(text))` is not the text", hint="Look each id up in `id2word` and join the words with spaces.")
    assert decoded(cell, [word2id.get(word, 0) for word in second[::-1]]) == [word.lower() for word in second[::-1]], feedback(
        "`decode` does not turn ids of `word2id` into their words",
        hint="`decode` should depend on nothing but the ids it is given, and on `id2word`.")


@pytest.mark.points(2)
def test_unknown_words_share_one_id(cell, rng):
    """All words outside the vocabulary get the same id, and it belongs to no real word"""
    known = corpus_words(cell)[0]
    first, second, third = fresh_words(rng, 3)
    before = entries(cell)
    ids = encoded(cell, f"{first} {second}")
    assert len(ids) == 2, feedback(
        "unknown words are dropped or split", hint="A word that is not in the vocabulary still takes one place.")
    assert ids[0] == ids[1] and encoded(cell, third) == ids[:1], feedback(
        "unknown words get different ids", hint="One id, that of UNK, stands for every word outside the vocabulary.")
    assert encoded(cell, f"{second} {known}")[:1] == ids[:1] and entries(cell) == before, feedback(
        "an unknown word changes the vocabulary or its own id on a second call",
        hint="The vocabulary is fixed once it is built: `encode` only looks things up.")
    real = {encoded(cell, word)[0] for word in corpus_words(cell) if len(encoded(cell, word)) == 1}
    assert ids[0] not in real, feedback(
        "unknown words get the id of a real word", hint="Give UNK an entry of its own and fall back on its id.")
    assert ids[0] in a_table(cell.word2id, "`word2id`", str, int).values(), feedback(
        "the id of unknown words does not belong to the vocabulary", hint="Fall back on `word2id[UNK]`.")


@pytest.mark.points(1)
def test_unknown_words_decode_to_the_unknown_token(cell, rng):
    """What was unknown decodes to the unknown token, between the words that were known"""
    left, right = rng.sample(corpus_words(cell), 2)
    (word,) = fresh_words(rng, 1)
    ids = encoded(cell, f"{left} {word} {right}")
    words = decoded(cell, ids)
    assert len(ids) == 3 and words[:1] + words[-1:] == [left.lower(), right.lower()], feedback(
        "a text with an unknown word does not come back with the known words in place",
        hint="An unknown word costs only itself.")
    token = a_table(cell.id2word, "`id2word`", int, str).get(ids[1])
    middle = " ".join(words[1:-1])
    corpus = {entry.lower() for entry in corpus_words(cell)}
    assert token is not None and middle == token.lower() and middle not in corpus and middle != word, feedback(
        "an unknown word does not decode to the unknown token", hint="The id of UNK should lead back to UNK in `id2word`.")


@pytest.mark.points(1)
def test_another_corpus_gives_another_vocabulary(cell, rng):
    """With another corpus the same code learns other words, and forgets the old ones"""
    words = fresh_words(rng, 9)
    fresh = cell.rerun(corpus=[" ".join(words[:4]), " ".join(words[2:8])])
    lowered = [entry.lower() for entry in entries(fresh)]
    assert set(words[:8]) <= set(lowered) and not {"fox", "tokenization", "predict"} & set(lowered), feedback(
        "the vocabulary does not follow the corpus", hint="Build `vocab` from `corpus`, not from a list of your own.")
    order = rng.sample(words[:8], 5)
    ids = encoded(fresh, " ".join([*order, "fox", words[8]]))
    assert len(set(ids[:5])) == 5 and len(ids) == 7 and ids[5] == ids[6] not in ids[:5], feedback(
        "with another corpus, known and unknown words are mixed up",
        hint="`encode` should know the words of `vocab` and no others.")
    assert decoded(fresh, ids[:5]) == order, feedback(
        "with another corpus, decoding does not give the text back", hint="Look the ids up in `id2word`.")
