"""Turns verdicts of checks into points. Pure, and all in integers: a grade never depends on rounding."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from grader.model import CheckResult, Exercise, ExerciseResult, JudgedCode, Status, Submission, SubmissionResult

MAX_CODE_LINES, MAX_CODE_CHARS = 200, 16_000
"""What is kept of the code of an exercise, for people to read; answers have ten to sixty lines."""

_WORST_FIRST = (Status.CRASHED, Status.OUT_OF_MEMORY, Status.TIMED_OUT, Status.ERRORED)


def exercise_result(
    exercise: Exercise, checks: Sequence[CheckResult], notes: Iterable[str] = (), code: Sequence[JudgedCode] = ()
) -> ExerciseResult:
    """The verdict of an exercise from the verdicts of its checks.

    `passed` has all points and `partial` some. With none it is what went worst: crashed, out of memory, timed out,
    errored, else failed. A fault of the kit stands above all of these, and what does not add up is one: checks that are
    worth more or less than the exercise, or no check at all, are never a silent zero.
    """
    notes = tuple(_valid(note) for note in notes)
    worth = sum(check.max_points for check in checks)
    if worth != exercise.points:
        problem = f"the checks of {exercise.id} are worth {worth} points, the catalogue says {exercise.points}"
        notes = (*notes, problem if checks else f"no check of {exercise.id} was run")
    score = min(exercise.points, sum(_won(check) for check in checks))
    status = Status.KIT_ERROR if worth != exercise.points else _status(checks, score, exercise.points)
    return ExerciseResult(
        score=score,
        max_score=exercise.points,
        status=status,
        notes=notes,
        taken_from=tuple(dict.fromkeys(_valid(piece.where) for piece in code)),
        code=tuple(_kept(code)) if status is not Status.NOT_ATTEMPTED else (),
        checks=tuple(_valid_check(check) for check in checks),
    )


def submission_result(  # noqa: PLR0913 - a record of many fields
    submission: Submission,
    exercises: Sequence[Exercise],
    results: Mapping[str, ExerciseResult],
    *,
    proven: bool,
    seconds: float,
    student_seconds: float = 0.0,
    notes: Iterable[str] = (),
) -> SubmissionResult:
    """The verdict of a submission; bonus points are summed apart and never fill a gap in the score.

    Args:
        submission: what was graded.
        exercises: the exercises that were graded, in order; they alone make up `max_score`.
        results: the verdict of each of them, by id.
        proven: whether a sandbox stood around the student's code.
        seconds: how long it took.
        student_seconds: the part of it in which the student's code ran.
        notes: more notes, after those of the submission.
    """
    regular = [exercise for exercise in exercises if not exercise.bonus]
    return SubmissionResult(
        id=submission.id,
        source=submission.source,
        sha256=submission.sha256,
        proven=proven,
        score=sum(results[exercise.id].score for exercise in regular),
        max_score=sum(exercise.points for exercise in regular),
        bonus=sum(results[exercise.id].score for exercise in exercises if exercise.bonus),
        seconds=seconds,
        student_seconds=student_seconds,
        notes=(*submission.notes, *notes),
        exercises={exercise.id: results[exercise.id] for exercise in exercises},
    )


def rejected_result(submission: Submission, exercises: Sequence[Exercise], *, proven: bool) -> SubmissionResult:
    """The verdict of a submission that could not be read: no exercise attempted, and the reason as its first note."""
    blank = {e.id: ExerciseResult(score=0, max_score=e.points, status=Status.NOT_ATTEMPTED) for e in exercises}
    result = submission_result(submission, exercises, blank, proven=proven, seconds=0.0)
    reason = f"Not graded: {submission.rejected or 'it could not be read'}"
    return msgspec.structs.replace(result, is_rejected=True, notes=(reason, *result.notes))


def _valid_check(check: CheckResult) -> CheckResult:
    if check.message.isascii() and check.title.isascii():
        return check
    return msgspec.structs.replace(check, message=_valid(check.message), title=_valid(check.title))


def _kept(code: Sequence[JudgedCode]) -> Iterator[JudgedCode]:
    """The pieces, cut where they go on and on: all together have so many lines and characters at most."""
    lines_left, chars_left = MAX_CODE_LINES, MAX_CODE_CHARS
    for piece in code:
        source = piece.source.rstrip("\n")
        lines = source[:chars_left].split("\n")[:lines_left]
        if not any(lines):
            continue
        total = source.count("\n") + 1
        lines_left -= len(lines)
        chars_left -= sum(map(len, lines))
        yield JudgedCode(
            where=_valid(piece.where),
            source=_valid("\n".join(lines)),
            left_out=max(0, total - len(lines)),
            line=piece.line if piece.line is not None and 0 < piece.line <= total else None,  # a word of the other side
        )


def _valid(text: str) -> str:
    """The text as Unicode that can be written to a file: an answer may hold half a surrogate pair."""
    return text.encode("utf-8", "replace").decode()


def _won(check: CheckResult) -> int:
    """The points of a check: only a passed one has any, and never more than it is worth."""
    return max(0, min(check.points, check.max_points)) if check.status is Status.PASSED else 0


def _status(checks: Sequence[CheckResult], score: int, points: int) -> Status:
    statuses = {check.status for check in checks}
    if Status.KIT_ERROR in statuses:
        return Status.KIT_ERROR
    if score == points:
        return Status.PASSED
    if score > 0:
        return Status.PARTIAL
    if len(statuses) == 1 and Status.PASSED not in statuses:
        return statuses.pop()
    return next((status for status in _WORST_FIRST if status in statuses), Status.FAILED)
