"""Gathers the verdicts of a student's run from its reports, and closes the run with the table of points."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from grader.model import CheckResult
from grader.project import project_catalog
from grader.student.memory import Memory, Verdicts
from grader.student.progress import Progress, next_up, progress_of


class Summary:
    """A pytest plugin: what the checks said, wherever they ran."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._results: dict[str, list[CheckResult]] = {}
        self._totals: dict[str, int] = {}
        self._notes: dict[str, list[str]] = {}
        self._remarks: list[str] = []
        self._fingerprints: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Adds what a report says."""
        said: dict[str, Any] | None = getattr(report, "lm_playground", None)
        if said is None:
            return
        exercise_id = said["exercise"]
        self._results.setdefault(exercise_id, []).append(msgspec.convert(said["result"], CheckResult))
        self._totals[exercise_id], self._notes[exercise_id] = said["total"], said["notes"]
        self._fingerprints[exercise_id], self._remarks = said["fingerprint"], said["remarks"]

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
        """The table of points, below all else that pytest has to say."""
        yield
        if not self._results:
            return
        from rich.console import Console
        from rich.text import Text

        from grader.student.scoreboard import found_lines, scoreboard

        catalog = project_catalog(self._config.rootpath)
        standings = progress_of(catalog.exercise, self._results, self._totals)
        terminal = terminalreporter._tw
        console = Console(
            file=terminal._file,
            width=min(terminal.fullwidth, 100),
            highlight=False,
            markup=False,
            no_color=not terminal.hasmarkup,
            force_terminal=terminal.hasmarkup,
        )
        console.print(scoreboard(standings, console, whole=len(standings) == len(catalog.exercise)))
        for line in found_lines(self._remarks, self._notes):
            console.print(line, soft_wrap=True)
        for line in self._hints(standings):
            console.print(Text(line))

    def pytest_sessionfinish(self) -> None:
        """Remembers the verdicts of exercises all of whose checks ran."""
        known = {
            id_: Verdicts(fingerprint=self._fingerprints[id_], results=tuple(results))
            for id_, results in self._results.items()
            if len(results) == self._totals[id_] and self._fingerprints[id_]
        }
        if known and not hasattr(self._config, "workerinput"):  # the process that hears of all checks writes
            Memory(self._config.rootpath).keep_verdicts(known)

    def _hints(self, standings: list[Progress]) -> Iterator[str]:
        """With `--hints` the hint that each exercise under way has come to; else for none."""
        if not self._config.getoption("--hints"):
            return
        memory = Memory(self._config.rootpath)
        under_way = [one for one in standings if one.is_started and not one.is_done]
        step = next_up(standings)
        for one in under_way or ([step] if step else []):
            hints = one.exercise.hints
            number = min(max(memory.hints_shown(one.exercise.id), 1), len(hints))
            if hints:
                yield f"\nHint {number} of {len(hints)} for {one.exercise.id}: {hints[number - 1]}"
