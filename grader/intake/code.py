"""Looks at one cell's code without running it: does it parse, which names does it bind and use."""

import ast
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from grader.intake.blank import statements_of
from grader.intake.magics import plain_python
from grader.intake.text import conflict_line, parsed

_BOUND = re.compile(r"^(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*=(?!=)", re.MULTILINE)
_BODIES = ("body", "orelse", "finalbody", "handlers", "cases")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The code of one cell."""

    source: str
    """Plain Python where that was possible, else as the student wrote it."""
    tree: ast.Module | None = None
    """None when it does not parse."""
    problem: str = ""
    """Why it does not parse, for the student."""
    note: str = ""
    """What was changed to make it plain Python."""
    binds: frozenset[str] = frozenset()
    """Names that it assigns, defines or imports at the top level, inside `if`, `with`, `try` and loops too."""
    defines: frozenset[str] = frozenset()
    """Those of them that are functions and classes."""
    imports: frozenset[str] = frozenset()
    """Those of them that are imports."""
    modules: frozenset[str] = frozenset()
    """Modules that it imports, anywhere, by their whole names."""
    uses: frozenset[str] = frozenset()
    """Names that it reads, anywhere."""
    statements: Counter[str] | None = None
    """What it does, statement by statement; None when it does not parse."""


def read_code(source: str) -> Code | None:
    """The facts about a cell; None for one in another language (`%%bash`)."""
    code = _parsed(source)
    if code.tree is not None:
        return code
    plain, note = plain_python(source)
    if plain is None:
        return None
    if plain == source:
        return code
    changed = replace(_parsed(plain), note=note)
    # Where dropping IPython's lines did not help the student's own text is the better thing to show.
    return changed if changed.tree is not None else code


def foreign_note(source: str) -> str:
    """Why `read_code` gave None."""
    return plain_python(source)[1]


def keep_only(code: Code, kept: Sequence[ast.stmt]) -> Code | None:
    """The cell cut down to some of its top-level statements; None when nothing is left."""
    if not kept:
        return None
    return _parsed("\n".join(ast.get_source_segment(code.source, statement) or "" for statement in kept))


def loaded_names(node: ast.AST) -> frozenset[str]:
    """The names that a piece of code reads."""
    return frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))


def _parsed(source: str) -> Code:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a plain string is the student's business
            tree = parsed(source)
        defines, imports, assigned = _bound(tree)
        return Code(
            source=source,
            tree=tree,
            binds=defines | imports | assigned,
            defines=defines,
            imports=imports,
            modules=frozenset(_modules(tree)),
            uses=loaded_names(tree),
            statements=statements_of(tree),
        )
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        names = frozenset(name for pair in _BOUND.findall(source) for name in pair if name)
        return Code(source=source, problem=_problem(error, source), binds=names)


def _modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (name for name in [node.module] if name)
            yield from (f"{node.module}.{alias.name}" if node.module else alias.name for alias in node.names)


def _bound(tree: ast.Module) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    defines, imports, assigned = set[str](), set[str](), set[str]()
    for statement in _statements(tree.body):
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            defines.add(statement.name)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            imports.update((alias.asname or alias.name).partition(".")[0] for alias in statement.names)
        else:
            assigned.update(_targets(statement))
    return frozenset(defines), frozenset(imports), frozenset(assigned)


def _statements(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Top-level statements and those inside their blocks, but not what stands in functions and classes."""
    for node in body:
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for name in _BODIES:
                inner = getattr(node, name, None)
                if isinstance(inner, list):
                    yield from _statements(inner)


def _targets(statement: ast.AST) -> Iterator[str]:
    """The names that an assignment sets; a loop's own variable is no answer to anything."""
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, (ast.AnnAssign, ast.AugAssign)):
        targets = [statement.target]
    for target in targets:
        yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))


def _problem(error: Exception, source: str) -> str:
    """Why code does not parse, with the line, for the student."""
    if isinstance(error, (RecursionError, MemoryError)):
        return "the code is nested too deeply to be read"
    if not isinstance(error, SyntaxError):
        return "the code holds characters that Python cannot read"
    line = conflict_line(source)
    if line:
        return f"line {line}: a git conflict marker; keep one of the two sides and delete the marker lines"
    where = f"line {error.lineno}: " if error.lineno else ""
    if "f-string" in str(error.msg) and sys.version_info < (3, 12):
        what = "this f-string has quotes, a backslash or a comment inside {…}, which needs Python 3.12"
        return f"{where}{what}; use the other kind of quotes inside, or a variable"
    if isinstance(error, IndentationError):
        return f"{where}the indentation does not fit ({error.msg})"
    return f"{where}Python cannot read this ({error.msg})"
