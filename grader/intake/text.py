"""From bytes to text, and from text to a syntax tree."""

import ast
import codecs
import io
import re
import tokenize

from grader.errors import IntakeError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the first half of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SLOW = {"punycode", "idna", "unicode-escape", "raw-unicode-escape"}
"""Encodings that nobody writes Python in; some take minutes for half a megabyte."""
_CONFLICT = re.compile(r"^(<{7} |={7}$|>{7} )", re.MULTILINE)


def notebook_text(content: bytes) -> str:
    """The text of a notebook file: UTF-8, or what its byte order mark says.

    Raises:
        IntakeError: it is empty or no text.
    """
    if not content.strip(b"\0 \t\r\n"):
        raise IntakeError(f"is empty ({len(content)} bytes); save it and hand it in again")
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decode(content[len(mark) :], encoding)
    return _decode(content, "utf-8")


def module_text(content: bytes) -> str:
    """The text of a Python file: as a notebook's, or by its `# -*- coding: ... -*-` line.

    Raises:
        IntakeError: it is no text.
    """
    if any(content.startswith(mark) for mark, encoding in _MARKS if encoding != "utf-8"):
        return notebook_text(content)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    except (SyntaxError, ValueError):  # bytes that are no UTF-8, an encoding that does not exist, a NUL in its name
        encoding = "utf-8"
    if codecs.lookup(encoding).name in _SLOW:
        encoding = "utf-8"
    text = _decode(content, encoding)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parsed(source: str, filename: str = "<cell>") -> ast.Module:
    """The source as a notebook reads it: `await` may stand at the top level."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree: ast.Module = compile(source, filename, "exec", flags=flags)
    return tree


def conflict_line(text: str) -> int | None:
    """The line of the first git conflict marker."""
    match = _CONFLICT.search(text)
    return line_of(text, match.start()) if match else None


def line_of(text: str, position: int) -> int:
    """The number of the line at a position, from 1."""
    return text.count("\n", 0, position) + 1


def clean(text: str) -> str:
    """The text as valid Unicode: half a surrogate pair (JSON allows it) becomes a replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decode(content: bytes, encoding: str) -> str:
    try:
        return clean(content.decode(encoding))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise IntakeError(f"is not {encoding.upper()} text (line {line}); save it as UTF-8 text") from None
    except (LookupError, ValueError):
        raise IntakeError("is not text in the encoding that it names; save it as UTF-8 text") from None
