"""Unpacks what a learning platform packs for whoever grades: one zip with the files of all students.

The names in it are the platform's, the files are the students'. They are copied out and not looked into.
"""

import os
import shutil
import stat
import zipfile
import zlib
from datetime import datetime
from pathlib import Path

from grader.errors import IntakeError
from grader.intake.owners import owner_of
from grader.intake.read import MAX_BYTES, is_junk, shown, shown_name

MAX_ENTRIES = 100_000
_LARGEST = max(MAX_BYTES.values())
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OverflowError)
"""What zipfile raises for broken, encrypted and unusual entries."""
_BLOCK = 1 << 20


def is_class_zip(path: Path) -> bool:
    """Whether a platform packed this: some name in it says whose the file is. False for what is no zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(owner_of(part) for name in archive.namelist() for part in _parts(name)[-2:])
    except (OSError, *_DAMAGED):
        return False


def unpack_class(path: Path, target: Path) -> list[str]:
    """Copies the files of a class into an empty folder; returns a note for each that is left out.

    Raises:
        IntakeError: there are too many, or no room for them.
    """
    notes: list[str] = []
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MAX_ENTRIES:
            raise IntakeError(f"{shown(path)}: more than {MAX_ENTRIES:,} files; unpack it and give parts of it")
        size, free = sum(entry.file_size for entry in entries), shutil.disk_usage(target).free
        if size > free:
            raise IntakeError(f"{shown(path)}: unpacks to {size >> 20:,} MB, {target} has {free >> 20:,}; make room")
        for entry in entries:
            why = _copy(archive, entry, target)
            if why:
                notes.append(f"{shown(path)}/{shown_name(entry.filename)}: left out, {why}")
    return notes


def _parts(name: str) -> list[str]:
    return [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> str:
    """Why an entry was not copied; empty when it was, or when nobody misses it."""
    parts, mode = _parts(entry.filename), entry.external_attr >> 16
    if not parts or any(is_junk(part) for part in parts):
        return ""
    if ".." in parts or "\0" in entry.orig_filename or entry.filename.startswith("/"):
        return "it points outside of the zip"
    if stat.S_IFMT(mode) and not stat.S_ISREG(mode):
        return "it is a link or a device"
    place = target.joinpath(*(shown_name(part) for part in parts))
    try:
        _write(archive, entry, place)
    except (OSError, *_DAMAGED) as error:
        if isinstance(error, FileExistsError):
            return "the zip has another file of this name"
        place.unlink(missing_ok=True)
        return f"it cannot be copied ({error}); is it damaged or encrypted?"
    return ""


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as source, place.open("xb") as file:
        # One byte above the limit is enough for the reader to turn it away, with words that name the size.
        left = _LARGEST + 1
        while left and (block := source.read(min(_BLOCK, left))):
            file.write(block)
            left -= len(block)
    when = datetime(*entry.date_time).timestamp()
    os.utime(place, (when, when))
