"""Which cells run together, which of them an exercise needs, and in what order."""

import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.catalog import Catalog
from grader.intake.code import read_code
from grader.model import SourceCell, Submission


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


def _global_names(source: str) -> frozenset[str]:
    """The global names that a cell uses, in its functions too."""
    try:
        return _globals_in(symtable.symtable(source, "cell", "exec"))
    except (SyntaxError, ValueError, RecursionError):  # `await` at the top level, or no Python at all
        code = read_code(source)
        return code.uses if code else frozenset()


def _globals_in(table: symtable.SymbolTable) -> frozenset[str]:
    at_top = table.get_type() == "module"
    used = (s.get_name() for s in table.get_symbols() if s.is_referenced() and (at_top or s.is_global()))
    return frozenset(used).union(*(_globals_in(inner) for inner in table.get_children()))


def needed_cells(exercise_ids: Iterable[str], submission: Submission, catalog: Catalog) -> list[SourceCell]:
    """The cells that any of these exercises needs, in the order in which they run."""
    needed = [cell for id_ in exercise_ids for cell in cells_for(id_, submission.cells, catalog)]
    return [cell for cell in submission.cells if any(cell is other for other in needed)]
