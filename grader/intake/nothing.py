"""Says what lies where no submission does. Names are looked at, nothing is read."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.intake.listing import entries_or_none
from grader.intake.read import answer_files, is_junk, read_upload, shown, shown_name
from grader.intake.upload import Found

MAX_NAMED = 3
MAX_FILES = 20_000
_A_SUBMISSION = "a submission is a notebook, a zip, or a folder with ex_*.py files"


def nothing_to_grade(paths: Sequence[Path], found: Iterable[Found], notes: Sequence[str]) -> str:
    """Why nothing at these paths can be graded, in a line; empty as soon as one submission can be read.

    Args:
        paths: what a person gave.
        found: what was taken for a submission there.
        notes: what was passed over there.
    """
    if all(map(_is_checkout, paths)):
        return f"{shown(paths[0])}: the kit itself and no submission; give the folder that holds the submissions"
    words: list[str] = []
    for one in found:
        rejected = read_upload(one).rejected
        if rejected is None:
            return ""
        words.append(f"{one.source}: {_bare(one) or rejected}")
    words = words or [*notes] or [f"{shown(path)}: {_contents(path)}" for path in paths]
    more = f"; and {len(words) - MAX_NAMED} more" if len(words) > MAX_NAMED else ""
    return f"nothing to grade. {'; '.join(words[:MAX_NAMED])}{more}"


def _bare(one: Found) -> str:
    """What a folder holds that has no file of a submission at all; empty for all others."""
    if one.kind != "folder" or one.rejected is not None or one.parts or answer_files(one.path).files:
        return ""
    return _contents(one.path)


def _is_checkout(path: Path) -> bool:
    """Whether this is a teacher's copy of the kit. What students get has no hidden checks."""
    return (path / "exercises" / "catalog.toml").is_file() and (path / "tests" / "hidden").is_dir()


def _contents(folder: Path) -> str:
    """What a folder holds: `3 .pdf files`."""
    if any(path.name == "results.db" for path, _ in entries_or_none(folder)):
        return "the results of a run"
    kinds: Counter[str] = Counter()
    for _, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not is_junk(name)]
        kinds.update(Path(name).suffix.lower() for name in names if not is_junk(name))
        if kinds.total() > MAX_FILES:
            break
    if not kinds:
        return f"an empty folder; {_A_SUBMISSION}"
    words = [_counted(count, kind) for kind, count in kinds.most_common(MAX_NAMED)]
    others = sum(count for _, count in kinds.most_common()[MAX_NAMED:])
    return f"{', '.join(words)}{f' and {others} more' if others else ''}; {_A_SUBMISSION}"


def _counted(count: int, suffix: str) -> str:
    files = "file" if count == 1 else "files"
    return f"{count} {shown_name(suffix)} {files}" if suffix else f"{count} {files} without a suffix"
