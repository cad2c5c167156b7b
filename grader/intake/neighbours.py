"""Finds answers that stand outside the cell that was meant for them."""

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from grader.intake.blank import statements_of
from grader.intake.code import keep_only, loaded_names
from grader.intake.pieces import Matched, Piece, Target
from grader.intake.text import parsed

MAX_NAMED = 6
_SHOWING = frozenset({"print", "display", "interact"})
_SILENT = frozenset({"on_click", "observe", "append", "extend", "update", "add"})
"""Methods that give nothing to show."""
TELLING = 4
"""A stub with fewer statements is not enough to know an answer by, when that has other names than asked."""


def take_neighbours(matched: Matched, target: Target, targets: Sequence[Target]) -> None:
    """Gives an exercise the cells around its own that define what its own leaves open."""
    owned = matched.owned(target)
    if not owned:
        return
    tried = target.is_attempted(owned)
    taken = [piece for piece in _stretch(matched, owned) if _continues(piece, owned, target, targets, tried)]
    if not taken:
        return
    for piece in taken:
        piece.owner = target.id
    if not tried:
        _blank_first(matched, target, owned, taken)
    matched.note(target, f"answered in {named(matched.owned(target))}")


def find_by_heading(matched: Matched, targets: Sequence[Target]) -> list[Target]:
    """Looks under the heading of each exercise that has no cell yet; returns those that it found something for."""
    lost = [target for target in targets if not matched.owned(target)]
    for target in lost:
        rivals = [other for other in lost if other.section.matches(target.section)]
        here = [p for p in matched.pieces if _is_free(p) and p.section.matches(target.section)]
        mine = [p for p in here if _fit(p, target) and _fit(p, target) == max(_fit(p, rival) for rival in rivals)]
        if not target.answers and len(rivals) == 1:
            mine = [p for p in here if not _binds_others(p, target, targets)]
        if any(_is_likely(piece, target) for piece in mine):
            for piece in mine:
                piece.owner = target.id
    return [target for target in lost if matched.owned(target)]


def find_by_names(matched: Matched, targets: Sequence[Target]) -> None:
    """Looks anywhere for the exercises that still have no answer; takes a cell when it is the only one that fits."""
    _find_blanks(matched, targets)
    for target in sorted(targets, key=lambda t: not t.distinctive):
        owned = matched.owned(target)
        if not owned or not target.is_attempted(owned):
            _take_only(matched, target, owned, _by_names(matched, target, targets))
    for target in targets:
        if not matched.owned(target) and target.id not in matched.exercise_notes:
            _take_only(matched, target, [], _by_likeness(matched, target, targets))


def _find_blanks(matched: Matched, targets: Sequence[Target]) -> None:
    """Gives exercises their untouched cells, so that nobody takes one for an answer to something else."""
    for target in targets:
        if target.stub_statements and not matched.owned(target):
            for piece in matched.pieces:
                if _is_free(piece) and piece.code.statements == target.stub_statements:
                    piece.owner = target.id
                    break


def _take_only(matched: Matched, target: Target, blanks: Sequence[Piece], fitting: Sequence[Piece]) -> None:
    if len(fitting) > 1:
        matched.note(target, f"{named(fitting)} look like an answer; write it into the cell meant for it")
    if len(fitting) == 1:
        fitting[0].owner = target.id
        _blank_first(matched, target, blanks, fitting)
        matched.note(target, f"found in {fitting[0].where}, by what it defines")


def find_inside_neighbour(matched: Matched, targets: Sequence[Target]) -> None:
    """Counts a cell for two exercises when it answers its own and, under the same heading, one that was left blank."""
    for target in targets:
        owned = matched.owned(target)
        if not target.answers or (owned and target.is_attempted(owned)):
            continue
        for piece in list(matched.pieces):
            other = next((t for t in targets if t.id == piece.owner and t is not target), None)
            if other and other.section == target.section and target.answers <= piece.code.binds - other.answers:
                copy = replace(piece, owner=target.id)
                matched.pieces.insert(matched.place(piece), copy)
                _blank_first(matched, target, owned, [copy])
                matched.note(target, f"found in {piece.where}, together with {other.id}")
                break


