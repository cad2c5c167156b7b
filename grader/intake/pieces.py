"""What matching works on: the exercises to look for, and a notebook's code with the heading that it stands under."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from grader.intake.blank import is_attempted, statements
from grader.intake.code import Code
from grader.intake.notebook import RawCell

_FENCED = re.compile(r"^ {0,3}(```|~~~).*?^ {0,3}\1", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(\S.*)$", re.MULTILINE)
_CHAPTER = 2
"""Headings of the first two levels open a section whatever they say."""
_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)*)\b\.?")


@dataclass(frozen=True)
class Target:
    """An exercise, as far as intake needs to know it."""

    id: str
    file: str
    course_cell: str
    heading: str
    answers: frozenset[str]
    stub: str
    distinctive: frozenset[str] = frozenset()
    """Answers that no other exercise asks for."""

    @property
    def kit_cell(self) -> str:
        """The id of the exercise's cell in the kit's notebook."""
        return "ex-" + self.id.replace(".", "-")

    @cached_property
    def stub_statements(self) -> Counter[str]:
        """What the stub ships with."""
        return statements(self.stub) or Counter()

    @cached_property
    def section(self) -> "Section":
        """The heading above the exercise."""
        return Section.of(self.heading)

    def is_attempted(self, pieces: Sequence["Piece"]) -> bool:
        """Whether these cells hold more than the stub."""
        counts = [piece.code.statements for piece in pieces if piece.code.statements is not None]
        if len(counts) < len(pieces):
            return is_attempted([piece.code.source for piece in pieces], self.stub)
        return bool(sum(counts, Counter[str]()) - self.stub_statements)

    def likeness(self, piece: "Piece") -> int:
        """How many statements of the stub a cell still has."""
        return (piece.code.statements & self.stub_statements).total() if piece.code.statements else 0

    def is_half_kept(self, piece: "Piece") -> bool:
        """Whether a cell still has half of what the stub ships with."""
        return 0 < self.stub_statements.total() <= 2 * self.likeness(piece)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Another edition of the course's notebook, see `grader.catalog.OtherEdition`."""

    title: str
    cells: Sequence[str] = ()
    marks: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What there is to look for, and what to look past."""

    targets: Sequence[Target]
    demo_cells: frozenset[str] = frozenset()
    """Ids of the course's cells without a blank."""
    demo_names: frozenset[str] = frozenset()
    """What such cells define as shipped; one that defines more has been given another job by its student."""
    other_editions: Sequence[Edition] = ()
    """Whose notebooks hold none of these exercises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, reduced to what survives another keyboard."""

    number: str = ""
    words: str = ""

    @classmethod
    def of(cls, heading: str) -> "Section":
        """The section that a heading opens: `1.1 - Word-level tokenization` -> number 1.1 and the letters."""
        heading = heading.rstrip().rstrip("#")
        match = _NUMBER.match(heading)
        words = unicodedata.normalize("NFKC", heading[match.end() :] if match else heading).casefold()
        return cls(number=match[1] if match else "", words="".join(filter(str.isalnum, words)))

    def matches(self, other: "Section") -> bool:
        """Whether both mean the same place: the same number, or the same words."""
        return bool(self.number and self.number == other.number) or bool(self.words and self.words == other.words)


@dataclass(slots=True, kw_only=True)
class Piece:
    """One code cell on its way to an exercise."""

    where: str
    """For people: `cell 7` or a file's name."""
    code: Code
    section: Section = Section()
    tag: str = ""
    """The exercise that the cell's metadata or id names."""
    is_text: bool = True
    """Whether it could be read; a file that could not is somebody's work all the same."""
    is_demo: bool = False
    """What is left of a cell that only shows something: it never answers an exercise."""
    owner: str | None = None
    """The exercise that it answers, once that is known."""
    module: str = ""
    """The name to import it by, if it is a module of the student's own."""


@dataclass(slots=True, kw_only=True)
class Matched:
    """The code of a notebook in the order in which it runs, each piece with its owner."""

    pieces: list[Piece]
    notes: list[str] = field(default_factory=list)
    exercise_notes: dict[str, list[str]] = field(default_factory=dict)
    modules: dict[str, Piece] = field(default_factory=dict)
    """Modules of the student's own by the names to import them by; those that are imported travel along."""

    def remove(self, gone: Sequence[Piece]) -> None:
        """Takes these out."""
        ids = {id(piece) for piece in gone}
        self.pieces = [piece for piece in self.pieces if id(piece) not in ids]

    def place(self, piece: Piece) -> int:
        """Where a piece stands."""
        return next(i for i, other in enumerate(self.pieces) if other is piece)

    def owned(self, target: Target) -> list[Piece]:
        """The cells of an exercise, in order."""
        return [piece for piece in self.pieces if piece.owner == target.id]

    def note(self, target: Target, words: str) -> None:
        """Keeps a note about an exercise."""
        self.exercise_notes.setdefault(target.id, []).append(words)


def sections(cells: Sequence[RawCell], targets: Sequence[Target]) -> dict[int, Section]:
    """The section that each cell stands in, by its number.

    A heading opens a section when it is numbered, of the two highest levels, or the heading of an exercise; the small
    headings that people add to their notes do not.
    """
    current, found = Section(), {}
    for cell in cells:
        if cell.kind == "markdown":
            for marks, text in _HEADING.findall(_FENCED.sub("", cell.source)):
                section = Section.of(text)
                if section.number or len(marks) <= _CHAPTER or any(section.matches(t.section) for t in targets):
                    current = section
        found[cell.number] = current
    return found
