"""Hidden checks of the bonus: byte-pair encoding, judged by how it cuts texts."""

from collections import Counter
from itertools import pairwise

import pytest

from grader.suite import a_text, a_token_list, ask, fail, feedback, fresh_words, is_handle

pytestmark = pytest.mark.exercise("bpe")

HARD = ("naïve café 🚀", "two  spaces\tand\na new line", "日本語 und Größe", "🧩🌟", "")


def tokens(cell, text, merges):
    """The tokens of a text, as bytes."""
    return a_token_list(ask(cell, "bpe_encode", text, merges), "`bpe_encode(...)`")


def learned(cell, text, num_merges):
    """The merges that were learned, in whatever form the student keeps them."""
    merges = ask(cell, "train_bpe", text, num_merges)
    if merges is None:
        fail("`train_bpe(...)` returned None", hint="Did you forget a `return`?")
    if not is_handle(merges) and not isinstance(merges, (list, tuple, dict)):
        fail("`train_bpe(...)` is not a list of merges", hint="Return the merges in the order learned.")
    return merges


def steps_of(text, count):
    """The text's tokens before and after each merge, and the merges; None where two pairs tie or the best one could
    overlap itself, since there right answers differ.
    """
    row, steps, pairs = list(text), [list(text)], []
    for _ in range(count):
        best = Counter(pairwise(row)).most_common(2)
        if len(best) < 2 or best[0][1] == best[1][1] or best[0][0][0] == best[0][0][1]:
            return None
        pairs.append(best[0][0])
        row = merged(row, best[0][0])
        steps.append(row)
    return steps, pairs


def merged(row, pair):
    """The tokens with that pair merged, from left to right."""
    done = []
    while row:
        size = 2 if tuple(row[:2]) == pair else 1
        done.append("".join(row[:size]))
        row = row[size:]
    return done


def clear_text(rng, count, fits=lambda steps, pairs: True):
    """A text of a few letters in which the most frequent pair is never in doubt, and what its merges make of it."""
    for _ in range(20_000):
        letters = rng.sample("abcdefghijklmnoprstuvwxyz", 5)
        follows = {letter: rng.choice(letters) for letter in letters}  # a chain with habits has frequent pairs
        text = rng.choice(letters)
        while len(text) < 70:
            text += follows[text[-1]] if rng.random() < 0.5 else rng.choice(letters)
        found = steps_of(text, count)
        if found and fits(*found):
            return text, *found
    raise LookupError("no such text was drawn")


def as_bytes(row):
    """Tokens as they are compared."""
    return [token.encode() for token in row]


@pytest.mark.points(2)
def test_every_text_comes_back(cell, rng):
    """Decoding gives every text back, emoji, spaces and foreign scripts included"""
    text = " ".join(fresh_words(rng, 3) * 3)
    merges = learned(cell, text, 12)
    for case in (text, " ".join(fresh_words(rng, 3)) + " 🚀", rng.choice(HARD), HARD[0], HARD[1]):
        back = a_text(ask(cell, "bpe_decode", ask(cell, "bpe_encode", case, merges)), "`bpe_decode(...)`")
        assert back == case, feedback(
            "`bpe_decode(bpe_encode(text))` is not the text",
            hint="Start from the bytes of `text.encode('utf-8')`; join all tokens before you decode them.")


@pytest.mark.points(2)
def test_it_learns_as_many_merges_as_asked(cell, rng):
    """It learns as many merges as asked for, and stops in time when no pair is left"""
    text, steps, _ = clear_text(rng, 3)
    for count in (0, 1, 3):
        assert len(learned(cell, text, count)) == count, feedback(
            "`train_bpe` does not learn `num_merges` merges", hint="One pass of the loop, one merge.")
    assert tokens(cell, text, learned(cell, text, 0)) == as_bytes(steps[0]), feedback(
        "without merges, the tokens are not the single bytes of the text", hint="Begin with one token per byte.")
    for short in ("", text[0], text[:2]):
        assert len(learned(cell, short, 9)) <= 1, feedback(
            "`train_bpe` learns merges that the text does not hold", hint="Stop when there is no pair of neighbours left.")


@pytest.mark.points(2)
def test_the_most_frequent_pair_is_merged_first(cell, rng):
    """The first merge joins the pair of neighbours that occurs most often"""
    text, steps, _ = clear_text(rng, 1, lambda steps, pairs: pairs[0] != tuple(steps[0][:2]))
    assert tokens(cell, text, learned(cell, text, 1)) == as_bytes(steps[1]), feedback(
        "the first merge is not the most frequent pair, merged wherever it occurs",
        hint="Count all pairs of neighbours, take the most frequent one, and merge every occurrence from left to right.")


@pytest.mark.points(2)
def test_later_merges_build_on_earlier_ones(cell, rng):
    """Pairs are counted afresh after each merge, so that tokens grow longer"""
    text, steps, _ = clear_text(rng, 4, lambda steps, _: max(map(len, steps[-1])) > 2)
    for count in (2, 4):
        assert tokens(cell, text, learned(cell, text, count)) == as_bytes(steps[count]), feedback(
            "the later merges are not the ones that the merged text calls for",
            hint="After each merge count the pairs of the new tokens: a merged token can be merged again.")


@pytest.mark.points(2)
def test_a_new_text_is_cut_in_the_order_learned(cell, rng):
    """A new text is cut by the merges in the order in which they were learned"""

    # The second pair ends with the letter that the first begins with: in "xyz" with merges yz, xy the order decides.
    text, _, pairs = clear_text(rng, 2, lambda _, pairs: pairs[1][1] == pairs[0][0] != pairs[0][1] != pairs[1][0])
    (y, z), (x, _) = pairs
    case = "".join(rng.choices([x + y + z, x, y + z, z + x, x + y], k=8)) + x + y + z
    row = list(case)
    for pair in pairs:
        row = merged(row, pair)
    assert tokens(cell, case, learned(cell, text, 2)) == as_bytes(row), feedback(
        "a new text is not cut by the merges in the order learned",
        hint="Apply the first merge everywhere, then the second, and so on; do not look for the longest token.")
