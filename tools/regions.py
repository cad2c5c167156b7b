"""Cuts the answers out of a solution: `# region answer` ... `# endregion` becomes a blank."""

import re
from collections.abc import Iterator

from grader.errors import CatalogError

BLANK = '"""\nYOUR CODE HERE\n"""'

_OPEN, _CLOSE = "# region answer", "# endregion"
_ANY_MARKER = re.compile(r"\s*#+\s*(end\s*)?region\b", re.IGNORECASE)


def cut_answers(text: str, where: str) -> str:
    """The text with every answer region replaced by a blank at the region's own indentation.

    Args:
        text: the source of a solution, or of a part of it.
        where: the file's name, for messages.

    Raises:
        CatalogError: a marker is misspelt, nested or has no partner; the message names file and line.
    """
    kept: list[str] = []
    for line, role in _marked(text, where):
        if role == "open":
            indent = line[: len(line) - len(line.lstrip())]
            kept += [indent + blank_line for blank_line in BLANK.split("\n")]
        elif role == "outside":
            kept.append(line)
    return "\n".join(kept)


def drop_markers(text: str, where: str) -> str:
    """The text with the answers in place and the marker lines gone; raises as `cut_answers` does."""
    return "\n".join(line for line, role in _marked(text, where) if role in {"outside", "inside"})


def answer_lines(text: str, where: str) -> set[int]:
    """The numbers of the lines inside answer regions, from 1; raises as `cut_answers` does."""
    return {number for number, (_, role) in enumerate(_marked(text, where), start=1) if role == "inside"}


def _marked(text: str, where: str) -> Iterator[tuple[str, str]]:
    """Every line with its role: `open`, `inside`, `close` or `outside`."""
    opened_at = 0
    for number, line in enumerate(text.split("\n"), start=1):
        here, marker = f"{where}:{number}", line.strip()
        if marker == _OPEN:
            if opened_at:
                raise CatalogError(f"{here}: the region of line {opened_at} is still open; put `{_CLOSE}` in between")
            opened_at = number
            yield line, "open"
        elif marker == _CLOSE:
            if not opened_at:
                raise CatalogError(f"{here}: `{_CLOSE}` closes nothing; put `{_OPEN}` above the answer")
            opened_at = 0
            yield line, "close"
        elif _ANY_MARKER.match(line):
            raise CatalogError(f"{here}: unknown marker `{marker}`; write `{_OPEN}` or `{_CLOSE}`")
        else:
            yield line, "inside" if opened_at else "outside"
    if opened_at:
        raise CatalogError(f"{where}:{opened_at}: this region is never closed; put `{_CLOSE}` below the answer")
