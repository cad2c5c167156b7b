"""Hidden checks of the bonus: byte-pair encoding, judged by how it cuts texts."""

from collections import Counter
from itertools import islice, pairwise

import pytest

from grader.checks.answers import a_text, a_token_list, ask, fail, feedback, fresh_words, is_handle

pytestmark = pytest.mark.exercise("bpe")

HARD = ("naïve café 🚀", "two  spaces\tand\na new line ", "日本語 und GRÖSSE", "🧩🌟")


def tokens(cell, text, merges):
    """The tokens of a text, as bytes."""
    value = ask(cell, "bpe_encode", text, merges)
    if isinstance(value, (list, tuple)) and value and all(type(item) is int for item in value):
        # Ids of tokens: one check asks for the tokens themselves, the others look at what the ids stand for.
        value = [a_text(ask(cell, "bpe_decode", [item]), "`bpe_decode(...)`") for item in value]
    return a_token_list(value, "`bpe_encode(...)`")


def all_learned(cell, text, num_merges):
    """The merges that were learned, in whatever form the student keeps them."""
    merges = ask(cell, "train_bpe", text, num_merges)
    if merges is None:
        fail("`train_bpe(...)` returned None", hint="Did you forget a `return`?")
    if not is_handle(merges) and not isinstance(merges, (list, tuple, dict)):
        fail("`train_bpe(...)` is not a list of merges", hint="Return the merges in the order learned.")
    return merges


def learned(cell, text, num_merges):
    """The first so many merges. One check asks whether there are more; the others look at what was learned."""
    merges = all_learned(cell, text, num_merges)
    if isinstance(merges, dict):
        return dict(islice(merges.items(), num_merges))
    return merges[:num_merges] if isinstance(merges, list) else merges


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


def best_pairs(row, count):
    """The most frequent pairs of neighbours; fewer where it is in doubt which they are."""
    found = Counter(pairwise(row)).most_common(count + 1)
    return [pair for (pair, size), (_, less) in pairwise(found) if size > less]


def longest_first(text, known):
    """The text cut into the longest known tokens: not BPE, though it often comes to the same."""
    row = []
    while text:
        row.append(next(token for token in sorted({*known, text[0]}, key=len, reverse=True) if text.startswith(token)))
        text = text[len(row[-1]) :]
    return row


def as_bytes(row):
    """Tokens as they are compared."""
    return [token.encode() for token in row]


@pytest.mark.points(2)
def test_every_text_comes_back(cell, rng):
    """Decoding gives every text back, emoji, spaces and foreign scripts included"""
    words = fresh_words(rng, 6)
    merges = learned(cell, " ".join(words[:3] * 3), 12)
    for case in (" ".join(words[:3] * 3), " ".join(words) + " 🚀", *HARD):
        back = a_text(ask(cell, "bpe_decode", ask(cell, "bpe_encode", case, merges)), "`bpe_decode(...)`")
        assert back == case, feedback(
            "`bpe_decode(bpe_encode(text))` is not the text",
            hint="Start from the bytes of `text.encode('utf-8')`; join all tokens before you decode them.",
        )
    early = ask(cell, "bpe_encode", words[0], merges)
    ask(cell, "bpe_encode", words[4], merges)
    assert a_text(ask(cell, "bpe_decode", early), "`bpe_decode(...)`") == words[0], feedback(
        "`bpe_decode` does not read the tokens it is given", hint="It should depend on nothing but its argument."
    )


@pytest.mark.points(1)
def test_it_learns_as_many_merges_as_asked(cell, rng):
    """It learns as many merges as asked for, and stops in time when no pair is left"""
    text, _, _ = clear_text(rng, 3)
    for count in (0, 1, 3):
        assert len(all_learned(cell, text, count)) == count, feedback(
            "`train_bpe` does not learn `num_merges` merges",
            hint="One pass of the loop, one merge; every call begins anew.",
        )
    for short in ("", text[0], text[:2]):
        assert len(all_learned(cell, short, 9)) <= 1, feedback(
            "`train_bpe` learns merges that the text does not hold",
            hint="Stop when there is no pair of neighbours left.",
        )
    assert not tokens(cell, "", learned(cell, text, 1)), feedback(
        "an empty text has tokens", hint="No bytes, no tokens."
    )


