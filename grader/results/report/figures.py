"""What a class did, counted: how the scores spread, which exercises are hard."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from grader.model import Exercise, RunResult, Status, SubmissionResult

BINS = 10
UNSEEN = (Status.NOT_ATTEMPTED, Status.SKIPPED, Status.KIT_ERROR)
"""Verdicts that say nothing about how hard something is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseFigures:
    """How a class did in one exercise."""

    id: str
    title: str
    max_score: int
    submissions: int
    attempted: int
    passed: int
    mean: float
    """Over those who attempted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A place where the kit itself failed."""

    submission: str
    exercise: str
    what: str


def title_of(id_: str, exercises: Sequence[Exercise]) -> str:
    """The title of an exercise, empty when the catalogue does not know it."""
    return next((exercise.title for exercise in exercises if exercise.id == id_), "")


def judged(run: RunResult) -> list[SubmissionResult]:
    """The submissions whose score says something: not what could not be read, and not what is not settled."""
    return [result for result in run.submissions if not (result.has_kit_error or result.is_rejected)]


def score_summary(run: RunResult) -> dict[str, float]:
    """Mean and median of the scores that say something, in points; empty where there is none."""
    scores = [result.score for result in judged(run)]
    return {"mean": mean(scores), "median": median(scores)} if scores else {}


def score_bins(run: RunResult) -> list[int]:
    """How many reached 0-9 %, 10-19 %, ... 90-100 % of their points, of those whose score says something."""
    bins = [0] * BINS
    for result in judged(run):
        bins[min(BINS - 1, result.score * BINS // max(1, result.max_score))] += 1
    return bins


def exercise_figures(run: RunResult, exercises: Sequence[Exercise]) -> list[ExerciseFigures]:
    """One entry per exercise of the run."""
    ids = dict.fromkeys(id_ for result in run.submissions for id_ in result.exercises)
    figures = []
    for id_ in ids:
        verdicts = [result.exercises[id_] for result in run.submissions if id_ in result.exercises]
        tried = [verdict for verdict in verdicts if verdict.status not in UNSEEN]
        figures.append(
            ExerciseFigures(
                id=id_,
                title=title_of(id_, exercises),
                max_score=max(verdict.max_score for verdict in verdicts),
                submissions=len(verdicts),
                attempted=len(tried),
                passed=sum(verdict.status is Status.PASSED for verdict in tried),
                mean=mean(verdict.score for verdict in tried) if tried else 0.0,
            )
        )
    return figures


def kit_faults(run: RunResult) -> list[Fault]:
    """Every place where the kit failed, with what it said."""
    faults = []
    for result in run.submissions:
        for id_, verdict in result.exercises.items():
            if verdict.status is Status.KIT_ERROR:
                checks = [c for c in verdict.checks if c.status is Status.KIT_ERROR]
                said = [f"{(check.title or check.name).rstrip('.')}: {check.message}" for check in checks] or list(
                    verdict.notes
                )
                faults.append(Fault(submission=result.id, exercise=id_, what="; ".join(said)))
    return faults
