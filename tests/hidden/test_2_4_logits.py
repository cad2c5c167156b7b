"""Hidden checks of 2.4: the model's scores by value, and the five best next tokens in any form of print."""

import re
from functools import lru_cache

import numpy as np
import pytest

from grader.checks.answers import StudentError, a_tensor, fail, feedback, has_fractions
from oracles import prompts, reference, wording

pytestmark = pytest.mark.exercise("2.4")

CLOSE = 0.05
"""The share of the scores' spread that rounding may take: bfloat16 takes 0.015, and another model more than 1."""

TIE = 1e-3
"""Scores that are nearer to each other than this are equally good; float32 on another machine differs by 1e-5."""

MOST_TOKENS = 60
"""Scores of more tokens than these are too many to be looked at as a whole."""

FIXED_PRINT = ("Top-5 predictions for the next token:", "Logits shape")
"""What the cell itself prints around the answer."""


# --- texts --------------------------------------------------------------------------------


def own_text(cell):
    """The text that the cell used, and whether the grader can score it."""
    text = cell.text if cell.has("text") else ""
    sound = isinstance(text, str) and len(text) < 1000 and "<|" not in text
    return text if sound and 0 < len(reference.ids_of("gpt2", text)) <= MOST_TOKENS else None


def a_text_with_clear_winners(rng):
    """A text whose five best next tokens are whole words and clearly ahead, so that rounding and format don't matter."""
    return max(rng.sample(list(prompts.pool().values()), 10), key=winners_lead).text


def winners_lead(studied):
    """How far the fifth best token is ahead of the sixth; nothing where one of the five is no word."""
    scores = studied.steps[0].scores
    return scores[4] - scores[5] if are_words(studied.first[:5]) else -1.0


def are_words(ids):
    """Whether these tokens are different words of two letters or more, which no output shows by accident."""
    words = {word_of(token) for token in ids}
    return len(words) == len(ids) and all(len(word) > 1 and word.isalpha() for word in words)


def word_of(token):
    """The text of a token, without the space before it."""
    return str(reference.encoding("gpt2").decode([token])).strip()


# --- reading the output -------------------------------------------------------------------


def shown(output, ids, text):
    """Which of these tokens the output shows: by id or by text, whichever are more."""
    for fixed in FIXED_PRINT:
        output = output.replace(fixed, "\n")
    numbers = set(wording.numbers_in(output))
    by_id = {token for token in ids if token in numbers}
    return max(by_id, {token for token in ids if is_said(wording.without_entities(output), token, text)}, key=len)


def is_said(output, token, text):
    """Whether the output shows a token's text: alone, as the vocabulary spells it, or right behind the prompt."""
    word, raw = word_of(token), str(reference.tokenizer("gpt2").id_to_token(token))
    spellings = [output, re.sub("[Ġ▁_]|\\\\u0120", " ", output)]
    return (
        text + str(reference.encoding("gpt2").decode([token])) in output
        or stands_in(output, raw)
        or not word
        or any(stands_in(spelling, word) for spelling in spellings)
    )


def stands_in(output, word):
    """Whether a word stands in a text, not as a part of a longer one; for marks without letters, whether it occurs."""
    before, after = (r"(?<!\w)" if word[:1].isalnum() else "", r"(?!\w)" if word[-1:].isalnum() else "")
    return bool(re.search(before + re.escape(word) + after, output))


def shows_the_best(output, scores, text):
    """Whether the output shows the five best by these scores: those clearly among them, and five that may be."""
    best = reference.best(scores, 5)
    fifth = scores[best[-1]]
    sure = np.flatnonzero(scores > fifth + TIE).tolist()
    near = np.flatnonzero(scores >= fifth - TIE).tolist()[:50]
    decoded = reference.encoding("gpt2").decode
    if any(str(decoded(ids)).strip() in output for ids in (best, best[::-1])):
        return True  # decoded all at once
    seen = shown(output, near, text)
    return len(seen) >= 5 and seen.issuperset(sure)


def judge_top_five(cell, text):
    """Compares what the cell printed with the five best next tokens of that text."""
    output, scores = cell.output, reference.logits_of(text)
    # Coarse numbers have other ties: where the student's scores are right, their own five best are right, too.
    if any(shows_the_best(output, row, text) for row in (scores[-1], *own_scores(cell, scores))):
        return
    if not output.strip():
        fail("nothing is printed", hint="Print the five tokens, by their text or their ids.")
    if shows_the_best(output, scores[0], text):
        fail("the five tokens are those of the first position", hint="The last position predicts what comes next.")
    if shows_the_best(output, -scores[-1], text):
        fail(
            "the five tokens are the least likely ones", hint="Sort the other way round: the largest scores are wanted."
        )
    if word_of(int(scores[-1].argmax())) and shown(output, reference.best(scores[-1], 5), text):
        fail(
            "the output shows some of the five most likely next tokens, and not all",
            hint="All five come from one look at the last position. Nothing is drawn at random or generated.",
        )
    fail(
        "the output does not show the five most likely next tokens",
        hint="Take the scores at the last position, pick the five largest, and print their tokens. Nothing is drawn at random.",
    )


