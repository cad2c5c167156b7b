"""Hidden checks of 1.3: GPT-2's own tokenizer, both ways."""

import pytest

from grader import reference
from grader.suite import a_handle, a_text, a_text_list, an_id_list, ask, fail, feedback, fresh_words

pytestmark = pytest.mark.exercise("1.3")

TAILS = ("🚀🌟", "naïve café ☕", "def f(x):\n    return x**2", "1,234.50 €", "日本語のテキスト", "Größe und Maß", "don't we're I'll")


def sentence(rng):
    """A text that no bank of examples holds: made-up words, capitals, and something that is hard for small vocabularies."""
    words = fresh_words(rng, 4)
    return f"{words[0].title()} {words[1]} unbelievable {words[2].upper()}, {words[3]}! {rng.choice(TAILS)}"


@pytest.mark.points(3)
def test_ids_are_gpt2s(cell, rng):
    """Encoding gives the ids that GPT-2 uses"""
    for text in (sentence(rng), sentence(rng)):
        ids = an_id_list(ask(cell, "encode", text), "`encode(...)`")
        due = reference.ids_of("gpt2", text)
        assert ids[1:-1] != due and ids[1:] != due, feedback(
            "`encode` adds special tokens that GPT-2 does not use", hint="A model's own tokenizer knows which tokens belong there.")
        assert ids == due, feedback(
            "`encode` does not give GPT-2's ids",
            hint="Load the tokenizer of the model that this section names; BERT's, for one, has another vocabulary.")


@pytest.mark.points(2)
def test_texts_come_back_unchanged(cell, rng):
    """Encoding and decoding give back the very same text, emoji included"""
    first, second = sentence(rng) + " 🚀", sentence(rng)
    early = an_id_list(ask(cell, "encode", first), "`encode(...)`")
    ask(cell, "encode", second)
    text = a_text(ask(cell, "decode", early), "`decode(...)`")
    assert "[CLS]" not in text and "[UNK]" not in text, feedback(
        "the text comes back with marks that GPT-2 does not use", hint="Those are BERT's. Which tokenizer did you load?")
    assert text == first, feedback(
        "`decode(encode(text))` is not the text", hint="Byte-level BPE loses nothing: every text comes back as it was.")


@pytest.mark.points(2)
def test_decode_reads_gpt2s_ids(cell, rng):
    """Decoding turns any ids of GPT-2 into their text"""
    for text in (sentence(rng), sentence(rng)):
        assert a_text(ask(cell, "decode", reference.ids_of("gpt2", text)), "`decode(...)`") == text, feedback(
            "`decode` does not turn GPT-2's ids into their text",
            hint="`decode` should hand the ids it is given to the tokenizer, and return what comes back.")


@pytest.mark.points(1)
def test_a_tokenizer_object_is_at_hand(cell, rng):
    """The tokenizer that was loaded spells out GPT-2's tokens"""
    names = cell.names()
    found = [name for name, kind in names.items() if "Tokeniz" in kind]
    name = "bpe_tok" if cell.has("bpe_tok") else found[-1] if found else fail(
        "there is no tokenizer under the name `bpe_tok`", hint="Keep what `from_pretrained` returns as `bpe_tok`.")
    (word,) = fresh_words(rng, 1)
    tokenizer = a_handle(cell.get(name), "the tokenizer", hint="Load it with `AutoTokenizer.from_pretrained`.")
    tokens = ask(tokenizer, "convert_ids_to_tokens", reference.ids_of("gpt2", f"The {word} runs"))
    tokens = a_text_list(tokens, "`bpe_tok.convert_ids_to_tokens(ids)`")
    assert "".join(tokens).replace("Ġ", " ") == f"The {word} runs", feedback(
        "the tokenizer does not know GPT-2's tokens", hint="Load the tokenizer of GPT-2.")
