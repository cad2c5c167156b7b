"""Reads the bytes of one submission, under caps, and never through a symbolic link."""

import hashlib
import os
import stat
import time
from pathlib import Path

from grader.errors import IntakeError
from grader.intake.naming import without_suffix
from grader.intake.upload import Found, Kind, Upload
from grader.model import Struct

MB = 1 << 20
MAX_BYTES = {".ipynb": 25 * MB, ".zip": 50 * MB, ".py": MB // 2}
"""The largest file of each kind; a notebook with its plots has 0.3 MB, one with films in it 10."""
MAX_FOLDER_BYTES = 60 * MB
MAX_FOLDER_FILES = 200
MAX_FOLDER_ENTRIES = 20_000
MAX_DEPTH = 5

_TRIES = 3
_PAUSE_S = 0.2

_JUNK = {"__macosx", "__pycache__", "node_modules", "site-packages", "venv", "env", "thumbs.db", "desktop.ini"}
_FLAGS = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):  # none of them is there on every system
    _FLAGS |= getattr(os, _name, 0)


class Answers(Struct, frozen=True, kw_only=True):
    """The modules and notebooks below a folder."""

    files: tuple[tuple[str, int], ...]
    """Name inside the folder and size, the least deep first."""
    notes: tuple[str, ...] = ()


def read_upload(found: Found) -> Upload:
    """The submission with its bytes, or rejected with a line that says why; never an exception for a bad file."""
    files: list[tuple[str, bytes]] = []
    notes = list(found.notes)
    rejected = found.rejected
    try:
        if rejected is None and found.kind == "folder":
            files, more = _read_folder(found)
            notes += more
        elif rejected is None:
            files = [(shown_name(found.path.name), read_file(found.path))]
    except IntakeError as error:
        rejected = f"{found.kind} {error}"
    return Upload(
        id=found.id,
        source=found.source,
        sha256=digest(found.kind, files),
        kind=found.kind,
        files=tuple(files),
        notes=tuple(notes),
        rejected=rejected,
    )


def read_file(path: Path) -> bytes:
    """The content of a regular file, as it stood at one moment.

    Raises:
        IntakeError: it is no regular file, too large for its kind, cannot be read, or never stops changing.
    """
    limit = MAX_BYTES.get(path.suffix.lower(), MAX_BYTES[".ipynb"])
    for _ in range(_TRIES):
        try:
            content, before, after = _read_once(path, limit)
        except OSError as error:
            raise IntakeError(f"cannot be read ({(error.strerror or 'unknown reason').lower()})") from None
        size = max(before.st_size, len(content))
        if size > limit:
            raise IntakeError(f"is too large: {_mb(size)}, the limit is {_mb(limit)}; {_smaller(path.suffix)}")
        if len(content) == after.st_size and before.st_mtime_ns == after.st_mtime_ns:
            return content
        time.sleep(_PAUSE_S)  # somebody is still writing it
    raise IntakeError("changes while it is read; wait until the upload is complete and grade again")


def _read_once(path: Path, limit: int) -> tuple[bytes, os.stat_result, os.stat_result]:
    """The content, at most one byte more than the limit, and what the system said of the file before and after."""
    # Looked at before it is opened: opening a device can do something already.
    if not stat.S_ISREG(path.lstat().st_mode):
        raise IntakeError("is not a regular file; hand in a notebook, a zip or a folder")
    with open(os.open(path, _FLAGS), "rb") as file:  # noqa: PTH123 - os.open is what takes O_NOFOLLOW
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise IntakeError("is not a regular file; hand in a notebook, a zip or a folder")
        content = file.read(limit + 1) if before.st_size <= limit else b""
        return content, before, os.fstat(file.fileno())


