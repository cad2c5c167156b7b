"""Tests of grader/wording.py: what was said, whatever it is dressed in."""

import pytest

from oracles.wording import contains_in_order, continuations, count_words, is_said, numbers_in, plain

PROMPT, REST = "The dog looked at", "the big tree and smiled."


@pytest.mark.parametrize(
    "said",
    [
        f"{PROMPT} {REST}",
        REST,
        f"  {REST}\n",
        f"{PROMPT} {REST}<|endoftext|>",
        f"{PROMPT} the  big tree and smiled .",
        f"Prompt: {PROMPT}\n\n{PROMPT} {REST}",
        f"<pre>{PROMPT} {REST}</pre>",
    ],
)
def test_the_right_text_is_recognized(said):
    """With or without the prompt, special tokens, markup and spacing."""
    assert is_said(said, PROMPT, REST, whole=True)


@pytest.mark.parametrize(
    "said", ["", PROMPT, f"{PROMPT} the small tree and smiled.", f"{PROMPT} {REST} And more.", f"{PROMPT} the big"]
)
def test_other_texts_are_not_the_whole(said):
    """Nothing, the prompt alone, other words, more or less of it."""
    assert not is_said(said, PROMPT, REST, whole=True)


def test_more_or_less_of_the_right_text_counts_where_it_may():
    """More around it, or its beginning, but not a word or two of it."""
    assert is_said(f"{PROMPT} {REST} And more.", PROMPT, REST, whole=False)
    assert is_said(f"{PROMPT} the big tree", PROMPT, REST, whole=False)
    assert not is_said(f"{PROMPT} the", PROMPT, REST, whole=False)
    assert not is_said("", PROMPT, REST, whole=False)


def test_the_last_reading_follows_the_prompt():
    """What comes after the prompt is the last reading."""
    assert continuations(f"{PROMPT} {REST}", PROMPT)[-1] == REST
    assert continuations(REST, PROMPT) == [REST]


def test_plain_text_keeps_words_that_look_like_comparisons():
    """Only marks that look like tags are dropped."""
    assert plain("a < b and b > a &amp; so on") == "a < b and b > a & so on"


@pytest.mark.parametrize(
    ("numbers", "wanted", "found"),
    [
        ([1, 5, 6, 7, 2], [5, 6, 7], True),
        ([0, 5, 1, 6, 2, 7], [5, 6, 7], True),
        ([5, 6], [5, 6, 7], False),
        ([7, 6, 5], [5, 6, 7], False),
        (list(range(100)), [5, 20, 40], False),
        ([5, 5, 6], [5, 6], True),
        ([5, 0, 0, 0, 0, 0, 6], [5, 6], False),
        ([1, 2], [], False),
    ],
)
def test_ids_are_found_close_to_one_another(numbers, wanted, found):
    """In order, with little in between; counting to a hundred finds nothing."""
    assert contains_in_order(numbers, wanted) is found


def test_numbers_and_words_are_read_off_an_output():
    """Whole numbers only; words as words."""
    assert numbers_in("tensor([15496,   995]) 0.123 40 points 3.") == [15496, 995, 40, 3]
    assert count_words("transformer.h.0 (wte): Embedding", ["h", "wte", "ln_f"]) == 2
    assert count_words("the heart", ["he"]) == 0
