"""Unpacks a zip in memory under caps: modules and notebooks only."""

import io
import re
import stat
import struct
import zipfile
import zlib

from grader.errors import IntakeError

MB = 1 << 20
MAX_ENTRIES = 5_000
MAX_TOTAL = 80 * MB
MAX_FILES = 200
MAX_FILE = {".ipynb": 25 * MB, ".py": MB // 2}
MAX_RATIO = 400
RATIO_FROM = 2 * MB
"""Below this size a file may be as repetitive as it likes."""
MAX_NAME = 500

_JUNK = {"__macosx", "__pycache__", "node_modules", "site-packages", ".ipynb_checkpoints", "venv", "env"}
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    OverflowError,
    MemoryError,
)
"""What zipfile raises for broken, encrypted and unusual entries."""


def unzip(content: bytes) -> tuple[dict[str, bytes], list[str]]:
    """The modules and notebooks in a zip by their name, and notes about what was left out.

    Raises:
        IntakeError: it is no zip, or it has too many entries to look at.
    """
    content, entries = _entries(content)
    notes: list[str] = []
    wanted: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        if _is_wanted(entry, notes):
            name = entry.filename.replace("\\", "/")
            if name in wanted:
                notes.append(f"{name} is in the zip more than once; the last one counts")
            wanted[name] = entry
    if not wanted:
        names = [entry.filename[:MAX_NAME] for entry in entries if not entry.is_dir()]
        notes.append(f"it holds {len(names)} other files, {names[0]} is one" if names else "it holds no file")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = _read_all(archive, wanted, notes)
    return files, notes


def _entries(content: bytes) -> tuple[bytes, list[zipfile.ZipInfo]]:
    """The zip as it can be read, and what is in it."""
    # Counted before zipfile makes an object of each: a million entries fit into a small file.
    if content.count(b"PK\x01\x02") > MAX_ENTRIES:
        raise IntakeError(f"has more than {MAX_ENTRIES:,} entries; zip the exercises only")
    try:
        try:
            return content, _listed(content)
        except UnicodeDecodeError:
            content = _without_utf8_flags(content)
            return content, _listed(content)
    except _DAMAGED:
        what = "is no zip file, or only a part of one" if content else "is empty (0 bytes)"
        raise IntakeError(f"{what}; zip the exercises again") from None


def _listed(content: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.infolist()


def _without_utf8_flags(content: bytes) -> bytes:
    """The zip with no name said to be UTF-8. One name that lies about it must not cost the files beside it."""
    changed = bytearray(content)
    for place in (match.start() for match in re.finditer(rb"PK\x01\x02", content)):
        if place + 9 < len(changed):
            changed[place + 9] &= ~8
    return bytes(changed)


def _is_wanted(entry: zipfile.ZipInfo, notes: list[str]) -> bool:
    """Whether an entry is a module or notebook that may be unpacked; a note for one that may not."""
    name = entry.filename.replace("\\", "/")
    parts = name.split("/")
    last = parts[-1].lower()
    if not name or entry.is_dir() or any(part.lower() in _JUNK for part in parts) or last.startswith("._"):
        return False
    if last.endswith(".zip"):
        notes.append(f"{name[:MAX_NAME]} is a zip inside the zip; left out")
    if not last.endswith((".py", ".ipynb")) or last.rpartition(".")[0].endswith("-solution"):
        return False
    why = _why_not(entry, name, parts)
    if why:
        notes.append(f"{name[:MAX_NAME]} {why}; left out")
    return not why


def _why_not(entry: zipfile.ZipInfo, name: str, parts: list[str]) -> str:
    limit = MAX_FILE[".ipynb" if name.lower().endswith(".ipynb") else ".py"]
    mode = entry.external_attr >> 16
    checks = (
        (len(name) > MAX_NAME or "\0" in entry.orig_filename, "has a name that no file can have"),
        (name.startswith("/") or ".." in parts or ":" in parts[0], "points outside of the zip"),
        (bool(stat.S_IFMT(mode)) and not stat.S_ISREG(mode), "is a link or a device, not a file"),
        (bool(entry.flag_bits & 0x1), "is encrypted; zip it without a password"),
        (entry.compress_type not in _PACKINGS, "is packed in an unusual way; zip it again"),
        (entry.file_size > limit, f"is too large ({entry.file_size / MB:.1f} MB, the limit is {limit / MB:.1f} MB)"),
        (_is_bomb(entry.file_size, entry.compress_size), "unpacks to suspiciously much"),
    )
    return next((why for wrong, why in checks if wrong), "")


def _is_bomb(size: int, packed: int) -> bool:
    return size > RATIO_FROM and size > packed * MAX_RATIO


def _read_all(archive: zipfile.ZipFile, wanted: dict[str, zipfile.ZipInfo], notes: list[str]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    # Exercise modules and notebooks first, the least deep first: what comes last is what a cap leaves out.
    for name in sorted(wanted, key=lambda n: (n.count("/"), not _is_likely(n), n)):
        if len(files) >= MAX_FILES or total >= MAX_TOTAL:
            if _is_likely(name):
                notes.append(f"more than {MAX_FILES} files or {MAX_TOTAL // MB} MB; {name} is left out")
            continue
        try:
            files[name] = _read(archive, wanted[name])
            total += len(files[name])
        except _DAMAGED:
            notes.append(f"{name} is damaged in the zip; left out")
    return files


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The content; the declared size is a claim, so that reading stops right behind it."""
    limit = min(entry.file_size, MAX_FILE[".ipynb" if entry.filename.lower().endswith(".ipynb") else ".py"])
    with archive.open(entry) as file:
        content = file.read(limit + 1)
    if len(content) != entry.file_size:
        raise zipfile.BadZipFile
    return content


def _is_likely(name: str) -> bool:
    last = name.rpartition("/")[2].lower()
    return last.startswith("ex_") or last.endswith(".ipynb")
