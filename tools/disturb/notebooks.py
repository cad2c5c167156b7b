"""What happens to notebooks on their way through a term, each a function: what real submissions look like.

Those in `HARMLESS` leave every answer where a person still finds it, so that all marks must stand. Those in `BROKEN`
leave nothing that can be read for certain.
"""

import ast
import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from grader.project import project_catalog
from tools.build import ROOT

Notebook = dict[str, Any]
Rewrite = Callable[[Notebook], Notebook | None]
Respell = Callable[[bytes], bytes]


def _cells(notebook: Notebook) -> list[Notebook]:
    cells: list[Notebook] = notebook["cells"]
    return cells


def _code(notebook: Notebook) -> Iterator[tuple[int, Notebook]]:
    return ((place, cell) for place, cell in enumerate(_cells(notebook)) if cell["cell_type"] == "code")


def _text(cell: Notebook) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _is_blank(cell: Notebook) -> bool:
    return "YOUR CODE HERE" in _text(cell)


def _new(kind: str, source: str) -> Notebook:
    extra: Notebook = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source, **extra}


def marker_left_standing(notebook: Notebook) -> None:
    """`YOUR CODE HERE` above code that works."""
    for _, cell in _code(notebook):
        cell["source"] = '"""\nYOUR CODE HERE\n"""\n' + _text(cell)


def scratch_on_top(notebook: Notebook) -> None:
    """Cells of the student's own before everything else, one of which fails."""
    _cells(notebook)[:0] = [
        _new("code", "import os, sys, math\nprint(sys.version)\nvocab = 'scratch'"),
        _new("markdown", "my notes:\n\n```python\n# 9.9 - a heading in a fence\n```"),
        _new("code", "1 / 0  # what happens?"),
    ]


def imports_first(notebook: Notebook) -> None:
    """All imports in one cell at the top, taken out of the others."""
    moved = []
    for _, cell in _code(notebook):
        lines = _text(cell).split("\n")
        whole = [line for line in lines if line.startswith(("import ", "from ")) and "(" not in line]
        moved += whole
        cell["source"] = "\n".join(line for line in lines if line not in whole)
    _cells(notebook).insert(0, _new("code", "\n".join(dict.fromkeys(moved))))


def ids_lost(notebook: Notebook) -> None:
    """Saved as nbformat 4.4, which has no ids: headings and names must do."""
    notebook["nbformat_minor"] = 4
    for cell in _cells(notebook):
        cell.pop("id", None)


def ids_doubled(notebook: Notebook) -> None:
    """Markdown cells that were copied with their id from a code cell."""
    ids = [cell["id"] for _, cell in _code(notebook) if "id" in cell]
    prose = [cell for cell in _cells(notebook) if cell["cell_type"] == "markdown"]
    for cell, cell_id in zip(prose, ids, strict=False):
        cell["id"] = cell_id


def ids_of_colab(notebook: Notebook) -> None:
    """Colab keeps ids in the metadata, and adds facts of its own."""
    for cell in _cells(notebook):
        cell["metadata"] = {"id": cell.pop("id", ""), "colab": {"base_uri": "https://localhost:8080/"}}
    notebook["metadata"] |= {"colab": {"provenance": []}, "accelerator": "GPU"}


def worksheets(notebook: Notebook) -> Notebook:
    """Saved as nbformat 3: worksheets, `input` for code, headings as cells."""
    cells = []
    for cell in _cells(notebook):
        source = _text(cell)
        if cell["cell_type"] == "code":
            cells.append(
                {
                    "cell_type": "code",
                    "language": "python",
                    "input": source.splitlines(keepends=True),
                    "outputs": [],
                    "prompt_number": 3,
                    "metadata": {},
                    "collapsed": False,
                }
            )
        elif source.startswith("#") and "\n" not in source:
            level = len(source) - len(source.lstrip("#"))
            cells.append({"cell_type": "heading", "level": level, "source": source.lstrip("# "), "metadata": {}})
        else:
            cells.append({"cell_type": "markdown", "source": source, "metadata": {}})
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


def sources_as_text(notebook: Notebook) -> None:
    """Each source one text, where Jupyter writes a list of lines."""
    for cell in _cells(notebook):
        cell["source"] = _text(cell)


def windows_line_ends(notebook: Notebook) -> None:
    """Carriage returns inside of the sources."""
    for cell in _cells(notebook):
        cell["source"] = _text(cell).replace("\n", "\r\n")


