"""Reads one solution: its entry for the catalogue, its code, and the stub that is made of it."""

import ast
import re
import tomllib
from dataclasses import dataclass

import jupytext

from grader.catalog import check_catalog
from grader.errors import CatalogError
from grader.model import Exercise
from tools.regions import cut_answers, drop_markers

_TABLE = "[[exercise]]"
_PERCENT = {"extension": ".py", "format_name": "percent", "comment_magics": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One exercise as its author wrote it, in the three forms that the kit needs."""

    exercise: Exercise
    entry: str
    """The exercise's table of catalog.toml, as text."""
    solution: str
    """The cell with its answers."""
    stub: str
    """The same cell with blanks."""


def read_source(text: str, file: str) -> Source:
    """The exercise that the solution `file` holds.

    Args:
        text: the file's text: a raw py:percent cell with the TOML entry, then one code cell.
        file: the file's name; it goes into the entry.

    Raises:
        CatalogError: cells, TOML or region markers are not as described; the message names file and line.
    """
    where = f"solutions/{file}"
    solution_text, stub_text = drop_markers(text, where), cut_answers(text, where)
    if solution_text == text:
        raise CatalogError(f"{where}:1: no answer to cut out; put `# region answer` and `# endregion` around it")
    _must_parse(text, where)
    _must_parse(stub_text, f"{where}, with the answers cut out")
    raw, solution = _two_cells(solution_text, where)
    _, stub = _two_cells(stub_text, where)
    entry = raw.replace(_TABLE, f'{_TABLE}\nfile = "{file}"', 1) + "\n"
    exercise = _exercise(entry, where)
    header = _header(exercise)
    entry = _with_stub(entry, header + stub, where)
    return Source(exercise=exercise, entry=entry, solution=header + solution, stub=header + stub)


def _with_stub(entry: str, stub: str, where: str) -> str:
    """The entry with the shipped cell in it: students edit the stub's file, so what was shipped stands here, too."""
    if "'''" in stub:
        raise CatalogError(f"{where}: write strings with double quotes; ''' frames the stub in the catalogue")
    first_subtable = re.search(r"^\[", entry.removeprefix(_TABLE), re.MULTILINE)
    place = first_subtable.start() + len(_TABLE) if first_subtable else len(entry)
    return f"{entry[:place].rstrip()}\nstub = '''\n{stub.rstrip()}\n'''\n\n{entry[place:]}".rstrip() + "\n"


def _two_cells(text: str, where: str) -> tuple[str, str]:
    cells = jupytext.reads(text, fmt=_PERCENT).cells
    kinds = [cell.cell_type for cell in cells]
    if kinds != ["raw", "code"]:
        raise CatalogError(
            f"{where}:1: expected a `# %% [raw]` cell with the TOML entry and one `# %%` cell, got {' + '.join(kinds)}"
        )
    return cells[0].source, cells[1].source


def _exercise(entry: str, where: str) -> Exercise:
    """The checked record of an entry. Its line numbers are the file's: `file` makes up for the cell's first line."""
    if not entry.startswith(_TABLE + "\n"):
        raise CatalogError(f"{where}:2: the entry must begin with `# {_TABLE}`")
    try:
        table = tomllib.loads(entry)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise CatalogError(f"{where}:{line[1] if line else 2}: the entry is not valid TOML: {error}") from None
    exercises = check_catalog({"format_version": 1, **table}, f"{where}:2").exercise
    if len(exercises) != 1:
        raise CatalogError(f"{where}:2: one `{_TABLE}` per file, got {len(exercises)}")
    unknown = set(table) - {"exercise"} | set(table["exercise"][0]) - set(Exercise.__struct_fields__)
    if unknown:
        raise CatalogError(f"{where}:2: unknown field {sorted(unknown)[0]!r}; Exercise in grader/model.py has them all")
    return exercises[0]


def _header(exercise: Exercise) -> str:
    points = f"{exercise.points} {'bonus ' if exercise.bonus else ''}points"
    return f"# {exercise.id} {' '.join(exercise.title.split())} ({points})\n\n"


def _must_parse(code: str, where: str) -> None:
    try:
        ast.parse(code)
    except SyntaxError as error:
        raise CatalogError(f"{where}:{error.lineno}: not valid Python: {error.msg}; mend that line") from None
