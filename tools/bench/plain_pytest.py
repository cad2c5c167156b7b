"""A pytest plugin: the hidden suites as ordinary tests of one submission, in the process that runs its cells.

The submission is the file that `BENCH_CELLS` names; its cells run when the first check of their exercise comes.
"""

import os
import random
import zlib
from functools import cache
from pathlib import Path

import pytest

from grader.checks.plugin import exercise_of
from grader.project import project_root
from grader.run.judge import reach_oracles
from tools.bench.plain import Plain, PlainCell, PlainStudent
from tools.bench.submissions import read_cells

_plain = Plain()


@cache
def _cells() -> dict[str, str]:
    return read_cells(Path(os.environ["BENCH_CELLS"]))


@cache
def _student(exercise_id: str) -> PlainStudent:
    return _plain.run(_cells()[exercise_id], exercise_id)


def pytest_configure(config: pytest.Config) -> None:
    """Registers the suites' markers, and lets them find their oracles."""
    reach_oracles(project_root() / "tests" / "hidden")
    for marker in ("exercise(id)", "points(n)", "needs(check)"):
        config.addinivalue_line("markers", marker)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves the checks of the exercises that the submission answers."""
    left_out = [item for item in items if exercise_of(item) not in _cells()]
    items[:] = [item for item in items if exercise_of(item) in _cells()]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture
def cell(request: pytest.FixtureRequest) -> PlainCell:
    """The exercise's cell, asked in this process."""
    plain = PlainCell(_student(str(exercise_of(request.node))))
    plain.seed(zlib.crc32(request.node.name.encode()))
    return plain


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Hidden inputs are drawn from this."""
    return random.Random(zlib.crc32(request.node.name.encode()))