def widgets_without_state(notebook: Notebook) -> None:
    """`metadata.widgets` as Colab leaves it: other tools die of it."""
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"3f0a": {"model_name": "VBox"}}}


def stale_outputs(notebook: Notebook) -> None:
    """Somebody else's outputs, and counts out of order."""
    for place, cell in _code(notebook):
        cell["execution_count"] = 1_000 - 7 * place
        cell["outputs"] = [
            {"output_type": "stream", "name": "stdout", "text": ["all checks passed\n", "8/8\n"]},
            {"output_type": "error", "ename": "NameError", "evalue": "no x", "traceback": ["\x1b[31m"]},
        ]


def magics(notebook: Notebook) -> None:
    """Lines of IPython in and between the answers; nobody times a blank."""
    for _, cell in _code(notebook):
        timed = "" if _is_blank(cell) else "\n%time 1 + 1"
        cell["source"] = "%matplotlib inline\n!pip install -q tiktoken transformers\n" + _text(cell) + timed
    _cells(notebook).insert(0, _new("code", "%%bash\npip install torch\nnvidia-smi"))


def headings_gone(notebook: Notebook) -> None:
    """No prose at all: the ids must do."""
    notebook["cells"] = [cell for cell in _cells(notebook) if cell["cell_type"] == "code"]


def own_headings(notebook: Notebook) -> None:
    """Small headings of the student's own between the course's."""
    for place, _ in reversed(list(_code(notebook))):
        _cells(notebook).insert(place, _new("markdown", "#### My solution\n\nI think this works."))


def split_in_two(notebook: Notebook) -> None:
    """Each long answer cut in two at a blank line between functions; the second half is a cell without id."""
    for place, cell in reversed(list(_code(notebook))):
        source = _text(cell)
        cut = source.find("\n\ndef ")
        if cut > 0 and source[:cut].strip():
            cell["source"] = source[:cut]
            _cells(notebook).insert(place + 1, _new("code", source[cut:].strip("\n")))


def demos_deleted(notebook: Notebook) -> None:
    """The cells that only show things are gone."""
    demos = project_catalog(ROOT).demo_cells
    notebook["cells"] = [cell for cell in _cells(notebook) if cell.get("id") not in demos]


def empty_cells(notebook: Notebook) -> None:
    """Empty cells everywhere, and a raw one."""
    for place in range(len(_cells(notebook)), 0, -2):
        _cells(notebook).insert(place, _new("code", ""))
    _cells(notebook).append(_new("raw", "raw text"))


def first_attempt_kept(notebook: Notebook) -> None:
    """A first attempt that fails stands above each answer, under the same heading."""
    for place, cell in reversed(list(_code(notebook))):
        if _is_blank(cell):
            continue
        _cells(notebook).insert(place, _new("code", "# first try\nattempt = undefined_name + 1"))


def many_own_cells(count: int) -> Rewrite:
    """So many cells of the student's own before each answer, some of which fail."""

    def rewrite(notebook: Notebook) -> None:
        answers = [place for place, cell in _code(notebook) if not _is_blank(cell)]
        for place in reversed(answers):
            own = [
                _new("code", f"scratch_{number} = {number}\n" + ("scratch_0 / 0" if number % 5 == 0 else ""))
                for number in range(count // max(1, len(answers)) + 1)
            ]
            _cells(notebook)[place:place] = own

    return rewrite


def merged_with_the_next(notebook: Notebook) -> None:
    """An answer and the cell below it in one cell, as "merge cells" does."""
    cells, demos = _cells(notebook), project_catalog(ROOT).demo_cells
    for place in range(len(cells) - 2, -1, -1):
        cell, below = cells[place], cells[place + 1]
        both_code = cell["cell_type"] == below["cell_type"] == "code"
        shows_only = "check(" in _text(below) or below.get("id") in demos
        if both_code and not _is_blank(cell) and shows_only:
            cell["source"] = _text(cell).rstrip("\n") + "\n" + _text(below)
            del cells[place + 1]


def last_line_alone(notebook: Notebook) -> None:
    """The last statement of each answer in a cell of its own."""
    for place, cell in reversed(list(_code(notebook))):
        try:
            body = [] if _is_blank(cell) else ast.parse(_text(cell)).body
        except SyntaxError:
            continue
        if len(body) > 1 and body[-1].col_offset == 0 and body[-1].lineno > (body[-2].end_lineno or 0):
            lines = _text(cell).splitlines(keepends=True)
            cell["source"] = "".join(lines[: body[-1].lineno - 1])
            _cells(notebook).insert(place + 1, _new("code", "".join(lines[body[-1].lineno - 1 :])))


def ids_new(notebook: Notebook) -> None:
    """All ids are new, as some editors write them on each save."""
    for place, cell in enumerate(_cells(notebook)):
        cell["id"] = f"{place * 7919:08x}"


def marks_and_ids_lost(notebook: Notebook) -> None:
    """Neither the kit's marks nor ids are left."""
    ids_lost(notebook)
    for cell in _cells(notebook):
        cell["metadata"] = {}


def huge_outputs(notebook: Notebook) -> None:
    """A megabyte of saved output below each answer."""
    for _, cell in _code(notebook):
        if not _is_blank(cell):
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 500_000}]


