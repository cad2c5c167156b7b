"""Answers under the suites, each in a fork of one warm process: quick, and what an answer breaks is only its own.

Everything that all answers need is loaded once: torch, the models, the collected suites, the solutions of the exercises
before, the prompts that the suites draw from. Nothing protects the machine: answers here are our own.
"""

import contextlib
import os
import resource
import signal
import time
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path

import msgspec

from grader.catalog import Catalog
from grader.checks import plugin
from grader.checks.collected import Collected, with_collected
from grader.model import CheckResult, Exercise, Limits, SourceCell, Status, Struct
from grader.run.judge import reach_oracles
from grader.sandbox.exercise import missing_givens
from grader.sandbox.inner import mapped_bytes
from grader.sandbox.notebook import Notebook
from grader.student.loopback import LoopbackStudent

DEADLINE_S = 300.0
"""Wall seconds for one trial; what takes longer is ended."""
_MEMORY = 6 << 30


class Trial(Struct, frozen=True, kw_only=True):
    """One answer to be judged."""

    name: str
    exercise: str
    source: str
    """The exercise's whole cell."""
    suites: str = "hidden"
    """Or `visible`."""
    seed: int = 0
    """Other numbers draw other hidden inputs."""
    stops_early: bool = False
    """Whether one failed check is enough; answers that hang are then given less time, too."""


