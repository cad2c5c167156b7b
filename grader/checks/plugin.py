"""The pytest plugin that both sides share: fixtures, and a verdict for each check instead of a traceback.

Whoever loads it puts a `Bench` into `config.stash[BENCH]`; the plugin asks it for students and gives it verdicts.
"""

import builtins
import random
from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from grader.checks.answers import Feedback
from grader.checks.cell import Cell, MissingAnswerError, RaisedError
from grader.checks.course.renamed import find_other_names
from grader.model import CheckResult, Status
from grader.protocol.student import LostError, Student


class Bench(ABC):
    """Where students come from, and where the verdicts of one submission gather."""

    show_values = False
    """Whether messages may hold values: yes for visible checks, no for hidden ones."""

    def __init__(self) -> None:
        self.results: dict[str, list[CheckResult]] = {}
        self.other_names: dict[str, dict[str, str]] = {}
        """By exercise: the names that the student chose in place of the notebook's own, by the latter."""
        self.troubles: dict[tuple[str, object], str] = {}
        """By exercise and error: the title of the check that met it first."""
        self.accidents: set[tuple[str, str]] = set()
        """Exercise and name of each check that ended in an error of its own, which says nothing about the answer."""

    @abstractmethod
    def student(self, exercise_id: str) -> Student:
        """A student to ask about that exercise, fresh for each check."""

    @abstractmethod
    def seed(self, check: str) -> int:
        """The seed of a check's hidden inputs."""

    @abstractmethod
    def known(self, exercise_id: str) -> tuple[Status, str] | None:
        """A verdict that needs no check to run (not attempted, the cell hung), or None."""

    def take(self, exercise_id: str, result: CheckResult) -> None:
        """Keeps the verdict of one check."""
        self.results.setdefault(exercise_id, []).append(result)

    def notes(self, exercise_id: str) -> list[str]:
        """What the student should know about how the answers were found."""
        return [
            f"`{name}` is not defined in this cell; {self.named(other)} was taken for it"
            for name, other in self.other_names.get(exercise_id, {}).items()
        ]

    def raised(self, error: RaisedError, exercise_id: str) -> str:  # noqa: ARG002 - a bench that knows more says more
        """Words for an error of the student's code, for the eyes of its author only."""
        return _raised(error, show_values=True)

    def named(self, name: str) -> str:
        """A name that came from the student's side, in words that may be shown."""
        return f"your `{name}`"


BENCH = pytest.StashKey[Bench]()


def pytest_configure(config: pytest.Config) -> None:
    """Registers the markers of the suites."""
    config.addinivalue_line("markers", "exercise(id): the exercise that a module's checks belong to")
    config.addinivalue_line("markers", "points(n): what a hidden check is worth")
    config.addinivalue_line("markers", "needs(check): skipped when that check of the same file did not pass")


def exercise_of(item: pytest.Item) -> str | None:
    """The id of the exercise that a test checks; None for tests that check none."""
    marker = item.get_closest_marker("exercise")
    return str(marker.args[0]) if marker else None


def points_of(item: pytest.Item) -> int:
    """What a check is worth."""
    marker = item.get_closest_marker("points")
    return int(marker.args[0]) if marker else 0


@pytest.fixture
def cell(request: pytest.FixtureRequest) -> Iterator[Cell]:
    """The exercise's cell, right after it ran."""
    bench = request.config.stash[BENCH]
    exercise_id = exercise_of(request.node)
    if exercise_id is None:
        pytest.fail("a test that asks for `cell` needs `pytestmark = pytest.mark.exercise(...)`")
    student = bench.student(exercise_id)
    if exercise_id not in bench.other_names:
        fresh = partial(_fresh_cell, bench, exercise_id)
        bench.other_names[exercise_id] = find_other_names(Cell(student), exercise_id, fresh)
    proxy = Cell(student, bench.other_names[exercise_id])
    proxy.seed(bench.seed(f"cell:{request.node.name}") % 2**32)  # not the seed of the hidden inputs
    yield proxy


def _fresh_cell(bench: Bench, exercise_id: str) -> Cell:
    return Cell(bench.student(exercise_id))


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Hidden inputs are drawn from this: the same for the same submission, check and class."""
    return random.Random(request.config.stash[BENCH].seed(request.node.name))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips checks whose verdict is already known, or whose ground is missing."""
    exercise_id = exercise_of(item)
    if exercise_id is None:
        return
    bench = item.config.stash[BENCH]
    known = bench.known(exercise_id)
    if known is not None:
        raise KnownVerdict(*known)
    needed = {str(marker.args[0]) for marker in item.iter_markers("needs")}
    for result in bench.results.get(exercise_id, []):
        if result.name in needed and result.status is not Status.PASSED:
            raise KnownVerdict(Status.SKIPPED, f"not checked, because this one did not pass: {result.title}")


