"""Reads the bank of answers: what each file is, and what its first lines say about it."""

import re
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Catalog
from grader.errors import CatalogError
from tools.regions import fill_blanks

_ACCEPT = re.compile(r"# accept: (\S.*)")
_REJECT = re.compile(r"# reject: (test_\w+): (\S.*)")
_SAYS = re.compile(r"# says: (\S.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One answer of the bank, and what it says about itself."""

    path: Path
    exercise: str
    about: str
    """What the answer shows, in words."""
    source: str
    """The whole cell, below the lines that make the claim."""
    check: str = ""
    """The hidden check that must not pass; empty for a right answer."""
    says: str = ""
    """A part of the message of that check, where the message is the point."""

    @property
    def is_right(self) -> bool:
        """Whether the answer claims full marks."""
        return not self.check

    @property
    def name(self) -> str:
        """How people find the file: `1.1/reject_positions`."""
        return f"{self.exercise}/{self.path.stem}"


def read_bank(folder: Path, catalog: Catalog) -> list[Claim]:
    """All answers of the bank.

    Raises:
        CatalogError: a file's first lines make no claim, or not the one that its name makes; its regions do not fit
            the stub of its exercise, or there is no such exercise.
    """
    return [read_claim(path, catalog.get(path.parent.name).stub) for path in sorted(folder.glob("*/*.py"))]


def read_claim(path: Path, stub: str) -> Claim:
    """The claim of one answer, a whole cell or the regions for the blanks of `stub`; raises as `read_bank` does."""
    source = fill_blanks(path.read_text(encoding="utf-8"), stub, str(path))
    first, second, *_ = [*source.splitlines(), "", ""]
    right, wrong, says = _ACCEPT.match(first), _REJECT.match(first), _SAYS.match(second)
    if right and path.name.startswith("accept_"):
        return Claim(path=path, exercise=path.parent.name, about=right[1], source=source)
    if wrong and path.name.startswith("reject_"):
        return Claim(
            path=path,
            exercise=path.parent.name,
            about=wrong[2],
            source=source,
            check=wrong[1],
            says=says[1] if says else "",
        )
    raise CatalogError(f"{path}:1: expected `# accept: …` or `# reject: <check>: …`, as the file's name says")
