"""Reads what a student handed in. Runs behind the wall, in a process of its own: a submission is hostile until graded.

A pure function of its arguments, with nothing but the standard library beneath it. What it returns is plain data,
which `grader.intake.receive` checks on the trusted side.

For each exercise what was worked on counts. Where an upload has several of that, a module counts before a notebook's
cell, and of notebooks the one that answers most. Notes name the others.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from grader.errors import IntakeError
from grader.intake.editions import other_edition
from grader.intake.match import match
from grader.intake.modules import exercise_of, let_modules_travel, own_modules, pick_modules, some
from grader.intake.neighbours import named
from grader.intake.notebook import RawCell, read_notebook
from grader.intake.pieces import Course, Edition, Matched, Piece, Target
from grader.intake.scripts import is_script, script_cells
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
    other_editions: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The cells of a submission, as plain data.

    Args:
        kind: `folder`, `zip`, `notebook` or `module`.
        files: name inside the upload and content; a zip comes as it is.
        exercises: `id file course_cell heading answers title` of each exercise, in order.
        stubs: the shipped cell of each exercise, by id.
        demo_cells: ids of the course's cells without a blank.
        demo_names: what such cells define as shipped.
        other_editions: `title cells marks` of each other edition of the course's notebook.

    Returns:
        `cells` ({source, exercise, where, module}, in the order in which they run; the cells of one exercise stand next
        to each other, a module of the student's own in front of those that import it), `attempted` ids, `notes`,
        `exercise_notes` by id, `rejected` (a line, or None).
    """
    course = Course(
        targets=_targets(exercises, stubs),
        demo_cells=frozenset(demo_cells),
        demo_names=frozenset(demo_names),
        other_editions=[Edition(**edition) for edition in other_editions],
    )
    targets, notes, others = course.targets, list[str](), list[str]()
    try:
        matched = _read(kind, dict(files), course, notes, others)
    except IntakeError as error:
        return _plain(Matched(pieces=[]), [], notes, str(error))
    except (RecursionError, MemoryError):
        return _plain(Matched(pieces=[]), [], notes, f"{kind} is nested too deeply or too large to be read")
    attempted = [t.id for t in targets if t.is_attempted(matched.owned(t))]
    used = let_modules_travel(matched)
    unused = [name for name in others if name not in used]
    if unused:
        notes.append(f"left out, since no exercise has that name: {some(unused)}")
    _note_problems(matched)
    _note_missing(matched, targets)
    rejected = None
    if not any(piece.owner for piece in matched.pieces):
        rejected = "none of the exercises was found in it; hand in the course notebook or the ex_*.py files"
    return _plain(matched, attempted, notes, rejected)


