"""The pytest plugin for students: checks exercises/ with the visible suites, in this process.

Untouched exercises are skipped as "not started"; wrong answers fail with advice instead of a traceback; a table of
points and the next exercise close the run. Verdicts travel on the reports, so that the table is the same when
pytest-xdist runs the checks in other processes.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from grader.catalog import Catalog
from grader.checks import plugin
from grader.errors import KitError
from grader.model import Status, Submission
from grader.offline.choice import MODELS_KINDS, MODELS_VARIABLE
from grader.project import project_catalog
from grader.student.bench import StudentBench, use_one_thread
from grader.student.memory import fingerprint
from grader.student.suites import one_at_a_time, resolve_arguments, suite_of
from grader.student.summary import Summary

_TOTALS = pytest.StashKey[dict[str, int]]()
"""How many checks each exercise has, as far as they were collected; empty when single checks were asked for."""


_SUBMISSION = pytest.StashKey[Submission]()
"""The answers as they were read, with the notes about how."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --exercise 1.1` checks that one only."""
    group = parser.getgroup("lm-playground")
    group.addoption("--exercise", action="append", metavar="ID", help="check only this exercise, e.g. --exercise 1.1")
    group.addoption("--answers", metavar="PATH", help="check these answers (a folder, zip or notebook), not exercises/")
    group.addoption("--models", choices=MODELS_KINDS, help="the models that answers run")
    group.addoption("--hints", action="store_true", help="show a hint for each exercise that is under way")


def pytest_configure(config: pytest.Config) -> None:
    """Loads the shared plugin, and puts the suites in the place of exercises that were named."""
    config.pluginmanager.register(plugin, "lm-playground-checking")
    config.pluginmanager.register(Summary(config), "lm-playground-board")
    config.stash[_TOTALS] = {}
    if config.option.models:
        os.environ[MODELS_VARIABLE] = config.option.models
    if not (config.rootpath / "exercises" / "catalog.toml").is_file():
        return
    try:
        catalog = project_catalog(config.rootpath)
        meant = resolve_arguments(config.args, catalog, config.rootpath, config.invocation_params.dir)
    except KitError as error:
        raise pytest.UsageError(str(error)) from None
    config.args = list(meant.arguments)
    if meant.answers is not None and config.option.answers:
        raise pytest.UsageError(one_at_a_time(config.option.answers, meant.answers))
    if meant.answers is not None:
        config.option.answers = str(meant.answers)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Counts the checks, and lets `-k 1.1` find them."""
    exercise_id = plugin.exercise_of(item)
    if exercise_id is None:
        return
    item.extra_keyword_matches.add(exercise_id)
    if not any("::" in argument for argument in item.config.args):
        totals = item.config.stash[_TOTALS]
        totals[exercise_id] = totals.get(exercise_id, 0) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts the checks into the order of the notebook and reads the answers."""
    ours = [item for item in items if plugin.exercise_of(item)]
    if not ours:
        return
    try:
        catalog = project_catalog(config.rootpath)
        wanted = [catalog.get(exercise_id).id for exercise_id in config.getoption("--exercise") or catalog.ids]
        kept = [item for item in items if (plugin.exercise_of(item) or wanted[0]) in wanted]
        answers = Path(config.getoption("--answers") or config.rootpath / "exercises")
        submission = _read(catalog, answers)
    except KitError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[_SUBMISSION] = submission
    config.stash[plugin.BENCH] = _bench(catalog, submission, {plugin.exercise_of(item) for item in kept})
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    order = {exercise_id: place for place, exercise_id in enumerate(catalog.ids)}
    items[:] = sorted(kept, key=lambda item: order.get(plugin.exercise_of(item) or "", -1))


def _read(catalog: Catalog, path: Path) -> Submission:
    from grader.intake.local import read_here

    use_one_thread()
    return read_here(path, catalog)


def _bench(catalog: Catalog, submission: Submission, wanted: set[str | None]) -> StudentBench:
    """The answers; when only some exercises are wanted, without the cells that those do not need."""
    from grader.intake.order import needed_cells

    cells = list(submission.cells)
    if not set(catalog.ids) <= wanted:
        cells = needed_cells([id_ for id_ in catalog.ids if id_ in wanted], submission, catalog)
    return StudentBench(catalog, cells, submission.attempted)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Puts the verdict on the report, and the check's title above its failure."""
    exercise_id = plugin.exercise_of(item) or ""
    bench = item.config.stash.get(plugin.BENCH, None)
    before = len(bench.results.get(exercise_id, [])) if bench else 0
    report: pytest.TestReport = yield  # type: ignore[assignment]
    if isinstance(bench, StudentBench) and len(bench.results.get(exercise_id, [])) > before:
        result = bench.results[exercise_id][-1]
        submission = item.config.stash[_SUBMISSION]
        found = submission.exercise_notes.get(exercise_id, ()) if exercise_id in bench.attempted else ()
        report.lm_playground = {  # type: ignore[attr-defined] # reports take along what they are given
            "exercise": exercise_id,
            "result": msgspec.to_builtins(result),
            "total": item.config.stash[_TOTALS].get(exercise_id, 0),
            "notes": [*found, *bench.notes(exercise_id)],
            "remarks": submission.notes,
            "fingerprint": _fingerprint(item, exercise_id, bench),
        }
        path, line, _ = report.location
        report.location = (path, line, f"{exercise_id} {result.title}")
        if report.failed and result.status is Status.SKIPPED:  # it would say the same as an earlier check once more
            report.outcome, report.longrepr = "skipped", (path, line or 0, result.message)
    return report  # type: ignore[return-value]


def _fingerprint(item: pytest.Item, exercise_id: str, bench: StudentBench) -> str:
    """What the verdicts are remembered by; nothing for answers from elsewhere and for untouched exercises."""
    from grader.intake.order import cells_for

    if item.config.getoption("--answers") or exercise_id not in bench.attempted:
        return ""
    if exercise_id not in bench.fingerprints:
        sources = [cell.source for cell in cells_for(exercise_id, bench.cells, bench.catalog)]
        suite = suite_of(bench.catalog.get(exercise_id), item.config.rootpath)
        bench.fingerprints[exercise_id] = fingerprint(sources, suite)
    return bench.fingerprints[exercise_id]


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Calls an untouched exercise what it is: not started."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
    if report.skipped and "is not started" in text:
        return "not started", "-", "NOT STARTED"
    return None