def no_kernelspec(notebook: Notebook) -> None:
    """No metadata at all."""
    notebook["metadata"] = {}


def widget_state(notebook: Notebook) -> None:
    """Widgets with their state."""
    state = {"state": {"a1": {"model_name": "VBoxModel", "state": {"children": []}}}, "version_major": 2}
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": state}


def helpers_written(notebook: Notebook) -> None:
    """A `%%writefile` cell with a module that every answer imports."""
    _cells(notebook).insert(0, _new("code", "%%writefile my_tools.py\ndef same(value):\n    return value"))
    for _, cell in _code(notebook):
        if not _is_blank(cell) and not _text(cell).startswith("%%"):
            cell["source"] = "from my_tools import same\nsame(1)\n" + _text(cell)


def comments_between(notebook: Notebook) -> None:
    """Prose, pictures and raw cells between all others."""
    for place in range(len(_cells(notebook)), 0, -1):
        kind = ("markdown", "raw")[place % 2]
        _cells(notebook).insert(place, _new(kind, "What I learned: **nothing is hidden**.\n\n![plot](plot.png)"))


HARMLESS: dict[str, Rewrite] = {
    rewrite.__name__: rewrite
    for rewrite in (
        marker_left_standing,
        scratch_on_top,
        imports_first,
        ids_lost,
        ids_doubled,
        ids_of_colab,
        worksheets,
        sources_as_text,
        windows_line_ends,
        widgets_without_state,
        stale_outputs,
        magics,
        headings_gone,
        own_headings,
        split_in_two,
        demos_deleted,
        empty_cells,
        first_attempt_kept,
        merged_with_the_next,
        last_line_alone,
        ids_new,
        marks_and_ids_lost,
        huge_outputs,
        no_kernelspec,
        widget_state,
        helpers_written,
        comments_between,
    )
}
HARMLESS |= {f"own_cells_{count}": many_own_cells(count) for count in (14, 42, 200)}
SPELLINGS: dict[str, Respell] = {
    "with a byte order mark": lambda content: b"\xef\xbb\xbf" + content,
    "in UTF-16": lambda content: content.decode().encode("utf-16"),
    "with a trailing comma": lambda content: content.replace(b"\n ],", b",\n ],", 1),
    "with Windows line ends": lambda content: content.replace(b"\n", b"\r\n"),
    "as JSON in one line": lambda content: json.dumps(json.loads(content)).encode(),
}
BROKEN: dict[str, Respell] = {
    "cut off": lambda content: content[: len(content) // 2],
    "empty": lambda _: b"",
    "with git conflict markers": lambda content: content.replace(
        b'"cells": [', b'<<<<<<< HEAD\n "cells": [\n=======\n "cells": [\n>>>>>>> theirs', 1
    ),
    "a web page": lambda _: b"<!DOCTYPE html><title>Sign in</title>",
    "null": lambda _: b"null",
}


def disordered(notebook: Notebook, *names: str) -> Notebook:
    """The notebook with these things done to it, one after the other; the given one stays as it is."""
    changed = copy.deepcopy(notebook)
    for name in names:
        changed = HARMLESS[name](changed) or changed
    return changed


def as_file(notebook: Notebook, spelling: str = "") -> bytes:
    """The bytes of an .ipynb file.

    Args:
        notebook: its content.
        spelling: a key of `SPELLINGS` or `BROKEN`.
    """
    content = json.dumps(notebook, indent=1, ensure_ascii=False).encode()
    respell = {**SPELLINGS, **BROKEN}.get(spelling)
    return respell(content) if respell else content
