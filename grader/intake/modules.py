"""Matches module files with exercises, by name."""

import re
from collections.abc import Iterable, Mapping, Sequence

from grader.errors import IntakeError
from grader.intake.notebook import RawCell
from grader.intake.pieces import Target
from grader.intake.text import module_text

MAX_NAMED = 8
_COPY = re.compile(r"( ?\(\d+\)|[ _-]copy|-\d)$")
_CELL_MARK = re.compile(r"^# ?(%%|In\[[ \d]*\]:?).*$", re.MULTILINE)


def pick_modules(files: Mapping[str, bytes], targets: Sequence[Target], notes: list[str]) -> dict[str, tuple[str, str]]:
    """The module of each exercise that has one: its name and text, by exercise id.

    Of two with the same name the one in `exercises/` counts, then the least deep.
    """
    picked: dict[str, tuple[str, str]] = {}
    ignored: list[str] = []
    wanted = {target.file.lower(): target for target in targets}
    for name in sorted(files, key=_rank):
        target = wanted.get(name.rpartition("/")[2].lower()) or wanted.get(_without_copy_mark(name))
        if target is None:
            ignored.append(name)
        elif target.id in picked and files[name] == files[picked[target.id][0]]:
            continue
        elif target.id in picked:
            notes.append(f"{picked[target.id][0]} counts for {target.id}, {name} does not")
        else:
            try:
                picked[target.id] = (name, module_text(files[name]))
            except IntakeError as error:
                notes.append(f"{name} {error}")
    # Of a whole checkout only what lies beside the exercises, or on top, may have been meant to count.
    beside = {name.rpartition("/")[0] for name, _ in picked.values()} | {""}
    ignored = [name for name in ignored if name.rpartition("/")[0] in beside]
    if ignored:
        notes.append(f"left out, since no exercise has that name: {_some(ignored)}")
    return picked


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


def _rank(name: str) -> tuple[bool, int, bool, str]:
    folder, _, last = name.rpartition("/")
    in_exercises = folder.lower().endswith("exercises")
    return (bool(folder) and not in_exercises, name.count("/"), bool(_COPY.search(last.rpartition(".")[0])), name)


def _without_copy_mark(name: str) -> str:
    stem, _, suffix = name.rpartition("/")[2].lower().rpartition(".")
    return f"{_COPY.sub('', stem)}.{suffix}"


def _some(names: Iterable[str]) -> str:
    names = list(names)
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return ", ".join(names[:MAX_NAMED]) + more
