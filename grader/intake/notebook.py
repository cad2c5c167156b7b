"""Reads the JSON of a notebook, of any age and in any state, into its cells."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from grader.errors import IntakeError
from grader.intake.text import clean, conflict_line, line_of, notebook_text

MAX_CELLS = 1_500
MAX_CELL_CHARS = 150_000
MAX_CODE_CHARS = 1_000_000
MAX_PROSE_CHARS = 10_000
MAX_WORD_CHARS = 64
_OTHER = (
    ("<", "a web page"),
    ("version https://git-lfs", "a pointer of Git LFS to the notebook"),
    ("%PDF", "a PDF"),
    ("404", "a server's answer that it was not found"),
)
"""How files begin that were downloaded in the place of a notebook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCell:
    """One cell as it stands in the file."""

    number: int
    """Its place among all cells, from 1."""
    kind: str
    """`code`, `markdown`, ..."""
    source: str
    id: str = ""
    exercise: str = ""
    """What the kit's own metadata says it answers."""
    role: str = ""
    """What the kit's own metadata says it is for: exercise, check, demo, setup."""


def read_notebook(content: bytes) -> tuple[list[RawCell], list[str]]:
    """The cells of a notebook and notes about what was odd.

    Raises:
        IntakeError: it is not a notebook; the message says at which line and what to do, with the file as its subject.
    """
    notes: list[str] = []
    raw = _json(notebook_text(content), notes)
    if not isinstance(raw, dict):
        raise IntakeError(f"holds {_kind(raw)} and not the cells of a notebook; open it in Jupyter and save it again")
    cells: list[RawCell] = []
    chars = 0
    for number, cell in enumerate(_raw_cells(raw), 1):
        if number > MAX_CELLS:
            notes.append(f"more than {MAX_CELLS:,} cells; the rest is left out")
            break
        read = _cell(number, cell, notes)
        if read is None:
            continue
        size = len(read.source) if read.kind == "code" else 0
        if size > MAX_CELL_CHARS or chars + size > MAX_CODE_CHARS:
            notes.append(f"cell {number} is too large ({size:,} characters); left out")
            continue
        chars += size
        cells.append(read)
    return cells, notes


def _json(text: str, notes: list[str]) -> object:
    try:
        return _loads(text)
    except RecursionError:
        raise IntakeError("is nested too deeply; open it in Jupyter and save it again") from None
    except json.JSONDecodeError as error:
        problem = _problem(text, error)
    value = None
    if "trailing comma" in problem:
        with suppress(ValueError, RecursionError):
            value = _loads(_without_trailing_commas(text))
    if value is None:
        other = next((what for start, what in _OTHER if text.lstrip("\ufeff \t\r\n").startswith(start)), "")
        if other:
            raise IntakeError(f"is not valid JSON at line 1: this is {other}; download and hand in the notebook itself")
        raise IntakeError(f"is not valid JSON at {problem}; open it in Jupyter and save it again")
    notes.append(f"notebook is not valid JSON at {problem}; it was read without that comma, save it again in Jupyter")
    return value


def _loads(text: str) -> object:
    """The JSON; whole numbers with more digits than Python reads, which an output may hold, count as 0."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except ValueError:
        return json.loads(text, parse_int=lambda digits: int(digits) if len(digits) <= MAX_WORD_CHARS else 0)


def _problem(text: str, error: json.JSONDecodeError) -> str:
    """Where the JSON goes wrong, and how, in words that say more than the parser's."""
    line = conflict_line(text)
    if line:
        return f"line {line}: a git conflict marker, keep one of the two sides"
    line = line_of(text, error.pos)
    before = text[: error.pos + 1].rstrip()
    if before.endswith(("}", "]")):
        before = before[:-1].rstrip()
    if before.endswith(",") and text[error.pos :].lstrip(", \t\r\n")[:1] in ("}", "]"):
        return f"line {line_of(text, len(before) - 1)}: trailing comma before the closing bracket"
    if error.pos >= len(text.rstrip()) or "Unterminated" in error.msg:
        return f"line {line}: the file ends too early, was the upload cut off"
    return f"line {line}: {error.msg[0].lower()}{error.msg[1:]}"


def _without_trailing_commas(text: str) -> str:
    """The text without commas right before a closing bracket, those inside of strings excepted.

    A string that is left open matches too, so that it is not tried again from each quote in it.
    """
    return re.sub(r'("(?:\\.|[^"\\])*+"?)|,(?=\s*[}\]])', lambda match: match[1] or "", text, flags=re.DOTALL)


def _raw_cells(raw: dict[object, object]) -> Iterator[object]:
    """The cells of a notebook of format 4, or of 3, where they stand in worksheets."""
    cells = raw.get("cells")
    worksheets = raw.get("worksheets")
    if isinstance(cells, list):
        yield from cells
    elif isinstance(worksheets, list):
        for sheet in worksheets:
            inner = sheet.get("cells") if isinstance(sheet, dict) else None
            yield from inner if isinstance(inner, list) else []
    else:
        raise IntakeError("has no list of cells; open it in Jupyter and save it again")


def _cell(number: int, cell: object, notes: list[str]) -> RawCell | None:
    if not isinstance(cell, dict):
        notes.append(f"cell {number} is {_kind(cell)} and no cell; left out")
        return None
    kind = cell.get("cell_type")
    source = _text(cell.get("source", cell.get("input")))
    if source is None or not isinstance(kind, str):
        notes.append(f"cell {number} has no text; left out")
        return None
    if kind == "heading":  # format 3
        kind, source = "markdown", f"{_marks(cell.get('level'))} {source}"
    metadata = _dict(cell.get("metadata"))
    mark = _dict(metadata.get("lm_playground"))
    # Colab keeps the id in the metadata.
    ids = (cell.get("id"), metadata.get("id"))
    return RawCell(
        number=number,
        kind=kind,
        source=source if kind == "code" else source[:MAX_PROSE_CHARS],
        id=next((word for word in map(_word, ids) if word), ""),
        exercise=_word(mark.get("exercise")),
        role=_word(mark.get("role")),
    )


def _marks(level: object) -> str:
    """The `#` marks of a heading."""
    return "#" * (level if isinstance(level, int) and level in range(1, 7) else 1)


def _text(source: object) -> str | None:
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    return clean(source).replace("\r\n", "\n").replace("\r", "\n")


def _dict(value: object) -> dict[object, object]:
    return value if isinstance(value, dict) else {}


def _word(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= MAX_WORD_CHARS else ""


def _kind(value: object) -> str:
    names = {type(None): "null", bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list"}
    return names.get(type(value), "something else")
