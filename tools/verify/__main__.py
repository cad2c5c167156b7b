"""`python -m tools.verify`: proves that the checks are right about right answers and right about wrong ones."""

import argparse
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from grader.catalog import Catalog
from grader.command_line.border import command
from grader.intake.local import read_here
from grader.model import Exercise, Struct, to_json
from grader.offline import use_offline_models
from grader.project import project_catalog, project_root
from tools.verify.claims import Claim, read_bank
from tools.verify.findings import (
    Survivor,
    another_verdict,
    dead_checks,
    mutant_problems,
    read_survivors,
    should_be_as_declared,
    should_be_full,
    should_trip_nothing,
    should_win_nothing,
    thin_bank,
    told,
)
from tools.verify.leaks import leaks
from tools.verify.mutants import Mutant, mutants_of
from tools.verify.odd import odd_answers
from tools.verify.renamed import renamings_of
from tools.verify.trials import Trial, Verdict, Workshop, with_workshop
from tools.verify.walled import judged_behind_walls

_EXAMPLES = """\
examples:
  python -m tools.verify                        everything
  python -m tools.verify --exercise 2.1         one exercise
  python -m tools.verify --no-mutants           the bank, the solutions and the stubs only
  python -m tools.verify --trust-list           as in CI: without the mutants that survivors.toml says are right
  python -m tools.verify --only 1.1/reject_unk  answers of the bank whose name begins like that, with their verdicts
  python -m tools.verify --repeat 20            the bank again and again, shuffled: the verdicts must not change
  python -m tools.verify --walled               the bank through the real grader, too
  python -m tools.verify --seeds 20             the bank with other hidden inputs each time: still as declared
"""


class Figures(Struct, frozen=True, kw_only=True):
    """What was counted for one exercise."""

    exercise: str
    checks: int
    accepts: int
    rejects: int
    renamed: int
    mutants: int
    survivors: int
    """Mutants with full marks; each must be in tests/answers/survivors.toml with a reason."""
    dead_checks: int
    """Checks that no reject fails."""


class Report(Struct, frozen=True, kw_only=True):
    """The outcome of a run."""

    figures: tuple[Figures, ...]
    problems: tuple[str, ...]
    repeats: int
    """How often the bank was judged again."""
    seconds: float


