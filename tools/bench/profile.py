"""Where the time of one submission goes: `python -m tools.bench.profile [--count N]` prints it as a table, or as JSON.

The kit grades full right answers in this process, and each step is charged with the processor time of all processes
meanwhile. The end of a fork is charged to the step in which the kernel gets to it.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from grader.checks.collected import Collected
from grader.command_line.border import command
from grader.intake.collect import find
from grader.intake.read import read_upload
from grader.intake.upload import Upload
from grader.offline.cache import models_folder
from grader.project import project_catalog, project_root
from grader.protocol.warmth import Warmth
from grader.run.judge import connect_oracles, with_hidden_checks
from grader.run.worker import Grader, Settings
from grader.wall.available import find_walls
from grader.wall.fork_server import Server
from grader.wall.process import Process
from grader.wall.session import Checkpoint, SandboxSession
from tools.bench.meter import ProcessorClock
from tools.bench.submissions import right_answers, write_notebook
from tools.build import read_course


class Profile:
    """Counts and processor seconds, while it watches."""

    def __init__(self) -> None:
        self.steps: Counter[str] = Counter()
        self.cpu_s: defaultdict[str, float] = defaultdict(float)
        """By kind of step; `trusted side` is this process."""
        self.forks: Counter[str] = Counter()
        """By exercise."""
        self.questions: Counter[str] = Counter()
        """By exercise."""
        self._clock = ProcessorClock()
        self._is_inside = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Meanwhile every step is noted."""
        before, others = time.process_time(), self._clock.read_s()
        with (
            _wrapped(Process, "ask", lambda args: self._step(f"ask {args[1]}")),
            _wrapped(Process, "fork", lambda _: self._step("fork")),
            _wrapped(Server, "spawn", lambda _: self._step("spawn")),
            _wrapped(SandboxSession, "ask", lambda args: self._note(self.questions, args[2])),
            _wrapped(SandboxSession, "fork_of", lambda args: self._note(self.forks, args[1])),
        ):
            yield
        self.cpu_s["trusted side"] = time.process_time() - before
        known = sum(seconds for name, seconds in self.cpu_s.items() if name != "trusted side")
        self.cpu_s["between the steps"] = self._clock.read_s() - others - known

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        if self._is_inside:  # a fork asks, too
            yield
            return
        self._is_inside, before = True, self._clock.read_s()
        try:
            yield
        finally:
            self._is_inside = False
            self.steps[name] += 1
            self.cpu_s[name] += self._clock.read_s() - before

    @contextmanager
    def _note(self, counter: "Counter[str]", point: Checkpoint) -> Iterator[None]:
        counter[point.exercise.id] += 1
        yield


@contextmanager
def _wrapped(kind: type, name: str, context: Callable[[tuple[Any, ...]], Any]) -> Iterator[None]:
    plain = getattr(kind, name)

    def watched(*args: Any, **options: Any) -> Any:
        with context(args):
            return plain(*args, **options)

    setattr(kind, name, watched)
    try:
        yield
    finally:
        setattr(kind, name, plain)


@command("profile")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.profile", description=__doc__.partition(":")[0])
    parser.add_argument("--count", type=int, default=3, metavar="N", help="submissions (default 3)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(argv)
    profile = Profile()
    root = project_root()
    catalog = project_catalog(root)
    with tempfile.TemporaryDirectory() as folder:
        uploads = _uploads(Path(folder), options.count + 1)
        settings = Settings(
            catalog=catalog,
            exercises=tuple(e.id for e in catalog.exercise if e.course_cell),
            secret=bytes(32),
            suites=str(root / "tests" / "hidden"),
            models=str(models_folder()),
            walls=find_walls(models_folder()).walls,
        )
        with_hidden_checks(Path(settings.suites), catalog, lambda judge: _grade(uploads, settings, judge, profile))
    _print(profile, options.count, as_json=options.json)
    return 0


def _uploads(folder: Path, count: int) -> list[Upload]:
    course = read_course()
    for name, submission in right_answers(course, count).items():
        write_notebook(submission, course, folder / "class" / f"{name}.ipynb")
    found, _ = find([folder / "class"], folder / "room")
    return [read_upload(one) for one in found]


def _grade(uploads: Sequence[Upload], settings: Settings, judge: Collected, profile: Profile) -> None:
    grader = Grader(settings)
    try:
        connect_oracles(lambda: grader.server)
        grader.server.warm_up(Warmth.STOCK)
        grader.grade(uploads[0], judge)  # everything that is loaded once
        with profile.watching():
            for upload in uploads[1:]:
                result = grader.grade(upload, judge)
                if result.score != result.max_score:
                    raise SystemExit(f"{result.id} got {result.score} of {result.max_score}: nothing was measured")
    finally:
        grader.close()


def _print(profile: Profile, count: int, *, as_json: bool) -> None:
    steps = {name: profile.steps[name] / count for name in profile.cpu_s}
    cpu_s = {name: profile.cpu_s[name] / count for name in sorted(profile.cpu_s, key=lambda n: -profile.cpu_s[n])}
    if as_json:
        by_exercise = {
            name: {"forks": profile.forks[name] / count, "questions": profile.questions[name] / count}
            for name in profile.questions
        }
        print(json.dumps({"steps": steps, "cpu_s": cpu_s, "exercises": by_exercise}))
        return
    table = Table("for a full right answer", title=f"mean of {count} submissions")
    for name in ("times", "CPU s"):
        table.add_column(name, justify="right")
    for name, seconds in cpu_s.items():
        table.add_row(name, f"{steps[name]:.0f}" if steps[name] else "", f"{seconds:.3f}")
    table.add_row("all", "", f"{sum(cpu_s.values()):.3f}")
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
