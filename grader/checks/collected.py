"""The checks of suites: collected once, then run for one bench after another. All who run suites run them here."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from grader.checks import plugin
from grader.checks.pytest_options import run_quietly
from grader.errors import CatalogError
from grader.model import CheckResult


class Collected:
    """Collected checks. Use it inside `with_collected`."""

    def __init__(self, config: pytest.Config, items: Sequence[pytest.Item]) -> None:
        self._config, self.items = config, list(items)

    def within(self, folder: Path) -> "Collected":
        """The checks whose files lie in this folder."""
        return Collected(self._config, [item for item in self.items if item.path.is_relative_to(folder)])

    def judge(self, bench: plugin.Bench, exercises: Collection[str] | None = None) -> dict[str, list[CheckResult]]:
        """The verdicts by exercise id: of the checks of these exercises, or of all checks."""
        self._config.stash[plugin.BENCH] = bench
        items = [item for item in self.items if exercises is None or plugin.exercise_of(item) in exercises]
        for item, following in zip(items, [*items[1:], None], strict=False):
            runtestprotocol(item, log=False, nextitem=following)
        return bench.results


def with_collected(work: Callable[[Collected], object], suites: Path, *wanted: Path) -> None:
    """Collects suites and calls `work` with their checks. What `work` raises, this raises.

    Args:
        work: what to do with the checks.
        suites: the folder of the suites; what lies above it is not looked at.
        wanted: the suites in there; all of them when left out.

    Raises:
        CatalogError: a suite cannot be collected.
    """
    loop = _Loop(work)
    code = run_quietly(suites, *wanted, plugins=[plugin, loop])
    if loop.error is not None:
        raise loop.error
    if not loop.is_done:
        raise CatalogError(loop.problem or f"pytest ended with {code!r} on the suites in {suites}")


class _Loop:
    """A pytest plugin that hands the collected checks to the work, in place of pytest's own loop."""

    def __init__(self, work: Callable[[Collected], object]) -> None:
        self._work = work
        self.problem = ""
        self.error: BaseException | None = None
        self.is_done = False

    def pytest_configure(self, config: pytest.Config) -> None:
        # Nobody sees the traceback of a failed check, and one with the source around it takes longer than most checks.
        config.option.tbstyle = "native"

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            words = report.longreprtext.strip().splitlines() or ["no reason was given"]
            self.problem = f"{report.nodeid} cannot be collected: {words[-1].removeprefix('E ').strip()}"

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.problem:
            return True
        try:
            self._work(Collected(session.config, session.items))
            self.is_done = True
        except BaseException as error:  # noqa: BLE001 - pytest would make an INTERNAL_ERROR of it
            self.error = error
        return True