class Verdict(Struct, frozen=True, kw_only=True):
    """What the suites say of an answer."""

    checks: tuple[CheckResult, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """The points won."""
        return sum(check.points for check in self.checks)

    @property
    def statuses(self) -> list[tuple[str, Status]]:
        """Each check and how it ended."""
        return [(check.name, check.status) for check in self.checks]

    @property
    def is_full(self) -> bool:
        """Whether every check passed."""
        return bool(self.checks) and all(check.status is Status.PASSED for check in self.checks)


class Workshop:
    """The warm process. Make one with `with_workshop`."""

    def __init__(self, root: Path, catalog: Catalog, suites: dict[str, Collected], exercises: Collection[str]) -> None:
        self.catalog = catalog
        self._root, self._suites = root, suites
        self._before = self._notebooks(exercises)

    def solution(self, exercise: Exercise) -> str:
        """The solution's cell."""
        return (self._root / "solutions" / exercise.file).read_text(encoding="utf-8")

    def warm_up(self, exercises: Iterable[str]) -> None:
        """Judges the solutions once in this process: what the suites load and compute is there for all forks."""
        import gc

        from grader.offline import stock
        from grader.sandbox.system import use_huge_pages
        from grader.sandbox.threads import work_on_one_thread

        work_on_one_thread()
        for exercise_id in exercises:
            self._judge(Trial(name="", exercise=exercise_id, source=self.solution(self.catalog.get(exercise_id))))
        stock.lay_in()
        gc.collect()
        gc.freeze()
        with contextlib.suppress(OSError):
            use_huge_pages()

    def judge_all(self, trials: Iterable[Trial], jobs: int) -> Iterator[tuple[Trial, Verdict]]:
        """The verdicts, in the order in which they are reached."""
        waiting, running = iter(trials), dict[Connection, tuple[Trial, int, float]]()
        while True:
            running.update(self._start(trial) for trial in islice(waiting, jobs - len(running)))
            if not running:
                return
            ready = wait(list(running), timeout=1)
            late = [pipe for pipe, (_, _, start) in running.items() if time.monotonic() - start > DEADLINE_S]
            for pipe in [pipe for pipe in running if pipe in ready or pipe in late]:
                trial, pid, _ = running.pop(pipe)
                yield trial, _finish(pipe, pid, trial)

    def _start(self, trial: Trial) -> tuple[Connection, tuple[Trial, int, float]]:
        ours, theirs = Pipe(duplex=False)
        pid = os.fork()
        if pid == 0:
            self._live(trial, theirs)
        theirs.close()
        return ours, (trial, pid, time.monotonic())

    def _live(self, trial: Trial, pipe: Connection) -> None:
        """Never returns: the life of a fork."""
        try:
            os.setsid()
            null = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(null, number)
            resource.setrlimit(resource.RLIMIT_AS, (mapped_bytes() + _MEMORY,) * 2)
            pipe.send_bytes(msgspec.json.encode(self._judge(trial)))
        finally:
            os._exit(0)

    def _judge(self, trial: Trial) -> Verdict:
        exercise = self.catalog.get(trial.exercise)
        bench = _Bench(exercise, trial, self._before[exercise.id])
        self._suites[trial.suites].judge(bench, [exercise.id])
        return Verdict(checks=tuple(bench.results.get(exercise.id, ())), notes=tuple(bench.notes(exercise.id)))

    def _notebooks(self, wanted: Collection[str]) -> dict[str, Notebook]:
        """For each exercise the notebook in which all solutions before it have run, as far as one is wanted."""
        from grader.offline.supply import supply

        notebook, before = Notebook(), {}
        last = max((place for place, exercise in enumerate(self.catalog.exercise) if exercise.id in wanted), default=-1)
        for exercise in self.catalog.exercise[: last + 1]:
            before[exercise.id] = notebook
            cell = SourceCell(source=self.solution(exercise), exercise=exercise.id, where=exercise.file)
            givens = missing_givens(exercise.givens, notebook, supply)
            notebook = LoopbackStudent(exercise, [cell], notebook, givens).notebook
        return before


class _Bench(plugin.Bench):
    """One answer in this process, asked through the same wire as behind the wall."""

    def __init__(self, exercise: Exercise, trial: Trial, before: Notebook) -> None:
        from grader.offline.supply import supply

        super().__init__()
        self.show_values = trial.suites == "visible"
        if trial.stops_early:
            short = Limits(run_s=15, ask_s=8, output_kb=exercise.limits.output_kb)
            exercise = msgspec.structs.replace(exercise, limits=short)
        cell = SourceCell(source=trial.source, exercise=exercise.id, where=exercise.file)
        givens = missing_givens(exercise.givens, before, supply)
        self._student = LoopbackStudent(exercise, [cell], before, givens)
        self._stops_early = trial.stops_early
        self._key = zlib.crc32(trial.source.encode()) ^ trial.seed

    def student(self, exercise_id: str) -> LoopbackStudent:  # noqa: ARG002 - there is one answer
        """The answer."""
        return self._student

    def seed(self, check: str) -> int:
        """Another seed for each answer and check; the same on every run, unless the trial asks for others."""
        return zlib.crc32(check.encode(), self._key)

    def known(self, exercise_id: str) -> tuple[Status, str] | None:
        """Every answer is an attempt; when one failed check is enough, there is nothing more to learn after it."""
        failed = any(result.status is not Status.PASSED for result in self.results.get(exercise_id, ()))
        return (Status.SKIPPED, "a check has failed already") if failed and self._stops_early else None


def _finish(pipe: Connection, pid: int, trial: Trial) -> Verdict:
    data = b""
    with contextlib.suppress(EOFError, OSError):
        if pipe.poll():
            data = pipe.recv_bytes()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    pipe.close()
    if data:
        return msgspec.json.decode(data, type=Verdict)
    lost = CheckResult(
        name="",
        title=trial.name,
        status=Status.CRASHED,
        points=0,
        max_points=0,
        message="the process of this trial ended, or was ended, without a verdict",
    )
    return Verdict(checks=(lost,))


def with_workshop(root: Path, catalog: Catalog, exercises: Collection[str], work: Callable[[Workshop], None]) -> None:
    """Collects the suites in tests/hidden and tests/visible, warms up, and calls `work`.

    Raises:
        CatalogError: a suite cannot be collected.
    """
    suites = {name: root / "tests" / name for name in ("hidden", "visible")}

    def work_on(collected: Collected) -> None:
        parts = {name: collected.within(folder) for name, folder in suites.items()}
        workshop = Workshop(root, catalog, parts, exercises)
        workshop.warm_up(exercises)
        work(workshop)

    reach_oracles(suites["hidden"])
    with_collected(work_on, root / "tests", *suites.values())
