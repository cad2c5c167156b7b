"""The list of a class: who should have handed in, and whose submission is whose."""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from grader.errors import KitError
from grader.intake.students import changed
from grader.intake.upload import Found
from grader.model import Struct

MAX_BYTES = 20 << 20
_OTHER_KINDS = {
    ".ipynb",
    ".py",
    ".zip",
    ".json",
    ".toml",
    ".yaml",
    ".yml",
    ".html",
    ".htm",
    ".xml",
    ".md",
    ".pdf",
    ".xls",
    ".xlsx",
    ".ods",
    ".docx",
}
_OTHER_STARTS = (b"{", b"[", b"<", b"%PDF", b"PK\x03\x04")
"""How notebooks, pages and packed files begin, whatever they are called. No name of a person or column does."""
_NAMES = ("student", "name", "full name", "student name", "display name")
_FIRST, _LAST = ("first name", "firstname", "given name"), ("last name", "lastname", "surname", "family name")
_IDS = (
    "sis login id",
    "login id",
    "login",
    "username",
    "user",
    "student id",
    "student_id",
    "studentid",
    "id",
    "sis user id",
    "id number",
    "idnumber",
    "email",
    "e-mail",
    "email address",
    "mail",
)
"""Columns that name a person, in the words of the common platforms; the first that a roster has is how it is shown."""
_SHORTEST = 2


class Student(Struct, frozen=True, kw_only=True):
    """One line of a roster."""

    shown: str
    keys: frozenset[str]
    """What submissions of this student may be called, letters and digits only."""


def read_roster(path: Path) -> list[Student]:
    """The students of a CSV file: an export of a platform, or one name or id in each line.

    Args:
        path: the file, in UTF-8 (or else Latin-1), with commas, semicolons or tabs.

    Raises:
        KitError: it cannot be read, or names nobody.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise KitError(f"{path}: the roster cannot be read ({(error.strerror or 'unknown reason').lower()})") from None
    start = content[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    is_other = path.suffix.lower() in _OTHER_KINDS or start.startswith(_OTHER_STARTS)
    if is_other or len(content) > MAX_BYTES or b"\0" in content:
        raise KitError(f"{path}: no CSV file and no roster; export the roster as CSV, in UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=_delimiter(text)) if any(map(str.strip, row))]
    except csv.Error as error:
        raise KitError(f"{path}: no CSV file ({error}); export the roster as CSV") from None
    students = [student for student in _students(rows) if student.keys]
    if not students:
        raise KitError(f"{path}: names nobody; it needs a column such as `id`, `email` or `name`")
    return students


def attribute(
    found: Sequence[Found], roster: Sequence[Student], notes: list[str], kept: Collection[str] = ()
) -> tuple[list[Found], list[str]]:
    """The submissions that count, one for each student, and who handed in nothing.

    Of several submissions of one student the one that was changed last counts. What belongs to nobody on the roster is
    graded all the same.

    Args:
        found: all submissions.
        roster: the class.
        notes: gets a line for what does not count, and for what is not on the roster.
        kept: ids of submissions that the class has from earlier runs.
    """
    whose = _whose(roster)
    by_student: dict[Student, list[Found]] = defaultdict(list)
    strangers = []
    for one in found:
        student = _student_of(one.id, whose)
        if student is None:
            strangers.append(one.id)
        else:
            by_student[student].append(one)
    dropped = set[str]()
    for student, several in by_student.items():
        latest = max(several, key=lambda one: (changed(one.path), one.id))
        late = [one.id for one in several if one is not latest]
        if late:
            notes.append(
                f"{student.shown}: handed in more than once; {latest.id} is the latest and counts, "
                f"{', '.join(late)} does not"
            )
            dropped.update(late)
    if strangers:
        notes.append(f"not on the roster, graded all the same: {', '.join(strangers)}")
    here = {one.id for one in found}
    earlier = {id_: student for id_ in kept if id_ not in here and (student := _student_of(id_, whose))}
    twice = {id_: student for id_, student in earlier.items() if student in by_student}
    notes += [f"{one.shown}: handed in now, and kept from before as {id_}; both show" for id_, one in twice.items()]
    present = {*by_student, *earlier.values()}
    return [one for one in found if one.id not in dropped], [one.shown for one in roster if one not in present]


def still_absent(absent: Sequence[str], ids: Iterable[str]) -> list[str]:
    """Those who had handed in nothing at an earlier run, without the ones whose submission is there now.

    Args:
        absent: how the roster of that run showed them.
        ids: all submissions of the class.
    """
    whose = _whose([Student(shown=name, keys=frozenset(_keys(name))) for name in absent])
    present = {student.shown for id_ in ids if (student := _student_of(id_, whose))}
    return [name for name in absent if name not in present]


def _student_of(submission_id: str, whose: Mapping[str, Student]) -> Student | None:
    return next((whose[key] for key in _keys_of(submission_id) if key in whose), None)


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _students(rows: Sequence[Sequence[str]]) -> Iterator[Student]:
    if not rows:
        return
    titles = [cell.strip().casefold() for cell in rows[0]]
    shown = next((titles.index(title) for title in (*_IDS, *_NAMES) if title in titles), None)
    names = {title for title in titles if title in (*_IDS, *_NAMES, *_FIRST, *_LAST)}
    if shown is None and not names:  # no header: the first column tells
        yield from (Student(shown=row[0].strip(), keys=frozenset(_keys(row[0]))) for row in rows if row[0].strip())
        return
    for row in rows[1:]:
        cells = {title: cell.strip() for title, cell in zip(titles, row, strict=False) if cell.strip()}
        if "points possible" in " ".join(cells.values()).casefold():  # the second line of a Canvas export
            continue
        person = " ".join(cells[title] for title in (*_FIRST, *_LAST) if title in cells)
        words = [cells[title] for title in names & cells.keys() - {*_FIRST, *_LAST}] + [person]
        first = cells.get(titles[shown], "") if shown is not None else ""
        keys = frozenset(key for word in words for key in _keys(word))
        yield Student(shown=first or person or next(iter(words)), keys=keys)


def _keys(word: str) -> Iterator[str]:
    """How a submission may spell this: `Doe, Jane` also as `Jane Doe`, an address also without its domain."""
    spellings = [word]
    if "@" in word:
        spellings.append(word.partition("@")[0])
    if word.count(",") == 1:
        last, first = word.split(",")
        spellings.append(f"{first} {last}")
    elif len(words := word.split()) > 1:
        spellings.append(f"{words[-1]} {' '.join(words[:-1])}")
    yield from (key for key in map(_folded, spellings) if len(key) >= _SHORTEST)


def _keys_of(submission_id: str) -> list[str]:
    """What a submission's id may say, the surest first: all of it, the platform's number, the name before that."""
    numbered = re.fullmatch(r"(.+)_(\d+)", submission_id)
    return [_folded(part) for part in (submission_id, *(reversed(numbered.groups()) if numbered else ()))]


def _whose(roster: Sequence[Student]) -> dict[str, Student]:
    """The student of each spelling that fits one alone: two Jane Does are told apart by nothing but their ids."""
    counts = Counter(key for student in roster for key in student.keys)
    return {key: student for student in roster for key in student.keys if counts[key] == 1}


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
