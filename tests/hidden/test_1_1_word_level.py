"""Hidden checks of 1.1: a vocabulary of words, and what becomes of words outside it."""

import pytest

from grader.checks.answers import a_table, a_text, an_id_list, ask, feedback, fresh_words
from grader.checks.course.tokens import (
    an_entry_list,
    ask_decode,
    corpus_entries,
    corpus_words,
    entries,
    frame_of,
    ids_by_entry,
    plain_word,
    stands_for_unknown,
    without_frame,
    words_in,
)

pytestmark = pytest.mark.exercise("1.1")

DEMO = {"fox", "tokenization", "predict", "jumps", "unicorn"}
"""Words that another corpus does not have; the last one stands in the demo sentence only."""


def table(cell):
    """The id of each entry."""
    return ids_by_entry(cell, "word2id")


def raw_ids(cell, text):
    """What `encode` makes of a text, and the same as a list of ids."""
    value = ask(cell, "encode", text)
    return value, an_id_list(value, "`encode(...)`")


def frame(cell):
    """What `encode` puts around every text. One check wants nothing there; the others look at what is in between."""
    first, second = corpus_entries(cell)[:2]
    return frame_of(raw_ids(cell, first)[1], raw_ids(cell, second)[1])


def encoded_as(cell, text):
    """The ids of a text's words, and the form in which `encode` returned them. Nothing is asked after that."""
    around = frame(cell)
    value, ids = raw_ids(cell, text)
    return without_frame(ids, around), value


def encoded(cell, text):
    """The ids of a text's words."""
    return encoded_as(cell, text)[0]


def decoded(cell, ids, like):
    """The words of these ids, in lower case: lower-casing the text is a choice that anybody may make."""
    return a_text(ask_decode(cell, ids, like), "`decode(...)`").lower()


def known_words(cell, rng, count):
    """So many words of the vocabulary; where it has both, none with a capital letter: that slip has a check of its own."""
    known = corpus_entries(cell)
    lower = [entry for entry in known if entry.islower()]
    return rng.sample(lower if len(lower) >= 8 else known, count)


@pytest.mark.points(1)
def test_vocabulary_holds_each_word_and_special_token_once(cell):
    """The vocabulary holds every word of the corpus and both special tokens, each of them once"""
    vocab = an_entry_list(cell.vocab, "`vocab`")
    known, words = {plain_word(entry) for entry in vocab}, set(corpus_words(cell))
    assert words & known, feedback(
        "`vocab` has none of the words of the corpus",
        hint="Split each sentence of `corpus` on whitespace: here a token is a word.",
    )
    assert not [entry for entry in vocab if any(plain_word(part) in words for part in entry.split()[1:])], feedback(
        "a whole sentence stands in `vocab`", hint="An entry is a single word. `sentence.split()` gives you those."
    )
    others = [entry for entry in vocab if plain_word(entry) not in words]
    assert any(len(entry) > 1 for entry in others) or not {"[", "]", "<", ">"} & set(others), feedback(
        "the special tokens fell apart into characters",
        hint="`list(text)` and `+=` with a string take its characters. PAD and UNK go in as items of a list.",
    )
    assert len(set(vocab)) == len(vocab), feedback(
        "an entry of `vocab` stands there twice", hint="A word that occurs twice in the corpus still needs only one id."
    )
    assert words <= known, feedback(
        "a word of the corpus is missing in `vocab`", hint="Split every sentence of `corpus` and add each word."
    )
    # However they are spelled, and whatever else was added: besides the words there are two entries at least.
    assert len(others) >= 2, feedback(
        "PAD or UNK is not in `vocab`", hint="The special tokens are entries like any other, with ids of their own."
    )


@pytest.mark.points(1)
def test_the_two_dictionaries_mirror_the_vocabulary(cell):
    """word2id numbers the whole vocabulary, and id2word leads back"""
    vocab = entries(cell, "word2id")
    word2id = a_table(cell.word2id, "`word2id`", str, int)
    id2word = a_table(cell.id2word, "`id2word`", int, str)
    assert word2id and id2word, feedback(
        "`word2id` or `id2word` is empty", hint="Fill both tables from `vocab`, so that nobody has to search the list."
    )
    ids = [word2id.get(entry) for entry in vocab]
    assert None not in ids and len(set(ids)) == len(set(vocab)) and min(ids, default=-1) >= 0, feedback(
        "not every entry of `vocab` has an id of its own in `word2id`",
        hint="Number the entries of `vocab` from 0 upwards, the special tokens included.",
    )
    assert all(id2word.get(word2id[entry]) == entry for entry in vocab), feedback(
        "`id2word` does not lead back from an id to its word", hint="It is `word2id` read backwards."
    )