def own_scores(cell, due):
    """The last row of the student's logits, where they are the due ones."""
    logits = cell.get("logits") if cell.has("logits") else None
    if has_fractions(logits) and logits.size == due.size:
        logits = np.asarray(logits, dtype=np.float32).reshape(due.shape)
        return [logits[-1]] if reference.is_close(logits, due, CLOSE) else []
    return []


# --- the checks ---------------------------------------------------------------------------


def logits_of(cell):
    """The logits, as the cell left them."""
    try:
        logits = a_tensor(cell.logits, "`logits`")
    except StudentError:
        fail(
            "the cell stops with an error before `logits` is there",
            hint='The model takes ids as a tensor of shape (1, seq_len): `return_tensors="pt"` makes one.',
        )
    if not has_fractions(logits) or logits.ndim == 0:
        fail(
            "`logits` does not hold the model's scores",
            hint="Keep the model's `.logits`, one score per vocabulary entry.",
        )
    return np.asarray(logits, dtype=np.float32)


@pytest.mark.points(2)
def test_logits_have_a_score_per_position_and_entry(cell, rng):
    """For each token of the text there is one score per vocabulary entry"""
    text = own_text(cell)
    if text is None:
        cell = cell.rerun(text=(text := prompts.a_prompt(rng) + " and then"))
    size, shape = tuple(reference.logits_of(text).shape), tuple(logits_of(cell).shape)
    assert shape not in ((1, size[1]), (size[1],), (1, 1, size[1])) or size[0] == 1, feedback(
        "only one position is kept in `logits`", hint="Keep all of them in `logits`, and pick the last one afterwards."
    )
    assert shape in (size, (1, *size)), feedback(
        "the logits do not have the shape (batch, seq_len, vocab_size)",
        hint="Keep all positions, for the tokens of `text` alone: no padding, no new tokens.",
    )


@pytest.mark.points(3)
def test_logits_are_gpt2s(cell, rng):
    """The logits are what GPT-2 computes for the text"""
    text = prompts.a_prompt(rng) + " and then"  # longer than any text that stands in the cell by default
    due, logits = reference.logits_of(text), logits_of(cell.rerun(text=text))
    if logits.size == due[-1].size:
        due = due[-1:]  # that one position alone was kept has cost a check already
    assert logits.size == due.size, feedback(
        "the logits are not one row per token of the text", hint="Hand the model the ids of `text`, and nothing else."
    )
    logits = logits.reshape(due.shape)
    for slip in (reference.softmax(due), reference.log_softmax(due)):
        assert not np.allclose(logits, slip, atol=1e-4), feedback(
            "`logits` holds probabilities", hint="Logits are the raw scores, before softmax."
        )
    assert reference.is_close(logits, due, CLOSE), feedback(
        "the logits are not what GPT-2 computes for the text",
        hint="Tokenize `text` with GPT-2's tokenizer, and load the trained model with `from_pretrained`.",
    )


@pytest.mark.points(2)
def test_five_most_likely_tokens_are_printed(cell, rng):
    """The five most likely next tokens are printed"""
    text = own_text(cell)
    if text is None:
        cell = cell.rerun(text=(text := a_text_with_clear_winners(rng)))
    judge_top_five(cell, text)


@pytest.mark.points(2)
@pytest.mark.needs("test_five_most_likely_tokens_are_printed")
def test_the_prediction_follows_the_text(cell, rng):
    """Another text leads to other predictions"""
    text = a_text_with_clear_winners(rng)
    judge_top_five(cell.rerun(text=text), text)


@pytest.mark.points(1)
@pytest.mark.needs("test_five_most_likely_tokens_are_printed")
def test_no_more_than_five_are_printed(cell, rng):
    """The five are all: no runners-up, no predictions for other positions"""
    text = own_text(cell)
    if text is None or not can_tell(text):
        cell = cell.rerun(text=(text := max(rng.sample(list(prompts.pool()), 10), key=can_tell)))
    runners_up, first = others(text)
    assert not (len(runners_up) > 3 and len(shown(cell.output, runners_up, text)) == len(runners_up)), feedback(
        "the output shows more tokens than the five most likely ones", hint="Ask for the five largest only."
    )
    assert not (len(first) > 2 and len(shown(cell.output, first, text)) == len(first)), feedback(
        "the output shows predictions for other positions, too", hint="Only the last position predicts what comes next."
    )


def others(text):
    """Words that have no place in the output: ranks 6 to 10, and the first position's best that are not the last's."""
    ids = reference.ids_of("gpt2", text)
    last = best_last(text)
    inside = {*last, *ids}  # the text itself may be printed
    first = [token for token in best_after(ids[0]) if token not in inside]
    return [token for token in last[5:] if are_words([token])], [token for token in first if are_words([token])]


def best_last(text):
    """The ten best next tokens of a text; known already where it is one of the pool."""
    studied = prompts.pool().get(text)
    return studied.first[:10] if studied else reference.best(reference.logits_of(text)[-1], 10)


@lru_cache(maxsize=64)
def best_after(token):
    """The five best next tokens at the first position, which sees nothing but its own token."""
    return reference.best(reference.next_scores((token,)), 5)


def can_tell(text):
    """Whether enough of those are words that no output shows by accident."""
    runners_up, first = others(text)
    return len(runners_up) > 3 and len(first) > 2