@pytest.mark.points(1)
def test_without_merges_the_tokens_are_single_bytes(cell, rng):
    """Tokens are bytes objects, and without merges one for each byte of the text"""
    text = clear_text(rng, 3)[0]
    row = a_token_list(ask(cell, "bpe_encode", text, learned(cell, text, 0)), "`bpe_encode(...)`")
    assert row == as_bytes(list(text)), feedback(
        "without merges, the tokens are not the single bytes of the text", hint="Begin with one token per byte."
    )


@pytest.mark.points(2)
def test_the_most_frequent_pair_is_merged_first(cell, rng):
    """The first merge joins the pair of neighbours that occurs most often, wherever it stands"""
    text, steps, _ = clear_text(rng, 1, lambda steps, pairs: pairs[0] != tuple(steps[0][:2]))
    assert tokens(cell, text, learned(cell, text, 1)) == as_bytes(steps[1]), feedback(
        "the first merge is not the most frequent pair, merged wherever it occurs",
        hint="Count all pairs of neighbours, take the most frequent one, and merge every occurrence from left to right.",
    )
    x, *others = rng.sample("abcdefghijklmnoprstuvwxyz", 8)
    merges = learned(cell, "".join(x + x + other for other in others), 1)
    assert tokens(cell, x * 3 + others[0] + x * 5, merges) == as_bytes([x * 2, x, others[0], x * 2, x * 2, x]), (
        feedback(
            "a run of one letter is not merged from left to right",
            hint="After a merge go on behind it: no letter belongs to two tokens.",
        )
    )


@pytest.mark.points(2)
def test_later_merges_build_on_earlier_ones(cell, rng):
    """Pairs are counted afresh after each merge, so that tokens grow longer"""
    # Where the longest tokens give the same cut: that slip has a check of its own.
    text, steps, _ = clear_text(
        rng,
        4,
        lambda steps, pairs: (
            max(map(len, steps[-1])) > 2
            and all(
                longest_first("".join(steps[0]), ["".join(pair) for pair in pairs[:count]]) == steps[count]
                for count in (2, 4)
            )
        ),
    )
    for count in (2, 4):
        assert tokens(cell, text, learned(cell, text, count)) == as_bytes(steps[count]), feedback(
            "the later merges are not the ones that the merged text calls for",
            hint="After each merge count the pairs of the new tokens: a merged token can be merged again.",
        )


@pytest.mark.points(2)
def test_a_new_text_is_cut_in_the_order_learned(cell, rng):
    """A new text is cut by the merges it is given, in the order in which they were learned"""
    # The second pair ends with the letter that the first begins with: in "xyz" with merges yz, xy the order decides.
    # Both pairs are the most frequent ones at the start, too: counting afresh has a check of its own.
    text, _, pairs = clear_text(
        rng,
        2,
        lambda steps, pairs: (
            pairs[1][1] == pairs[0][0] != pairs[0][1] != pairs[1][0] and best_pairs(steps[0], 2) == pairs
        ),
    )
    (y, z), (x, _) = pairs
    # Learned from this text itself, the merges would be others: its most frequent pair is xy.
    case = (x + y + z) * 2 + "".join(rng.sample([x + y + x] * 6 + [y + z, z + x], 8)) + x + y + z
    row = list(case)
    for pair in pairs:
        row = merged(row, pair)
    merges = learned(cell, text, 2)
    learned(cell, "1212312123", 2)  # what another text teaches is none of this one's business
    assert tokens(cell, case, merges) == as_bytes(row), feedback(
        "a new text is not cut by the merges in the order learned",
        hint="Apply the first of the given merges everywhere, then the second, and so on; do not look for the longest token.",
    )
