"""Runs the hidden suites in the trusted process: collected once, then run for one submission after another.

The tests only ask the student's process. What they compare with never leaves this one.
"""

import hashlib
import hmac
import re
import sys
from collections.abc import Callable, Collection, Sequence
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import msgspec
import pytest

from grader.catalog import Catalog
from grader.checks import plugin
from grader.checks.cell import Cell
from grader.checks.collected import Collected, with_collected
from grader.errors import CatalogError
from grader.model import CheckResult, Status, Submission
from grader.wall.fork_server import Server
from grader.wall.oracle import Oracle
from grader.wall.session import SandboxSession, SandboxStudent

UNUSABLE = "the check could not use what your code answered; compare it with what the exercise asks for"
"""What a failed check says that met an error of its own in what the reference answers do not provoke."""


class HiddenBench(plugin.Bench):
    """One submission behind the wall, asked by the hidden checks."""

    show_values = False

    def __init__(self, session: SandboxSession, submission: Submission, secret: bytes) -> None:
        super().__init__()
        self._session, self._attempted = session, submission.attempted
        self._key = hmac.digest(secret, submission.sha256.encode(), "sha256")
        self._words = {word for cell in submission.cells for word in re.findall(r"\w+", cell.source)}

    def student(self, exercise_id: str) -> SandboxStudent:
        """A fresh fork of the exercise's checkpoint."""
        return self._session.student(exercise_id)

    def seed(self, check: str) -> int:
        """Drawn from the class's secret and the submission, so that hidden inputs cannot be computed beforehand."""
        return int.from_bytes(hmac.digest(self._key, check.encode(), "sha256")[:8])

    def named(self, name: str) -> str:
        """The name, if the submission's own text has it: another one may say what a check asked."""
        return super().named(name) if name in self._words else "an object of another name"

    def known(self, exercise_id: str) -> tuple[Status, str] | None:
        """Not attempted, or a cell that never came to its end."""
        if exercise_id not in self._attempted:
            return Status.NOT_ATTEMPTED, "the blank is as it was shipped"
        lost = self._session.checkpoint(exercise_id).lost
        return (lost.status, f"the cell itself did not come to its end: {lost}") if lost else None

    def take(self, exercise_id: str, result: CheckResult) -> None:
        """Keeps the verdict and ends the processes that the check asked."""
        super().take(exercise_id, result)
        self._session.end_check()

    def forget_accidents(self) -> list[str]:
        """The exercises with checks that ended in an error of their own; nothing of them has been judged then."""
        exercises = sorted({exercise_id for exercise_id, _ in self.accidents})
        self.accidents.clear()
        for exercise_id in exercises:
            del self.results[exercise_id]
        self.troubles = {key: title for key, title in self.troubles.items() if key[0] not in exercises}
        return exercises

    def blame_answers(self, passed: Collection[tuple[str, str]]) -> None:
        """Fails those checks that ended in an error of their own here, and that other answers pass."""
        for exercise_id, name in self.accidents.intersection(passed):
            results = self.results[exercise_id]
            place = next(place for place, result in enumerate(results) if result.name == name)
            results[place] = msgspec.structs.replace(results[place], status=Status.FAILED, message=UNUSABLE)


def with_hidden_checks(suites: Path, catalog: Catalog, work: Callable[[Collected], None]) -> None:
    """Collects the hidden suites in `suites` and calls `work` with their checks.

    Raises:
        CatalogError: a suite cannot be collected, or its points are not those of the catalogue.
    """

    def work_on(collected: Collected) -> None:
        problem = _points_problem(collected.items, catalog)
        if problem:
            raise CatalogError(problem)
        work(collected)

    reach_oracles(suites)
    with_collected(work_on, suites)


def reach_oracles(suites: Path) -> None:
    """Makes `import oracles` find the package beside these suites in this process, and no other of that name.

    It stands outside of `grader`, so that nobody who installs that gets it. It is loaded by its place and not by way of
    `sys.path`: the working folder may come first there, and a submission that is called `oracles` may lie in it.
    """
    place = suites / "oracles" / "__init__.py"
    if getattr(sys.modules.get("oracles"), "__file__", None) == str(place):
        return
    for name in [name for name in sys.modules if name.partition(".")[0] == "oracles"]:
        del sys.modules[name]  # of another course
    spec = spec_from_file_location("oracles", place, submodule_search_locations=[str(place.parent)])
    if place.is_file() and spec and spec.loader:
        sys.modules["oracles"] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules["oracles"])


def connect_oracles(server: Callable[[], Server]) -> None:
    """Lets the oracles beside the suites, if there are any, ask their models in a process of this server."""
    if "oracles" not in sys.modules:
        return
    reference = import_module("oracles.reference")
    if hasattr(reference, "connect"):
        oracle = Oracle(server, reference.MODELS_SOURCE.read_text(encoding="utf-8"))
        reference.connect(Cell(oracle))


def _points_problem(items: Sequence[pytest.Item], catalog: Catalog) -> str | None:
    """What the suites and the catalogue disagree on."""
    points = dict.fromkeys(catalog.ids, 0)
    for item in items:
        exercise_id = plugin.exercise_of(item)
        if exercise_id not in points:
            return f"{item.nodeid}: belongs to no exercise of the catalogue"
        points[exercise_id] += plugin.points_of(item)
    for exercise in catalog.exercise:
        if points[exercise.id] != exercise.points:
            sums = f"the checks add up to {points[exercise.id]} points, the catalogue says {exercise.points}"
            return f"tests/hidden: {exercise.id}: {sums}"
    return None


_TELLING = {".py", ".npz"}


def suite_hash(suites: Path) -> str:
    """A hash over the hidden suites and what is recorded for them; a change in there makes old verdicts stale."""
    digest = hashlib.sha256()
    for path in sorted(path for path in suites.rglob("*") if path.suffix in _TELLING):
        digest.update(path.relative_to(suites).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
