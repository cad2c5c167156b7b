"""What the reports call things, and text from people made harmless for terminals and spreadsheets."""

import re
import unicodedata
from functools import lru_cache

from grader.model import Status

LABELS = {
    Status.PASSED: "passed",
    Status.PARTIAL: "partly",
    Status.FAILED: "not yet",
    Status.ERRORED: "error",
    Status.TIMED_OUT: "too slow",
    Status.OUT_OF_MEMORY: "out of memory",
    Status.CRASHED: "crashed",
    Status.NOT_ATTEMPTED: "not started",
    Status.SKIPPED: "not checked",
    Status.KIT_ERROR: "kit error",
}
# One column wide in every font, so that tables stay tables.
MARKS = {
    Status.PASSED: "✓",
    Status.PARTIAL: "◐",
    Status.FAILED: "✗",
    Status.ERRORED: "!",
    Status.TIMED_OUT: "◷",
    Status.OUT_OF_MEMORY: "▮",
    Status.CRASHED: "↯",
    Status.NOT_ATTEMPTED: "·",
    Status.SKIPPED: "-",
    Status.KIT_ERROR: "⚠",
}

_ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?"
)
_FORMATS = "\n\u200c\u200d"
"""Line breaks, and the joiners that some scripts and emoji are written with."""
_SIGNS = (
    "=\uff1d\ufe66\u207c\u208c"
    "+\uff0b\ufe62\u207a\u208a"
    "\\-\uff0d\ufe63\u207b\u208b\u2212"
    "@\uff20\ufe6b"
    "%\uff05\ufe6a"
    "|\uff5c"
)
"""What a formula may begin with, in every width that a spreadsheet may take for the plain sign."""
_FORMULA = re.compile(rf"[\s'\"]*[{_SIGNS}]")
_LATER_FORMULA = re.compile(rf"(;[\s'\"]*)(?=[{_SIGNS}])")
"""A formula behind a semicolon: in half of the world, and in LibreOffice, a new cell begins there."""


@lru_cache(maxsize=4096)  # a class is told the same few hundred sentences again and again
def printable(text: str) -> str:
    """The text without what a terminal obeys: escapes, other control characters, changes of writing direction.

    Line breaks stay and tabs become blanks.
    """
    kept = []
    for char in _ESCAPE.sub("", text).replace("\r\n", "\n").replace("\t", "    "):
        if char in _FORMATS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
            kept.append(char)
    return "".join(kept)


def one_line(text: str) -> str:
    """The printable text with its line breaks as blanks."""
    return " ".join(printable(text).split())


def spreadsheet_text(text: str) -> str:
    """The text as one line that no spreadsheet takes for a formula: a leading `'` shows it as it is."""
    line = _LATER_FORMULA.sub(r"\1'", one_line(text))
    return "'" + line if _FORMULA.match(line) or text[:1] in ("\t", "\r", "\n") else line
