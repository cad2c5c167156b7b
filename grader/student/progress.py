"""Where a student stands: exercises with the checks that pass, the points they promise, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.model import CheckResult, Exercise, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One exercise and how far its visible checks got."""

    exercise: Exercise
    results: tuple[CheckResult, ...] = ()
    """The verdicts known so far."""
    total: int = 0
    """How many checks the exercise has; 0 where a run picked single checks and nobody counted the others."""

    @property
    def is_started(self) -> bool:
        """Whether there is anything but the blank as it came."""
        return any(result.status is not Status.NOT_ATTEMPTED for result in self.results)

    @property
    def passed(self) -> int:
        """Checks that pass."""
        return sum(result.status is Status.PASSED for result in self.results)

    @property
    def is_done(self) -> bool:
        """Whether every check of the exercise ran and passes."""
        return 0 < self.total == self.passed

    @property
    def points(self) -> int:
        """What the checks that pass promise; nothing while it is unknown how many there are."""
        return self.exercise.points * self.passed // self.total if self.total else 0

    @property
    def word(self) -> str:
        """The state in a word or two."""
        if self.is_done:
            return "done"
        if not self.is_started:
            return "not started" if self.results else "not checked"
        if self.passed == len(self.results):
            return "fine so far"  # the run was cut short, or looked at some checks only
        return "keep going"


def progress_of(
    exercises: Sequence[Exercise], results: Mapping[str, Sequence[CheckResult]], totals: Mapping[str, int]
) -> list[Progress]:
    """The exercises that have verdicts, in the order of the catalogue."""
    return [
        Progress(exercise=exercise, results=tuple(results[exercise.id]), total=totals.get(exercise.id, 0))
        for exercise in exercises
        if exercise.id in results
    ]


def next_up(standings: Sequence[Progress]) -> Progress | None:
    """What to do next: the first exercise that is not done, bonus ones after all others."""
    open_ones = [one for one in standings if not one.is_done]
    return next((one for one in open_ones if not one.exercise.bonus), next(iter(open_ones), None))
