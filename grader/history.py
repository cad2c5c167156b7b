"""From what was run in a notebook to the cells that one exercise needs.

A kernel remembers every version of every cell, in the order in which they ran. For each exercise the latest version
counts. Of the rest, only cells that define a name in use come along: helpers, imports, answers of earlier exercises.
"""

import json
import re
import symtable
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.catalog import Catalog
from grader.intake.blank import statements
from grader.intake.code import read_code
from grader.intake.parse import parse
from grader.intake.receive import submission_from
from grader.intake.upload import Upload
from grader.model import SourceCell, Submission
from grader.reading import parse_arguments

_LONGEST = 1_000
"""Cells that ran longer ago than this many others are forgotten."""
_OURS = re.compile(r"\A\s*(?:#[^\n]*\n\s*)*(?:check|picture)\(|\bgrader\.(?:notebook|offline|pictures)\b")
"""Check cells, picture cells and the setup cell."""


def read_history(history: Sequence[str], catalog: Catalog) -> Submission:
    """The executed cells as a submission, read the way the grader reads a notebook.

    An exercise's cell is known by its first line (`# 1.1 Word-level tokenization`), or by what it still has of the cell
    as it was shipped. For other cells the names that they define decide, as for any upload.

    Args:
        history: the source of every executed cell, the latest last.
        catalog: the exercises.
    """
    latest: dict[str, dict[str, object]] = {}
    for source in history[-_LONGEST:]:
        if not source.strip() or _OURS.search(source):
            continue
        exercise_id = exercise_of(source, catalog)
        key = exercise_id or " ".join(sorted(_own_names(source))) or source
        latest.pop(key, None)  # the latest version takes the latest place, too
        mark = {"lm_playground": {"exercise": exercise_id, "role": "exercise"}} if exercise_id else {}
        latest[key] = {"cell_type": "code", "source": source, "metadata": mark}
    content = json.dumps({"cells": list(latest.values()), "nbformat": 4, "nbformat_minor": 5}).encode()
    upload = Upload(id="notebook", source="this notebook", sha256="", kind="notebook")
    return submission_from(upload, parse("notebook", {"notebook.ipynb": content}, **parse_arguments(catalog)))


def exercise_of(source: str, catalog: Catalog) -> str:
    """The exercise whose cell this is, by its first line or by more than half of the shipped code; else empty."""
    first = next(iter(source.strip().splitlines()), "").casefold()
    for exercise in catalog.exercise:
        if first.startswith(f"# {exercise.id} {exercise.title}".casefold()):
            return exercise.id
    code = statements(source)
    kept = {}
    for exercise in catalog.exercise:
        stub = statements(exercise.stub)
        if code and stub and 2 * (code & stub).total() > stub.total():
            kept[exercise.id] = (code & stub).total() / stub.total()
    return max(kept, key=kept.__getitem__) if kept else ""


def cells_for(exercise_id: str, cells: Sequence[SourceCell], catalog: Catalog) -> list[SourceCell]:
    """What has to run for an exercise: its own cells, and before them those that define the names they use.

    Answers of earlier exercises come in the order of the catalogue, whatever order they ran in.
    """
    place = catalog.ids.index(exercise_id)
    exercises = [
        _Unit.of([cell for cell in cells if cell.exercise == id_], i) for i, id_ in enumerate(catalog.ids[: place + 1])
    ]
    scratch = [_Unit.of([cell], place) for cell in cells if cell.exercise is None]
    links = _Links(exercises, scratch)
    needed: list[_Unit] = []
    links.reach(exercises[place], needed)
    ordered: list[_Unit] = []
    for unit in sorted((unit for unit in needed if unit in exercises), key=lambda unit: unit.place):
        links.put(unit, ordered)
    return [cell for unit in ordered for cell in unit.cells]


@dataclass(frozen=True, eq=False)
class _Unit:
    """Cells that run together: those of an exercise, or one cell of the student's own."""

    cells: Sequence[SourceCell]
    place: int
    """It may use what exercises before this place answer."""
    defines: frozenset[str]
    uses: frozenset[str]

    @classmethod
    def of(cls, cells: Sequence[SourceCell], place: int) -> "_Unit":
        codes = [code for cell in cells if (code := read_code(cell.source))]
        defines = frozenset[str]().union(*(code.binds for code in codes))
        uses = frozenset[str]().union(*(_global_names(code.source) for code in codes))
        return cls(cells, place, defines, uses - defines)


class _Links:
    """Who defines what somebody uses."""

    def __init__(self, exercises: Sequence[_Unit], scratch: Sequence[_Unit]) -> None:
        self._exercises, self._scratch = exercises, scratch

    def reach(self, unit: _Unit, seen: list[_Unit]) -> None:
        """Adds a unit and all that it needs."""
        seen.append(unit)
        for other in self._behind(unit):
            if other not in seen:
                self.reach(other, seen)

    def put(self, unit: _Unit, ordered: list[_Unit], above: tuple[_Unit, ...] = ()) -> None:
        """Adds a unit at the end, and the scratch cells that it needs in front of it."""
        for other in self._behind(unit):
            if other in self._scratch and other not in (*ordered, *above):
                self.put(other, ordered, (*above, unit))
        ordered.append(unit)

    def _behind(self, unit: _Unit) -> Iterator[_Unit]:
        """For each name in use the exercise that last defined it, or else the student's own cell that did."""
        for name in sorted(unit.uses):
            earlier = [other for other in self._exercises if other.place < unit.place and name in other.defines]
            own = [other for other in self._scratch if other is not unit and name in other.defines]
            yield from (earlier or own)[-1:]


def _own_names(source: str) -> frozenset[str]:
    """The names that a cell defines, without its imports."""
    code = read_code(source)
    return code.binds - code.imports if code else frozenset()


def _global_names(source: str) -> frozenset[str]:
    """The global names that a cell uses, in its functions too."""
    try:
        return _globals_in(symtable.symtable(source, "cell", "exec"))
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()


def _globals_in(table: symtable.SymbolTable) -> frozenset[str]:
    at_top = table.get_type() == "module"
    used = (s.get_name() for s in table.get_symbols() if s.is_referenced() and (at_top or s.is_global()))
    return frozenset(used).union(*(_globals_in(inner) for inner in table.get_children()))
