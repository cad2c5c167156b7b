"""How warm the fork server has to be for a submission: what its cells and the exercises at hand load."""

import sys
from collections.abc import Iterable

from grader.intake.code import read_code
from grader.model import Exercise, SourceCell, Submission
from grader.offline.supply import needs_libraries
from grader.protocol.warmth import Warmth

_BY_NAME = frozenset({"importlib", "__import__", "exec", "eval", "compile", "runpy", "pkgutil"})
"""With these a cell may import what nobody sees in its text."""


def warmth_for(submission: Submission, exercises: Iterable[Exercise]) -> Warmth:
    """The least that lets its code find every library loaded."""
    wanted = [exercise for exercise in exercises if exercise.id in submission.attempted]
    givens = [given.supply for exercise in wanted for given in exercise.givens if given.supply]
    own = {cell.module.partition(".")[0] for cell in submission.cells if cell.module}
    is_light = not any(map(needs_libraries, givens)) and all(_is_light_cell(cell, own) for cell in submission.cells)
    return Warmth.LIGHT if is_light else Warmth.MODELS


def _is_light_cell(cell: SourceCell, own: set[str]) -> bool:
    """Whether a cell imports only the standard library and its student's own modules, as far as its text says."""
    code = read_code(cell.source)
    if code is None:
        return True
    if code.tree is None:  # it will not run
        return True
    imported = {name.partition(".")[0] for name in code.modules}
    return imported - own <= sys.stdlib_module_names and not code.uses & _BY_NAME and not imported & _BY_NAME
