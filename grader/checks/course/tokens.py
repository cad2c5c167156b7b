"""How the suites of chapter 1 ask about tokens: in whatever form a student's own functions and tables use."""

import re
import string
from collections.abc import Sequence
from typing import Any

from grader.checks.answers import a_list, a_table, ask, fail, is_tensor
from grader.checks.cell import Cell, MissingAnswerError, StudentError

Frame = tuple[list[int], list[int]]


def an_entry_list(value: object, what: str) -> list[str]:
    """The value as a list of entries; a tuple, a set, or a dict with the entries as keys will do."""
    if not isinstance(value, (list, tuple, set, dict)) or not all(isinstance(item, str) for item in value):
        fail(f"{what} is not a list of strings", expected="a list of strings", got=value)
    return list(value)


def entries(cell: Cell, table: str) -> list[str]:
    """The vocabulary; of an answer that keeps none, the keys of its table."""
    try:
        vocab = cell.get("vocab")
    except MissingAnswerError:
        return list(a_table(cell.get(table), f"`{table}`", str, int))
    return an_entry_list(vocab, "`vocab`")


def corpus_words(cell: Cell) -> list[str]:
    """The words of the corpus, each once and in lower case, without punctuation around them.

    Words with a hyphen or an apostrophe are left out: they may be cut in more ways than one.
    """
    found = dict.fromkeys(plain_word(word) for word in words_in(cell.get("corpus")))
    return [word for word in found if word.isalpha()]


def corpus_entries(cell: Cell) -> list[str]:
    """The entries of the vocabulary that are words of the corpus, as they stand there."""
    words = set(corpus_words(cell))
    found = [entry for entry in dict.fromkeys(entries(cell, "word2id")) if entry.isalpha() and entry.lower() in words]
    if len(found) < MIN_ENTRIES:
        fail(
            "the vocabulary does not hold the words of the corpus",
            expected="the words of `corpus`, each once",
            got=found,
            hint="Split each sentence and put the words into `vocab`.",
        )
    return found


MIN_ENTRIES = 8


def words_in(value: object) -> list[str]:
    """The words of a corpus, which the cell may have cut into words already."""
    if isinstance(value, str):
        return value.split()
    parts = list(value) if isinstance(value, set) else a_list(value, "`corpus`")
    return [word for part in parts for word in words_in(part)]


def plain_word(word: str) -> str:
    """A word in lower case without the punctuation around it."""
    return word.lower().strip(string.punctuation)


def ids_by_entry(cell: Cell, table: str) -> dict[str, int]:
    """The id of each entry by the student's table; where that was left empty, its place in the vocabulary."""
    try:
        found = cell.get(table)
    except MissingAnswerError:
        found = None
    if isinstance(found, dict) and found and all(type(k) is str and type(v) is int for k, v in found.items()):
        return found
    return {entry: place for place, entry in enumerate(entries(cell, table))}


def ask_decode(cell: Cell, ids: Sequence[int], like: object) -> Any:
    """What `decode` makes of these ids.

    A `decode` may count on what the `encode` beside it returns (`ids.tolist()`, `ids[0]`), so the ids go there in that
    form where a plain list will not do.

    Args:
        cell: the cell.
        ids: what to decode.
        like: what `encode` returned.
    """
    row = list(ids)
    forms: list[object] = [row]
    if isinstance(like, tuple):
        forms.append(tuple(row))
    elif is_tensor(like):
        dim = like.ndim  # type: ignore[attr-defined]
        # A list would go wrong in silence where rows of a batch are due: `ids[0]` is its first id.
        forms = [_row_tensor(row, dim), row] if dim > 1 else [row, _row_tensor(row, dim)]
    for form in forms[:-1]:
        try:
            return ask(cell, "decode", form)
        except StudentError:
            continue
    return ask(cell, "decode", forms[-1])


def _row_tensor(ids: list[int], dim: int) -> object:
    import numpy as np

    return np.array(ids, dtype=np.int64).reshape([1] * (dim - 1) + [len(ids)])


def frame_of(first: Sequence[int], second: Sequence[int]) -> Frame:
    """What stands before and after the one id in which these two rows of ids differ, such as [BOS] and [EOS]."""
    if len(first) != len(second) or len(first) == 1:
        return [], []
    places = [place for place, (one, other) in enumerate(zip(first, second, strict=True)) if one != other]
    return (list(first[: places[0]]), list(first[places[0] + 1 :])) if len(places) == 1 else ([], [])


def without_frame(ids: list[int], frame: Frame) -> list[int]:
    """The ids without what `encode` puts around every text."""
    start, end = frame
    if ids[: len(start)] == start and ids[len(ids) - len(end) :] == end and len(ids) >= len(start) + len(end):
        return ids[len(start) : len(ids) - len(end)]
    return ids


def special(cell: Cell, name: str) -> str:
    """The text that the name PAD or UNK stands for; an empty one where it holds no text."""
    value = cell.get(name) if cell.has(name) else ""
    return value if isinstance(value, str) else ""


def stands_for_unknown(token: str, known: Sequence[str], cell: Cell) -> bool:
    """Whether a token is the one for unknown pieces of text, by the name UNK or by its own letters.

    Where no token is recognized as such, any serves that is not the padding.
    """
    pad, unk = special(cell, "PAD"), special(cell, "UNK")
    found = [entry for entry in known if entry and (entry == unk or re.search(r"unk|oov", entry.lower()))]
    return token in found if found else token != pad and "pad" not in token.lower()
