"""Finds submissions on the disk. Names are looked at and bytes are read, nothing is parsed.

What counts as one submission:

* a notebook (`.ipynb`), a zip (`.zip`), or a module (`.py`, only when it is given by name);
* a folder with `ex_*.py` modules at its top or in `exercises/`, or with a notebook in `exercises/`;
* a folder whose only work is one notebook at its top. When the notebook has a name of its own (`alice.ipynb`) the
  submission is called after the notebook, when it has the course's (`lm_playground.ipynb`) after the folder;
* a folder inside a folder called `submitted` (the layout of nbgrader: `submitted/alice/ps1/lm_playground.ipynb`).

Any other folder that holds work is a class: each folder, zip and notebook in it is one submission. A folder in a class
is never a class itself, so that two notebooks of one student do not become two students; a folder with nothing but one
zip (as Moodle packs them) is that zip. Symbolic links are not followed, not even one that was given by name: in
`grade class/*` it may be a student's.
"""

import re
import stat
from collections.abc import Sequence
from pathlib import Path

from grader.errors import IntakeError
from grader.intake.naming import unique_ids, without_suffix
from grader.intake.read import answer_files, is_junk, read_upload, shown, shown_name
from grader.intake.upload import Found, Kind, Upload

KINDS: dict[str, Kind] = {".ipynb": "notebook", ".zip": "zip", ".py": "module"}
MAX_ENTRIES = 100_000

_WRONG_FORM = re.compile(r"\.ipynb\.\w+$|\.(rar|7z|tar|tgz|gz|bz2|xz)$", re.IGNORECASE)
"""Files that are somebody's work, packed or renamed in a way that cannot be read."""
_MODULE = re.compile(r"ex_.+\.py", re.IGNORECASE)
_COURSE_NAME = re.compile(
    r"(copy of )?(lm.?playground|project|notebook|untitled|submission|assignment|homework|exercises?\b|main\b)",
    re.IGNORECASE,
)

_Place = tuple[str, Path, Kind, str | None]
"""The name that the id is made of, the path, the kind, and why it is rejected."""


def collect(paths: Sequence[Path]) -> tuple[list[Upload], list[str]]:
    """The submissions at these paths with their bytes, and a note for each thing that was passed over.

    For thousands of submissions take `find` and `read_upload`, which hold one in memory at a time.

    Raises:
        IntakeError: a path does not exist.
    """
    found, notes = find(paths)
    return [read_upload(one) for one in found], notes


def find(paths: Sequence[Path]) -> tuple[list[Found], list[str]]:
    """Where the submissions lie, with their ids; the order is that of the paths, and by name within a folder.

    Raises:
        IntakeError: a path does not exist, or a folder has too many entries.
    """
    notes: list[str] = []
    places: dict[Path, _Place] = {}
    for path in paths:
        for place in _places(path, notes):
            places.setdefault(place[1].absolute(), place)
    ids = unique_ids([name for name, *_ in places.values()])
    found = [
        Found(id=id_, path=path, kind=kind, rejected=rejected)
        for id_, (_, path, kind, rejected) in zip(ids, places.values(), strict=True)
    ]
    return found, notes


def _places(path: Path, notes: list[str]) -> list[_Place]:
    """The submissions at one path that a person gave."""
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise IntakeError(f"{shown(path)}: no such file or folder; check the path") from None
    except (OSError, ValueError) as error:
        raise IntakeError(f"{shown(path)}: cannot be opened ({_reason(error)}); check the path") from None
    name = path.name or path.resolve().name
    if stat.S_ISLNK(mode):
        return [
            (name, path, "other", "this is a symbolic link, which is not followed; give the path that it points to")
        ]
    if stat.S_ISDIR(mode):
        return _in_folder(path, path.resolve().name, notes)
    return [_file(path, mode)]


def _file(path: Path, mode: int) -> _Place:
    kind = _kind(path)
    if not stat.S_ISREG(mode):
        return (path.name, path, "other", "this is no regular file; hand in a notebook, a zip or a folder")
    if kind is None:
        return (path.name, path, "other", _unsupported(path))
    return (path.name, path, kind, None)


def _unsupported(path: Path) -> str:
    suffix = shown_name(path.suffix) or "no suffix"
    return f"unsupported kind of file ({suffix}); hand in .ipynb, .zip or ex_*.py files"


def _in_folder(folder: Path, name: str, notes: list[str]) -> list[_Place]:
    try:
        entries = _entries(folder)
    except OSError as error:
        return [(name, folder, "folder", f"folder cannot be read ({_reason(error)})")]
    notebooks = [path for path, what in entries if what == "file" and _kind(path) == "notebook"]
    zips = [path for path, what in entries if what == "file" and _kind(path) == "zip"]
    if _is_work(folder, entries):
        return [(name, folder, "folder", None)]
    if not zips and not any(_holds_answers(path) for path, what in entries if what == "folder"):
        if len(notebooks) == 1 and not _COURSE_NAME.match(notebooks[0].name):
            return [(notebooks[0].name, notebooks[0], "notebook", None)]
        if len(notebooks) <= 1:
            return [(name, folder, "folder", None)]
    return _in_class(entries, notes)