@pytest.mark.points(1)
def test_each_known_word_becomes_its_id(cell, rng):
    """Each known word becomes its own id, wherever it stands in the text, and nothing is added"""
    assert not any(frame(cell)), feedback(
        "`encode` adds ids that stand for no word of the text",
        hint="One id per word: what a model wants around it comes later.",
    )
    due, known = table(cell), corpus_entries(cell)
    words = rng.sample(known, 7)
    for order in (words, words[::-1], [words[0], words[0], words[3]]):
        ids = encoded(cell, " ".join(order))
        assert len(ids) == len(order), feedback(
            "`encode` does not give one id per word",
            hint="Split the text on whitespace: one word, one id. No other tokenizer is needed.",
        )
        assert all(found == due.get(word) or not word.islower() for found, word in zip(ids, order, strict=True)), (
            feedback(
                "`encode` gives ids other than those in `word2id`",
                hint="Look each word up in `word2id`; its place in the text does not matter, and no other tokenizer is needed.",
            )
        )
    assert encoded(cell, " ".join(known)) == [due.get(word) for word in known], feedback(
        "an entry of `vocab` does not become its own id",
        hint="Treat the text as you treated the corpus: both in lower case, or both as they are.",
    )
    said = [word for word in words_in(cell.corpus) if word.isalpha()]
    of_word = {}
    for entry in known:
        of_word.setdefault(entry.lower(), set()).add(due.get(entry))
    assert all(
        found in of_word.get(word.lower(), ()) for found, word in zip(encoded(cell, " ".join(said)), said, strict=False)
    ), feedback(
        "a sentence of the corpus is not encoded as its own words",
        hint="Where the vocabulary is in lower case, the text has to be as well before you look its words up.",
    )


@pytest.mark.points(1)
def test_decode_reads_the_ids_it_is_given(cell, rng):
    """Decoding turns any list of ids back into its words, in order"""
    words = known_words(cell, rng, 6)
    ids, like = encoded_as(cell, " ".join(words))
    words = [word.lower() for word in words]
    other = encoded(cell, " ".join(known_words(cell, rng, 4)))
    text = decoded(cell, ids, like)
    assert text != "".join(words), feedback(
        "`decode` puts nothing between the words", hint="A space belongs between two words."
    )
    assert text.split() == words, feedback(
        "`decode(encode(text))` is not the text", hint="Look each id up in `id2word` and join the words with spaces."
    )
    assert len(ids) == len(words), feedback(
        "`encode` does not give one id per word", hint="Split the text on whitespace: one word, one id."
    )
    places = [4, 0, 5, 0, 2, 2]
    assert decoded(cell, [ids[place] for place in places], like).split() == [words[place] for place in places], (
        feedback(
            "`decode` does not turn ids into the words they belong to",
            hint="`decode` should depend on nothing but the ids it is given, and on `id2word`.",
        )
    )
    assert len(decoded(cell, other, like).split()) == 4, feedback(
        "`decode` does not give one word per id", hint="One id, one word, however many ids there are."
    )


