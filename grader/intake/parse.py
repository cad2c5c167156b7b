"""Reads what a student handed in. Runs behind the wall, in a process of its own: a submission is hostile until graded.

A pure function of its arguments, with nothing but the standard library beneath it. What it returns is plain data,
which `grader.intake.receive` checks on the trusted side.

Where an upload has both modules and a notebook: for each exercise the module counts when it was worked on, else the
notebook's cell.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from grader.errors import IntakeError
from grader.intake.code import Code, read_code
from grader.intake.match import match
from grader.intake.modules import pick_modules, split_module
from grader.intake.notebook import read_notebook
from grader.intake.pieces import Course, Matched, Piece, Target
from grader.intake.text import module_text
from grader.intake.unzip import unzip

T = TypeVar("T")

MAX_NOTEBOOKS = 20
"""More are a class, not one student's work."""


def parse(  # noqa: PLR0913 - what to read, and all that is known of the course: plain data, for it crosses the wall
    kind: str,
    files: Mapping[str, bytes],
    *,
    exercises: Sequence[Mapping[str, Any]],
    stubs: Mapping[str, str],
    demo_cells: Sequence[str] = (),
    demo_names: Sequence[str] = (),
) -> dict[str, Any]:
    """The cells of a submission, as plain data.

    Args:
        kind: `folder`, `zip`, `notebook` or `module`.
        files: name inside the upload and content; a zip comes as it is.
        exercises: `id file course_cell heading answers title` of each exercise, in order.
        stubs: the shipped cell of each exercise, by id.
        demo_cells: ids of the course's cells without a blank.
        demo_names: what such cells define as shipped.

    Returns:
        `cells` ({source, exercise, where}, in the order in which they run; the cells of one exercise stand next to each
        other), `attempted` ids, `notes`, `exercise_notes` by id, `rejected` (a line, or None).
    """
    course = Course(
        targets=_targets(exercises, stubs), demo_cells=frozenset(demo_cells), demo_names=frozenset(demo_names)
    )
    targets, notes = course.targets, list[str]()
    try:
        matched = _read(kind, dict(files), course, notes)
    except IntakeError as error:
        return _plain(Matched(pieces=[]), [], notes, str(error))
    except (RecursionError, MemoryError):
        return _plain(Matched(pieces=[]), [], notes, f"{kind} is nested too deeply or too large to be read")
    attempted = [t.id for t in targets if (owned := matched.owned(t)) and t.is_attempted(owned)]
    _note_problems(matched)
    _note_missing(matched, targets)
    rejected = None
    if not any(piece.owner for piece in matched.pieces):
        rejected = "none of the exercises was found in it; hand in the course notebook or the ex_*.py files"
    return _plain(matched, attempted, notes, rejected)


def _plain(matched: Matched, attempted: list[str], notes: list[str], rejected: str | None) -> dict[str, Any]:
    return {
        "cells": [{"source": p.code.source, "exercise": p.owner, "where": p.where} for p in matched.pieces],
        "attempted": attempted,
        "notes": notes + matched.notes,
        "exercise_notes": matched.exercise_notes,
        "rejected": rejected,
    }


def _targets(exercises: Sequence[Mapping[str, Any]], stubs: Mapping[str, str]) -> Sequence[Target]:
    answers = {e["id"]: frozenset(e["answers"]) for e in exercises}
    return [
        Target(
            id=e["id"],
            file=e["file"],
            course_cell=e["course_cell"],
            heading=e["heading"],
            answers=answers[e["id"]],
            stub=stubs.get(e["id"], ""),
            distinctive=answers[e["id"]].difference(*(a for other, a in answers.items() if other != e["id"])),
        )
        for e in exercises
    ]


