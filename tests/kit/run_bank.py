"""Runs answers of the bank under the suites of tests/hidden or tests/visible and writes their verdicts as JSON.

    python run_bank.py hidden OUT.json FILE...

A process of its own, since an answer may do as it likes to the process it runs in.
"""

import os
import sys
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import pytest  # noqa: E402 - after the line above, as all that follow

from grader import checking  # noqa: E402
from grader.catalog import Catalog, load_catalog  # noqa: E402
from grader.judge import Judge  # noqa: E402
from grader.loopback import LoopbackStudent  # noqa: E402
from grader.model import CheckResult, Exercise, SourceCell, to_json  # noqa: E402
from grader.offline import use_offline_models  # noqa: E402
from grader.offline.supply import supply  # noqa: E402
from grader.sandbox.exercise import missing_givens  # noqa: E402
from grader.sandbox.notebook import Notebook  # noqa: E402


def run_bank(suites: str, paths: Sequence[Path]) -> dict[str, list[CheckResult]]:
    """The verdicts of each answer; each runs after the solutions of the exercises before it."""
    use_offline_models()
    catalog = load_catalog(ROOT / "exercises" / "catalog.toml")
    before = notebooks_before(catalog, {path.parent.name for path in paths})
    found: dict[str, list[CheckResult]] = {}

    for exercise in catalog.exercise:
        answers = [path for path in paths if path.parent.name == exercise.id]

        def work(judge: Judge, exercise: Exercise = exercise, answers: Sequence[Path] = answers) -> None:
            for path in answers:
                bench = BankBench(exercise, path.read_text(encoding="utf-8"), before[exercise.id])
                found[str(path)] = judge.judge(bench, [exercise.id])[exercise.id]

        if answers:
            with_suites(suites, work)
    return found


def with_suites(suites: str, work: Callable[[Judge], None]) -> None:
    """Collects tests/hidden or tests/visible, and calls `work` with a judge."""

    class Loop:
        def pytest_runtestloop(self, session: pytest.Session) -> bool:
            work(Judge(session.config, session.items))
            return True

    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    folder = str(ROOT / "tests" / suites)
    code = pytest.main(["--import-mode=importlib", "--assert=plain", "-c", os.devnull, "-p", "no:terminal", "-p", "no:cacheprovider",
                        "-p", "no:capture", "--rootdir", folder, folder], plugins=[checking, Loop()])  # fmt: skip
    if code is not pytest.ExitCode.OK:
        raise SystemExit(f"the suites in {folder} cannot be run: {code!r}")


def notebooks_before(catalog: Catalog, wanted: set[str]) -> dict[str, Notebook]:
    """For each exercise the notebook in which all solutions before it have run, as far as one is wanted."""
    notebook, before = Notebook(), {}
    last = max((place for place, exercise in enumerate(catalog.exercise) if exercise.id in wanted), default=-1)
    for exercise in catalog.exercise[: last + 1]:
        before[exercise.id] = notebook
        source = (ROOT / "solutions" / exercise.file).read_text(encoding="utf-8")
        cell = SourceCell(source=source, exercise=exercise.id, where=exercise.file)
        notebook = LoopbackStudent(exercise, [cell], notebook, missing_givens(exercise.givens, notebook, supply)).notebook
    return before


class BankBench(checking.Bench):
    """One answer in this process, asked through the same wire as behind the wall."""

    def __init__(self, exercise: Exercise, source: str, before: Notebook) -> None:
        super().__init__()
        cell = SourceCell(source=source, exercise=exercise.id, where=exercise.file)
        givens = missing_givens(exercise.givens, before, supply)
        self._student = LoopbackStudent(exercise, [cell], before, givens)
        self._key = zlib.crc32(source.encode()) ^ int(os.environ.get("BANK_SEED", "0"))

    def student(self, exercise_id: str) -> LoopbackStudent:
        """The answer."""
        return self._student

    def seed(self, check: str) -> int:
        """Another seed for each answer and check; the same on every run, unless BANK_SEED asks for others."""
        return zlib.crc32(check.encode(), self._key)

    def known(self, exercise_id: str) -> None:
        """Every answer of the bank is an attempt."""


if __name__ == "__main__":
    verdicts = run_bank(sys.argv[1], [Path(name) for name in sys.argv[3:]])
    Path(sys.argv[2]).write_bytes(to_json(verdicts))