def answer_files(folder: Path) -> Answers:
    """The modules and notebooks up to `MAX_DEPTH` folders down, names and sizes only."""
    files: list[tuple[str, int]] = []
    notes: list[str] = []
    seen = 0
    pending = [(folder, "")]
    while pending:
        place, prefix = pending.pop()
        for path in _listing(place, prefix, notes):
            seen += 1
            name = prefix + path.name
            try:
                info = path.lstat()
            except OSError:  # gone since the folder was listed
                continue
            if is_junk(path.name):
                continue
            if stat.S_ISDIR(info.st_mode) and name.count("/") < MAX_DEPTH:
                pending.append((path, name + "/"))
            elif name.lower().endswith((".py", ".ipynb")) and not without_suffix(name).lower().endswith("-solution"):
                if stat.S_ISREG(info.st_mode):
                    files.append((name, info.st_size))
                else:
                    notes.append(f"{shown_name(name)} is a symbolic link or no regular file; left out")
        if seen > MAX_FOLDER_ENTRIES:
            notes.append(f"more than {MAX_FOLDER_ENTRIES:,} entries; only the first ones were looked at")
            break
    files.sort(key=lambda file: (file[0].count("/"), not _is_likely(file[0]), file[0]))
    return Answers(files=tuple(files), notes=tuple(notes))


def is_junk(name: str) -> bool:
    """Whether a name is one that systems and tools leave behind. `...ipynb` is no hidden file but an odd name."""
    return name.lower() in _JUNK or (name.startswith(".") and without_suffix(name).strip(".") != "")


def digest(kind: Kind, files: list[tuple[str, bytes]]) -> str:
    """SHA-256 over kind, names and contents, each with its length in front so that nothing can slide across."""
    state = hashlib.sha256(kind.encode())
    for name, content in sorted(files):
        for part in (name.encode(), content):
            state.update(len(part).to_bytes(8, "big") + part)
    return state.hexdigest()


def shown(path: Path) -> str:
    """The path as one printable line, whatever its bytes are."""
    return shown_name(str(path))


def shown_name(name: str) -> str:
    """The name with everything escaped that is not printable; always valid Unicode."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _read_folder(found: Found) -> tuple[list[tuple[str, bytes]], list[str]]:
    places = dict(found.parts)
    answers = Answers(files=tuple((name, 0) for name in places)) if places else answer_files(found.path)
    files: list[tuple[str, bytes]] = []
    notes, total = list(answers.notes), 0
    for name, size in answers.files:
        if len(files) >= MAX_FOLDER_FILES or total + size > MAX_FOLDER_BYTES:
            if _is_likely(name):
                most = f"{MAX_FOLDER_FILES} files or {_mb(MAX_FOLDER_BYTES)}"
                notes.append(f"more than {most}; {shown_name(name)} is left out")
            continue
        try:
            content = read_file(places.get(name) or found.path / name)
        except IntakeError as error:
            notes.append(f"{shown_name(name)} {error}; left out")
            continue
        total += len(content)
        files.append((shown_name(name), content))
    if not files:
        why = f" ({notes[0]})" if notes else ""
        raise IntakeError(f"has no notebook and no ex_*.py module{why}; hand in at least one")
    return files, notes


def _listing(folder: Path, prefix: str, notes: list[str]) -> list[Path]:
    listing: list[Path] = []
    try:
        for path in folder.iterdir():
            listing.append(path)
            if len(listing) > MAX_FOLDER_ENTRIES:
                break
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        notes.append(f"{shown_name(prefix) or 'the folder'} cannot be read ({why})")
    return sorted(listing)


def _is_likely(name: str) -> bool:
    """Exercise modules and notebooks come before other modules when there is not room for all."""
    last = name.rpartition("/")[2].lower()
    return last.startswith("ex_") or last.endswith(".ipynb")


def _mb(size: int) -> str:
    return f"{size / MB:.1f} MB" if size % MB else f"{size // MB} MB"


def _smaller(suffix: str) -> str:
    return "clear its outputs and save it again" if suffix.lower() == ".ipynb" else "hand in the exercises only"
