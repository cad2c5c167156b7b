"""Makes a Submission of what came back from behind the wall: checked for shape and size, believed in nothing else."""

import re
from collections.abc import Collection, Iterable

import msgspec

from grader.intake.upload import Upload
from grader.model import SourceCell, Struct, Submission
from grader.wording import one_line

MAX_CELLS = 4_000
MAX_SOURCE_CHARS = 600_000
MAX_TOTAL_CHARS = 10_000_000
MAX_NOTES = 40
MAX_NOTE_CHARS = 400
MAX_WHERE_CHARS = 200

_MODULE = re.compile(r"\w+(\.\w+)*")
_ID = re.compile(r"[\w.\-]{1,32}", re.ASCII)


class _Cell(Struct, frozen=True, kw_only=True):
    source: str
    exercise: str | None = None
    where: str = ""
    module: str = ""


class _Parsed(Struct, frozen=True, kw_only=True):
    cells: tuple[_Cell, ...]
    attempted: tuple[str, ...]
    notes: tuple[str, ...]
    exercise_notes: dict[str, tuple[str, ...]]
    rejected: str | None


def submission_from(upload: Upload, parsed: object, known: Collection[str] | None = None) -> Submission:
    """The submission that the parser read; a rejected one when the parser's answer is not what it should be.

    Args:
        upload: what was parsed.
        parsed: what `grader.intake.parse.parse` returned on the other side of the wall. Anything may come from there.
        known: the ids of the catalogue; an answer that names another one is not believed.
    """
    if upload.rejected:
        return rejected_submission(upload, upload.rejected)
    try:
        answer = msgspec.convert(parsed, _Parsed, strict=True)
    except (msgspec.ValidationError, RecursionError, TypeError, ValueError):
        return rejected_submission(upload, "could not be read: the reader gave no usable answer")
    if answer.rejected is not None:
        return rejected_submission(upload, answer.rejected or "could not be read", answer.notes)
    problem = _too_much(answer, known)
    if problem:
        return rejected_submission(upload, problem)
    return Submission(
        id=upload.id,
        source=upload.source,
        sha256=upload.sha256,
        cells=tuple(_source_cell(cell) for cell in answer.cells),
        attempted=frozenset(answer.attempted) & {cell.exercise for cell in answer.cells},
        notes=_lines((*upload.notes, *answer.notes)),
        exercise_notes={id_: _lines(notes) for id_, notes in answer.exercise_notes.items()},
    )


def rejected_submission(upload: Upload, why: str, notes: Iterable[str] = ()) -> Submission:
    """A submission of which nothing can be graded."""
    return Submission(
        id=upload.id,
        source=upload.source,
        sha256=upload.sha256,
        notes=_lines((*upload.notes, *notes)),
        rejected=_lines([why])[0],
    )


def _source_cell(cell: _Cell) -> SourceCell:
    where = one_line(cell.where[: 2 * MAX_WHERE_CHARS])[:MAX_WHERE_CHARS]
    return SourceCell(source=cell.source, exercise=cell.exercise, where=where, module=cell.module)


def _lines(notes: Iterable[str]) -> tuple[str, ...]:
    lines = [one_line(note[: 4 * MAX_NOTE_CHARS]) for note in notes]
    lines = [line if len(line) <= MAX_NOTE_CHARS else line[: MAX_NOTE_CHARS - 1] + "…" for line in lines]
    if len(lines) > MAX_NOTES:
        lines[MAX_NOTES - 1 :] = [f"… and {len(lines) - MAX_NOTES + 1} more notes"]
    return tuple(lines)


def _too_much(answer: _Parsed, known: Collection[str] | None) -> str:
    """Why the answer cannot be taken although it has the right shape."""
    ids = [*(c.exercise for c in answer.cells if c.exercise is not None), *answer.attempted, *answer.exercise_notes]
    if any(not _ID.fullmatch(id_) or (known is not None and id_ not in known) for id_ in ids):
        return "could not be read: the reader named an exercise that cannot be"
    if len(answer.cells) > MAX_CELLS or len(answer.exercise_notes) > MAX_CELLS:
        return f"has too many cells; the limit is {MAX_CELLS:,}"
    if any(cell.module and not _MODULE.fullmatch(cell.module) for cell in answer.cells):
        return "could not be read: the reader named a module that cannot be"
    sizes = [len(cell.source) for cell in answer.cells]
    if sum(sizes) > MAX_TOTAL_CHARS or max(sizes, default=0) > MAX_SOURCE_CHARS:
        return f"has too much code; the limit is {MAX_TOTAL_CHARS:,} characters"
    return ""
