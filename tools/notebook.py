"""Renders the pieces of the template as a notebook: for students, with blanks, or with the answers."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import jupytext
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.errors import CatalogError
from tools.template import Piece

_PERCENT = {"extension": ".py", "format_name": "percent", "comment_magics": False}
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A cell without a blank."""

    source: str
    role: str
    """`demo` or `setup`."""
    course_cell: str
    """Id of the cell in the original course notebook; empty where that has none."""

    @property
    def names(self) -> set[str]:
        """What the cell assigns, loops over and defines."""
        nodes = list(ast.walk(ast.parse(self.source)))
        assigned = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        return assigned | {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def read_demos(text: str, where: str) -> dict[str, Demo]:
    """The demos by name, from a py:percent text whose code cells have the name as title."""
    demos: dict[str, Demo] = {}
    for cell in jupytext.reads(text, fmt=_PERCENT).cells:
        if cell.cell_type != "code":
            continue
        name = cell.metadata.get("title", "")
        if not name or name in demos:
            raise CatalogError(f"{where}: every demo needs a name of its own, `# %% name`; got {name!r}")
        course_cell = cell.metadata.get("course_cell", "")
        demos[name] = Demo(source=cell.source, role=cell.metadata.get("role", "demo"), course_cell=course_cell)
    return demos


def render_notebook(pieces: Sequence[Piece], cells: Mapping[str, str], demos: Mapping[str, Demo]) -> str:
    """The notebook as the text of an .ipynb file.

    Args:
        pieces: the template, read.
        cells: source of the cell of every exercise.
        demos: the cells without a blank.
    """
    rendered = list(_cells(pieces, cells, demos))
    ids = [cell.id for cell in rendered]
    twice = sorted({cell_id for cell_id in ids if ids.count(cell_id) > 1})
    if twice:
        raise CatalogError(f"two notebook cells would have the id {twice[0]!r}; give their headings different words")
    return notebook_text(rendered)


def notebook_text(cells: list[nbformat.NotebookNode]) -> str:
    """A valid notebook of these cells, always the same bytes for the same cells."""
    notebook = new_notebook(cells=cells, metadata=_METADATA)
    notebook.nbformat_minor = 5  # cell ids need it; later minors would change the bytes
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)) + "\n"


def _cells(
    pieces: Sequence[Piece], cells: Mapping[str, str], demos: Mapping[str, Demo]
) -> Iterator[nbformat.NotebookNode]:
    previous = "start"
    for piece in pieces:
        slug = _slug(piece.text)
        if piece.role == "prose":
            cell = new_markdown_cell(piece.text, id=_prose_id(piece.text, previous))
        elif piece.role == "cell":
            cell = _code(f"ex-{slug}", cells[piece.text], {"exercise": piece.text, "role": "exercise"})
        elif piece.role == "check":
            cell = _code(f"check-{slug}", f'check("{piece.text}")', {"exercise": piece.text, "role": "check"})
        else:
            demo = demos[piece.text]
            cell = _code(slug if slug == demo.role else f"demo-{slug}", demo.source, {"role": demo.role})
        previous = cell.id
        yield cell


def _code(cell_id: str, source: str, facts: dict[str, str]) -> nbformat.NotebookNode:
    return new_code_cell(source, id=cell_id, metadata={"lm_playground": facts})


def _prose_id(text: str, previous: str) -> str:
    """An id that changes only with the heading, or for prose without one with the cell before it."""
    heading = re.match(r"#+ (.+)", text)
    return f"md-{_slug(heading[1])}" if heading else f"md-after-{previous}"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.partition("\n")[0].lower()).strip("-")[:50]
