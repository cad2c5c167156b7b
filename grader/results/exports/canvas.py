"""Fills a gradebook that was exported from Canvas: one column changes, all others stay as they are."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from grader.errors import KitError
from grader.model import RunResult, Struct, SubmissionResult
from grader.results.exports.lines import score_of, unsettled
from grader.results.exports.request import Export, Request

KEYS = ("ID", "SIS User ID", "SIS Login ID", "Student")
"""The columns that may name a student, in the order in which Canvas asks them."""
POINTS_ROW = "points possible"
EXCUSED = "EX"
_ASSIGNMENT = re.compile(r"(?P<title>.*) \((?P<id>\d+)\)", re.DOTALL)
_PACKED = re.compile(r"(?P<name>[^\W_]+)_(?P<id>\d+)")
"""What is left of the name that Canvas gives to a file when it packs a class: the student's name and ID."""


class _Gradebook(Struct, frozen=True, kw_only=True):
    """A template as it was read."""

    name: str
    mark: str
    """The byte order mark that it begins with, or nothing."""
    delimiter: str
    line_end: str
    header: list[str]
    rows: list[list[str]]
    """All rows below the header, students or not."""


def export(run: RunResult, request: Request) -> Export:
    """`canvas.csv`: the template with the scores in one column.

    A submission goes to the row whose ID, SIS User ID, SIS Login ID or exact name is its id. Where none is, the user ID
    counts that Canvas itself wrote into the name of the file, where the name before it fits. Nobody is guessed: a name
    that two rows share, and a row that two submissions claim, are left as they are and named in the remarks, and so is
    a student who is excused.

    Raises:
        KitError: there is no template, it is no gradebook of Canvas, or the column is not clear.
    """
    book = _read(request)
    column = _column(book, request.column)
    rows = _places(book, run.submissions)
    remarks = [f"{one.id}: not in {book.name}; not filled in" for one in run.submissions if one.id not in rows]
    taken: dict[int, list[SubmissionResult]] = {}
    for result in run.submissions:
        if result.id in rows:
            taken.setdefault(rows[result.id], []).append(result)
    open_ = unsettled(run.submissions)
    for place, results in taken.items():
        problem = _problem(book, place, column, [result.id for result in results], open_)
        if problem:
            remarks.append(problem)
        else:
            _set(book.rows[place], column, str(score_of(results[0], request)))
    remarks += _remarks(book, column, taken, run)
    return Export(files={"canvas.csv": _written(book)}, remarks=tuple(remarks))


def _read(request: Request) -> _Gradebook:
    if not request.template:
        raise KitError("canvas: give the gradebook that Canvas exported: --template FILE (Grades, Export)")
    name = request.template_name
    try:
        text = request.template.decode("utf-8")
        mark = "\ufeff" * text.startswith("\ufeff")
        text = text.removeprefix(mark)
        first = text.partition("\n")[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        raise KitError(f"{name}: cannot be read as a CSV in UTF-8 ({error}); export it from Canvas again") from None
    if header[:1] != ["Student"] or "ID" not in header:
        raise KitError(
            f"{name}: no gradebook of Canvas, whose first row begins with Student,ID; export it from Canvas again"
        )
    line_end = "\r\n" if first.endswith("\r") else "\n"
    return _Gradebook(name=name, mark=mark, delimiter=delimiter, line_end=line_end, header=header, rows=rows)


def _column(book: _Gradebook, wanted: str) -> int:
    """The place of the column that is meant by its whole heading, its title or its number."""
    found = {place: match for place, name in enumerate(book.header) if (match := _ASSIGNMENT.fullmatch(name))}
    fits = [i for i, m in found.items() if not wanted or wanted in (m[0], m["title"], m["id"])]
    if len(fits) == 1:
        return fits[0]
    known = ", ".join(repr(match[0]) for match in found.values()) or "none"
    what = f"{len(fits)} columns are called {wanted!r}" if fits else f"no column is called {wanted!r}"
    what = what if wanted else f"it has {len(fits)} assignments"
    raise KitError(f"{book.name}: {what}; choose one with --column, there are: {known}")


def _places(book: _Gradebook, results: Sequence[SubmissionResult]) -> dict[str, int]:
    """The row of each submission that has one, by its id."""
    indexes = [_index(book, key) for key in KEYS if key in book.header]
    by_id = indexes[0]
    places = {}
    for result in results:
        wanted = _normal(result.id)
        # The first key that knows the text decides; a text that it knows twice is nobody's.
        rows = next((index[wanted] for index in indexes if wanted in index), [])
        packed = _PACKED.fullmatch(wanted)
        if not rows and packed:
            rows = [place for place in by_id.get(packed["id"], []) if _letters(book.rows[place][0]) == packed["name"]]
        if len(rows) == 1:
            places[result.id] = rows[0]
    return places


def _index(book: _Gradebook, key: str) -> dict[str, list[int]]:
    column = book.header.index(key)
    index: dict[str, list[int]] = {}
    for place, row in _students(book):
        if len(row) > column and row[column].strip():
            index.setdefault(_normal(row[column]), []).append(place)
    return index


def _students(book: _Gradebook) -> Iterator[tuple[int, list[str]]]:
    """The rows that are students: not the one of the points, nor those without a name that Canvas may put above it."""
    for place, row in enumerate(book.rows):
        if row and row[0].strip() and row[0].strip().casefold() != POINTS_ROW:
            yield place, row


def _problem(book: _Gradebook, place: int, column: int, ids: Sequence[str], open_: Sequence[str]) -> str:
    if len(ids) > 1:
        return f"{', '.join(ids)}: all belong to the row of {book.rows[place][0]!r}; none is filled in"
    if ids[0] in open_:
        return f"{ids[0]}: not filled in, a kit_error left its points open; grade it again"
    if _cell(book.rows[place], column).casefold() == EXCUSED.casefold():
        return f"{ids[0]}: excused in {book.name}; not filled in"
    return ""


def _remarks(book: _Gradebook, column: int, taken: Mapping[int, object], run: RunResult) -> Iterator[str]:
    missing = sum(place not in taken for place, _ in _students(book))
    if missing:
        yield f"{book.name}: {missing} of its students have no submission here; their cells are as they were"
    totals = {str(result.max_score) for result in run.submissions}
    for row in book.rows:
        possible = _cell(row, column)
        if row and row[0].strip().casefold() == POINTS_ROW and possible and {_number(possible)} != totals:
            here = " or ".join(sorted(totals))
            yield f"{book.name}: {possible} points are possible in this column, {here} in this run; nothing is scaled"


def _set(row: list[str], column: int, text: str) -> None:
    row += [""] * (column + 1 - len(row))
    row[column] = text


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if len(row) > column else ""


def _number(text: str) -> str:
    """`100.00` and `100,00` as `100`."""
    return re.sub(r"[.,]0*$", "", text)


def _letters(name: str) -> str:
    """`Doe, Jane` as Canvas writes it into the names of files: `doejane`."""
    return "".join(filter(str.isalnum, _normal(name).lower()))


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip())


def _written(book: _Gradebook) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=book.delimiter, lineterminator=book.line_end)
    writer.writerows([book.header, *book.rows])
    return (book.mark + text.getvalue()).encode("utf-8")
