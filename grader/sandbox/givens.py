"""Puts other values in the place of an exercise's givens, and lets answers out of a `main()`."""

import ast
import builtins
from collections.abc import Collection, Iterator, Mapping

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SCOPES = (*_DEFINITIONS, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_BUILTINS = frozenset(dir(builtins))
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def replace_givens(tree: ast.Module, givens: Mapping[str, object]) -> tuple[ast.Module, set[str]]:
    """The cell with its givens set to `__givens__[name]`, and the names that it assigns.

    The first assignment of a given takes the value, and so does each later one that starts afresh: one that reads
    neither the given nor anything that the cell worked out. A cell may therefore clean a given
    (`corpus = [s.lower() for s in corpus]`), write it again, or use its name for a result. In a loop
    (`for sentence in [...]:`) the name takes the value in every round. Functions keep their own variables, but for
    a function that is only there to be called once (`main()`), whose lines count as lines of the cell.
    """
    replacer = _Replacer(tree, frozenset(givens))
    replacer.block(tree.body)
    return ast.fix_missing_locations(tree), replacer.taken


def share_names_of_main(tree: ast.Module, names: Collection[str]) -> None:
    """Makes these names global where a function that is only there to be called once binds them, and nothing else does.

    An answer inside of `main()` is found like any other then.
    """
    outside = set[str]().union(*(names_bound(statement) for statement in tree.body))
    for function in main_functions(tree):
        declared = {
            name for part in ast.walk(function) if isinstance(part, (ast.Global, ast.Nonlocal)) for name in part.names
        }
        bound = set[str]().union(*(names_bound(statement) for statement in function.body))
        shared = sorted((bound & set(names)) - outside - declared)
        if shared:
            function.body.insert(0, ast.copy_location(ast.Global(names=shared), function))
            ast.fix_missing_locations(function)


def main_functions(tree: ast.Module) -> list[_Function]:
    """The functions without parameters that the cell calls once, at its top level, and never mentions otherwise."""
    found = []
    inside = [name for statement in tree.body if isinstance(statement, _SCOPES) for name in _names(statement)]
    outside = [name for part in _statements(tree.body) if not isinstance(part, _SCOPES) for name in _own_names(part)]
    for function in tree.body:
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or function.decorator_list:
            continue
        is_generator = any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in _parts(function))
        is_called_once = outside.count(function.name) == 1 and function.name not in inside
        if is_called_once and not is_generator and ast.unparse(function.args) == "":
            found.append(function)
    return found


def names_bound(statement: ast.stmt) -> set[str]:
    """The names that a statement at the top level binds, in its blocks too."""
    found = set[str]()
    for part in _statements([statement]):
        found |= {part.name} if isinstance(part, _DEFINITIONS) else _stored(part) | set(_imported(part))
    return found


class _Replacer:
    """Walks the code of a cell in the order in which it stands."""

    def __init__(self, tree: ast.Module, names: frozenset[str]) -> None:
        self._names = names
        self._mains = main_functions(tree)
        self._grown = {
            name for part in ast.walk(tree) if isinstance(part, ast.AugAssign) for name in _names(part.target)
        }
        """Names that `+=` adds to: what such a name starts with is no given."""
        self._derived: set[str] = set()
        """Names whose values may depend on givens or on the answer."""
        self.taken: set[str] = set()

    def block(self, body: list[ast.stmt]) -> None:
        """Changes a list of statements in place."""
        changed: list[ast.stmt] = []
        for statement in body:
            changed += self._statement(statement)
        body[:] = changed

    def _statement(self, statement: ast.stmt) -> list[ast.stmt]:
        if any(statement is one for one in self._mains):
            self.block(statement.body)  # type: ignore[attr-defined]
        elif isinstance(statement, _DEFINITIONS):
            self._derived.add(statement.name)
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
            return [statement, *self._takes(statement, statement.value, _stored(statement))]
        elif isinstance(statement, (ast.For, ast.AsyncFor)):
            takes = self._takes(statement, statement.iter, _stored(statement.target))
            self.block(statement.body)
            self.block(statement.orelse)
            statement.body[:0] = takes
        else:
            self._derived |= _stored(statement) - self._names
            for body in _bodies(statement):
                self.block(body)
        return [statement]

    def _takes(self, statement: ast.stmt, value: ast.expr, targets: set[str]) -> list[ast.stmt]:
        """What follows an assignment: each given in it takes its value if it starts afresh."""
        fresh = [name for name in sorted(targets & self._names) if self._is_fresh(name, value)]
        if _read(value) & (self._derived | self._names):
            self._derived |= targets - self._names
        self.taken.update(fresh)
        return [ast.copy_location(ast.parse(f"{name} = __givens__[{name!r}]").body[0], statement) for name in fresh]

    def _is_fresh(self, name: str, value: ast.expr) -> bool:
        if name not in self.taken:
            return True
        reads = _read(value)
        return name not in reads | self._grown and not reads & self._derived and not _is_nothing(value)


def _is_nothing(value: ast.expr) -> bool:
    """Whether it is None or something empty, to be filled later."""
    empty = isinstance(value, ast.Constant) and not value.value
    return empty or (isinstance(value, (ast.List, ast.Tuple, ast.Set)) and not value.elts) or ast.unparse(value) == "{}"


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks inside of a statement."""
    for field in ("body", "orelse", "finalbody"):
        inner = getattr(statement, field, None)
        if isinstance(inner, list):
            yield inner
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """These statements and those in their blocks, but not what stands in functions and classes."""
    for statement in body:
        yield statement
        if not isinstance(statement, _SCOPES):
            for inner in _bodies(statement):
                yield from _statements(inner)


def _stored(node: ast.AST) -> set[str]:
    """The names that a piece of code assigns in its own scope."""
    return {part.id for part in _parts(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """A piece of code and what it is made of, but for scopes inside of it."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (*_SCOPES, *_COMPREHENSIONS)):
            yield from _parts(child)


def _own_names(statement: ast.stmt) -> list[str]:
    """The names in a statement, those in its blocks left out."""
    blocks = [inner for body in _bodies(statement) for inner in body]
    parts = [part for child in ast.iter_child_nodes(statement) if child not in blocks for part in ast.walk(child)]
    return [part.id for part in parts if isinstance(part, ast.Name)]


def _names(node: ast.AST) -> list[str]:
    return [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]


def _imported(statement: ast.stmt) -> list[str]:
    aliases = statement.names if isinstance(statement, (ast.Import, ast.ImportFrom)) else []
    return [(alias.asname or alias.name).partition(".")[0] for alias in aliases]


def _read(node: ast.AST) -> set[str]:
    """The names that a piece of code reads, those that it makes itself and the built-in ones left out."""
    names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
    own = {part.id for part in names if isinstance(part.ctx, ast.Store)}
    return {part.id for part in names if isinstance(part.ctx, ast.Load)} - own - _BUILTINS