def close_gaps(matched: Matched, target: Target) -> None:
    """Puts the cells of an exercise next to each other: what stands between them counts for it too."""
    places = [i for i, piece in enumerate(matched.pieces) if piece.owner == target.id]
    if not places:
        return
    between = matched.pieces[places[0] : places[-1] + 1]
    if all(piece.owner in (None, target.id) for piece in between):
        for piece in between:
            piece.owner = target.id
        return
    # Cells of other exercises lie between: the last part that someone worked on counts.
    groups: list[list[Piece]] = [[]]
    for piece in between:
        if piece.owner in (None, target.id):
            groups[-1].append(piece)
        elif groups[-1]:
            groups.append([])
    owned = [[piece for piece in group if piece.owner == target.id] for group in groups]
    kept = next((group for group in reversed(owned) if group and target.is_attempted(group)), owned[0])
    for piece in matched.owned(target):
        piece.owner = target.id if any(piece is other for other in kept) else None
    matched.note(target, f"its cells lie far apart; {named(kept)} counts")
    close_gaps(matched, target)


def _stretch(matched: Matched, owned: Sequence[Piece]) -> list[Piece]:
    """The free cells around an exercise's own, up to the next heading or the next exercise's cell."""
    start, end = matched.place(owned[0]), matched.place(owned[-1])
    while start > 0 and _is_near(matched.pieces[start - 1], owned[0]):
        start -= 1
    while end + 1 < len(matched.pieces) and _is_near(matched.pieces[end + 1], owned[-1]):
        end += 1
    return [piece for piece in matched.pieces[start : end + 1] if _is_free(piece)]


def _is_near(piece: Piece, own: Piece) -> bool:
    return piece.owner is None and piece.section == own.section


def _is_free(piece: Piece) -> bool:
    return piece.owner is None and not piece.is_demo


def _continues(piece: Piece, owned: Sequence[Piece], target: Target, targets: Sequence[Target], tried: bool) -> bool:
    """Whether a cell next to an exercise's own is a part of its answer."""
    if _binds_others(piece, target, targets):
        return False
    names = frozenset[str]().union(*(own.code.binds - own.code.imports for own in owned))
    if target.answers:
        if piece.code.binds & _open_answers(owned, target, tried):
            return True
        used = frozenset[str]().union(*(own.code.uses for own in owned))
        is_left_over = bool(piece.code.uses & (names - used - target.answers))
        is_its_end = not tried or is_left_over or not any(_shows(own) for own in owned)
        return is_its_end and bool(piece.code.uses & names) and (not tried or _shows(piece))
    return bool(piece.code.uses & names) if tried else target.is_attempted([piece])


def _shows(piece: Piece) -> bool:
    """Whether a cell prints or displays something as it runs, its functions left out."""
    body = piece.code.tree.body if piece.code.tree else []
    if body and isinstance(body[-1], ast.Expr) and not isinstance(body[-1].value, ast.Constant):
        call = body[-1].value
        name = call.func.attr if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) else ""
        if name not in _SILENT:
            return True
    outside = [statement for statement in body if not isinstance(statement, (ast.FunctionDef, ast.ClassDef))]
    return any(loaded_names(statement) & _SHOWING for statement in outside)


def _binds_others(piece: Piece, target: Target, targets: Sequence[Target]) -> bool:
    """Whether a cell defines what only another exercise asks for."""
    return any(other is not target and piece.code.binds & other.distinctive - target.answers for other in targets)


