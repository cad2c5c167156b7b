"""Matches module files with exercises, by name."""

import re
from collections.abc import Iterable, Mapping, Sequence

from grader.errors import IntakeError
from grader.intake.code import Code, read_code
from grader.intake.notebook import RawCell
from grader.intake.pieces import Piece, Target
from grader.intake.text import module_text

MAX_NAMED = 8
_CELL_MARK = re.compile(r"^# ?(%%|In\[[ \d]*\]:?).*$", re.MULTILINE)


def pick_modules(files: Mapping[str, bytes], targets: Sequence[Target], notes: list[str]) -> dict[str, Piece]:
    """The module of each exercise that has one, by exercise id.

    Of several the one that was worked on counts. Of equals it is the one in `exercises/`, then the least deep, then the
    one that has the name of the exercise's file and not that of a copy.
    """
    found: dict[str, list[str]] = {}
    ignored: list[str] = []
    for name in sorted(files, key=lambda name: _rank(name, targets)):
        id_ = exercise_of(name, {target.id: target.file for target in targets})
        found.setdefault(id_, []).append(name) if id_ else ignored.append(name)
    picked = {t.id: _pick(found[t.id], files, t, notes) for t in targets if t.id in found}
    # Of a whole checkout only what lies beside the exercises, or on top, may have been meant to count.
    beside = {piece.where.rpartition("/")[0] for piece in picked.values()} | {""}
    ignored = [name for name in ignored if name.rpartition("/")[0] in beside]
    if ignored:
        notes.append(f"left out, since no exercise has that name: {some(ignored)}")
    return picked


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


def split_module(text: str) -> list[RawCell]:
    """A module that is a whole notebook in Python's clothes, cut at its `# %%` or `# In[1]:` lines."""
    cells: list[RawCell] = []
    start = 0
    marks = [match.start() for match in _CELL_MARK.finditer(text)]
    for end in [*marks, len(text)]:
        source = text[start:end]
        kind = "markdown" if re.match(r"# ?%% *\[(markdown|raw)\]", source) else "code"
        if kind == "markdown":
            source = re.sub(r"^# ?", "", source, flags=re.MULTILINE)
        cells.append(RawCell(number=len(cells) + 1, kind=kind, source=source))
        start = end
    return cells


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
