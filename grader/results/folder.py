"""Reads the class that a results folder holds, and adds a run to it.

The record of a class is results.json: one file, replaced whole when a run has ended, and what every report and command
shows. The store cannot be that record. It finds verdicts by all that made them, and it also holds those of replaced
uploads and of other settings, so it cannot say who is in the class.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from grader.errors import KitError
from grader.intake.read import is_junk, shown_name
from grader.model import Exercise, ExerciseResult, RunResult, Struct, SubmissionResult
from grader.results.report.files import student_folder
from grader.results.report.results import read_results_json

MAX_NAMED = 6
SECRET = "secret.key"  # noqa: S105 - the name of a file
_RECORD, _STORE = "results.json", "results.db"


class Joined(Struct, frozen=True, kw_only=True):
    """A class to which a run was added."""

    run: RunResult
    left: tuple[str, ...]
    """Ids that the folder held and the class has no more."""
    notes: tuple[str, ...]


def class_in(out: Path) -> RunResult | None:
    """The class that a results folder holds; None where it holds none yet.

    Raises:
        KitError: the folder holds something else, or a class that no run can be added to.
    """
    if not has_results(out):
        return None
    run = read_results_json(out)
    if run.rubric:
        raise KitError(f"{out}: holds what `playground rescore` wrote; grade into the folder that was graded")
    for result in run.submissions:
        student_folder(out, result.id)  # an id that is no file name is refused before anything is graded
    return run


def has_results(out: Path) -> bool:
    """Whether a folder holds results.json; False for one that is not there yet, or empty.

    Raises:
        KitError: the folder holds something else than results.
    """
    try:
        names = {path.name for path in out.iterdir()}
    except FileNotFoundError:
        return False
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise KitError(f"{out}: cannot be used ({why}); choose another --out folder") from error
    others = sorted(name for name in names if not is_junk(name) and name != SECRET)
    if others and not names & {_RECORD, _STORE}:
        raise KitError(
            f"{out}: holds {_named(map(shown_name, others))} and no results of this kit; "
            "choose another --out folder, a new or an empty one"
        )
    return _RECORD in names


def check_course(out: Path, held: RunResult, catalog: Collection[str]) -> None:
    """Nothing, where the class was graded in exercises of this catalogue.

    Raises:
        KitError: it is the class of another course.
    """
    strange = sorted({id_ for result in held.submissions for id_ in result.exercises} - set(catalog))
    if strange:
        raise KitError(
            f"{out}: holds the class of another course, which has {_named(strange)}; "
            "choose another --out folder, or replace the class with --only-these"
        )


def joined(
    held: RunResult, new: RunResult, exercises: Sequence[Exercise], *, given: Collection[str], dropped: Collection[str]
) -> Joined:
    """The class with a run added: its submissions are new, or take the place of those with the same id.

    Args:
        held: the class as it was.
        new: the run.
        exercises: the catalogue.
        given: ids of all submissions in the paths of the run, those without a verdict too.
        dropped: ids that do not count, since their student has a later submission.
    """
    fresh = {one.id: one for one in new.submissions}
    before = {one.id: _dated(one, held) for one in held.submissions if one.id not in dropped}
    now = {id_: _with_others(before.get(id_), one, exercises) for id_, one in fresh.items()}
    stay = {id_: one for id_, one in before.items() if id_ not in now or now[id_] is not fresh[id_]}
    order = sorted({**before, **now}, key=str.casefold) if before.keys() - now.keys() else now
    rows = tuple(now.get(id_) or before[id_] for id_ in order)
    notes = [*_counts(before, now, given), *_less(before, now), *_older(stay, new), *_other_walls(stay, held, new)]
    run = msgspec.structs.replace(new, submissions=rows, **_walls(stay, held, new))
    return Joined(run=run, left=_left(held, rows), notes=tuple(notes))


def alone(held: RunResult | None, new: RunResult) -> Joined:
    """The run alone, in the place of the class that the folder held."""
    left = _left(held, new.submissions) if held else ()
    note = f"--only-these: {len(left)} left the reports ({_named(left)}), their verdicts stay in {_STORE}"
    return Joined(run=new, left=left, notes=(note,) if left else ())


def remove_pages(out: Path, ids: Iterable[str]) -> None:
    """Removes the feedback pages of these students; what else lies in their folders stays.

    Raises:
        KitError: a page cannot be removed.
    """
    for id_ in ids:
        folder = student_folder(out, id_)
        if folder.is_symlink() or folder.parent.is_symlink():
            continue
        try:
            (folder / "feedback.html").unlink(missing_ok=True)
        except OSError as error:
            raise KitError(f"{folder}: cannot be removed ({(error.strerror or 'unknown reason').lower()})") from error
        with suppress(OSError):  # not there, or not empty
            folder.rmdir()


def _dated(result: SubmissionResult, held: RunResult) -> SubmissionResult:
    return result if result.judged_by else msgspec.structs.replace(result, judged_by=held.kit_version)


def _with_others(
    old: SubmissionResult | None, new: SubmissionResult, exercises: Sequence[Exercise]
) -> SubmissionResult:
    """The new verdicts, and those from before on exercises of the same upload that were not chosen this time."""
    if old is None or old.sha256 != new.sha256 or not old.exercises.keys() - new.exercises.keys():
        return new
    all_of = {**old.exercises, **new.exercises}
    longest = max(old, new, key=lambda one: one.seconds)
    return msgspec.structs.replace(
        new,
        **_points(all_of, exercises),
        exercises={e.id: all_of[e.id] for e in exercises if e.id in all_of},
        proven=old.proven and new.proven,
        judged_by=new.judged_by if old.judged_by == new.judged_by else old.judged_by,
        seconds=longest.seconds,
        student_seconds=longest.student_seconds,
    )


def _points(verdicts: Mapping[str, ExerciseResult], exercises: Sequence[Exercise]) -> dict[str, int]:
    bonus = {exercise.id for exercise in exercises if exercise.bonus}
    regular = [verdict for id_, verdict in verdicts.items() if id_ not in bonus]
    return {
        "score": sum(verdict.score for verdict in regular),
        "max_score": sum(verdict.max_score for verdict in regular),
        "bonus": sum(verdict.score for id_, verdict in verdicts.items() if id_ in bonus),
    }


def _counts(
    before: Mapping[str, SubmissionResult], now: Mapping[str, SubmissionResult], given: Collection[str]
) -> list[str]:
    away = [id_ for id_ in before if id_ not in given]
    added = [id_ for id_ in now if id_ not in before]
    other = [id_ for id_, one in now.items() if id_ in before and _verdict(one) != _verdict(before[id_])]
    if not (away or added or other):
        return []
    kept = f"{len(before) - len(other)} kept"
    kept += f", {len(away)} of them not in these paths{_in_brackets(away)}" if away else ""
    how = _in_brackets([_instead(before[id_], now[id_]) for id_ in other])
    return [
        f"class of {len(before) + len(added)}: {kept}; {len(added)} added{_in_brackets(added)}; "
        f"{len(other)} replaced{how}"
    ]


def _verdict(result: SubmissionResult) -> SubmissionResult:
    """The result without what may differ although nothing has changed."""
    return msgspec.structs.replace(result, source="", judged_by="", seconds=0.0, student_seconds=0.0)


def _instead(old: SubmissionResult, new: SubmissionResult) -> str:
    return new.id if old.source == new.source else f"{new.id}: {new.source} instead of {old.source}"


def _less(before: Mapping[str, SubmissionResult], now: Mapping[str, SubmissionResult]) -> list[str]:
    """Whose row has fewer exercises than it had."""
    ids = [id_ for id_, one in now.items() if id_ in before and before[id_].exercises.keys() - one.exercises.keys()]
    if not ids:
        return []
    return [
        f"{_named(ids)}: a newer upload, graded in the chosen exercises only; verdicts on the other exercises of "
        "the older upload left the reports, grade without --exercise to have all"
    ]


def _older(stay: Mapping[str, SubmissionResult], new: RunResult) -> list[str]:
    today = {one.judged_by for one in new.submissions}
    older = [id_ for id_, one in stay.items() if today and one.judged_by not in today]
    if not older:
        return []
    return [
        f"kept from another version of the kit or its checks: {len(older)}{_in_brackets(older)}; "
        "give these submissions again to grade them with this version"
    ]


def _other_walls(stay: Mapping[str, SubmissionResult], held: RunResult, new: RunResult) -> list[str]:
    if held.walls == new.walls or not any(one.proven for one in stay.values()):
        return []
    return [
        f"kept verdicts were made behind other walls ({', '.join(held.walls) or 'none'}); "
        "the reports name those that stood around all"
    ]


def _walls(stay: Mapping[str, SubmissionResult], held: RunResult, new: RunResult) -> dict[str, tuple[str, ...]]:
    """The walls that stood around every proven submission, and those that were missing around one of them."""
    runs = [new] * any(one.proven for one in new.submissions) + [held] * any(one.proven for one in stay.values())
    walls = tuple(wall for wall in (runs or [new])[0].walls if all(wall in run.walls for run in runs))
    known = dict.fromkeys(wall for run in runs or [new] for wall in (*run.walls, *run.missing_walls))
    return {"walls": walls, "missing_walls": tuple(wall for wall in known if wall not in walls)}


def _left(held: RunResult, rows: Sequence[SubmissionResult]) -> tuple[str, ...]:
    ids = {one.id for one in rows}
    return tuple(one.id for one in held.submissions if one.id not in ids)


def _in_brackets(ids: Sequence[str]) -> str:
    return f" ({_named(ids)})" if 0 < len(ids) <= MAX_NAMED else ""


def _named(names: Iterable[str]) -> str:
    names = list(names)
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return ", ".join(names[:MAX_NAMED]) + more