def _is_work(folder: Path, entries: list[tuple[Path, str]]) -> bool:
    """Whether a folder is one student's work, by what lies at its top and in `exercises/`."""
    if folder.absolute().parent.name == "submitted":
        return True
    if any(what == "file" and _MODULE.fullmatch(path.name) for path, what in entries):
        return True
    inner = [path for path, what in entries if what == "folder" and path.name.lower() == "exercises"]
    return any(
        what == "file" and (_kind(path) == "notebook" or _MODULE.fullmatch(path.name))
        for exercises in inner
        for path, what in _entries_or_none(exercises)
    )


def _in_class(entries: list[tuple[Path, str]], notes: list[str]) -> list[_Place]:
    places: list[_Place] = []
    for path, what in entries:
        kind = _kind(path)
        if without_suffix(path.name).lower().endswith("-solution"):
            notes.append(f"{shown(path)}: passed over, a solution by its name")
        elif what == "hidden":
            notes.append(f"{shown(path)}: passed over, a hidden file; give it a name without the dot to grade it")
        elif what == "folder" and _holds_results(path):
            notes.append(f"{shown(path)}: passed over, the results of a run")
        elif what == "folder":
            places.append(_folder_in_class(path, notes))
        elif what == "file" and kind in ("notebook", "zip"):
            places.append((path.name, path, kind, None))
        elif what != "file" and (kind or not path.suffix):
            why = "this is a symbolic link, which is not followed" if what == "link" else "this is no regular file"
            places.append((path.name, path, "other", f"{why}; ask for a notebook, a zip or a folder"))
        elif _WRONG_FORM.search(path.name):
            places.append((path.name, path, "other", _unsupported(path)))
        else:
            hint = "; give the file itself to grade it" if kind == "module" else ""
            notes.append(f"{shown(path)}: passed over, not a submission{hint}")
    return places


def _folder_in_class(folder: Path, notes: list[str]) -> _Place:
    files = answer_files(folder).files
    if not files:
        zips = [path for path, what in _entries_or_none(folder) if what == "file" and _kind(path) == "zip"]
        if len(zips) == 1:
            return (folder.name, zips[0], "zip", None)
    tops = sum(1 for name, _ in files if "/" not in name and name.lower().endswith(".ipynb"))
    if tops > 1:
        notes.append(
            f"{shown(folder)}: its {tops} notebooks are taken as one student's; if it is a class, give it by name"
        )
    return (folder.name, folder, "folder", None)


def _holds_answers(folder: Path) -> bool:
    """Whether a folder looks like somebody's work: a notebook, an `ex_*.py` module or a zip in it."""
    names = [Path(name) for name, _ in answer_files(folder).files]
    if any(_kind(name) == "notebook" or _MODULE.fullmatch(name.name) for name in names):
        return True
    return any(what == "file" and _kind(path) == "zip" for path, what in _entries_or_none(folder))


def _holds_results(folder: Path) -> bool:
    """Whether a folder was written by a run: a `results.db`, and nobody's work beside it."""
    return any(path.name == "results.db" for path, _ in _entries_or_none(folder)) and not answer_files(folder).files


def _entries_or_none(folder: Path) -> list[tuple[Path, str]]:
    """What lies in a student's folder; one that cannot be listed must not stop the class."""
    try:
        return _entries(folder)
    except (OSError, IntakeError):
        return []


def _entries(folder: Path) -> list[tuple[Path, str]]:
    """What lies in a folder, by name: `file`, `folder`, `link`, `special`, `hidden`. Not what no person put there."""
    entries: list[tuple[Path, str]] = []
    for path in folder.iterdir():
        if is_junk(path.name):
            if _kind(path) in ("notebook", "zip") and not path.name.startswith("._"):  # those are macOS's
                entries.append((path, "hidden"))
            continue
        try:
            mode = path.lstat().st_mode
        except OSError:  # gone since the folder was listed
            continue
        kinds = ((stat.S_ISLNK, "link"), (stat.S_ISDIR, "folder"), (stat.S_ISREG, "file"))
        entries.append((path, next((what for test, what in kinds if test(mode)), "special")))
        if len(entries) > MAX_ENTRIES:
            raise IntakeError(f"{shown(folder)}: more than {MAX_ENTRIES:,} entries; give a folder of submissions")
    return sorted(entries)


def _kind(path: Path) -> Kind | None:
    """By suffix in any letter case; `...ipynb` has one, though pathlib sees none in `.ipynb`."""
    name = path.name.lower()
    return next((kind for suffix, kind in KINDS.items() if name.endswith(suffix)), None)


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or type(error).__name__).lower() if isinstance(error, OSError) else "not a valid path"