class KnownVerdict(pytest.skip.Exception):  # type: ignore[name-defined, misc]
    """A verdict that needs no test to run."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message, allow_module_level=True)
        self.status = status


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Turns the end of each check into its verdict, and the report's text into words for a learner."""
    report: pytest.TestReport = yield  # type: ignore[assignment]
    exercise_id = exercise_of(item)
    bench = item.config.stash.get(BENCH, None)
    if exercise_id is None or bench is None or (call.when != "call" and call.excinfo is None):
        return report  # type: ignore[return-value]
    status, message = verdict_of(call.excinfo, show_values=bench.show_values)
    cell = getattr(item, "funcargs", {}).get("cell")
    error = call.excinfo.value if call.excinfo is not None else None
    if status is Status.KIT_ERROR and not isinstance(error, LostError):
        bench.accidents.add((exercise_id, item.name))
    cause = _cause(error) if error is not None else None
    if bench.show_values and isinstance(error, RaisedError):
        message = bench.raised(error, exercise_id)
    stop = cell.stop if bench.show_values and status is Status.FAILED and cell is not None else None
    if stop is not None:
        # First things first: what a cell lacks that stopped halfway says little, and each check would say it again.
        message, cause = f"{bench.raised(stop, exercise_id)}\nso this is how far it got: {message}", _cause(stop)
    if cause is not None:
        first = bench.troubles.setdefault((exercise_id, cause), _title(item))
        if status in (Status.ERRORED, Status.FAILED) and first != _title(item):
            same = f"not judged, for the same reason as “{first}”"
            status, message = Status.SKIPPED, same if bench.show_values else f"{same}: {message}"
    result = CheckResult(
        name=item.name,
        title=_title(item),
        status=status,
        points=points_of(item) if status is Status.PASSED else 0,
        max_points=points_of(item),
        message=message,
    )
    bench.take(exercise_id, result)
    if report.failed and status is not Status.KIT_ERROR:
        report.longrepr = message
    return report  # type: ignore[return-value]


def verdict_of(  # noqa: PLR0911 - one line per way to end
    excinfo: "pytest.ExceptionInfo[BaseException] | None", *, show_values: bool
) -> tuple[Status, str]:
    """The verdict and the words for it."""
    if excinfo is None:
        return Status.PASSED, ""
    error: Any = excinfo.value
    if isinstance(error, KnownVerdict):
        return error.status, str(error)
    if isinstance(error, pytest.skip.Exception):
        return Status.SKIPPED, str(error)
    if isinstance(error, AssertionError) and error.args and isinstance(error.args[0], Feedback):
        return Status.FAILED, str(error.args[0]) if show_values else error.args[0].fixed
    if isinstance(error, MissingAnswerError):
        if error.name is None:
            return Status.FAILED, "a value cannot be looked at as plain data" + (f": {error}" if show_values else "")
        return Status.FAILED, f"`{error.name}` is not defined after this cell; keep the names that the cell asks for"
    if isinstance(error, RaisedError):
        return error.status, _raised(error, show_values=show_values)
    if isinstance(error, LostError):
        return error.status, str(error)
    place = excinfo.traceback[-1]
    return Status.KIT_ERROR, f"{excinfo.typename}: {str(error)[:1000]} ({Path(place.path).name}:{place.lineno + 1})"


def _cause(error: object) -> object:
    """What stopped a check, equal for checks that were stopped by the same: an error at one place, a missing name.

    Each wrong value is a cause of its own.
    """
    if isinstance(error, RaisedError):
        return error.type_name, error.message, error.where, error.line
    if isinstance(error, MissingAnswerError) and error.name is not None:
        return error.name
    return error


def _raised(error: RaisedError, *, show_values: bool) -> str:
    if show_values:
        place = f" in line {error.line} of the cell {error.where}" if error.line else ""
        return f"your code raised {error.type_name}{place}: {error.message}"
    if error.limit:
        return error.limit
    # The class, line and text of an exception are the student's to choose: a way for a hidden input to come out.
    builtin = getattr(builtins, error.type_name, None)
    known = isinstance(builtin, type) and issubclass(builtin, BaseException)
    return f"your code raised {error.type_name if known else 'an exception of its own'}"


def _title(item: pytest.Item) -> str:
    doc = getattr(getattr(item, "function", None), "__doc__", None) or item.name
    return str(doc).strip().splitlines()[0]