def _open_answers(owned: Sequence[Piece], target: Target, tried: bool) -> frozenset[str]:
    """The answers that an exercise's own cells do not give: not defined, or a function left as it ships."""
    if not tried:
        return target.answers
    bound = frozenset[str]().union(*(own.code.binds for own in owned))
    shipped = _definitions(target.stub)
    blank = {name for own in owned for name, text in _definitions(own.code.source).items() if shipped.get(name) == text}
    return target.answers - bound | target.answers & blank


def _definitions(source: str) -> dict[str, Counter[str]]:
    """The statements of each function and class at the top level, by its name."""
    try:
        body = parsed(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = [node for node in body if isinstance(node, kinds)]
    return {node.name: statements_of(ast.Module(body=[node], type_ignores=[])) for node in found}


def _blank_first(matched: Matched, target: Target, blanks: Sequence[Piece], answers: Sequence[Piece]) -> None:
    """Puts what a blank cell sets up (`corpus`, imports) in front of the answer that was written elsewhere.

    The rest of the blank goes: its empty functions and demo lines would only stand in the way.
    """
    matched.remove(blanks)
    place = matched.place(answers[0])
    for blank in reversed(blanks):
        code = keep_only(blank.code, _givens(blank, target)) if blank.code.tree else None
        if code:
            matched.pieces.insert(place, replace(blank, code=code, owner=target.id))


def _givens(blank: Piece, target: Target) -> list[ast.stmt]:
    simple = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    body = blank.code.tree.body if blank.code.tree else []
    return [s for s in body if isinstance(s, simple) and not loaded_names(s) & _moving(target, body)]


def _moving(target: Target, body: Sequence[ast.stmt]) -> frozenset[str]:
    """The answers, and what a blank computes from them in its demo lines (`ids = encode(sample)`)."""
    names = set(target.answers)
    for statement in body:
        if isinstance(statement, ast.Assign) and loaded_names(statement) & names:
            names.update(n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return frozenset(names)


def _by_names(matched: Matched, target: Target, targets: Sequence[Target]) -> list[Piece]:
    """The free cells that define what an exercise asks for, and best what no other one does."""
    free = [piece for piece in matched.pieces if _is_free(piece)]
    if target.distinctive:
        fitting = [p for p in free if target.distinctive <= p.code.binds]
        fitting = fitting or [p for p in free if target.distinctive & p.code.binds]
    else:
        fitting = [p for p in free if target.course_cell and target.answers and target.answers <= p.code.binds]
    return _without_blanks(fitting, targets)


def _by_likeness(matched: Matched, target: Target, targets: Sequence[Target]) -> list[Piece]:
    """The free cells that kept half of an exercise's stub, and of no other stub as much."""
    if target.answers and target.stub_statements.total() < TELLING:
        return []
    fitting = [
        piece
        for piece in matched.pieces
        if _is_free(piece)
        and target.is_half_kept(piece)
        and target.likeness(piece) == max(other.likeness(piece) for other in targets)
    ]
    return _without_blanks(fitting, targets)


def _without_blanks(pieces: Sequence[Piece], targets: Sequence[Target]) -> list[Piece]:
    """What holds no more than some stub is that exercise's blank, whatever names it defines."""
    return [piece for piece in pieces if all(target.is_attempted([piece]) for target in targets)]


def _fit(piece: Piece, target: Target) -> int:
    return 100 * len(piece.code.binds & target.answers) + target.likeness(piece)


def _is_likely(piece: Piece, target: Target) -> bool:
    """Whether a cell may stand for an exercise: it defines an answer, or has half of what the stub ships with."""
    return not target.answers or bool(piece.code.binds & target.answers) or target.is_half_kept(piece)


def named(pieces: Sequence[Piece]) -> str:
    """The places of some cells, for people."""
    places = list(dict.fromkeys(piece.where for piece in pieces))
    more = f" and {len(places) - MAX_NAMED} more" if len(places) > MAX_NAMED else ""
    return " and ".join(places[:MAX_NAMED]) + more
