"""One text under four tokenizers, each token in the colour of its id."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from grader.notebook.kernel import passes
from grader.notebook.pictures.drawing import Picture, colour_of, visible

_TEXT = "The quick brown unicorn jumps over 3 tokens 🚀"
_ROWS = {"1.1": "Words", "1.2": "Characters", "1.3": "GPT-2", "1.4": "cl100k_base"}
_LONGEST = 2_000

Token = tuple[int, str]
"""The id and the piece of text that it stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The text under one tokenizer; or why it is not there."""

    name: str
    tokens: tuple[Token, ...] = ()
    problem: str = ""


def four_tokenizers(text: str = _TEXT) -> Picture:
    """The text under the tokenizers of 1.1, 1.2 and 1.3, as the student wrote them, and the new encoding of 1.4."""
    rows = [_row(exercise_id, name, str(text)[:_LONGEST]) for exercise_id, name in _ROWS.items()]
    said = [
        f"{row.name}: {row.problem}"
        if row.problem
        else f"{row.name}, {len(row.tokens)} tokens: {'|'.join(piece for _, piece in row.tokens)}"
        for row in rows
    ]
    return Picture(text="\n".join(said), html=f'<div class="lmp-rows">{"".join(map(_as_html, rows))}</div>')


def _row(exercise_id: str, name: str, text: str) -> Row:
    if not passes(exercise_id):
        return Row(name=name, problem=f'waits for check("{exercise_id}")')
    try:
        return Row(name=name, tokens=tuple(_new_encoding(text) if exercise_id == "1.4" else _own(exercise_id, text)))
    except Exception as error:  # noqa: BLE001 - a student's function may raise whatever it likes; the other rows stay
        return Row(name=name, problem=f"{type(error).__name__}: {error}")


def _own(exercise_id: str, text: str) -> Iterator[Token]:
    """The tokens of the student's `encode`, each decoded by itself with the student's `decode`.

    Later exercises define both again, so they are asked as they stood after this one.
    """
    from grader.checks.answers import a_text, an_id_list, ask
    from grader.checks.course.tokens import ask_decode
    from grader.notebook.check_cell import cell_of

    cell = cell_of(exercise_id)
    value = ask(cell, "encode", text)
    for token_id in an_id_list(value, "`encode(...)`"):
        yield token_id, a_text(ask_decode(cell, [token_id], value), "`decode(...)`")


def _new_encoding(text: str) -> Iterator[Token]:
    import tiktoken

    encoding = tiktoken.get_encoding("cl100k_base")
    decode = partial(bytes.decode, encoding="utf-8", errors="replace")
    for token_id in encoding.encode(text, disallowed_special=()):
        yield token_id, decode(encoding.decode_single_token_bytes(token_id))


def _as_html(row: Row) -> str:
    name = f'<div class="lmp-name">{html.escape(row.name)}'
    if row.problem:
        return f'{name}</div><div class="lmp-soft">{html.escape(row.problem)}</div>'
    chips = "".join(
        f'<span class="lmp-chip" style="background:{colour_of(number)}">{visible(piece)}<small>{number}</small></span>'
        for number, piece in row.tokens
    )
    return f'{name}<br><span class="lmp-soft">{len(row.tokens)} tokens</span></div><div>{chips}</div>'
