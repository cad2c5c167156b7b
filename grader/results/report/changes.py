"""What differs between two runs: whose marks changed, and which checks made them change. Pure."""

from collections.abc import Iterator

from grader.model import CheckResult, ExerciseResult, RunResult, Status, Struct, SubmissionResult


class CheckChange(Struct, frozen=True, kw_only=True):
    """One check, or the whole exercise when `name` is empty, that is not as it was."""

    exercise: str
    name: str
    title: str
    before: int
    """Points won in the first run."""
    after: int
    why: str
    """`failed -> passed`, `new`, `gone`, `worth 2 instead of 1`; several are joined by commas."""
    message: str = ""
    """What the second run says about it, unless it passed."""


class StudentChange(Struct, frozen=True, kw_only=True):
    """A submission that was not judged the same in both runs."""

    id: str
    before: int
    """Score in the first run, without bonus."""
    after: int
    bonus_before: int = 0
    bonus_after: int = 0
    max_before: int = 0
    max_after: int = 0
    other_work: bool = False
    """Whether something else was handed in: then the change may be the student's doing."""
    checks: tuple[CheckChange, ...] = ()
    notes: tuple[str, ...] = ()
    """Notes about the submission that the first run did not have."""

    @property
    def is_other_mark(self) -> bool:
        """Whether points differ, won or to win."""
        return (self.before, self.bonus_before, self.max_before) != (self.after, self.bonus_after, self.max_after)


class Difference(Struct, frozen=True, kw_only=True):
    """Two runs side by side."""

    changed: tuple[StudentChange, ...]
    """Those whose score, bonus or points to win differ, in the order of the second run."""
    reworded: tuple[StudentChange, ...]
    """Those with the same marks and other verdicts: failed here, timed out there."""
    same: int
    """How many have the same verdicts in both runs."""
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    run: tuple[str, ...]
    """What differs between the runs as such: version, walls."""


def difference(before: RunResult, after: RunResult) -> Difference:
    """Whose marks changed between two runs, and why; submissions are the same when their ids are."""
    first = {result.id: result for result in before.submissions}
    second = {result.id: result for result in after.submissions}
    both = [(first[id_], result) for id_, result in second.items() if id_ in first]
    changes = [change for old, new in both if (change := _student(old, new))]
    return Difference(
        changed=tuple(change for change in changes if change.is_other_mark),
        reworded=tuple(change for change in changes if not change.is_other_mark),
        same=len(both) - len(changes),
        only_before=tuple(id_ for id_ in first if id_ not in second),
        only_after=tuple(id_ for id_ in second if id_ not in first),
        run=tuple(_run(before, after)),
    )


def _student(old: SubmissionResult, new: SubmissionResult) -> StudentChange | None:
    checks = tuple(change for id_ in {**old.exercises, **new.exercises} for change in _exercise(id_, old, new))
    change = StudentChange(
        id=new.id,
        before=old.score,
        after=new.score,
        bonus_before=old.bonus,
        bonus_after=new.bonus,
        max_before=old.max_score,
        max_after=new.max_score,
        other_work=old.sha256 != new.sha256,
        checks=checks,
        notes=tuple(note for note in new.notes if note not in old.notes),
    )
    return change if checks or change.is_other_mark else None


def _exercise(id_: str, old: SubmissionResult, new: SubmissionResult) -> Iterator[CheckChange]:
    first, second = old.exercises.get(id_), new.exercises.get(id_)
    if first is None or second is None:
        yield CheckChange(
            exercise=id_,
            name="",
            title="",
            before=_points(first),
            after=_points(second),
            why="exercise is new" if first is None else "exercise is gone",
        )
        return
    if first.max_score != second.max_score and _statuses(first) == _statuses(second):
        yield CheckChange(
            exercise=id_,
            name="",
            title="",
            before=first.score,
            after=second.score,
            why=f"worth {second.max_score} instead of {first.max_score}",
        )
        return
    names = {**_by_name(first), **_by_name(second)}
    found = [change for name in names if (change := _check(id_, _by_name(first).get(name), _by_name(second).get(name)))]
    yield from found
    explained = sum(change.after - change.before for change in found)
    status = f"{first.status.value} -> {second.status.value}"
    if explained != second.score - first.score or (not found and first.status != second.status):
        yield CheckChange(exercise=id_, name="", title="", before=first.score, after=second.score, why=status)


def _by_name(verdict: ExerciseResult) -> dict[str, CheckResult]:
    return {check.name: check for check in verdict.checks}


def _statuses(verdict: ExerciseResult) -> dict[str, Status]:
    return {check.name: check.status for check in verdict.checks}


def _check(id_: str, old: CheckResult | None, new: CheckResult | None) -> CheckChange | None:
    shown = new or old
    if shown is None:
        return None
    if old is None or new is None:
        reasons = [f"new, {shown.status.value}" if old is None else f"gone, was {shown.status.value}"]
    else:
        reasons = [f"{old.status.value} -> {new.status.value}"] * (old.status != new.status)
        reasons += [f"worth {new.max_points} instead of {old.max_points}"] * (old.max_points != new.max_points)
        if not reasons and old.points == new.points:
            return None
    return CheckChange(
        exercise=id_,
        name=shown.name,
        title=shown.title,
        before=old.points if old else 0,
        after=new.points if new else 0,
        why=", ".join(reasons) or "points",
        message=new.message if new and new.status not in (Status.PASSED, Status.NOT_ATTEMPTED) else "",
    )


def _points(verdict: ExerciseResult | None) -> int:
    return verdict.score if verdict else 0


def _run(before: RunResult, after: RunResult) -> Iterator[str]:
    if before.kit_version != after.kit_version:
        yield f"kit {before.kit_version} -> {after.kit_version}"
    gone = [wall for wall in before.walls if wall not in after.walls]
    new = [wall for wall in after.walls if wall not in before.walls]
    if gone:
        yield f"walls that stood in the first run only: {', '.join(gone)}"
    if new:
        yield f"walls that stood in the second run only: {', '.join(new)}"
