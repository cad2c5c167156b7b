"""Item analysis: how hard each check is, how well it tells students apart, what it cost, and what people got wrong."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import StatisticsError, correlation

from grader.model import CheckResult, JudgedCode, RunResult, Status, SubmissionResult
from grader.results.report.figures import UNSEEN

LIMITS = (Status.TIMED_OUT, Status.OUT_OF_MEMORY, Status.CRASHED)
"""How an exercise ends that ran into a limit, or out of its process."""
MIN_CHECKS = 3
"""An exercise with fewer checks says little by losing one, or all."""
MIN_TRIED = 8
"""With fewer students a correlation is chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """How a class did in one check."""

    exercise: str
    number: str
    """`1.1.3` is the third check of 1.1."""
    name: str
    title: str
    tried: int
    passed: int
    points_lost: int
    """By those who tried, all together."""
    discrimination: float | None
    """Correlation of passing with the rest of the score, -1 to 1; None where too few tried or all did the same."""

    @property
    def difficulty(self) -> float:
        """The part of those who tried that passed, 0 to 1; small is hard."""
        return self.passed / self.tried if self.tried else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconception:
    """A check that failed with the same words for several students."""

    exercise: str
    title: str
    message: str
    students: tuple[str, ...]
    """Their ids."""
    tried: int
    """How many tried the check at all."""
    points_lost: int
    sample: JudgedCode | None
    """The shortest code of those who share it; None where none is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitHit:
    """An exercise whose limit some students ran into."""

    exercise: str
    status: Status
    message: str
    """What most of them were told."""
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Answers that deserve a person's eye: where a check that is too narrow would show first."""

    exercise: str
    title: str
    """Of the one check that did not pass; empty where none passed although the code ran to its end."""
    students: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    """What is counted of one check."""

    title: str
    passed: list[bool] = field(default_factory=list)
    rest: list[int] = field(default_factory=list)
    """The points of each student who tried, without those of this check."""
    points_lost: int = 0


def items(run: RunResult) -> list[Item]:
    """One entry for each check of the run, in order."""
    tallies = _tallies(run)
    places: Counter[str] = Counter()
    found = []
    for (exercise, name), tally in tallies.items():
        places[exercise] += 1
        found.append(
            Item(
                exercise=exercise,
                number=f"{exercise}.{places[exercise]}",
                name=name,
                title=tally.title,
                tried=len(tally.passed),
                passed=sum(tally.passed),
                points_lost=tally.points_lost,
                discrimination=_discrimination(tally),
            )
        )
    return found


def misconceptions(run: RunResult) -> list[Misconception]:
    """What failed with which words, the one that most students share first; limits and faults of ours are none."""
    shared: dict[tuple[str, str, str], list[tuple[SubmissionResult, CheckResult]]] = {}
    tried: Counter[tuple[str, str]] = Counter()
    for result, exercise, check in _checks(run):
        if check.status not in UNSEEN:
            tried[exercise, check.name] += 1
        if check.status in (Status.FAILED, Status.ERRORED):
            shared.setdefault((exercise, check.name, check.message), []).append((result, check))
    found = [
        Misconception(
            exercise=exercise,
            title=who[0][1].title or name,
            message=message,
            students=tuple(result.id for result, _ in who),
            tried=tried[exercise, name],
            points_lost=sum(check.max_points for _, check in who),
            sample=min(
                (piece for result, _ in who for piece in result.exercises[exercise].code),
                key=lambda piece: (len(piece.source), piece.source),
                default=None,
            ),
        )
        for (exercise, name, message), who in shared.items()
    ]
    return sorted(found, key=lambda one: (-len(one.students), -one.points_lost))


def limits_hit(run: RunResult) -> list[LimitHit]:
    """Which limits ended something, by exercise; a student counts once for each."""
    hit: dict[tuple[str, Status], dict[str, str]] = {}
    for result, exercise, check in _checks(run):
        if check.status in LIMITS:
            hit.setdefault((exercise, check.status), {}).setdefault(result.id, check.message)
    return [
        LimitHit(
            exercise=exercise, status=status, message=Counter(who.values()).most_common(1)[0][0], students=tuple(who)
        )
        for (exercise, status), who in sorted(hit.items(), key=lambda one: -len(one[1]))
    ]


def doubts(run: RunResult) -> list[Doubt]:
    """Answers that run and pass no check, and those that lose points by one check alone; what most share first."""
    shared: dict[tuple[str, str], list[str]] = {}
    for result in run.submissions:
        for exercise, verdict in result.exercises.items():
            tried = [check for check in verdict.checks if check.status not in UNSEEN]
            lost = [check for check in tried if check.status is not Status.PASSED]
            if len(tried) < MIN_CHECKS or any(check.status is not Status.FAILED for check in lost):
                continue
            if len(lost) == len(tried):
                shared.setdefault((exercise, ""), []).append(result.id)
            elif len(lost) == 1:
                shared.setdefault((exercise, lost[0].title or lost[0].name), []).append(result.id)
    found = [
        Doubt(exercise=exercise, title=title, students=tuple(students))
        for (exercise, title), students in shared.items()
    ]
    return sorted(found, key=lambda one: (bool(one.title), -len(one.students)))


def _tallies(run: RunResult) -> dict[tuple[str, str], _Tally]:
    found: dict[str, dict[str, _Tally]] = {}
    for result, exercise, check in _checks(run):
        tally = found.setdefault(exercise, {}).setdefault(check.name, _Tally(check.title or check.name))
        if check.status not in UNSEEN:
            tally.passed.append(check.status is Status.PASSED)
            tally.rest.append(result.score + result.bonus - check.points)
            tally.points_lost += check.max_points - check.points
    order = dict.fromkeys(exercise for result in run.submissions for exercise in result.exercises)
    return {(exercise, name): tally for exercise in order for name, tally in found.get(exercise, {}).items()}


def _checks(run: RunResult) -> Iterator[tuple[SubmissionResult, str, CheckResult]]:
    for result in run.submissions:
        for exercise, verdict in result.exercises.items():
            for check in verdict.checks:
                yield result, exercise, check


def _discrimination(tally: _Tally) -> float | None:
    if len(tally.passed) < MIN_TRIED:
        return None
    try:
        return correlation([float(one) for one in tally.passed], [float(one) for one in tally.rest])
    except StatisticsError:  # all passed, or none, or all have the same rest
        return None
