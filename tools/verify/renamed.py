"""Solutions whose answers go by other names, as students like to have it: each must still get full marks."""

import ast
from collections.abc import Iterator

from grader.checks.course.renamed import known_answers
from grader.model import Exercise


def renamings_of(exercise: Exercise, source: str) -> Iterator[tuple[str, str]]:
    """Pairs of what was renamed and the changed source: each answer by itself, and all at once."""
    names = known_answers(exercise.id)
    for chosen in [*((name,) for name in names), *([tuple(names)] if len(names) > 1 else [])]:
        yield ", ".join(chosen), ast.unparse(_Renamer(chosen).visit(ast.parse(source)))


class _Renamer(ast.NodeTransformer):
    """Renames globals; attributes and strings of the same spelling stay."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = {name: f"My{name}" if name[0].isupper() else f"my_{name}" for name in names}

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """A use or an assignment."""
        return ast.copy_location(ast.Name(self._names.get(node.id, node.id), node.ctx), node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """A function. Methods may share its name, so only what is not indented is renamed."""
        if node.col_offset == 0:
            node.name = self._names.get(node.name, node.name)
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """A class."""
        node.name = self._names.get(node.name, node.name)
        return self.generic_visit(node)
