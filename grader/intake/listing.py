"""What lies in a folder, by name alone: nothing is read, no link is followed."""

import stat
from pathlib import Path

from grader.errors import IntakeError
from grader.intake.read import is_junk, shown
from grader.intake.upload import Kind

KINDS: dict[str, Kind] = {".ipynb": "notebook", ".zip": "zip", ".py": "module"}
MAX_ENTRIES = 100_000


def entries_or_none(folder: Path) -> list[tuple[Path, str]]:
    """What lies in a student's folder; one that cannot be listed must not stop the class."""
    try:
        return entries_of(folder)
    except (OSError, IntakeError):
        return []


def entries_of(folder: Path) -> list[tuple[Path, str]]:
    """What lies in a folder, by name: `file`, `folder`, `link`, `special`, `hidden`. Not what no person put there.

    Raises:
        IntakeError: there is too much.
        OSError: it cannot be listed.
    """
    entries: list[tuple[Path, str]] = []
    for path in folder.iterdir():
        if is_junk(path.name):
            if kind_of(path) in ("notebook", "zip") and not path.name.startswith("._"):  # those are macOS's
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


def kind_of(path: Path) -> Kind | None:
    """By suffix in any letter case; `...ipynb` has one, though pathlib sees none in `.ipynb`."""
    name = path.name.lower()
    return next((kind for suffix, kind in KINDS.items() if name.endswith(suffix)), None)