@command("verify")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; 0 when there is no problem, 1 when there is, 2 for a usage error."""
    options = _parser().parse_args(argv)
    root = project_root()
    catalog = project_catalog(root)
    chosen = [catalog.get(exercise_id) for exercise_id in options.exercise or catalog.ids]
    claims = [c for c in read_bank(root / "tests" / "answers", catalog) if c.exercise in {e.id for e in chosen}]
    if options.only:
        claims = [claim for claim in claims if claim.name.startswith(options.only)]
        chosen = [exercise for exercise in chosen if exercise.id in {claim.exercise for claim in claims}]
    known = read_survivors(root / "tests" / "answers" / "survivors.toml")
    use_offline_models()
    run = Verification(root, catalog, chosen, claims, options)
    reports: list[Report] = []

    def work(workshop: Workshop) -> None:
        reports.append(run.look_at_some(workshop) if options.only else run.verify(workshop, known))

    with_workshop(root, catalog, [exercise.id for exercise in chosen], work)
    print(to_json(reports[0]).decode() if options.format == "json" else _text(reports[0]), end="")
    return 1 if reports[0].problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.verify",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Prove the checks: solutions and right answers get full marks, wrong answers the advice that names "
        "them, untouched stubs nothing; every check fails some wrong answer; mutants of the solutions are caught.",
    )
    parser.add_argument("--exercise", action="append", metavar="ID", help="only this exercise; may be given again")
    parser.add_argument("--only", metavar="NAME", help="only these answers of the bank, with all their verdicts")
    parser.add_argument("--no-mutants", action="store_true", help="leave the mutants out; they take half of the time")
    parser.add_argument(
        "--trust-list",
        action="store_true",
        help="leave out the mutants that survivors.toml lists, the slow ones: every check runs",
    )
    parser.add_argument("--odd-names", action="store_true", help="odd values in each name by itself, too: slow")
    parser.add_argument("--repeat", type=int, default=0, metavar="N", help="judge the bank N times more, shuffled")
    parser.add_argument("--seeds", type=int, default=0, metavar="N", help="judge the bank with N other hidden inputs")
    parser.add_argument("--walled", action="store_true", help="judge the bank by the real grader, too: slow")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="default: one for each core")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    return parser


class Verification:
    """One run: makes trials, gathers verdicts, counts."""

    def __init__(
        self,
        root: Path,
        catalog: Catalog,
        exercises: Sequence[Exercise],
        claims: Sequence[Claim],
        options: argparse.Namespace,
    ) -> None:
        self._root, self._catalog, self._exercises, self._claims = root, catalog, exercises, claims
        self._options = options
        self._problems: list[str] = []

    def look_at_some(self, workshop: Workshop) -> Report:
        """Prints all that the checks say of the chosen answers."""
        for trial, verdict in workshop.judge_all(map(_bank_trial, self._claims), self._options.jobs):
            print(f"{trial.name}: {verdict.points} points\n{told(verdict)}", *verdict.notes, sep="\n", file=sys.stderr)
            claim = next(claim for claim in self._claims if claim.name == trial.name)
            self._problems += should_be_as_declared(claim, verdict)
        return Report(figures=(), problems=tuple(self._problems), repeats=0, seconds=0.0)

    def verify(self, workshop: Workshop, known: Sequence[Survivor]) -> Report:
        """Everything."""
        start = time.monotonic()
        solutions = self._solutions(workshop)
        self._stubs(workshop)
        bank = self._bank(workshop)
        renamed = self._renamed(workshop)
        self._odd(workshop)
        rejects = defaultdict(list)
        for claim in self._claims:
            if not claim.is_right:
                rejects[claim.exercise].append(bank[claim.name])
        dead = dead_checks(self._exercises, rejects, solutions)
        mutants, alive = ([], []) if self._options.no_mutants else self._mutants(workshop, known)
        self._problems += dead + thin_bank(self._exercises, self._claims) + leaks(self._root)
        if mutants:
            self._problems += mutant_problems(alive, known, mutants)
        repeats = self._repeats(workshop, bank)
        if self._options.walled:
            self._walled(bank)
        counts = {
            "checks": Counter({exercise: len(verdict.checks) for exercise, verdict in solutions.items()}),
            "accepts": Counter(claim.exercise for claim in self._claims if claim.is_right),
            "rejects": Counter(claim.exercise for claim in self._claims if not claim.is_right),
            "renamed": renamed,
            "mutants": Counter(mutant.exercise for mutant in mutants),
            "survivors": Counter(mutant.exercise for mutant in alive),
            "dead_checks": Counter(problem.partition(":")[0] for problem in dead),
        }
        figures = (Figures(exercise=e.id, **{name: counts[name][e.id] for name in counts}) for e in self._exercises)
        return Report(
            figures=tuple(figures),
            problems=tuple(self._problems),
            repeats=repeats,
            seconds=round(time.monotonic() - start, 1),
        )

    def _solutions(self, workshop: Workshop) -> dict[str, Verdict]:
        """The solutions under both suites."""
        trials = [
            Trial(name=f"{e.file} ({suites} checks)", exercise=e.id, source=workshop.solution(e), suites=suites)
            for e in self._exercises
            for suites in ("hidden", "visible")
        ]
        found = {}
        for trial, verdict in self._judged(workshop, trials, "solutions"):
            self._problems += should_be_full(trial.name, verdict)
            if trial.suites == "hidden":
                found[trial.exercise] = verdict
        return found

    def _stubs(self, workshop: Workshop) -> None:
        """Untouched stubs are no attempt; taken for one, they win nothing."""
        for place in (self._root / "exercises", self._root / "exercises" / "lm_playground.ipynb"):
            attempted = sorted(read_here(place, self._catalog).attempted)
            self._problems += [f"{place.name}: the untouched stub of {name} counts as attempted" for name in attempted]
        trials = [Trial(name=f"exercises/{e.file}", exercise=e.id, source=e.stub) for e in self._exercises]
        for trial, verdict in self._judged(workshop, trials, "stubs"):
            self._problems += should_win_nothing(trial.name, verdict)

    def _bank(self, workshop: Workshop) -> dict[str, Verdict]:
        """Every answer of the bank; right ones under the visible checks, too."""
        found = {}
        for trial, verdict in self._judged(workshop, map(_bank_trial, self._claims), "bank"):
            claim = next(claim for claim in self._claims if claim.name == trial.name)
            self._problems += should_be_as_declared(claim, verdict)
            found[trial.name] = verdict
        right = (_bank_trial(claim, suites="visible") for claim in self._claims if claim.is_right)
        for trial, verdict in self._judged(workshop, right, "right answers under the visible checks"):
            self._problems += should_be_full(f"{trial.name} (visible checks)", verdict)
        return found

    def _renamed(self, workshop: Workshop) -> Counter[str]:
        """Solutions whose answers have other names."""
        trials = [
            Trial(name=f"{e.id} with {names} renamed", exercise=e.id, source=source)
            for e in self._exercises
            for names, source in renamings_of(e, workshop.solution(e))
        ]
        for trial, verdict in self._judged(workshop, trials, "renamed solutions"):
            self._problems += should_be_full(trial.name, verdict)
            if not verdict.notes:
                self._problems.append(f"{trial.name}: no note says which name was taken")
        return Counter(trial.exercise for trial in trials)

    def _odd(self, workshop: Workshop) -> None:
        """Strange values in place of answers."""
        trials = [
            Trial(name=f"{e.id} with {odd}", exercise=e.id, source=source)
            for e in self._exercises
            for odd, source in odd_answers(e, workshop.solution(e), one_by_one=self._options.odd_names)
        ]
        for trial, verdict in self._judged(workshop, trials, "odd values"):
            self._problems += should_trip_nothing(trial.name, verdict)

    def _mutants(self, workshop: Workshop, known: Sequence[Survivor]) -> tuple[list[Mutant], list[Mutant]]:
        """All mutants, and those that get full marks, or are trusted to."""
        mutants = {m.source: m for e in self._exercises for m in mutants_of(e.id, workshop.solution(e), e.file)}
        listed = {(entry.exercise, entry.was, entry.now) for entry in known} if self._options.trust_list else set()
        trusted = {source: m for source, m in mutants.items() if (m.exercise, m.was, m.now) in listed}
        tried = [mutant for source, mutant in mutants.items() if source not in trusted]
        trials = (Trial(name=m.name, exercise=m.exercise, source=m.source, stops_early=True) for m in tried)
        judged = self._judged(workshop, trials, f"{len(tried)} of {len(mutants)} mutants")
        alive = [mutants[trial.source] for trial, verdict in judged if verdict.is_full]
        return list(mutants.values()), [*trusted.values(), *alive]

    def _repeats(self, workshop: Workshop, bank: dict[str, Verdict]) -> int:
        """The bank again, shuffled: the same verdicts, word for word; with other inputs still as declared."""
        rounds = [(0, f"repeat {n + 1}") for n in range(self._options.repeat)]
        rounds += [(n + 1, f"hidden inputs {n + 1}") for n in range(self._options.seeds)]
        for seed, what in rounds:
            trials = [_bank_trial(claim, seed=seed) for claim in self._claims]
            random.Random(what).shuffle(trials)
            for trial, verdict in self._judged(workshop, trials, what):
                if seed:
                    claim = next(claim for claim in self._claims if claim.name == trial.name)
                    self._problems += [f"{problem} ({what})" for problem in should_be_as_declared(claim, verdict)]
                elif verdict != bank[trial.name]:
                    self._problems.append(another_verdict(trial.name, bank[trial.name], verdict, what))
        return len(rounds)

    def _walled(self, bank: dict[str, Verdict]) -> None:
        """The bank through the real grader: the same statuses as in the trials, with hidden inputs of its own."""
        start = time.monotonic()
        judged = list(judged_behind_walls(self._root, self._catalog, self._claims, self._options.jobs))
        for name, checks in judged:
            walled = Verdict(checks=checks)
            if walled.statuses != bank[name].statuses:
                self._problems.append(another_verdict(name, bank[name], walled, "behind the walls"))
        _say("behind the walls", len(judged), start)

    def _judged(self, workshop: Workshop, trials: object, what: str) -> list[tuple[Trial, Verdict]]:
        start = time.monotonic()
        judged = list(workshop.judge_all(trials, self._options.jobs))  # type: ignore[arg-type]
        _say(what, len(judged), start)
        return judged


def _bank_trial(claim: Claim, suites: str = "hidden", seed: int = 0) -> Trial:
    return Trial(name=claim.name, exercise=claim.exercise, source=claim.source, suites=suites, seed=seed)


def _say(what: str, count: int, start: float) -> None:
    print(f"verify: {what}: {count} judged in {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)


def _text(report: Report) -> str:
    titles = Figures.__struct_fields__
    rows = [[str(getattr(figures, name)) for name in titles] for figures in report.figures]
    if rows:
        sums = [str(sum(getattr(figures, name) for figures in report.figures)) for name in titles[1:]]
        rows = [list(titles), *rows, ["total", *sums]]
    lines = ["  ".join(word.rjust(len(title)) for word, title in zip(row, titles, strict=True)) for row in rows]
    lines += [f"problem: {problem}" for problem in report.problems]
    repeated = f", the bank judged {report.repeats} times more" if report.repeats else ""
    lines.append(f"{len(report.problems) or 'no'} problems{repeated}, {report.seconds} s")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
