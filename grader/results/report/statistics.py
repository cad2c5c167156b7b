"""A run in numbers: scores, exercises, limits that were hit, time. Pure."""

from collections import Counter
from collections.abc import Sequence
from statistics import fmean, median, pstdev, quantiles

from grader.model import Exercise, RunResult, Struct, SubmissionResult
from grader.results.report.figures import exercise_figures, judged
from grader.results.report.items import LIMITS


class Spread(Struct, frozen=True, kw_only=True):
    """How numbers spread; all 0 when there are none."""

    count: int
    mean: float = 0.0
    sd: float = 0.0
    """Of these numbers as they are, not as a sample of more."""
    low: float = 0.0
    first_quartile: float = 0.0
    median: float = 0.0
    third_quartile: float = 0.0
    high: float = 0.0


class ExerciseStatistics(Struct, frozen=True, kw_only=True):
    """One exercise in numbers."""

    id: str
    title: str
    max_score: int
    started: int
    passed: int
    mean: float
    """Points of those who started it."""
    statuses: dict[str, int]
    """How many ended in each status, by name."""


class Statistics(Struct, frozen=True, kw_only=True):
    """A run in numbers."""

    submissions: int
    rejected: int
    """Uploads that could not be read; their zeros are not among the scores."""
    unsettled: int
    """Touched by a fault of ours; their scores are not among the scores either."""
    unproven: int
    absent: int
    """On the roster, and handed in nothing."""
    max_score: int
    scores: Spread
    seconds: Spread
    """Wall time of each submission."""
    student_share: float
    """The part of all these seconds in which the student's code ran, from 0 to 1."""
    exercises: tuple[ExerciseStatistics, ...]
    limits: dict[str, int]
    """Exercises that ran into each limit, all submissions together."""


def statistics(run: RunResult, exercises: Sequence[Exercise] = ()) -> Statistics:
    """The run in numbers."""
    results = run.submissions
    statuses = {figure.id: _statuses(results, figure.id) for figure in exercise_figures(run, exercises)}
    seconds = [one.seconds for one in results]
    return Statistics(
        submissions=len(results),
        rejected=sum(one.is_rejected for one in results),
        unsettled=sum(one.has_kit_error for one in results),
        unproven=sum(not one.proven for one in results),
        absent=len(run.absent),
        max_score=max((one.max_score for one in results), default=0),
        scores=spread([one.score for one in judged(run)]),
        seconds=spread(seconds),
        student_share=sum(one.student_seconds for one in results) / sum(seconds) if any(seconds) else 0.0,
        exercises=tuple(
            ExerciseStatistics(
                id=figure.id,
                title=figure.title,
                max_score=figure.max_score,
                started=figure.attempted,
                passed=figure.passed,
                mean=figure.mean,
                statuses=dict(statuses[figure.id]),
            )
            for figure in exercise_figures(run, exercises)
        ),
        limits={status.value: sum(count[status.value] for count in statuses.values()) for status in LIMITS},
    )


def spread(numbers: Sequence[float]) -> Spread:
    """Mean, standard deviation and quartiles, ends included."""
    if not numbers:
        return Spread(count=0)
    first, _, third = quantiles(numbers, n=4, method="inclusive") if len(numbers) > 1 else [numbers[0]] * 3
    return Spread(
        count=len(numbers),
        mean=fmean(numbers),
        sd=pstdev(numbers),
        low=min(numbers),
        first_quartile=first,
        median=median(numbers),
        third_quartile=third,
        high=max(numbers),
    )


def _statuses(results: Sequence[SubmissionResult], id_: str) -> Counter[str]:
    return Counter(one.exercises[id_].status.value for one in results if id_ in one.exercises)
