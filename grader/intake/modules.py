"""Matches module files with exercises, by name."""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec

from grader.errors import IntakeError
from grader.intake.code import Code, read_code
from grader.intake.pieces import Matched, Piece, Target
from grader.intake.text import module_text

MAX_NAMED = 8
MAX_MODULES = 20
MAX_MODULE_BYTES = 100_000
"""Size of a module of the student's own that travels with the answers."""


def pick_modules(files: Mapping[str, bytes], targets: Sequence[Target], notes: list[str]) -> dict[str, Piece]:
    """The module of each exercise that has one, by exercise id.

    Of several the one that was worked on counts. Of equals it is the one in `exercises/`, then the least deep, then the
    one that has the name of the exercise's file and not that of a copy.
    """
    found: dict[str, list[str]] = {}
    for name in sorted(files, key=lambda name: _rank(name, targets)):
        id_ = exercise_of(name, {target.id: target.file for target in targets})
        if id_:
            found.setdefault(id_, []).append(name)
    return {t.id: _pick(found[t.id], files, t, notes) for t in targets if t.id in found}


def own_modules(files: Mapping[str, bytes]) -> dict[str, Piece]:
    """The modules of the student's own among files, by the names to import them by: `utils`, `helpers.text`."""
    found: dict[str, Piece] = {}
    for path in sorted(files, key=lambda path: (-path.count("/"), path)):
        parts = path.removesuffix(".py").split("/")
        if not all(part.isidentifier() for part in parts) or len(files[path]) > MAX_MODULE_BYTES:
            continue
        try:
            text = module_text(files[path])
        except IntakeError:
            continue
        parts = parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts
        if is_taken(".".join(parts)):
            continue
        for start in range(len(parts)):  # the folder that is on the path of modules may be any of them
            name = ".".join(parts[start:])
            found[name] = own_module(name, text, where=path)
    return found


def is_taken(name: str) -> bool:
    """Whether a module of that name is there already: `torch.py` is not what an answer means by `torch`."""
    first, last = name.partition(".")[0], name.rpartition(".")[2]
    return any(part in sys.stdlib_module_names or find_spec(part) is not None for part in (first, last))


def own_module(name: str, text: str, where: str) -> Piece:
    """A module of the student's own."""
    return Piece(where=where, code=read_code(text) or Code(source=text), module=name, is_demo=True)


def let_modules_travel(matched: Matched) -> set[str]:
    """Puts the modules that cells import in front of them; returns where they come from.

    Each exercise gets what it imports, so that it can be run without the others.
    """
    given: dict[str | None, set[str]] = {}
    used: set[str] = set()
    for piece in list(matched.pieces):
        names = _reached(piece.code.modules, matched.modules) - given.setdefault(piece.owner, set())
        place = matched.place(piece)
        for name in sorted(names)[:MAX_MODULES]:
            module = matched.modules[name]
            matched.pieces.insert(place, replace(module, owner=piece.owner))
            used.add(module.where)
        given[piece.owner] |= names
    return used


def _reached(wanted: Iterable[str], modules: Mapping[str, Piece]) -> set[str]:
    """The modules that these imports bring along, with the packages around them and what they import themselves."""
    found, waiting = set[str](), list(wanted)
    while waiting:
        parts = waiting.pop().split(".")
        for name in (".".join(parts[:end]) for end in range(1, len(parts) + 1)):
            if name in modules and name not in found:
                found.add(name)
                waiting += modules[name].code.modules
    return found


def exercise_of(name: str, files: Mapping[str, str]) -> str | None:
    """The exercise whose file this is, or a copy of it by whatever name: `ex_1_1_word_level (1).py`, `Copy of ...`.

    Args:
        name: the name of a module, with or without folders in front.
        files: the file of each exercise, by its id.
    """
    stem = re.sub(r"\.py$", "", name.rpartition("/")[2].casefold())
    for id_, file in files.items():
        own = re.escape(file.removesuffix(".py").casefold())
        if re.search(rf"(?<![^\W_]){own}(?![^\W\d_])", stem) and not stem.startswith("test_"):
            return id_
    return None


def _pick(names: Sequence[str], files: Mapping[str, bytes], target: Target, notes: list[str]) -> Piece:
    """The module that counts among those of one exercise; the others are named."""
    pieces = [_read(name, files[name], target, notes) for name in names]
    best = max(pieces, key=lambda piece: (target.is_attempted([piece]), piece.is_text))
    for name in names:
        if files[name] != files[best.where]:
            notes.append(f"{best.where} counts for {target.id}, {name} does not")
    return best


def _read(name: str, content: bytes, target: Target, notes: list[str]) -> Piece:
    is_text = True
    try:
        text = module_text(content)
    except IntakeError as error:
        notes.append(f"{name} {error}")
        text, is_text = f"raise UnicodeError({f'{name} {error}'!r})", False  # to run it fails, as in Python itself
    return Piece(where=name, code=read_code(text) or Code(source=text), owner=target.id, is_text=is_text)


def _rank(name: str, targets: Sequence[Target]) -> tuple[bool, int, bool, str]:
    folder, _, last = name.rpartition("/")
    in_exercises = folder.lower().endswith("exercises")
    is_copy = all(last.lower() != target.file.lower() for target in targets)
    return bool(folder) and not in_exercises, name.count("/"), is_copy, name


def some(names: Iterable[str]) -> str:
    """The first of these names, and how many more there are."""
    names = list(names)
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return ", ".join(names[:MAX_NAMED]) + more
