"""Finds the YOUR CODE HERE cells of any notebook: what each must define, and what it takes from cells before."""

import ast
import builtins
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode

from grader.errors import KitError

WORDS = "YOUR CODE HERE"
_TEXT_BLANK = re.compile(r"^([ \t]*)(\"\"\"|''')\s*YOUR CODE HERE.*?\2[ \t]*$", re.DOTALL | re.MULTILINE)
_LINE_BLANK = re.compile(
    r"^([ \t]*)#[^\n]*YOUR CODE HERE[^\n]*(?:\n\1(?:pass|\.\.\.|raise NotImplementedError[^\n]*)[ \t]*$)?", re.MULTILINE
)
_OPEN = "# region answer"
_REGION = rf"\1{_OPEN}\n\1...  # the answer\n\1# endregion"
_NUMBER = re.compile(r"\d+(?:\.\d+)*[a-z]?\b")
_LETTERS = "bcdefghijklmnopqrstuvwxyz"
_NOTEBOOKS_OWN = frozenset({"display", "get_ipython", "__name__"})


@dataclass(kw_only=True)
class Blank:
    """A cell with a blank, on its way to an exercise."""

    id: str
    title: str
    source: str
    """With region markers in place of the blanks, and with what it needs of cells that have none."""
    answers: list[str] = field(default_factory=list)
    """Names that it must define, as far as they can be guessed."""
    left: list[str] = field(default_factory=list)
    """Names that cells without a blank define before it, and that it does not use outside of the blank."""


def find_blanks(cells: Sequence[NotebookNode]) -> dict[int, Blank]:
    """The cells with a blank, by their place in the notebook.

    Raises:
        KitError: such a cell is no Python once its blank is filled.
    """
    found: dict[int, Blank] = {}
    heading = ""
    for place, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            heading = next(iter(re.findall(r"^#+\s*(.+)$", cell.source, re.MULTILINE)[::-1]), heading)
        if cell.cell_type != "code" or WORDS not in cell.source:
            continue
        source = _LINE_BLANK.sub(_REGION, _TEXT_BLANK.sub(_REGION, cell.source))
        if WORDS in source or _parsed(source) is None:
            where = "on lines of its own, in a comment or in triple quotes, in a cell of Python"
            raise KitError(f"cell {place + 1}: {WORDS} should stand {where}")
        name = _free_id(heading, {blank.id for blank in found.values()})
        title = _NUMBER.sub("", heading, count=1).strip(" .:-") or f"Exercise {name}"
        found[place] = Blank(id=name, title=title, source=source)
    _guess_answers(cells, found)
    _carry(cells, found)
    return found


def _free_id(heading: str, taken: set[str]) -> str:
    """The number of the heading; with a letter, where an exercise has it already."""
    number = _NUMBER.match(heading.lower())
    first = number[0] if number else str(len(taken) + 1)
    return next(name for name in (first, *(first + letter for letter in _LETTERS)) if name not in taken)


def _guess_answers(cells: Sequence[NotebookNode], found: Mapping[int, Blank]) -> None:
    """Functions and classes with a blank inside, names set to None beside it, and what is used and nobody defines."""
    trees = {
        place: _parsed(found[place].source if place in found else cell.source)
        for place, cell in enumerate(cells)
        if cell.cell_type == "code"
    }
    known = {*dir(builtins), *_NOTEBOOKS_OWN}
    known.update(name for tree in trees.values() if tree for name in _bound(tree))
    open_blank: Blank | None = None
    for place, tree in trees.items():
        if tree is None:
            continue
        if place in found:
            inside, is_open = _around_blanks(tree, found[place].source)
            found[place].answers += inside
            open_blank = found[place] if is_open else open_blank
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id not in known and open_blank is not None:
                open_blank.answers.append(node.id)
                known.add(node.id)


def _around_blanks(tree: ast.Module, source: str) -> tuple[list[str], bool]:
    """The answers that a cell shows itself, and whether a blank stands outside of functions and classes."""
    numbered = enumerate(source.split("\n"), start=1)
    lines = [number for number, line in numbered if line.strip() == _OPEN]
    holders = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    inside = {line: node.name for line in lines for node in holders if node.lineno < line <= (node.end_lineno or 0) + 1}
    is_open = len(inside) < len(lines)
    empty = (
        [
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign)
            if isinstance(node.value, ast.Constant) and node.value.value in (None, ...)
            for target in node.targets
            if isinstance(target, ast.Name)
        ]
        if is_open
        else []
    )
    return list(dict.fromkeys([*inside.values(), *empty])), is_open


def _carry(cells: Sequence[NotebookNode], found: Mapping[int, Blank]) -> None:
    """Puts what an exercise uses of cells without a blank into its own cell: a stub has no other.

    What only the answer will use nobody can know; it is named in `left`.
    """
    origin: dict[str, tuple[int, str]] = {}
    """The statement that bound each name last: its number, and its text."""
    count = 0
    for place, cell in enumerate(cells):
        if cell.cell_type != "code":
            continue
        if place in found:
            blank, statements = found[place], _needed(found[place].source, origin)
            blank.left = [name for name, statement in origin.items() if statement not in statements]
            if statements:
                blank.source = "\n".join([*(text for _, text in sorted(statements)), "", blank.source])
            for name in _top_names(_parsed(blank.source)):
                origin.pop(name, None)  # from here on it comes from this exercise
        else:
            for statement in _plain(cell.source):
                count += 1
                text = ast.get_source_segment(cell.source, statement) or ""
                origin |= dict.fromkeys(_top_names(ast.Module([statement], [])), (count, text))


def _needed(source: str, origin: Mapping[str, tuple[int, str]]) -> set[tuple[int, str]]:
    """The statements that a text needs, and what these need."""
    statements: set[tuple[int, str]] = set()
    texts = [source]
    for text in texts:
        for name in _used(text):
            if name in origin and origin[name] not in statements:
                statements.add(origin[name])
                texts.append(origin[name][1])
    return statements


def _used(source: str) -> set[str]:
    """Names that a text reads and does not define."""
    tree = _parsed(source)
    if tree is None:
        return set()
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return read - set(_bound(tree))


def _plain(source: str) -> list[ast.stmt]:
    """The statements at the top of a cell; none of a cell with magics."""
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError):
        return []


def _top_names(tree: ast.Module | None) -> list[str]:
    """What assignments, imports and definitions at the top bind."""
    names = []
    for node in tree.body if tree else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom):
            names += _bound(node)
    return names


def _parsed(source: str) -> ast.Module | None:
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        plain: str = TransformerManager().transform_cell(source)
        return ast.parse(plain)
    except (SyntaxError, ValueError):
        return None


def _bound(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name
