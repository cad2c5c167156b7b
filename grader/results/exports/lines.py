"""What an export tells a student: the points of one submission, check by check, in words that are safe to show."""

from collections.abc import Iterator, Sequence

from grader.model import ExerciseResult, RunResult, Status, Struct, SubmissionResult
from grader.results.exports.request import Request
from grader.results.report.figures import title_of
from grader.wording import LABELS, one_line, printable

OUR_FAULT = "Something of ours broke here. It is not your fault, and these points are not settled."
UNSETTLED = (
    "Something of ours broke while grading this. It is not your fault, the points are not settled, "
    "and your teacher has to grade it again."
)
_QUIET = (Status.PASSED, Status.NOT_ATTEMPTED)


class Line(Struct, frozen=True, kw_only=True):
    """One check; an exercise that has none is one line of its own."""

    exercise: str
    number: str
    """`2.2a.3` is the third check of 2.2a."""
    title: str
    status: Status
    points: int
    max_points: int
    message: str
    """What to try; empty where there is nothing to say."""


def lines(result: SubmissionResult, request: Request) -> list[Line]:
    """The checks of a submission, in order."""
    return [
        line
        for id_, verdict in result.exercises.items()
        for line in _lines(one_line(id_), one_line(title_of(id_, request.exercises)), verdict)
    ]


def score_of(result: SubmissionResult, request: Request) -> int:
    """The points that go into a gradebook."""
    return result.score + (result.bonus if request.with_bonus else 0)


def counted(line: Line, request: Request) -> tuple[int, int]:
    """The points of a check, won and to win, as far as they are in `score_of`: none for a bonus that does not count."""
    idle = not request.with_bonus and any(one.bonus and one.id == line.exercise for one in request.exercises)
    return (0, 0) if idle else (line.points, line.max_points)


def unsettled(results: Sequence[SubmissionResult]) -> list[str]:
    """The ids of those whom a fault of ours touched: their score is no score yet."""
    return [result.id for result in results if result.has_kit_error]


def summary(result: SubmissionResult, run: RunResult) -> str:
    """A few lines about a submission as a whole, for its student."""
    said = [f"{result.score} of {result.max_score} points"]
    if result.bonus:
        said[0] += f", {result.bonus} bonus"
    if result.has_kit_error:
        said.insert(0, UNSETTLED)
    said += [one_line(note) for note in result.notes]
    said += [
        f"{one_line(id_)}: {one_line(note)}"
        for id_, verdict in result.exercises.items()
        if verdict.status is not Status.KIT_ERROR  # what a fault of ours says is for teachers
        for note in verdict.notes
    ]
    walls = ", ".join(map(one_line, run.walls)) or "none, the score is unproven"
    return "\n".join([*said, f"Graded with kit {one_line(run.kit_version)}. Walls that stood: {walls}."])


def _lines(id_: str, title: str, verdict: ExerciseResult) -> Iterator[Line]:
    if not verdict.checks:
        yield Line(
            exercise=id_,
            number=id_,
            title=title or id_,
            status=verdict.status,
            points=verdict.score,
            max_points=verdict.max_score,
            message=_message(verdict.status, LABELS[verdict.status]),
        )
    for place, check in enumerate(verdict.checks, start=1):
        yield Line(
            exercise=id_,
            number=f"{id_}.{place}",
            title=one_line(check.title or check.name),
            status=check.status,
            points=check.points,
            max_points=check.max_points,
            message=_message(check.status, check.message),
        )


def _message(status: Status, message: str) -> str:
    if status is Status.KIT_ERROR:
        return OUR_FAULT
    return "" if status in _QUIET else printable(message) or LABELS[status]
