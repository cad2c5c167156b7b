"""What the trials say, held against what they should say. Pure: trials and verdicts in, problems out."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from grader.model import Exercise, Status
from tools.verify.claims import Claim
from tools.verify.mutants import Mutant
from tools.verify.trials import Verdict

FEWEST_ACCEPTS, FEWEST_REJECTS = 5, 6


class Survivor(NamedTuple):
    """A mutant that may live, because it is right all the same."""

    exercise: str
    was: str
    now: str
    why: str


def told(verdict: Verdict) -> str:
    """The checks that did not pass, one line each."""
    failed = [check for check in verdict.checks if check.status is not Status.PASSED]
    return "\n".join(f"      {check.status:>12} {check.name}: {check.message}" for check in failed)


def should_be_full(name: str, verdict: Verdict) -> list[str]:
    """A right answer has full marks."""
    return [] if verdict.is_full else [f"{name}: a right answer that does not get full marks\n{told(verdict)}"]


def should_win_nothing(name: str, verdict: Verdict) -> list[str]:
    """An untouched blank has no points, even if somebody makes it look like an attempt."""
    if not verdict.points:
        return []
    won = ", ".join(check.name for check in verdict.checks if check.points)
    return [f"{name}: the stub wins {verdict.points} points for nothing, by {won}"]


def should_trip_nothing(name: str, verdict: Verdict) -> list[str]:
    """Whatever an answer is, every check ends in a verdict on it."""
    if all(check.status is not Status.KIT_ERROR and check.name for check in verdict.checks):
        return []
    return [f"{name}: a check trips over it, which is the kit's fault\n{told(verdict)}"]


def should_be_as_declared(claim: Claim, verdict: Verdict) -> list[str]:
    """An accept has full marks; a reject fails the check that it names, with the words that name its misconception."""
    tripped = should_trip_nothing(claim.name, verdict)
    if tripped:
        return tripped
    if claim.is_right:
        return should_be_full(claim.name, verdict)
    named = [check for check in verdict.checks if check.name == claim.check]
    if not named:
        return [f"{claim.name}: it names {claim.check}, and there is no such check"]
    if named[0].status in (Status.PASSED, Status.SKIPPED):
        return [f"{claim.name}: {claim.check} should fail, and it {named[0].status}\n{told(verdict)}"]
    if claim.says not in named[0].message:
        return [f"{claim.name}: {claim.check} should say “{claim.says}”\n{told(verdict)}"]
    return []


def another_verdict(name: str, before: Verdict, now: Verdict, what: str) -> str:
    """Two verdicts on one answer that should be the same."""
    return f"{name}: another verdict ({what})\n{told(before)}\n    now\n{told(now)}"


def thin_bank(exercises: Iterable[Exercise], claims: Iterable[Claim]) -> list[str]:
    """Exercises with fewer answers than prove anything."""
    claims = list(claims)
    problems = []
    for exercise in exercises:
        right = [claim.is_right for claim in claims if claim.exercise == exercise.id]
        accepts, rejects = right.count(True), right.count(False)
        if accepts < FEWEST_ACCEPTS or rejects < FEWEST_REJECTS:
            problems.append(
                f"{exercise.id}: the bank has {accepts} accepts and {rejects} rejects; "
                f"{FEWEST_ACCEPTS} and {FEWEST_REJECTS} are the least"
            )
    return problems


def dead_checks(
    exercises: Iterable[Exercise], rejects: Mapping[str, Sequence[Verdict]], solutions: Mapping[str, Verdict]
) -> list[str]:
    """Checks that no wrong answer of the bank fails."""
    problems = []
    for exercise in exercises:
        seen = {c.name for verdict in rejects.get(exercise.id, ()) for c in verdict.checks if is_failed(c.status)}
        names = [check.name for check in solutions[exercise.id].checks]
        problems += [f"{exercise.id}: no reject fails {name}" for name in names if name not in seen]
    return problems


def is_failed(status: Status) -> bool:
    """Whether a check was run and did not pass."""
    return status not in (Status.PASSED, Status.SKIPPED, Status.NOT_ATTEMPTED)


def read_survivors(path: Path) -> list[Survivor]:
    """The reviewed list of mutants that may live."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("survivor", [])
    return [Survivor(**{**entry, "now": now}) for entry in entries for now in entry["now"]]


def mutant_problems(survivors: Iterable[Mutant], known: Iterable[Survivor], mutants: Iterable[Mutant]) -> list[str]:
    """Mutants that live and are not on the list, and entries of the list that no mutant needs any more."""
    alive = {(mutant.exercise, mutant.was, mutant.now) for mutant in survivors}
    listed = {(entry.exercise, entry.was, entry.now) for entry in known}
    tried = {mutant.exercise for mutant in mutants}
    new = [f"a mutant gets full marks: {name}: {was} -> {now}" for name, was, now in sorted(alive - listed)]
    stale = [
        f"survivors.toml lists a mutant that is killed, or is none: {name}: {was} -> {now}"
        for name, was, now in sorted(listed - alive)
        if name in tried
    ]
    return new + stale
