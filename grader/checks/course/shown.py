"""What a cell shows of a text and its tokens: printed, displayed, or kept under its names. For the suites of 1.4."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from grader.checks.answers import a_list, a_mapping, a_text, a_token_list, an_id_list
from grader.checks.cell import Cell
from grader.checks.course.printed import contains_in_order, numbers_in, rows_in

MAX_RERUNS = 12
MAX_LINES, MAX_WIDTH, MAX_GAP = 1_000, 200, 4
_KEPT = "what the cell keeps"
_SEPARATORS = (
    "|",
    " | ",
    " ",
    "  ",
    "·",
    " · ",
    "•",
    " • ",
    "/",
    " / ",
    ",",
    ", ",
    " -> ",
    " + ",
    "_",
    "][",
    "] [",
    "><",
    "> <",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One run of a cell on one text."""

    given: str
    """The name that the text was given to."""
    output: str
    ids: list[list[int]]
    """Lists of numbers: those that are kept, and all that were printed."""
    rows: list[list[str]]
    """Short texts next to each other: in a list that is kept, between quotes in the output, or line by line."""
    texts: list[str]
    """Texts that are kept under other names than `given`."""


def shown_by(cell: Cell, given: str) -> Shown:
    """What this cell shows."""
    kept, output = a_mapping(cell.probe("holdings"), _KEPT), cell.output
    pieces = [a_token_list(part, _KEPT) for part in a_list(kept.get("pieces"), _KEPT)]
    pairs = [part for part in a_list(kept.get("texts"), _KEPT) if isinstance(part, (list, tuple)) and len(part) == 2]
    return Shown(
        given=given,
        output=output,
        ids=[*(an_id_list(part, _KEPT) for part in a_list(kept.get("ids"), _KEPT)), numbers_in(output)],
        rows=[*(_spelled(row) for row in pieces), *rows_in(output)],
        texts=[a_text(text, _KEPT) for name, text in pairs if name != given],
    )


def shown_with(cell: Cell, text: str, fits: Callable[[Shown], bool]) -> Shown:
    """What the cell shows when it is run on another text.

    The text goes to `sentence`; where that does not fit, to another name that holds a text or a few, the newest first.
    """
    first = shown_as(cell, "sentence", text)
    if fits(first):
        return first
    others = (shown_as(cell, name, text) for name in islice(_other_names(cell), MAX_RERUNS))
    return next((shown for shown in others if fits(shown)), first)


def shown_as(cell: Cell, name: str, text: str) -> Shown:
    """What the cell shows when that name holds the text, alone or as the only one of a list or dict."""
    held = cell.get(name) if cell.has(name) else text
    if isinstance(held, dict):
        return shown_by(cell.rerun(**{name: dict.fromkeys(islice(held, 1), text)}), name)
    return shown_by(cell.rerun(**{name: [text] if isinstance(held, (list, tuple)) else text}), name)


def _other_names(cell: Cell) -> Iterator[str]:
    for name, kind in reversed(cell.names().items()):
        if kind == "str" and name != "sentence":
            yield name
        elif kind in ("list", "tuple", "dict"):
            value = cell.get(name)
            items = list(value.values()) if isinstance(value, dict) else value
            if isinstance(items, (list, tuple)) and items and all(isinstance(item, str) for item in items):
                yield name


def shows_tokens(shown: Shown, ids: Sequence[int], pieces: Sequence[bytes]) -> bool:
    """Whether these tokens are shown: their ids, or else the pieces of text that they stand for."""
    return any(contains_in_order(row, ids) for row in shown.ids) or shows_pieces(shown, pieces)


def shows_pieces(shown: Shown, pieces: Sequence[bytes]) -> bool:
    """Whether the tokens are shown as pieces of text, in one print or in many."""
    spelled = _spelled(pieces)
    whole = [piece.decode("utf-8", "replace") for piece in pieces]
    joined = any(mark.join(row) in shown.output for mark in _SEPARATORS for row in (spelled, whole))
    return joined or any(contains_in_order(row, spelled) for row in shown.rows) or _a_line_each(shown.output, spelled)


def _a_line_each(output: str, spelled: Sequence[str]) -> bool:
    """Whether the pieces stand in lines of their own, one after another, among numbers and the like."""
    lines = [line for line in output.splitlines()[:MAX_LINES] if len(line) <= MAX_WIDTH]
    marks = [_as_a_word(piece) for piece in spelled]
    return any(_follow(marks, lines[start:]) for start in range(len(lines)) if marks and marks[0].search(lines[start]))


def _as_a_word(piece: str) -> re.Pattern[str]:
    start, end = r"(?<!\w)" if piece[:1].isalnum() else "", r"(?!\w)" if piece[-1:].isalnum() else ""
    return re.compile(start + re.escape(piece) + end)


def _follow(marks: Sequence[re.Pattern[str]], lines: Sequence[str]) -> bool:
    """Whether each mark finds a line soon after that of the mark before; the first one in the first line."""
    place = -1
    for mark in marks:
        window = range(place + 1, min(place + 2 + MAX_GAP, len(lines)))
        found = [line for line in window if mark.search(lines[line])]
        if not found:
            return False
        place = found[0]
    return True


def decoded_copies(shown: Shown, text: str, cuts: Sequence[Sequence[bytes]]) -> int:
    """How often the text came back, as a whole or token by token.

    Args:
        shown: a run on that text, or on one that decoding turns into it.
        text: what the ids stand for.
        cuts: the tokens of each encoding, as bytes.
    """
    # A text that was kept and printed is one copy, not two.
    whole = max(shown.output.count(text), shown.texts.count(text))
    return whole + sum(shows_pieces(shown, pieces) for pieces in cuts)


def _spelled(pieces: Sequence[bytes]) -> list[str]:
    return [piece.decode("utf-8", "replace").strip() for piece in pieces]
