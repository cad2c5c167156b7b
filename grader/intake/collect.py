"""Finds submissions on the disk. Names are looked at and bytes are read, nothing is parsed.

What counts as one submission:

* a notebook (`.ipynb`), a zip (`.zip`), or a module (`.py`, only when it is given by name);
* a folder with `ex_*.py` modules at its top or in `exercises/`, or with a notebook in `exercises/`;
* a folder whose only work is one notebook at its top. When the notebook has a name of its own (`alice.ipynb`) the
  submission is called after the notebook, when it has the course's (`lm_playground.ipynb`) after the folder;
* a folder inside a folder called `submitted` (the layout of nbgrader: `submitted/alice/ps1/lm_playground.ipynb`).

Any other folder that holds work is a class: each folder, zip and notebook in it is one submission. A folder in a class
is a class itself (a section) only when all beside it are, see `_sections`; two notebooks of one student do not become
two students. A folder with nothing but one zip (as Moodle packs them) is
that zip. A zip that a learning platform packed for the whole class is a class. Files that a platform names after their
owner are put together, and of several attempts the latest counts, see `grader.intake.students`. Symbolic links are not
followed, not even one that was given by name: in `grade class/*` it may be a student's.
"""

import re
import stat
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from grader.errors import IntakeError
from grader.intake.class_zip import is_class_zip, unpack_class
from grader.intake.listing import entries_of, entries_or_none, kind_of
from grader.intake.naming import unique_ids, without_suffix
from grader.intake.owners import owner_of
from grader.intake.read import answer_files, read_upload, shown, shown_name
from grader.intake.students import Place, one_for_each
from grader.intake.upload import Found, Kind, Upload

_WRONG_FORM = re.compile(r"\.ipynb\.\w+$|\.(rar|7z|tar|tgz|gz|bz2|xz)$", re.IGNORECASE)
"""Files that are somebody's work, packed or renamed in a way that cannot be read."""
_MODULE = re.compile(r"ex_.+\.py", re.IGNORECASE)
_COURSE_NAME = re.compile(
    r"(copy of )?(lm.?playground|project|notebook|untitled|submission|assignment|homework|exercises?\b|main\b)",
    re.IGNORECASE,
)

_OWN_FOLDER = re.compile(
    r"(old|new|final|draft|backup|copy|version|attempt|try|week|part|day|lab|hw|v\d|\d|exercises?|src|code|work|home|project"
    r"|submi|assign|notebook|solution|answer|lm.?playground|data|img|images|docs?|tests?)",
    re.IGNORECASE,
)
"""How folders begin that people make for their own work; what they lie in is no class."""
_SURELY_MANY = 4
"""So many folders with work in the one folder of a class are students; fewer may be one student's."""


def collect(paths: Sequence[Path]) -> tuple[list[Upload], list[str]]:
    """The submissions at these paths with their bytes, and a note for each thing that was passed over.

    For thousands of submissions take `find` and `read_upload`, which hold one in memory at a time.

    Raises:
        IntakeError: a path does not exist.
    """
    found, notes = find(paths)
    return [read_upload(one) for one in found], notes


def find(paths: Sequence[Path], room: Path | None = None) -> tuple[list[Found], list[str]]:
    """Where the submissions lie, with their ids; the order is that of the paths, and by name within a folder.

    Args:
        paths: what a person gave.
        room: where zips of whole classes may be unpacked, made when needed; without it they count as one submission.

    Raises:
        IntakeError: a path does not exist, or a folder has too many entries.
    """
    notes: list[str] = []
    places: dict[Path, Place] = {}
    unpacked: dict[Path, Path] = {}
    for path in paths:
        below = path
        if room is not None and kind_of(path) == "zip" and not path.is_symlink() and is_class_zip(path):
            below = room / str(len(unpacked)) / path.stem
            room.mkdir(mode=0o700, exist_ok=True)
            below.mkdir(parents=True)
            unpacked[below] = path
            notes += unpack_class(path, below)
        for place in _in_class(entries_of(below), notes) if below != path else _places(path, notes):
            places.setdefault(place.path.absolute(), place)
    students = one_for_each(list(places.values()), notes)
    ids = unique_ids([place.name for place in students])
    found = [
        Found(
            id=id_,
            path=p.path,
            kind=p.kind,
            rejected=p.rejected,
            parts=p.parts,
            notes=p.notes,
            shown_as=_where(p.path, unpacked),
        )
        for id_, p in zip(ids, students, strict=True)
    ]
    for folder, path in unpacked.items():
        notes = [note.replace(str(folder), str(path)) for note in notes]
    return found, notes


