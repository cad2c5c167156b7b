"""The pytest plugin for students: checks exercises/ with the visible suites, in this process.

Untouched exercises are skipped as "not started"; wrong answers fail with advice instead of a traceback; a table of
points closes the run.
"""

import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader import checking
from grader.catalog import Catalog
from grader.errors import KitError
from grader.loopback import LoopbackSession, LoopbackStudent
from grader.model import Exercise, SourceCell, Status
from grader.project import project_catalog

if TYPE_CHECKING:
    from rich.table import Table


class StudentBench(checking.Bench):
    """The answers in exercises/, run in this process."""

    show_values = True

    def __init__(self, catalog: Catalog, cells: list[SourceCell], attempted: frozenset[str]) -> None:
        super().__init__()
        self.catalog, self.attempted = catalog, attempted
        self._session = LoopbackSession(catalog.exercise, cells)

    def student(self, exercise_id: str) -> LoopbackStudent:
        """The one student of this process."""
        return self._session.student(exercise_id)

    def seed(self, check: str) -> int:
        """Always the same for one check, so that a student sees the same question again."""
        return zlib.crc32(check.encode())

    def known(self, exercise_id: str) -> tuple[Status, str] | None:
        """Not attempted, while the blank is as it was shipped."""
        if exercise_id in self.attempted:
            return None
        return (
            Status.NOT_ATTEMPTED,
            f"{exercise_id} is not started: fill in the blank in {self.catalog.get(exercise_id).file}",
        )


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --exercise 1.1` checks that one only."""
    group = parser.getgroup("lm-playground")
    group.addoption("--exercise", action="append", metavar="ID", help="check only this exercise, e.g. --exercise 1.1")
    group.addoption("--answers", metavar="PATH", help="check these answers (a folder, zip or notebook), not exercises/")


def pytest_configure(config: pytest.Config) -> None:
    """Loads the shared plugin."""
    config.pluginmanager.register(checking, "lm-playground-checking")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts the checks into the order of the notebook and reads the answers."""
    ours = [item for item in items if checking.exercise_of(item)]
    if not ours:
        return
    try:
        catalog = project_catalog(config.rootpath)
        bench = _bench(catalog, Path(config.getoption("--answers") or config.rootpath / "exercises"))
        wanted = [catalog.get(exercise_id).id for exercise_id in config.getoption("--exercise") or catalog.ids]
    except KitError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[checking.BENCH] = bench
    kept = [item for item in items if (checking.exercise_of(item) or wanted[0]) in wanted]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    order = {exercise_id: place for place, exercise_id in enumerate(catalog.ids)}
    items[:] = sorted(kept, key=lambda item: order.get(checking.exercise_of(item) or "", -1))


def _bench(catalog: Catalog, path: Path) -> StudentBench:
    from grader.reading import read_here

    submission = read_here(path, catalog)
    heavy = ("tiktoken", "transformers", "from_pretrained")
    if any(word in cell.source for cell in submission.cells for word in heavy) and not os.environ.get("PLAYGROUND_HUB"):
        from grader.offline import use_offline_models

        use_offline_models()
    return StudentBench(catalog, list(submission.cells), submission.attempted)


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Calls an untouched exercise what it is: not started."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
    if report.skipped and "is not started" in text:
        return "not started", "-", "NOT STARTED"
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table of points."""
    bench = config.stash.get(checking.BENCH, None)
    if not isinstance(bench, StudentBench) or not bench.results:
        return
    from rich.console import Console

    console = Console(file=terminalreporter._tw._file, width=min(terminalreporter._tw.fullwidth, 100))
    console.print()
    console.print(_table(bench))
    for exercise_id in bench.results:
        for note in bench.notes(exercise_id):
            console.print(f"{exercise_id}: {note}", markup=False)
    console.print("Points are what the visible checks promise; the grader's own checks look closer.", style="dim")


def _table(bench: StudentBench) -> "Table":
    from rich.table import Table

    table = Table(title="Where you stand")
    for name, justify in (("", "left"), ("exercise", "left"), ("checks", "right"), ("points", "right"), ("", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    rows = [
        (exercise, *_standing(bench, exercise)) for exercise in bench.catalog.exercise if exercise.id in bench.results
    ]
    for exercise, passed, total, points, word in rows:
        bonus = " (bonus)" if exercise.bonus else ""
        table.add_row(exercise.id, exercise.title + bonus, f"{passed}/{total}", f"{points}/{exercise.points}", word)
    table.add_section()
    points = sum(row[3] for row in rows if not row[0].bonus)
    extra = sum(row[3] for row in rows if row[0].bonus)
    most = sum(row[0].points for row in rows if not row[0].bonus)
    table.add_row("", "total", "", f"{points}/{most}", f"+{extra} bonus" if extra else "")
    return table


def _standing(bench: StudentBench, exercise: Exercise) -> tuple[int, int, int, str]:
    results = bench.results[exercise.id]
    passed = sum(result.status is Status.PASSED for result in results)
    word = "done" if passed == len(results) else "not started" if exercise.id not in bench.attempted else "keep going"
    return passed, len(results), exercise.points * passed // len(results), word
