"""Hidden checks of 1.3: GPT-2's own tokenizer, both ways."""

import pytest

from grader.checks.answers import (
    MissingAnswerError,
    StudentError,
    a_handle,
    a_text,
    a_text_list,
    an_id_list,
    ask,
    fail,
    feedback,
    fresh_words,
    is_handle,
    is_tensor,
    type_name,
)
from grader.checks.course.tokens import ask_decode
from oracles import reference

pytestmark = pytest.mark.exercise("1.3")

# Nothing here puts a space before a comma, a full stop or a question mark: some versions of `decode` tidy that up.
TAILS = (
    "🚀🌟",
    "naïve café ☕",
    "def f(x):\n    return x**2",
    "1,234.50 €",
    "日本語のテキスト",
    "Größe und Maß",
    "don't we're I'll",
)


def sentence(rng):
    """A text that no bank of examples holds: made-up words, capitals, and something that is hard for small vocabularies."""
    words = fresh_words(rng, 4)
    return f"{words[0].title()} {words[1]} unbelievable {words[2].upper()}, {words[3]}! {rng.choice(TAILS)} 🦜"


def asked(cell, name, *args):
    """What that function gives. Where the tokenizer could not be loaded, that is what the advice is about."""
    try:
        return ask(cell, name, *args)
    except StudentError as error:
        blame_loading(error)
        explain(cell)
        raise


def explain(cell):
    """Fails the check with the reason if there is no tokenizer of that name."""
    try:
        cell.get("bpe_tok")
    except StudentError as error:
        blame_loading(error)
    except MissingAnswerError:
        pass  # it has another name, or there is none


def blame_loading(error):
    """Fails the check if the error says that no tokenizer of that name can be had."""
    if error.type_name == "OSError":
        fail(
            "the tokenizer could not be loaded by that name",
            hint="This section is about GPT-2, and GPT-2's tokenizer is at hand.",
        )


def raw_ids(cell, text):
    """What `encode` makes of a text."""
    value = asked(cell, "encode", text)
    if value is None:
        fail("`encode(...)` returned None", hint="Did you forget a `return`?")
    if isinstance(value, dict) or (is_handle(value) and type_name(value) in ("BatchEncoding", "Encoding")):
        fail(
            "`encode` returns more than the ids",
            hint="What the tokenizer returns has several parts; the ids are one of them.",
        )
    if isinstance(value, (list, tuple)) and value and all(isinstance(item, str) for item in value):
        fail(
            "`encode` returns tokens instead of their ids",
            hint="`encode` is about numbers: which method of the tokenizer gives those?",
        )
    return value


def encoded(cell, text):
    """The ids of a text."""
    return an_id_list(raw_ids(cell, text), "`encode(...)`")


def decoded(cell, ids, like):
    """The text of these ids, or of what `encode` returned."""
    try:
        value = ask_decode(cell, ids, like)
    except StudentError as error:
        blame_loading(error)
        explain(cell)
        raise
    if isinstance(value, (list, tuple)) and len(value) == 1 and is_tensor(like):
        value = value[0]  # the one text of a batch of one
    return a_text(value, "`decode(...)`")


@pytest.mark.points(2)
def test_ids_are_gpt2s(cell, rng):
    """Encoding gives the ids that GPT-2 uses"""
    for text in (sentence(rng), sentence(rng)):
        ids, due = encoded(cell, text), reference.ids_of("gpt2", text)
        if ids != due:
            explain(cell)
        assert ids == due or due not in (ids[1:-1], ids[1:], ids[:-1]), feedback(
            "`encode` adds special tokens that GPT-2 does not use",
            hint="A model's own tokenizer knows which tokens belong there.",
        )
        assert ids == due, feedback(
            "`encode` does not give GPT-2's ids",
            hint="Load the tokenizer of the model that this section names; BERT's, for one, has another vocabulary.",
        )