def _read(kind: str, files: dict[str, bytes], course: Course, notes: list[str]) -> Matched:
    first = next(iter(files.values()), b"")
    if kind == "notebook":
        return _about("notebook", lambda: _read_notebook(first, course))
    if kind == "zip":
        files, zip_notes = _about("zip", lambda: unzip(first))
        notes += zip_notes
    modules = pick_modules({n: c for n, c in files.items() if n.lower().endswith(".py")}, course.targets, notes)
    if kind == "module" and not modules:
        notes.clear()
        return match(split_module(_about("module", lambda: module_text(first))), course)
    notebook = _best_notebook({n: c for n, c in files.items() if n.lower().endswith(".ipynb")}, course, notes, modules)
    if not modules and notebook is None:
        why = f" ({notes[0]})" if notes else ""
        raise IntakeError(f"{kind} has no notebook and no ex_*.py module{why}; hand in at least one")
    return _together(modules, notebook, course.targets)


def _about(subject: str, action: Callable[[], T]) -> T:
    """What the action returns; what it complains about gets its subject."""
    try:
        return action()
    except IntakeError as error:
        raise IntakeError(f"{subject} {error}") from None


def _read_notebook(content: bytes, course: Course) -> Matched:
    cells, notes = read_notebook(content)
    matched = match(cells, course)
    matched.notes[:0] = notes
    return matched


def _best_notebook(
    notebooks: dict[str, bytes], course: Course, notes: list[str], modules: Mapping[str, object]
) -> Matched | None:
    """The notebook that answers most; of equals the least deep, then the first by name."""
    if len(notebooks) > MAX_NOTEBOOKS and not modules:
        raise IntakeError(
            f"{len(notebooks)} notebooks are a class, not one student's work; give the folder they lie in"
        )
    read: dict[str, Matched] = {}
    problems: list[str] = []
    for name in sorted(notebooks, key=lambda n: (n.count("/"), n))[:MAX_NOTEBOOKS]:
        try:
            read[name] = _about(name, partial(_read_notebook, notebooks[name], course))
        except IntakeError as error:
            problems.append(str(error))
    if problems and not read and not modules:
        raise IntakeError(problems[0])
    notes += problems
    if not read:
        return None
    best = max(read, key=lambda name: _answered(read[name], course.targets))
    if len(read) > 1:
        notes.append(f"{len(read)} notebooks; {best} counts, it answers most")
    return read[best]


def _answered(matched: Matched, targets: Sequence[Target]) -> int:
    return sum(1 for t in targets if (owned := matched.owned(t)) and t.is_attempted(owned))


def _together(modules: Mapping[str, tuple[str, str]], notebook: Matched | None, targets: Sequence[Target]) -> Matched:
    """Modules and notebook as one sequence of cells."""
    if notebook is None or (modules and not _answered(notebook, targets)):
        notebook = Matched(pieces=[])
    for target in targets:
        if target.id in modules:
            name, text = modules[target.id]
            piece = Piece(where=name, code=read_code(text) or Code(source=text), owner=target.id)
            _put(notebook, piece, target, targets)
    return notebook


def _put(matched: Matched, piece: Piece, target: Target, targets: Sequence[Target]) -> None:
    """Puts a module in the place of the notebook's cells for the same exercise, unless only those were worked on."""
    owned = matched.owned(target)
    if owned and not target.is_attempted([piece]):
        return
    if owned and target.is_attempted(owned):
        matched.note(target, f"{piece.where} counts, {owned[0].where} of the notebook does not")
    earlier = {t.id for t in targets[: targets.index(target)]}
    places = [i for i, p in enumerate(matched.pieces) if p.owner == target.id]
    after = [i + 1 for i, p in enumerate(matched.pieces) if p.owner in earlier]
    place = places[0] if places else after[-1] if after else 0
    matched.pieces.insert(place, piece)
    matched.pieces = [p for p in matched.pieces if p is piece or p.owner != target.id]


def _note_missing(matched: Matched, targets: Sequence[Target]) -> None:
    """Tells an exercise that was not handed in from one that was left blank."""
    for target in targets:
        if target.course_cell and not matched.owned(target) and target.id not in matched.exercise_notes:
            matched.note(target, "nothing for this exercise was found in what was handed in")


def _note_problems(matched: Matched) -> None:
    """Says which code does not parse, and why."""
    for piece in matched.pieces:
        if piece.code.problem:
            line = f"{piece.where}, {piece.code.problem}"
            notes = matched.exercise_notes.setdefault(piece.owner, []) if piece.owner else matched.notes
            notes.append(line)
