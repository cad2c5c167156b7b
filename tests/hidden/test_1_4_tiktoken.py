"""Hidden checks of 1.4: ids and text of both encodings, judged by what the cell printed, displayed or holds."""

import pytest

from grader.checks.answers import feedback, fresh_words
from grader.checks.course.shown import decoded_copies, shown_as, shown_with, shows_tokens
from oracles import reference

pytestmark = pytest.mark.exercise("1.4")

ENCODINGS = ("gpt2", "cl100k_base")
HALVES, WHOLE = "\ud83c\udf1f", "🌟"
"""An emoji in two halves, which tiktoken puts together: what was decoded can be told from the text that was given."""


def a_sentence(rng, tail=" 🌟"):
    """A sentence that nobody has printed before; both encodings cut it differently."""
    while True:
        words = fresh_words(rng, 5)
        text = f"The {words[0]} star-{words[1]}    scored {words[2].title()} {words[3]} unbelievable {words[4]}{tail}!"
        if reference.pieces_of("gpt2", text) != reference.pieces_of("cl100k_base", text):
            return text


def shows(shown, name, sentence):
    """Whether the tokens of that encoding are shown."""
    return shows_tokens(shown, reference.ids_of(name, sentence), reference.pieces_of(name, sentence))


def on(cell, sentence):
    """What the cell shows when its sentence is this one, by whatever name it has."""
    return shown_with(cell, sentence, lambda shown: any(shows(shown, name, sentence) for name in ENCODINGS))


@pytest.mark.points(2)
def test_gpt2_tokens_are_shown(cell, rng):
    """The sentence is encoded with gpt2, whatever the sentence is"""
    sentence = a_sentence(rng)
    assert shows(on(cell, sentence), "gpt2", sentence), feedback(
        "the tokens of the gpt2 encoding are neither printed nor kept",
        hint="Ask tiktoken for the encoding named gpt2, and encode `sentence` with it.",
    )


@pytest.mark.points(2)
def test_cl100k_base_tokens_are_shown(cell, rng):
    """The sentence is encoded with cl100k_base, whatever the sentence is"""
    sentence = a_sentence(rng)
    assert shows(on(cell, sentence), "cl100k_base", sentence), feedback(
        "the tokens of the cl100k_base encoding are neither printed nor kept",
        hint="Two encodings are asked for; the second one is cl100k_base. Both encode the same `sentence`.",
    )


@pytest.mark.points(2)
def test_both_encodings_are_decoded_again(cell, rng):
    """The ids of both encodings are decoded again, as a whole or token by token"""
    sentence = a_sentence(rng, f" {WHOLE}")
    shown = on(cell, sentence)
    odd = shown_as(cell, shown.given, sentence.replace(WHOLE, HALVES))
    # Code may stumble over half an emoji with every right; then the copies of a sound sentence are counted.
    if all(shows(odd, name, sentence) for name in ENCODINGS):
        shown = odd
    copies = decoded_copies(shown, sentence, [reference.pieces_of(name, sentence) for name in ENCODINGS])
    assert copies > 0, feedback(
        "the ids are not decoded again",
        hint="Show what the ids of each encoding turn into when they are decoded; the sentence itself does not count.",
    )
    assert copies > 1 and all(shows(shown, name, sentence) for name in ENCODINGS), feedback(
        "the ids of only one encoding are decoded again",
        hint="Show the decoded text once for gpt2 and once for cl100k_base.",
    )
