"""Runs the visible checks of some exercises in this process, and knows which verdicts need no new run."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.catalog import Catalog
from grader.errors import CatalogError
from grader.intake.order import cells_for, needed_cells
from grader.model import CheckResult, Exercise, SourceCell, Status, Submission
from grader.student.memory import Memory, Verdicts, fingerprint
from grader.student.progress import Progress
from grader.student.suites import suite_of

if TYPE_CHECKING:
    from grader.checks.plugin import Bench


class Workspace:
    """The answers of one student, what is remembered about them, and the checks to ask."""

    def __init__(self, root: Path, catalog: Catalog, submission: Submission) -> None:
        self.root, self.catalog, self.submission = root, catalog, submission
        self.memory = Memory(root)

    def found(self) -> dict[str, tuple[str, ...]]:
        """How the answers to each exercise that is under way were found among the files, where that is worth a word."""
        return {id_: notes for id_, notes in self.submission.exercise_notes.items() if id_ in self.submission.attempted}

    def is_started(self, exercise: Exercise) -> bool:
        """Whether there is more than the blank as it came."""
        return exercise.id in self.submission.attempted

    def cells(self, exercise: Exercise) -> list[SourceCell]:
        """The cells that the exercise needs, its own last."""
        return cells_for(exercise.id, self.submission.cells, self.catalog)

    def fingerprint(self, exercise: Exercise) -> str:
        """What verdicts on the exercise as it stands are remembered by."""
        return fingerprint((cell.source for cell in self.cells(exercise)), suite_of(exercise, self.root))

    def known(self, exercise: Exercise) -> Progress | None:
        """How the exercise stands, if that is known without running anything."""
        if not self.is_started(exercise):
            return untouched(exercise)
        results = self.memory.verdicts(exercise.id, self.fingerprint(exercise))
        return None if results is None else Progress(exercise=exercise, results=results, total=len(results))

    def check(self, exercises: Sequence[Exercise]) -> list[Progress]:
        """Runs all checks of these exercises; the verdicts are remembered.

        Raises:
            CatalogError: a suite is missing or cannot be collected.
        """
        results = run_checks(exercises, self.submission, self.catalog, self.root)
        self.memory.keep_verdicts(
            {e.id: Verdicts(fingerprint=self.fingerprint(e), results=tuple(results[e.id])) for e in exercises}
        )
        return [Progress(exercise=e, results=tuple(results[e.id]), total=len(results[e.id])) for e in exercises]

    def next_up(self) -> Exercise | None:
        """The first exercise that is not known to be done, bonus ones last; None when all are."""
        for exercise in sorted(self.catalog.exercise, key=lambda e: e.bonus):
            known = self.known(exercise)
            if known is None or not known.is_done:
                return exercise
        return None


def untouched(exercise: Exercise) -> Progress:
    """The standing of an exercise whose blank is as it came."""
    verdict = CheckResult(name="", title="", status=Status.NOT_ATTEMPTED, points=0, max_points=0)
    return Progress(exercise=exercise, results=(verdict,))


def run_checks(
    exercises: Sequence[Exercise], submission: Submission, catalog: Catalog, root: Path
) -> dict[str, list[CheckResult]]:
    """The verdicts of the visible checks, by exercise.

    Raises:
        CatalogError: a suite is missing or cannot be collected.
    """
    from grader.student.bench import StudentBench

    cells = needed_cells([exercise.id for exercise in exercises], submission, catalog)
    bench = StudentBench(catalog, cells, submission.attempted)
    run_suites([suite_of(exercise, root) for exercise in exercises], bench)
    unjudged = [exercise.id for exercise in exercises if exercise.id not in bench.results]
    if unjudged:
        raise CatalogError(f"the suites have no check for {' '.join(unjudged)}; unpack the kit again")
    return bench.results


def run_suites(suites: Sequence[Path], bench: "Bench") -> None:
    """Runs the checks of these files; the verdicts are in the bench.

    Raises:
        CatalogError: a suite cannot be collected.
    """
    from grader.checks.collected import with_collected

    with_collected(lambda collected: collected.judge(bench), suites[0].parent, *suites)
