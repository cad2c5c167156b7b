"""Cuts the answers out of a solution: `# region answer` ... `# endregion` becomes a blank. Fills blanks again, too."""

import io
import re
import textwrap
import tokenize
from collections.abc import Iterator

from grader.errors import CatalogError

BLANK = '"""\nYOUR CODE HERE\n"""'

_OPEN, _CLOSE = "# region answer", "# endregion"
_SHIPPED = re.compile("^([ \\t]*)" + BLANK.replace("\n", "\n\\1") + "$", re.MULTILINE)
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


def fill_blanks(text: str, stub: str, where: str) -> str:
    """The whole cell: the text's first lines, then the stub's code with the text's regions in place of its blanks.

    A text without regions is a whole cell already. The stub's comments are left out: they are no code.

    Args:
        text: comments and answer regions, each with the indentation of its blank; or a whole cell.
        stub: the cell as students get it.
        where: the text's file, for messages.

    Raises:
        CatalogError: as `cut_answers` does; and where code stands outside of the regions, where they are not as many
            as the blanks, and where one is the blank itself.
    """
    if drop_markers(text, where) == text:
        return text
    first_lines, regions = _regions(text, where)
    code = _SHIPPED.split(_without_comments(stub).strip("\n"))[::2]
    if len(regions) != len(code) - 1:
        raise CatalogError(
            f"{where}: {len(regions)} regions for {len(code) - 1} blanks; write one for each blank, or the whole cell"
        )
    filled = code[0] + "".join(answer + after for answer, after in zip(regions, code[1:], strict=True))
    return f"{first_lines}{filled}\n"


def _regions(text: str, where: str) -> tuple[str, list[str]]:
    """The lines above the first region, and what stands in each region; raises as `fill_blanks` does."""
    first_lines, regions = "", list[list[str]]()
    for number, (line, role) in enumerate(_marked(text, where), start=1):
        if role == "open":
            regions.append([])
        elif role == "inside":
            regions[-1].append(line)
        elif role == "close":
            if textwrap.dedent("\n".join(regions[-1])).strip() == BLANK:
                raise CatalogError(f"{where}:{number}: the region above is the blank as shipped; write an answer there")
        elif not regions and (not line or line.startswith("#")):
            first_lines += line + "\n"
        elif line.strip():
            raise CatalogError(
                f"{where}:{number}: text outside of the regions; move it into one or write the whole cell"
            )
    return first_lines, ["\n".join(lines) for lines in regions]


def _without_comments(code: str) -> str:
    """The code without the lines that are nothing but a comment."""
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    comments = {t.start[0] for t in tokens if t.type == tokenize.COMMENT and not t.line[: t.start[1]].strip()}
    return "\n".join(line for number, line in enumerate(code.split("\n"), start=1) if number not in comments)


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
