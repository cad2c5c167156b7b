"""Hidden checks of 2.4: the model's scores by value, and the five best next tokens in any form of print."""

import pytest

from grader import prompts, reference, wording
from grader.suite import a_tensor, a_text, fail, feedback

pytestmark = pytest.mark.exercise("2.4")

FIXED_PRINT = ("Top-5 predictions for the next token:", "Logits shape")
"""What the cell itself prints around the answer."""


def logits_for(cell, text):
    """The logits that the cell computes for that text, and the printed output."""
    fresh = cell.rerun(text=text)
    logits = a_tensor(fresh.logits, "`logits`")
    if not logits.is_floating_point() or logits.ndim == 0:
        fail("`logits` does not hold the model's scores", hint="Keep the model's `.logits`, one score per vocabulary entry.")
    return logits.float()


def a_text_with_clear_winners(rng):
    """A text whose five best next tokens are whole words and clearly ahead, so that rounding and format don't matter."""
    return max((prompts.a_prompt(rng) for _ in range(10)), key=winners_lead)


def winners_lead(text):
    """How far the fifth best token is ahead of the sixth; nothing where one of the five is no word."""
    scores, ids = reference.logits_of(text)[-1].topk(6)
    words = [word.strip() for word in words_of(ids[:5].tolist())]
    sound = len(set(words)) == 5 and all(len(word) > 1 and word.isalpha() for word in words)
    return float(scores[4] - scores[5]) if sound else -1.0


def words_of(ids):
    """The text of each token."""
    return [reference.encoding("gpt2").decode([token]) for token in ids]


def shown(output, ids):
    """How many of these tokens the output shows, by id or by text, whichever are more."""
    for fixed in FIXED_PRINT:
        output = output.replace(fixed, "\n")
    if reference.encoding("gpt2").decode(ids).strip() in output:
        return len(ids)  # decoded all at once
    numbers = set(wording.numbers_in(output))
    output = output.replace("Ġ", " ").replace("\u2581", " ")
    return max(sum(token in numbers for token in ids), wording.count_words(output, [w.strip() for w in words_of(ids)]))


def judge_top_five(output, text):
    """Compares what the cell printed with the five best next tokens of that text."""
    scores = reference.logits_of(text)
    lead, best = float(-scores[-1].topk(6).values.diff()[-1]), scores[-1].topk(30).indices.tolist()
    if shown(output, best[:5]) < (5 if lead > 1e-3 else 4):  # where fifth and sixth are equal either will do
        if shown(output, scores[0].topk(5).indices.tolist()) == 5:
            fail("the five tokens are those of the first position", hint="The last position predicts what comes next.")
        fail("the output does not show the five most likely next tokens",
             hint="Take the scores at the last position, pick the five largest, and print their tokens. Nothing is drawn at random.")
    if shown(output, best[10:30]) > 10:
        fail("the output shows many more tokens than the five most likely ones", hint="Ask for the five largest.")


@pytest.mark.points(2)
def test_logits_have_a_score_per_position_and_entry(cell, rng):
    """For each token of the text there is one score per vocabulary entry"""
    text = prompts.a_prompt(rng) + " and then"
    size = tuple(reference.logits_of(text).shape)
    assert tuple(logits_for(cell, text).shape) in (size, (1, *size)), feedback(
        "the logits do not have the shape (batch, seq_len, vocab_size)",
        hint="Keep all positions, for the tokens of `text` alone: no padding, no new tokens.")


@pytest.mark.points(3)
def test_logits_are_gpt2s(cell, rng):
    """The logits are what GPT-2 computes for the text"""
    import torch

    text = prompts.a_prompt(rng)
    due, logits = reference.logits_of(text), logits_for(cell, text)
    logits = logits[0] if logits.ndim == 3 and len(logits) == 1 else logits  # a batch of one
    assert logits.shape == due.shape, feedback(
        "the logits are not one row per token of the text", hint="Hand the model the ids of `text`, and nothing else.")
    assert not torch.allclose(logits, due.softmax(-1), atol=1e-4), feedback(
        "`logits` holds probabilities", hint="Logits are the raw scores, before softmax.")
    assert reference.is_close(logits, due, share=0.01), feedback(
        "the logits are not what GPT-2 computes for the text",
        hint="Tokenize `text` with GPT-2's tokenizer, and load the trained model with `from_pretrained`.")


@pytest.mark.points(3)
def test_five_most_likely_tokens_are_printed(cell, rng):
    """The five most likely next tokens are printed"""
    text = a_text(cell.text, "`text`")
    if len(text) < 1000 and 0 < len(reference.ids_of("gpt2", text)) < 500:
        judge_top_five(cell.output, text)
    else:
        text = a_text_with_clear_winners(rng)
        judge_top_five(cell.rerun(text=text).output, text)


@pytest.mark.points(2)
@pytest.mark.needs("test_five_most_likely_tokens_are_printed")
def test_the_prediction_follows_the_text(cell, rng):
    """Another text leads to other predictions"""
    text = a_text_with_clear_winners(rng)
    judge_top_five(cell.rerun(text=text).output, text)
