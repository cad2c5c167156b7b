"""Tells a blank from an attempt by comparing code with the stub, statement by statement.

The marker `YOUR CODE HERE` proves nothing: many right answers leave it standing. So comments, strings that stand
alone, `pass` and `...` are dropped from both sides, and an attempt is any code with a statement that the stub lacks.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from grader.intake.text import parsed

_BODIES = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})


def is_attempted(cells: Sequence[str], stub: str) -> bool:
    """Whether the cells of an exercise hold more than its stub does.

    Code that does not parse is compared line by line.
    """
    parsed = [statements(cell) for cell in cells]
    shipped = statements(stub)
    if shipped is None or None in parsed:
        return bool(_lines("\n".join(cells)) - _lines(stub))
    return bool(sum((counts for counts in parsed if counts), Counter[str]()) - shipped)


def statements(source: str) -> Counter[str] | None:
    """Every simple statement and every header of a compound one, as text that ignores layout and comments.

    None for code that does not parse.
    """
    try:
        return statements_of(parsed(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def statements_of(tree: ast.Module) -> Counter[str]:
    """The same for code that is parsed already."""
    return Counter(_flat(tree.body))


def _flat(body: Sequence[ast.AST]) -> Iterator[str]:
    for node in body:
        if _says_nothing(node):
            continue
        yield _header(node)
        for name in _BODIES.intersection(node._fields):
            inner = getattr(node, name)
            # A lambda and a conditional expression have a `body` too, which is no list of statements.
            if isinstance(inner, list):
                yield from _flat(inner)


def _says_nothing(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return isinstance(node.value.value, str) or node.value.value is ...
    return isinstance(node, ast.Pass)


def _header(node: ast.AST) -> str:
    parts = [f"{name}={_dump(value)}" for name, value in ast.iter_fields(node) if name not in _BODIES]
    return f"{type(node).__name__}({', '.join(parts)})"


def _dump(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_dump(item) for item in value)}]"
    return ast.dump(value) if isinstance(value, ast.AST) else repr(value)


def _lines(source: str) -> Counter[str]:
    """The lines of code that does not parse, without comments, blanks and the marks of strings."""
    squeezed = (re.sub(r"\s+", "", line.partition("#")[0]) for line in source.splitlines())
    return Counter(line for line in squeezed if line.strip("\"'") not in ("", "pass", "..."))
