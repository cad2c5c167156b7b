"""One submission for each student: puts files of one owner together, and of several attempts takes the latest."""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader.intake.naming import without_suffix
from grader.intake.owners import Owner
from grader.intake.read import answer_files, shown
from grader.intake.upload import Kind
from grader.model import Struct

_COPY = re.compile(r" ?\(\d+\)$")
"""What browsers and systems add to a name that is there already."""


class Place(Struct, frozen=True, kw_only=True):
    """What may be a submission, or a part of one."""

    name: str
    """What the id is made of."""
    path: Path
    kind: Kind
    rejected: str | None = None
    entry: Path
    """What stands in the class: the path itself, or the folder around it."""
    owner: Owner | None = None
    parts: tuple[tuple[str, Path], ...] = ()
    """For a folder that is put together: the name in it and the path of each file."""
    notes: tuple[str, ...] = ()


def one_for_each(places: Sequence[Place], notes: list[str]) -> list[Place]:
    """The places with those of one student made one, in the order of the first of each.

    Args:
        places: as found, several of one student among them.
        notes: gets a line for each submission that does not count.
    """
    names = {(place.entry.parent, _plain(place)) for place in places}
    groups: dict[tuple[Path, str], list[Place]] = defaultdict(list)
    for place in places:
        groups[place.entry.parent, _key(place, names)].append(place)
    return [_one(group, notes) for group in groups.values()]


def _plain(place: Place) -> str:
    return without_suffix(place.entry.name)  # TWIN.ipynb and twin.ipynb may be two people's


def _key(place: Place, names: set[tuple[Path, str]]) -> str:
    """The same for all that is one student's, among what lies in one folder."""
    if place.owner is not None:
        return f"owner {place.owner.key}"
    if place.kind in ("module", "other"):
        return place.entry.name
    # `alice (1).ipynb` is Alice's when there is an `alice.ipynb`; by itself it may be anybody's.
    plain = _COPY.sub("", _plain(place))
    return plain if (place.entry.parent, plain) in names else _plain(place)


def _one(group: list[Place], notes: list[str]) -> Place:
    latest = _latest(group)
    late = [place for place in group if place not in latest]
    kept = _together(latest) if latest[0].owner is not None else latest[0]
    if late:
        names = ", ".join(sorted({shown(Path(place.entry.name)) for place in late}))
        note = f"handed in more than once; {shown(Path(kept.entry.name))} is the latest and counts, {names} does not"
        notes.append(f"{kept.name}: {note}")
        kept = msgspec.structs.replace(kept, notes=(*kept.notes, note))
    return kept


def _latest(group: list[Place]) -> list[Place]:
    """Those of the last attempt: by the platform's own stamp, or else by the time of the file."""
    if len(group) == 1:
        return group
    if all(place.owner is None for place in group):
        return [max(group, key=lambda place: (changed(place.path), place.name))]
    attempt = max(place.owner.attempt for place in group if place.owner)
    newest: dict[str, Place] = {}
    for place in sorted(group, key=lambda place: place.owner.again if place.owner else 0):
        if place.owner and place.owner.attempt == attempt:
            newest[place.owner.file.casefold() or place.entry.name] = place
    return list(newest.values())


def _together(places: list[Place]) -> Place:
    """Several files of one owner as one folder; what is no answer goes when there is one."""
    useful = [place for place in places if _files_of(place)] or [p for p in places if p.kind == "zip"] or places
    first = useful[0]
    if len(useful) == 1 and first.kind != "module":
        return first
    parts = tuple(part for place in useful for part in _files_of(place))
    left_out = [place for place in places if place.kind == "zip" and place not in useful]
    notes = [f"{shown(Path(place.entry.name))} is left out, there are files beside it" for place in left_out]
    if not parts:
        return first
    return msgspec.structs.replace(first, kind="folder", parts=parts, rejected=None, notes=(*first.notes, *notes))


def _files_of(place: Place) -> list[tuple[str, Path]]:
    """The modules and notebooks of a place, by the names that they had when they were handed in."""
    if place.rejected is not None:
        return []
    if place.kind == "folder":
        return [(name, place.path / name) for name, _ in answer_files(place.path).files]
    if place.kind in ("notebook", "module"):
        return [(place.owner.file if place.owner and place.owner.file else place.path.name, place.path)]
    return []


def changed(path: Path) -> float:
    """When a file, or the latest answer in a folder, was changed, in seconds since the epoch; 0 if nobody can tell."""
    paths = [path / name for name, _ in answer_files(path).files] if path.is_dir() else [path]
    return max((_mtime(one) for one in paths), default=0.0)


def _mtime(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0