def _where(path: Path, unpacked: dict[Path, Path]) -> str:
    """Where a file of an unpacked class lies in its zip; empty for all others."""
    inside = (str(source / path.relative_to(at)) for at, source in unpacked.items() if path.is_relative_to(at))
    return next(inside, "")


def _places(path: Path, notes: list[str]) -> list[Place]:
    """The submissions at one path that a person gave."""
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise IntakeError(f"{shown(path)}: no such file or folder; check the path") from None
    except (OSError, ValueError) as error:
        raise IntakeError(f"{shown(path)}: cannot be opened ({_reason(error)}); check the path") from None
    if stat.S_ISLNK(mode):
        return [_turned_away(path, "this is a symbolic link, which is not followed; give the path that it points to")]
    if stat.S_ISDIR(mode):
        return _in_folder(path, path.resolve().name, notes)
    kind = kind_of(path)
    if not stat.S_ISREG(mode):
        return [_turned_away(path, "this is no regular file; hand in a notebook, a zip or a folder")]
    return [_place(path, kind) if kind else _turned_away(path, _unsupported(path))]


def _place(path: Path, kind: Kind, *, entry: Path | None = None, name: str = "") -> Place:
    entry = entry or path
    owner = owner_of(entry.name)
    return Place(name=name or (owner.name if owner else entry.name), path=path, kind=kind, entry=entry, owner=owner)


def _turned_away(path: Path, why: str, kind: Kind = "other") -> Place:
    owner = owner_of(path.name)
    name = owner.name if owner else path.name or path.resolve().name
    return Place(name=name, path=path, kind=kind, entry=path, owner=owner, rejected=why)


def _unsupported(path: Path) -> str:
    suffix = shown_name(path.suffix) or "no suffix"
    return f"unsupported kind of file ({suffix}); hand in .ipynb, .zip or ex_*.py files"


def _in_folder(folder: Path, name: str, notes: list[str]) -> list[Place]:
    owner = owner_of(name)
    name = owner.name if owner else name
    try:
        entries = entries_of(folder)
    except OSError as error:
        return [_turned_away(folder, f"folder cannot be read ({_reason(error)})", "folder")]
    if any(owner_of(path.name) for path, _ in entries):
        return _in_class(entries, notes)
    notebooks = [path for path, what in entries if what == "file" and kind_of(path) == "notebook"]
    zips = [path for path, what in entries if what == "file" and kind_of(path) == "zip"]
    if _is_work(folder, entries):
        return [_place(folder, "folder", name=name)]
    if not zips and not any(_holds_answers(path) for path, what in entries if what == "folder"):
        if len(notebooks) == 1 and not _COURSE_NAME.match(notebooks[0].name):
            beside = [shown_name(path.name) for path, _ in entries if _WRONG_FORM.search(path.name)]
            if beside:
                notes.append(
                    f"{shown(folder)}: taken as one student's, {shown_name(notebooks[0].name)}; passed over, "
                    f"in a form that cannot be read: {', '.join(beside)}"
                )
            return [_place(notebooks[0], "notebook")]
        if len(notebooks) <= 1:
            return [_place(folder, "folder", name=name)]
    return _in_class(entries, notes)


def _is_work(folder: Path, entries: list[tuple[Path, str]]) -> bool:
    """Whether a folder is one student's work, by what lies at its top and in `exercises/`."""
    if folder.absolute().parent.name == "submitted":
        return True
    if any(what == "file" and _MODULE.fullmatch(path.name) for path, what in entries):
        return True
    inner = [path for path, what in entries if what == "folder" and path.name.lower() == "exercises"]
    return any(
        what == "file" and (kind_of(path) == "notebook" or _MODULE.fullmatch(path.name))
        for exercises in inner
        for path, what in entries_or_none(exercises)
    )