@pytest.mark.points(1)
def test_unknown_words_share_one_id(cell, rng):
    """Each word outside the vocabulary takes one place, and all of them get the same id, every time"""
    (known,), before = known_words(cell, rng, 1), set(entries(cell, "word2id"))
    first, second, third = fresh_words(rng, 3)
    ids = encoded(cell, f"{first} {second}")
    assert len(ids) == 2, feedback(
        "unknown words are dropped or split", hint="A word that is not in the vocabulary still takes one place."
    )
    assert ids[0] == ids[1] and encoded(cell, third) == ids[:1], feedback(
        "unknown words get different ids", hint="One id, that of UNK, stands for every word outside the vocabulary."
    )
    again = encoded(cell, f"{second} {known} {first}")
    assert again == [ids[0], table(cell).get(known), ids[0]] and set(entries(cell, "word2id")) == before, feedback(
        "an unknown word changes the vocabulary or its own id on a second call",
        hint="The vocabulary is fixed once it is built: `encode` only looks things up.",
    )
    near = rng.choice([entry for entry in corpus_entries(cell) if len(entry) > 4] or [known])
    assert encoded(cell, near + third) == encoded(cell, third + near) == ids[:1], feedback(
        "a word that only begins or ends like a known one is not unknown",
        hint="Compare whole words: a lookup in a dictionary does, `in` on a string does not.",
    )


@pytest.mark.points(1)
def test_the_id_of_unknown_words_is_that_of_unk(cell, rng):
    """The id that unknown words get is UNK's: an entry of the vocabulary, no real word and not the padding"""
    (word,) = fresh_words(rng, 1)
    ids, known = encoded(cell, word), table(cell)
    assert len(ids) == 1, feedback("an unknown word does not take one place", hint="One word, one id, known or not.")
    assert ids[0] not in {known.get(entry) for entry in corpus_entries(cell)}, feedback(
        "unknown words get the id of a real word", hint="Give UNK an entry of its own and fall back on its id."
    )
    assert ids[0] in known.values(), feedback(
        "the id of unknown words does not belong to the vocabulary",
        hint="Fall back on the id that UNK has in `word2id`.",
    )
    tokens = [entry for entry, number in known.items() if number == ids[0]]
    assert any(stands_for_unknown(token, list(known), cell) for token in tokens), feedback(
        "unknown words get the id of another special token",
        hint="PAD fills up short texts; what stands for words that nobody has seen is UNK.",
    )


@pytest.mark.points(1)
def test_unknown_words_decode_to_the_unknown_token(cell, rng):
    """What was unknown decodes to the unknown token, between the words that were known"""
    left, right = known_words(cell, rng, 2)
    (word,) = fresh_words(rng, 1)
    ids, like = encoded_as(cell, f"{left} {word} {right}")
    text = decoded(cell, ids, like)
    words = text.split()
    assert len(ids) == 3 and words[:1] + words[-1:] == [left.lower(), right.lower()], feedback(
        "a text with an unknown word does not come back with the known words in place",
        hint="An unknown word costs only itself.",
    )
    middle = " ".join(words[1:-1])
    assert middle != word, feedback(
        "an unknown word comes back as if it were known", hint="Which id does it have? Look that up in `id2word`."
    )
    tokens = {entry.lower() for entry, number in table(cell).items() if number == ids[1]}
    assert middle in tokens - set(corpus_words(cell)), feedback(
        "an unknown word does not decode to the unknown token",
        hint="The id of UNK should lead back to UNK in `id2word`.",
    )


@pytest.mark.points(1)
def test_another_corpus_gives_another_vocabulary(cell, rng):
    """With another corpus the same code learns other words, and forgets the old ones"""
    words = fresh_words(rng, 11)
    fresh = cell.rerun(corpus=[" ".join(words[:4]), " ".join(words[2:8]), " ".join(words[7:10])])
    lowered = {entry.lower() for entry in entries(fresh, "word2id")}
    # A cell may well add sentences of its own to whatever corpus there is.
    forgotten = DEMO - set(corpus_words(fresh))
    assert set(words[:10]) <= lowered and not forgotten & lowered, feedback(
        "the vocabulary does not follow the corpus",
        hint="Build `vocab` from `corpus`, all of it and nothing else, and not from a list of your own.",
    )
    order = rng.sample(words[:10], 10)
    ids, like = encoded_as(fresh, " ".join([*order, words[10] + words[0], words[10]]))
    assert len(set(ids[:10])) == 10 and len(ids) == 12 and ids[10] == ids[11] not in ids[:10], feedback(
        "with another corpus, known and unknown words are mixed up",
        hint="`encode` should know the words of `vocab` and no others.",
    )
    assert decoded(fresh, ids[:10], like).split() == order, feedback(
        "with another corpus, decoding does not give the text back", hint="Look the ids up in `id2word`."
    )