@pytest.mark.points(1)
def test_long_texts_are_encoded_whole(cell, rng):
    """A long text is encoded to its end, and a short one is not filled up"""
    words = fresh_words(rng, 150)
    text = " ".join(words) + " 🚀"
    due, short = reference.ids_of("gpt2", text), encoded(cell, words[0])
    if short != reference.ids_of("gpt2", words[0]):
        explain(cell)
    assert short == reference.ids_of("gpt2", words[0]), feedback(
        "a single word does not get GPT-2's ids", hint="No padding: a short text has few tokens."
    )
    ids = encoded(cell, text)
    assert len(ids) >= len(due) or ids != due[: len(ids)], feedback(
        "a long text is cut off", hint="No `truncation`, no `max_length`: every word counts."
    )
    assert ids == due, feedback("a long text does not get GPT-2's ids", hint="Hand the text to the tokenizer as it is.")


@pytest.mark.points(2)
def test_texts_come_back_unchanged(cell, rng):
    """Encoding and decoding give back the very same text, emoji included"""
    first, second = sentence(rng) + " 🚀", sentence(rng)
    early = raw_ids(cell, first)
    raw_ids(cell, second)
    text = decoded(cell, an_id_list(early, "`encode(...)`"), early)
    if text != first:
        explain(cell)
    assert "[CLS]" not in text and "[UNK]" not in text, feedback(
        "the text comes back with marks that GPT-2 does not use", hint="Those are BERT's. Which tokenizer did you load?"
    )
    assert_no_broken_characters(text)
    assert "Ġ" not in text and " ".join(first) not in text, feedback(
        "the text comes back in raw tokens or characters", hint="`decode` of the tokenizer turns ids into plain text."
    )
    assert text == first, feedback(
        "`decode(encode(text))` is not the text", hint="Byte-level BPE loses nothing: every text comes back as it was."
    )


@pytest.mark.points(2)
def test_decode_reads_gpt2s_ids(cell, rng):
    """Decoding turns any ids of GPT-2 into their text"""
    like = form_of_ids(cell)
    for text in (sentence(rng), sentence(rng)):
        found = decoded(cell, reference.ids_of("gpt2", text), like)
        if found != text:
            explain(cell)
        assert_no_broken_characters(found)
        assert found == text, feedback(
            "`decode` does not turn GPT-2's ids into their text",
            hint="`decode` should hand the ids it is given to the tokenizer, and return what comes back.",
        )


def form_of_ids(cell):
    """Something in the form in which `encode` returns ids; an `encode` that fails says nothing about `decode`."""
    try:
        return ask(cell, "encode", "the")
    except StudentError:
        return []


def assert_no_broken_characters(text):
    """No character came apart; the texts here hold none of these marks."""
    assert "\ufffd" not in text, feedback(
        "emoji come back broken",
        hint="One emoji may be several tokens, none of which is text by itself: decode all ids at once.",
    )


@pytest.mark.points(1)
def test_a_tokenizer_object_is_at_hand(cell, rng):
    """The tokenizer that was loaded spells out GPT-2's tokens"""
    found = [name for name, kind in cell.names().items() if "Tokeniz" in kind]
    explain(cell)
    names = ["bpe_tok"] if cell.has("bpe_tok") else found[::-1][:4]
    if not names:
        fail("there is no tokenizer under the name `bpe_tok`", hint="Keep what `from_pretrained` returns as `bpe_tok`.")
    (word,) = fresh_words(rng, 1)
    spelled = [spelled_out(cell, name, f"The {word} runs") for name in names]
    assert f"The {word} runs" in spelled, feedback(
        "the tokenizer does not know GPT-2's tokens", hint="Load the tokenizer of GPT-2."
    )


def spelled_out(cell, name, text):
    """The text as this tokenizer's tokens spell it."""
    tokenizer = a_handle(cell.get(name), "the tokenizer", hint="Load it with `AutoTokenizer.from_pretrained`.")
    try:
        tokens = ask(tokenizer, "convert_ids_to_tokens", reference.ids_of("gpt2", text))
    except (StudentError, MissingAnswerError):
        return ""
    return "".join(a_text_list(tokens, "`bpe_tok.convert_ids_to_tokens(ids)`")).replace("Ġ", " ")