def _in_class(entries: list[tuple[Path, str]], notes: list[str]) -> list[Place]:
    places: list[Place] = []
    sections = _sections(entries)
    for path, what in entries:
        kind = kind_of(path)
        if without_suffix(path.name).lower().endswith("-solution"):
            notes.append(f"{shown(path)}: passed over, a solution by its name")
        elif what == "hidden":
            notes.append(f"{shown(path)}: passed over, a hidden file; give it a name without the dot to grade it")
        elif what == "folder" and _holds_results(path):
            notes.append(f"{shown(path)}: passed over, the results of a run")
        elif path in sections:
            notes.append(f"{shown(path)}: taken as a class of its own; give each folder in it by name if it is not")
            places += _in_class(entries_or_none(path), notes)
        elif what == "folder":
            places.append(_folder_in_class(path, notes))
        elif what == "file" and kind and (kind != "module" or owner_of(path.name)):
            places.append(_place(path, kind))
        elif what != "file" and (kind or not path.suffix):
            why = "this is a symbolic link, which is not followed" if what == "link" else "this is no regular file"
            places.append(_turned_away(path, f"{why}; ask for a notebook, a zip or a folder"))
        elif _WRONG_FORM.search(path.name):
            places.append(_turned_away(path, _unsupported(path)))
        else:
            hint = "; give the file itself to grade it" if kind == "module" else ""
            notes.append(f"{shown(path)}: passed over, not a submission{hint}")
    return places


def _folder_in_class(folder: Path, notes: list[str]) -> Place:
    files = answer_files(folder).files
    if not files:
        zips = [path for path, what in entries_or_none(folder) if what == "file" and kind_of(path) == "zip"]
        if len(zips) == 1:
            return _place(zips[0], "zip", entry=folder)
    tops = sum(1 for name, _ in files if "/" not in name and name.lower().endswith(".ipynb"))
    if tops > 1:
        notes.append(
            f"{shown(folder)}: its {tops} notebooks are taken as one student's; if it is a class, give it by name"
        )
    return _place(folder, "folder")


def _sections(entries: list[tuple[Path, str]]) -> set[Path]:
    """The folders of a class that hold students and not one student's work: all of them, or none.

    Each must hold nothing but folders with work. Students make folders, too, but then somebody beside them does not, or
    the folders are called the same everywhere (`Aufgabe 1`), or as people call their own (`final`).
    """
    if any(what == "file" and kind_of(path) in ("notebook", "zip") for path, what in entries):
        return set()
    found: dict[Path, list[str]] = {}
    for path, what in entries:
        if what == "folder" and not _holds_results(path):
            students = _students_in(path)
            if students is None:
                return set()
            if students:
                found[path] = students
    names = Counter(name.casefold() for students in found.values() for name in students)
    alike = sum(count for count in names.values() if count > 1)
    if 2 * alike > names.total() or (len(found) == 1 and names.total() < _SURELY_MANY):
        return set()
    return set(found)


def _students_in(folder: Path) -> list[str] | None:
    """The names of the folders with work in a folder; None where it is somebody's work itself, or may be."""
    entries = entries_or_none(folder)
    if owner_of(folder.name) or _is_work(folder, entries):
        return None
    if any(what == "file" and kind_of(path) in ("notebook", "zip") for path, what in entries):
        return None
    students = [path.name for path, what in entries if what == "folder" and _holds_answers(path)]
    return None if len(students) == 1 or any(map(_OWN_FOLDER.match, students)) else students


def _holds_answers(folder: Path) -> bool:
    """Whether a folder looks like somebody's work: a notebook, an `ex_*.py` module or a zip in it."""
    names = [Path(name) for name, _ in answer_files(folder).files]
    if any(kind_of(name) == "notebook" or _MODULE.fullmatch(name.name) for name in names):
        return True
    return any(what == "file" and kind_of(path) == "zip" for path, what in entries_or_none(folder))


def _holds_results(folder: Path) -> bool:
    """Whether a folder was written by a run: a `results.db`, and nobody's work beside it."""
    return any(path.name == "results.db" for path, _ in entries_or_none(folder)) and not answer_files(folder).files


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or type(error).__name__).lower() if isinstance(error, OSError) else "not a valid path"