def _plain(matched: Matched, attempted: list[str], notes: list[str], rejected: str | None) -> dict[str, Any]:
    return {
        "cells": [
            {"source": p.code.source, "exercise": p.owner, "where": p.where, "module": p.module} for p in matched.pieces
        ],
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


def _read(kind: str, files: dict[str, bytes], course: Course, notes: list[str], others: list[str]) -> Matched:
    """What an upload holds; `others` takes the names of modules that answer nothing and may have been meant to."""
    first = next(iter(files.values()), b"")
    if kind == "notebook":
        return _about("notebook", lambda: _read_notebook("", first, course))
    if kind == "zip":
        files, zip_notes = _about("zip", lambda: unzip(first))
        notes += zip_notes
    python = {n: c for n, c in files.items() if n.lower().endswith(".py")}
    modules = pick_modules(python, course.targets, notes)
    if kind == "module" and not modules:
        notes.clear()
        return _about("module", lambda: _match(script_cells(module_text(first)), course))
    rest = {n: c for n, c in python.items() if not exercise_of(n, {t.id: t.file for t in course.targets})}
    scripts = {n: c for n, c in rest.items() if not modules and is_script(_text_of(c))}
    notebooks = {n: c for n, c in files.items() if n.lower().endswith(".ipynb")}
    notebook = _one_notebook(notebooks or scripts, course, notes, modules)
    if not modules and notebook is None:
        why = f" ({notes[0]})" if notes else ""
        raise IntakeError(f"{kind} has no notebook and no ex_*.py module{why}; hand in at least one")
    matched = _together(modules, notebook, course.targets)
    helpers = {n: c for n, c in rest.items() if n not in scripts}
    matched.modules = own_modules(helpers) | matched.modules
    # Of a whole checkout only what lies beside the exercises, or on top, may have been meant to count.
    beside = {piece.where.rpartition("/")[0] for piece in modules.values()} | {""}
    others += [name for name in sorted(helpers) if name.rpartition("/")[0] in beside]
    return matched


def _text_of(content: bytes) -> str:
    try:
        return module_text(content)
    except IntakeError:
        return ""


def _about(subject: str, action: Callable[[], T]) -> T:
    """What the action returns; what it complains about gets its subject."""
    try:
        return action()
    except IntakeError as error:
        raise IntakeError(f"{subject} {error}") from None


def _read_notebook(name: str, content: bytes, course: Course) -> Matched:
    """A notebook, or a script that one was exported as."""
    cells, notes = read_notebook(content) if not name.endswith(".py") else (script_cells(module_text(content)), [])
    matched = _match(cells, course)
    matched.notes[:0] = notes
    return matched


def _match(cells: Sequence[RawCell], course: Course) -> Matched:
    edition = other_edition(cells, course)
    if edition is not None:
        raise IntakeError(
            f"is of another edition of the course, {edition.title}; its exercises are others, so nothing of it is "
            "graded here. Hand in the notebook of this kit"
        )
    return match(cells, course)


def _one_notebook(
    notebooks: dict[str, bytes], course: Course, notes: list[str], modules: Mapping[str, object]
) -> Matched | None:
    """The notebooks as one: that which answers most, and from the others what only they answer.

    Of equals the least deep counts, then the first by name.
    """
    if len(notebooks) > MAX_NOTEBOOKS and not modules:
        raise IntakeError(
            f"{len(notebooks)} notebooks are a class, not one student's work; give the folder they lie in"
        )
    read: dict[str, Matched] = {}
    problems: list[str] = []
    names = sorted(notebooks, key=lambda n: (n.count("/"), n))
    for name in names[:MAX_NOTEBOOKS]:
        try:
            read[name] = _about(name, partial(_read_notebook, name, notebooks[name], course))
        except IntakeError as error:
            problems.append(str(error))
    if problems and not read and not modules:
        raise IntakeError(problems[0])
    notes += problems
    if names[MAX_NOTEBOOKS:]:
        notes.append(f"more than {MAX_NOTEBOOKS} notebooks; left out: {some(names[MAX_NOTEBOOKS:])}")
    return _merged(read, course.targets, notes) if read else None


def _merged(read: dict[str, Matched], targets: Sequence[Target], notes: list[str]) -> Matched:
    """The notebook that answers most, with what only the others answer; the notes say what counts of which."""
    first, *others = sorted(read, key=lambda name: -_answered(read[name], targets))
    best, words = read[first], [f"{len(read)} notebooks; {first} counts, it answers most"]
    for name in others:
        ids = []
        for target in (t for t in targets if t.is_attempted(read[name].owned(t))):
            if target.is_attempted(best.owned(target)):
                _note_other(best, target, read[name].owned(target), name)
            else:
                ids.append(target.id)
                _put(best, _brought(read[name], name, target), target, targets)
        words.append(f"{name} counts for {', '.join(ids)}" if ids else f"{name} does not")
    if others and not _are_untouched(read.values(), targets):
        notes.append("; ".join(words))
    return best


def _are_untouched(notebooks: Iterable[Matched], targets: Sequence[Target]) -> bool:
    """Whether all of them are copies of the kit's notebook in which nothing is answered."""
    return all(any(map(one.owned, targets)) and not _answered(one, targets) for one in notebooks)


def _answered(matched: Matched, targets: Sequence[Target]) -> int:
    return sum(1 for t in targets if t.is_attempted(matched.owned(t)))


def _brought(other: Matched, name: str, target: Target) -> list[Piece]:
    """An exercise's cells in another notebook, behind those of nobody there that define names which they use."""
    brought, missing = other.owned(target), set[str]()
    for piece in reversed(other.pieces):
        if piece.owner == target.id or (piece.owner is None and piece.code.binds & missing):
            brought = brought if piece.owner else [piece, *brought]
            missing = (missing - piece.code.binds) | (piece.code.uses - piece.code.binds)
    where = f" of {name}"
    return [replace(piece, owner=target.id, is_demo=False, where=piece.where + where) for piece in brought]


def _note_other(matched: Matched, target: Target, other: Sequence[Piece], name: str) -> None:
    """Says that another notebook's answer does not count, unless it is the same."""
    owned = matched.owned(target)
    if [piece.code.source for piece in owned] != [piece.code.source for piece in other]:
        matched.note(target, f"{named(owned)} counts, {named(other)} of {name} does not")


def _together(modules: Mapping[str, Piece], notebook: Matched | None, targets: Sequence[Target]) -> Matched:
    """Modules and notebook as one sequence of cells."""
    if notebook is None or (modules and not _answered(notebook, targets)):
        notebook = Matched(pieces=[])
    for target in targets:
        if target.id not in modules:
            continue
        module, owned = modules[target.id], notebook.owned(target)
        is_tried = target.is_attempted(owned)
        if not owned or (target.is_attempted([module]) and (module.is_text or not is_tried)):
            if is_tried:
                notebook.note(target, f"{module.where} counts, {named(owned)} of the notebook does not")
            _put(notebook, [module], target, targets)
        elif not module.is_text:
            notebook.note(target, f"{named(owned)} of the notebook counts, {module.where} does not")
    return notebook


def _put(matched: Matched, pieces: Sequence[Piece], target: Target, targets: Sequence[Target]) -> None:
    """Puts these in the place of the cells for the same exercise."""
    earlier = {t.id for t in targets[: targets.index(target)]}
    places = [i for i, p in enumerate(matched.pieces) if p.owner == target.id]
    after = [i + 1 for i, p in enumerate(matched.pieces) if p.owner in earlier]
    place = places[0] if places else after[-1] if after else 0
    gone = matched.owned(target)
    matched.pieces[place:place] = pieces
    matched.remove(gone)


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
