"""Weighs verdicts anew by a rubric. Pure, in integers, and nothing is run: verdicts of checks stay as they are."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import msgspec

from grader.errors import KitError
from grader.model import CheckResult, Exercise, ExerciseResult, RunResult, SubmissionResult
from grader.results.rubric import Messages, Rubric

DROPPED = "Does not count: it is among the lowest, which the rubric drops."


def rescored(run: RunResult, rubric: Rubric, exercises: Sequence[Exercise]) -> RunResult:
    """The run with the points that the rubric gives.

    In this order: exercises get their points, the lowest ones are dropped and what is left is scaled to the points of
    all, lateness is taken off, and the bonus is capped. Each step that changed something leaves a note.

    Args:
        run: verdicts as they were graded.
        rubric: held against this run by `check_rubric` before.
        exercises: the catalogue, to tell which exercises are a bonus.

    Raises:
        KitError: the run was rescored already, or its points are not those of this catalogue.
    """
    if run.rubric:
        raise KitError(f"a rubric was applied to this run already ({run.rubric}); give the folder that was graded")
    bonus = {exercise.id for exercise in exercises if exercise.bonus}
    return msgspec.structs.replace(
        run,
        rubric=in_words(rubric) or "no knob was turned",
        submissions=tuple(_submission(result, rubric, bonus) for result in run.submissions),
    )


def for_students(run: RunResult, messages: Messages) -> RunResult:
    """The run with no more of the hidden checks than students are to see."""
    return msgspec.structs.replace(
        run,
        submissions=tuple(
            msgspec.structs.replace(
                result, exercises={id_: _shown(id_, verdict, messages) for id_, verdict in result.exercises.items()}
            )
            for result in run.submissions
        ),
    )


def in_words(rubric: Rubric) -> str:
    """The knobs that were turned, in a line; empty when there is none."""
    late = rubric.late
    said = [f"{id_} {points} points" for id_, points in rubric.points.items()]
    said += [f"the lowest {rubric.drop_lowest} dropped"] * bool(rubric.drop_lowest)
    if late.percent_per_day and late.days:
        said.append(f"late {late.percent_per_day} % a day, at most {late.at_most_percent} %")
    if rubric.bonus.at_most is not None:
        said.append(f"at most {rubric.bonus.at_most} bonus points")
    if rubric.messages != Messages():
        said.append("hidden checks shown in part")
    return ", ".join(said)


def _submission(result: SubmissionResult, rubric: Rubric, bonus: set[str]) -> SubmissionResult:
    if result.score != sum(verdict.score for id_, verdict in result.exercises.items() if id_ not in bonus):
        raise KitError(f"{result.id}: its score is not the sum of its exercises; grade with this kit's catalogue first")
    verdicts = {
        id_: _weighed(verdict, rubric.points.get(id_, verdict.max_score))
        for id_, verdict in result.exercises.items()
        if rubric.points.get(id_) != 0
    }
    regular = {id_: verdict for id_, verdict in verdicts.items() if id_ not in bonus}
    dropped = _lowest(regular, rubric.drop_lowest)
    score, total = _scaled([regular[id_] for id_ in regular if id_ not in dropped], list(regular.values()))
    days = rubric.late.days.get(result.id, 0)
    percent = min(rubric.late.at_most_percent, days * rubric.late.percent_per_day)
    penalty = score * percent // 100
    won = sum(verdict.score for id_, verdict in verdicts.items() if id_ in bonus)
    counted = won if rubric.bonus.at_most is None else min(won, rubric.bonus.at_most)
    late = f"{days} day{'s' * (days != 1)}"
    notes = [f"Handed in {late} late: {percent} % of {score} points are taken off, {penalty}."] * bool(percent)
    notes += [f"{counted} of {won} bonus points count."] * (counted != won)
    notes += [f"{', '.join(dropped)} dropped as the lowest; the others are scaled to {total} points."] * bool(dropped)
    return msgspec.structs.replace(
        result,
        score=score - penalty,
        max_score=total,
        bonus=counted,
        penalty=penalty,
        notes=(*result.notes, *notes),
        exercises={id_: _marked(verdict, dropped=id_ in dropped) for id_, verdict in verdicts.items()},
    )


def _weighed(verdict: ExerciseResult, points: int) -> ExerciseResult:
    """The verdict of an exercise that is worth so much now; a check keeps its part of it."""
    if points == verdict.max_score:
        return verdict
    worth = shares(points, [check.max_points for check in verdict.checks])
    checks = tuple(_worth(check, new) for check, new in zip(verdict.checks, worth, strict=True))
    return msgspec.structs.replace(verdict, score=sum(c.points for c in checks), max_score=points, checks=checks)


def _worth(check: CheckResult, points: int) -> CheckResult:
    return msgspec.structs.replace(check, points=points if check.points else 0, max_points=points)


def shares(points: int, weights: Sequence[int]) -> list[int]:
    """Points parted by weight into whole numbers that add up; each weight above 0 gets 1 at least.

    Everyone gets the whole part of an exact share, and what is left goes one by one to those who are furthest below
    theirs, the first of them first.

    Args:
        points: at least as many as there are weights above 0.
        weights: not negative. Where all are 0 nothing is parted.
    """
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    exact = [Fraction(points * weight, total) for weight in weights]
    parts = [max(int(share), bool(weight)) for share, weight in zip(exact, weights, strict=True)]
    while sum(parts) != points:
        step = 1 if sum(parts) < points else -1
        able = [place for place, part in enumerate(parts) if weights[place] and (step > 0 or part > 1)]
        place = max(able, key=lambda place: (step * (exact[place] - parts[place]), -place))
        parts[place] += step
    return parts


def _lowest(verdicts: Mapping[str, ExerciseResult], count: int) -> list[str]:
    """The exercises with the smallest part of their points; of the same part, those that are worth more."""
    order = sorted(verdicts, key=lambda id_: (_part(verdicts[id_]), -verdicts[id_].max_score))
    lowest = set(order[:count])
    return [id_ for id_ in verdicts if id_ in lowest]


def _part(verdict: ExerciseResult) -> Fraction:
    return Fraction(verdict.score, verdict.max_score) if verdict.max_score else Fraction(0)


def _scaled(counting: Sequence[ExerciseResult], everything: Sequence[ExerciseResult]) -> tuple[int, int]:
    """The score as if it were won on all exercises, halves rounded up, and the points of all."""
    won, worth = sum(verdict.score for verdict in counting), sum(verdict.max_score for verdict in counting)
    total = sum(verdict.max_score for verdict in everything)
    return ((2 * won * total + worth) // (2 * worth) if worth else 0), total


def _marked(verdict: ExerciseResult, *, dropped: bool) -> ExerciseResult:
    return msgspec.structs.replace(verdict, notes=(*verdict.notes, DROPPED)) if dropped else verdict


def _shown(id_: str, verdict: ExerciseResult, messages: Messages) -> ExerciseResult:
    return msgspec.structs.replace(verdict, checks=tuple(_shown_checks(id_, verdict, messages)))


def _shown_checks(id_: str, verdict: ExerciseResult, messages: Messages) -> Iterator[CheckResult]:
    if messages.show == "points":
        return
    for check in verdict.checks:
        silent = messages.show == "titles" or id_ in messages.hide or f"{id_}/{check.name}" in messages.hide
        yield msgspec.structs.replace(check, message="") if silent else check
