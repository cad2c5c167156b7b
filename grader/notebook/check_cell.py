"""`check("1.1")` for the notebook's check cells: runs the visible checks of an exercise on the cells as last executed.

Nothing here ever raises into the notebook, and a check changes nothing in it: the cells run again in a namespace of
their own. Outside of Jupyter the same call checks the files in exercises/.
"""

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.catalog import Catalog
from grader.checks.cell import Cell
from grader.errors import CatalogError, KitError
from grader.model import CheckResult, Exercise, Status, Submission
from grader.notebook.card import Card, as_html, as_text, steps
from grader.notebook.kernel import history, show, standings
from grader.student.desk import run_suites
from grader.student.suites import suite_of

if TYPE_CHECKING:
    from grader.student.bench import StudentBench


def check(exercise_id: object = "", *more: object) -> None:
    """Shows how an exercise stands: each visible check with its verdict, what to try, hints, and the whole notebook."""
    try:
        for one in (exercise_id, *more):
            with preserve_rng_state():
                card = _card(str(one).strip())
            show(as_text(card), as_html(card))
    except KeyboardInterrupt:
        print("The check was stopped. Run its cell again when you like.")
    except Exception as error:  # noqa: BLE001 - the border: a fault of the kit must not become one of the notebook
        print(f"The check itself failed, not your code ({type(error).__name__}: {error}).")


def _card(exercise_id: str) -> Card:
    """What there is to say, a wrong id and a missing file included."""
    from grader.project import project_catalog, project_root

    try:
        root = project_root()
        catalog = project_catalog(root)
        if not exercise_id:
            ids = catalog.ids
            raise CatalogError(f'Say which exercise, such as check("{ids[0]}"); there is {" ".join(ids)}')
        exercise = catalog.get(exercise_id)
        return _look(exercise, catalog, suite_of(exercise, root))
    except KitError as error:
        return Card(head=str(error))


def _look(exercise: Exercise, catalog: Catalog, suite: Path) -> Card:
    name, found = f"{exercise.id} {exercise.title}", standings()

    def card(head: str, **more: Any) -> Card:
        return Card(head=f"{name}: {head}", here=exercise.id, strip=steps(catalog.exercise, found), **more)

    submission = submission_here(catalog)
    if not any(cell.exercise == exercise.id for cell in submission.cells):
        first = f"Run the cell that begins with “# {name}”, then this one."
        return card(
            "its cell has not been run yet.",
            tail=f"{first} If that line is gone, put it back: it is how the cell is found.",
        )
    if exercise.id not in submission.attempted:
        found.pop(exercise.id, None)
        where = exercise.file if history() is None else "its cell and run it"
        return card("not started.", tail=f"Fill in the blank in {where}, then check again.", hints=exercise.hints)
    results, notes = _run(exercise, submission, catalog, suite)
    passed = sum(result.status is Status.PASSED for result in results)
    found[exercise.id] = passed, len(results)
    done = passed == len(results)
    tail = [*(f"{note}." for note in notes), *(["The grader asks about the same ideas, with other questions."] * done)]
    head = f"{passed} of {len(results)} checks pass."
    return card(head, results=results, tail=" ".join(tail), hints=() if done else exercise.hints)


def submission_here(catalog: Catalog) -> Submission:
    """The cells as last executed in this notebook; outside of one, the files in exercises/."""
    from grader.project import project_root

    typed = history()
    return _from_files(project_root(), catalog) if typed is None else _from_history(typed, catalog)


def cell_of(exercise_id: str) -> Cell:
    """The student's cell of an exercise, run again by itself as it stood when it was last executed."""
    from grader.checks.course.renamed import find_other_names
    from grader.project import project_catalog, project_root

    catalog = project_catalog(project_root())
    submission = submission_here(catalog)
    bench = _bench(catalog.get(exercise_id), submission, catalog)
    student = bench.student(exercise_id)
    return Cell(student, find_other_names(Cell(student), exercise_id, lambda: Cell(bench.student(exercise_id))))


def _from_history(history: list[str], catalog: Catalog) -> Submission:
    from grader.notebook.history import read_history

    return read_history(history, catalog)


def _from_files(root: Path, catalog: Catalog) -> Submission:
    from grader.intake.local import read_here

    return read_here(root / "exercises", catalog)


def _run(
    exercise: Exercise, submission: Submission, catalog: Catalog, suite: Path
) -> tuple[list[CheckResult], list[str]]:
    """The verdicts of the visible checks, and what there is to say about how the answers were found."""
    bench = _bench(exercise, submission, catalog)
    run_suites([suite], bench)
    results = bench.results.get(exercise.id, [])
    found = submission.exercise_notes.get(exercise.id, ())
    notes = [*submission.notes, *found] if history() is None else []  # the cells of a history have no such places
    if not results:
        raise CatalogError(f"{suite.name} has no check for {exercise.id}; unpack the kit again")
    return results, [*notes, *bench.notes(exercise.id)]


def _bench(exercise: Exercise, submission: Submission, catalog: Catalog) -> "StudentBench":
    from grader.intake.order import cells_for
    from grader.student.bench import StudentBench

    cells = cells_for(exercise.id, submission.cells, catalog)
    return StudentBench(catalog, cells, submission.attempted)


@contextmanager
def preserve_rng_state() -> Iterator[None]:
    """Checks seed the generators of random numbers; the notebook goes on with its own."""
    torch = sys.modules.get("torch")
    state, torch_state = random.getstate(), torch.get_rng_state() if torch else None
    try:
        yield
    finally:
        random.setstate(state)
        if torch is not None and torch_state is not None:
            torch.set_rng_state(torch_state)
