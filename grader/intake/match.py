"""Finds out which cells of a notebook answer which exercise.

In this order: the kit's own metadata, the cell ids of the course notebook, the heading together with the names that a
cell defines, the names alone. Cells that no exercise owns stay as scratch, since later cells may use what they define.
The cells of one exercise come out next to each other.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import replace

from grader.intake.code import foreign_note, keep_only, loaded_names, read_code
from grader.intake.magics import written_module
from grader.intake.modules import is_taken, own_module
from grader.intake.neighbours import (
    close_gaps,
    find_by_heading,
    find_by_names,
    find_inside_neighbour,
    named,
    take_neighbours,
)
from grader.intake.notebook import RawCell
from grader.intake.pieces import Course, Matched, Piece, Section, Target, sections

MAX_COPIES = 20
_ROLES = frozenset({"check", "demo", "setup"})
_STAND_INS = ("check", "picture")
_KIT_DEMO = re.compile(r"(check|demo)-|setup$")
"""The ids that the kit gives to such cells, for notebooks that lost their metadata."""


def match(cells: Sequence[RawCell], course: Course) -> Matched:
    """The code of a notebook with the exercise that each piece answers."""
    matched, targets = Matched(pieces=[]), course.targets
    where = sections(cells, targets)
    for cell in cells:
        if cell.kind == "code" and cell.source.strip():
            _add(matched, cell, where[cell.number], course)
        elif cell.kind != "code" and _tag(cell, targets):
            words = f"cell {cell.number} is a {cell.kind} cell, which does not run; make it a code cell again"
            matched.exercise_notes.setdefault(_tag(cell, targets), []).append(words)
    _stand_in(matched)
    for piece in matched.pieces:
        piece.owner = piece.tag or None
    for target in targets:
        settle_copies(matched, target)
    for target in targets:
        take_neighbours(matched, target, targets)
    for target in find_by_heading(matched, targets):
        settle_copies(matched, target)
    find_by_names(matched, targets)
    find_inside_neighbour(matched, targets)
    for target in targets:
        close_gaps(matched, target)
    return matched


def settle_copies(matched: Matched, target: Target) -> None:
    """Where a cell was copied, keeps the last copy that someone worked on; the halves of a split cell both stay."""
    owned = matched.owned(target)
    if len(owned) <= 1:
        return
    tried = [piece for piece in owned if target.is_attempted([piece])][-MAX_COPIES:]
    dropped = [piece for i, piece in enumerate(tried) if any(_is_redone(piece, later) for later in tried[i + 1 :])]
    names = frozenset[str]().union(*(piece.code.binds - piece.code.imports for piece in tried))
    if tried:
        rest = [piece for piece in owned if all(piece is not other for other in tried)]
        dropped += [piece for piece in rest if piece.code.binds & names or target.is_attempted([piece])]
    else:
        dropped += owned[1:] if target.likeness(owned[0]) >= target.likeness(owned[1]) else owned[:-1]
    if not dropped:
        return
    matched.remove(dropped)
    if tried:
        kept, gone = named(matched.owned(target)), named(dropped)
        matched.note(target, f"its cell is there more than once; {kept} counts, {gone} does not")


def _add(matched: Matched, cell: RawCell, section: Section, course: Course) -> None:
    written = written_module(cell.source)
    if written is not None and not is_taken(written[0]):
        matched.modules[written[0]] = own_module(*written, where=f"cell {cell.number}")
        return
    code = read_code(cell.source)
    if code is None:
        matched.notes.append(f"cell {cell.number}: {foreign_note(cell.source)}")
        return
    if code.note:
        matched.notes.append(f"cell {cell.number}: {code.note}")
    piece = Piece(where=f"cell {cell.number}", code=code, section=section, tag=_tag(cell, course.targets))
    kept = _imports(piece) if _is_demo(cell, piece, course) else piece
    if kept is not None:
        matched.pieces.append(kept)


def _tag(cell: RawCell, targets: Sequence[Target]) -> str:
    """The exercise that metadata or id name; the id only of cells that the kit did not mark otherwise."""
    if cell.role in _ROLES:
        return ""
    for target in targets:
        if cell.exercise == target.id:
            return target.id
    return next((t.id for t in targets if cell.id and cell.id in (t.course_cell, t.kit_cell)), "")


def _is_demo(cell: RawCell, piece: Piece, course: Course) -> bool:
    """Whether a cell only shows things: it came as a demo, and its student gave it no other job by defining more."""
    if not piece.tag and _only_checks(piece):
        return True
    if piece.tag or not (cell.role in _ROLES or cell.id in course.demo_cells or _KIT_DEMO.match(cell.id)):
        return False
    code = piece.code
    answers = frozenset[str]().union(*(target.answers for target in course.targets))
    return not code.binds & answers and code.binds - code.imports <= course.demo_names


def _only_checks(piece: Piece) -> bool:
    """Whether a cell does nothing but call the notebook's own `check(...)` and `picture(...)`."""
    body = piece.code.tree.body if piece.code.tree else []
    calls = [s.value.func for s in body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call)]
    return 0 < len(body) == sum(isinstance(f, ast.Name) and f.id in _STAND_INS for f in calls)


def _imports(piece: Piece) -> Piece | None:
    """The imports of a demo cell: later cells may count on them, while what it shows would only cost time."""
    if piece.code.tree is None:
        return None
    kept = [s for s in piece.code.tree.body if isinstance(s, (ast.Import, ast.ImportFrom)) and not _is_ours(s)]
    code = keep_only(piece.code, kept)
    return replace(piece, code=code, is_demo=True) if code else None


def _is_ours(statement: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import is of the kit itself, which is not there where submissions run."""
    modules = [statement.module or ""] if isinstance(statement, ast.ImportFrom) else [a.name for a in statement.names]
    return any(module.partition(".")[0] == "grader" for module in modules)


def _stand_in(matched: Matched) -> None:
    """Lets cells call the notebook's `check(...)` and `picture(...)`, which the setup cell defined that was dropped."""
    for name in _STAND_INS:
        used = any(name in piece.code.uses for piece in matched.pieces)
        code = read_code(f"def {name}(*_, **__):\n    pass")
        if used and code and not any(name in piece.code.binds for piece in matched.pieces):
            matched.pieces.insert(0, Piece(where="setup", code=code, is_demo=True))


def _is_redone(piece: Piece, later: Piece) -> bool:
    """Whether a later cell answers all over again what an earlier one did."""
    names = piece.code.binds - piece.code.imports
    if not names:
        return piece.code.source.split() == later.code.source.split()
    return names <= later.code.binds and not _needs(later, piece)


def _needs(later: Piece, earlier: Piece) -> bool:
    """Whether a cell begins with what an earlier one left: `vocab = vocab + ["x"]`."""
    names = earlier.code.binds - earlier.code.imports
    bound = set[str]()
    for statement in later.code.tree.body if later.code.tree else []:
        bound_here = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        if not isinstance(statement, (ast.FunctionDef, ast.ClassDef)) and loaded_names(statement) & names - bound:
            return True
        bound |= bound_here | {getattr(statement, "name", "")}
    return False
