"""Runs the cells of one exercise the way a notebook would, the same in process and behind the wall."""

from collections.abc import Callable, Mapping, Sequence

from grader.model import Given
from grader.sandbox.answer import seed_everything
from grader.sandbox.notebook import Notebook
from grader.wire import Trouble

CELL_SEED = 20_240_601
"""The seed before each cell; checks seed again with their own."""


def run_cells(notebook: Notebook, where: str, sources: Sequence[str], givens: Mapping[str, object]) -> Trouble | None:
    """Runs the cells of one exercise; returns the first trouble, and joins what they printed and displayed."""
    output, displayed, first = "", list[object](), None
    for source in sources:
        seed_everything(CELL_SEED)
        trouble = notebook.run(source, where, givens)
        first = first or trouble
        output += notebook.output
        displayed += notebook.displayed
    notebook.output, notebook.displayed, notebook.trouble = output, displayed, first
    return first


def missing_givens(
    givens: Sequence[Given], notebook: Notebook, supply: Callable[[str], object]
) -> dict[str, object]:
    """Library objects for givens of earlier exercises that the notebook does not define."""
    return {
        given.name: supply(given.supply)
        for given in givens
        if given.supply and given.source != "cell" and given.name not in notebook.namespace
    }
