"""Runs the cells of one exercise the way a notebook would, the same in process and behind the wall."""

import types
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from grader.model import Given, SourceCell
from grader.protocol.messages import Trouble
from grader.sandbox import own_modules
from grader.sandbox.notebook import Notebook
from grader.sandbox.seeds import seed_everything

CELL_SEED = 20_240_601
"""The seed before each cell; checks seed again with their own."""
_NOTHING = object()
_FIRST, _HALF = 8, 0.02
"""How many numbers of a tensor are looked at, and by what part of the largest they may differ."""


def run_cells(
    notebook: Notebook,
    where: str,
    cells: Sequence[SourceCell],
    givens: Mapping[str, object],
    names: Collection[str] = (),
) -> Trouble | None:
    """Runs the cells of one exercise; returns the first trouble, and joins what they printed and displayed.

    Where they stop before they define a function that the exercise asks for, one of that name from an earlier exercise
    does not stand in for it.
    """
    output, displayed, first, passed_over = "", list[object](), None, list[Trouble]()
    before = dict(notebook.namespace)
    notebook.wanted = names
    for cell in cells:
        if cell.module:
            own_modules.add(cell.module, cell.source)
            continue
        seed_everything(CELL_SEED)
        trouble = notebook.run(cell.source, where, givens)
        first = first or trouble
        output += notebook.output
        displayed += notebook.displayed
        passed_over += notebook.passed_over
    notebook.output, notebook.displayed, notebook.trouble = output, displayed, first
    notebook.passed_over = passed_over
    notebook.own = [name for name, value in notebook.namespace.items() if before.get(name, _NOTHING) is not value]
    for name in set(names) - set(notebook.own) if first else ():
        if isinstance(notebook.namespace.get(name), types.FunctionType):
            del notebook.namespace[name]
    # What was passed over is the reason where a name is missing; nobody needs it otherwise.
    held = dict(notebook.items())
    return first or (passed_over[0] if passed_over and not all(name in held for name in names) else None)


def passed_over(notebook: Notebook) -> list[str]:
    """What of the latest exercise's cells failed for what this machine lacks, in words for their author."""
    return [
        f"line {trouble.line} needs what is not here and was passed over ({trouble.type})"
        for trouble in notebook.passed_over
    ]


def missing_givens(givens: Sequence[Given], notebook: Notebook, supply: Callable[[str], object]) -> dict[str, object]:
    """Library objects for givens of earlier exercises that the notebook does not define, or not as something usable.

    A stub leaves `{}` behind, a wrong answer may leave None, the class in place of a model, or one with random weights:
    none of these may cost the exercises that build upon it.
    """
    from grader.offline.supply import sample  # not at the top: exercises in plain Python need none of it

    stand_ins = {}
    for given in givens:
        if given.supply and given.source != "cell":
            current = notebook.namespace.get(given.name)
            if isinstance(current, types.ModuleType):
                continue
            if current is None or not _serves(current, sample(given.supply)):
                stand_ins[given.name] = supply(given.supply)
    return stand_ins


def _serves(current: object, stand_in: object) -> bool:
    """Whether a value can be worked with where the stand-in could; what it does is for the checks to judge."""
    if isinstance(stand_in, dict):
        return isinstance(current, dict) and all(
            key in current and _serves(current[key], value) for key, value in stand_in.items()
        )
    if isinstance(stand_in, str):
        return isinstance(current, str)
    if isinstance(current, type):
        return False
    return not hasattr(stand_in, "state_dict") or _is_same_model(current, stand_in)


def _is_same_model(current: Any, stand_in: Any) -> bool:
    """Whether a model has the weights of the stand-in, by the first numbers of each tensor that both have.

    Half precision and a few more rows for added tokens are no other weights; random ones, zeros and dropout are.
    """
    try:
        if getattr(current, "training", False):
            return False
        theirs, ours = current.state_dict(), stand_in.state_dict()
        return all(_starts_alike(theirs[name], tensor) for name, tensor in ours.items() if name in theirs)
    except (Exception, SystemExit):  # noqa: BLE001 - an object of the student's own, which may do anything
        return False


def _starts_alike(one: Any, other: Any) -> bool:
    a, b = one.flatten()[:_FIRST].float(), other.flatten()[:_FIRST].float()
    return a.shape == b.shape and bool((a - b).abs().max() <= _HALF * b.abs().max())
