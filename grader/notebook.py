"""`check("1.1")` for the notebook's check cells: runs the visible checks of an exercise on the cells as last executed.

Nothing here ever raises into the notebook, and a check changes nothing in it: the cells run again in a namespace of
their own. Outside of Jupyter the same call checks the files in exercises/.
"""

import html
import os
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grader.catalog import Catalog
from grader.errors import CatalogError, KitError
from grader.model import CheckResult, Exercise, Status, Submission

_OPTIONS = ["--import-mode=importlib", "--assert=plain", "-c", os.devnull, "-p", "no:terminal", "-p", "no:capture",
            "-p", "no:cacheprovider", "-p", "no:doctest", "-p", "no:unittest", "-p", "no:junitxml", "-p", "no:logging",
            "-p", "no:faulthandler", "-p", "no:warnings", "-p", "no:stepwise", "-p", "no:pastebin",
            "-p", "no:unraisableexception", "-p", "no:threadexception"]  # fmt: skip
_HEAVY = ("tiktoken", "transformers", "from_pretrained")
_COLOURS = {Status.PASSED: "#2e8540", Status.SKIPPED: "#888888"}
_RED = "#c5372c"

_Said = tuple[str, Sequence[CheckResult], str]
"""The headline, the verdicts and the closing words."""


def check(exercise_id: str) -> None:
    """Shows how an exercise stands: each visible check with its verdict, and what to try."""
    with _dice_put_back():
        _show(*_said(str(exercise_id)))


def _said(exercise_id: str) -> _Said:
    """What there is to say, whatever happens."""
    try:
        return _check(exercise_id)
    except KitError as error:
        return str(error), [], ""
    except KeyboardInterrupt:
        return "The check was stopped. Run its cell again when you like.", [], ""
    except Exception as error:  # noqa: BLE001 - the border: a fault of the kit must not become one of the notebook
        return f"The check itself failed, not your code ({type(error).__name__}: {error}).", [], ""


def _check(exercise_id: str) -> _Said:
    from grader.project import project_catalog, project_root

    root = project_root()
    catalog = project_catalog(root)
    exercise = catalog.get(exercise_id)
    suite = _suite(root, exercise)
    name = f"{exercise.id} {exercise.title}"
    history = _history()
    submission = _from_files(root, catalog) if history is None else _from_history(history, catalog)
    if not any(cell.exercise == exercise.id for cell in submission.cells):
        first = f"# {name}"
        return f"{name}: its cell has not been run yet.", [], (
            f"Run the cell that begins with “{first}”, then this one. If that line is gone, put it back: it is how the "
            "cell is found."
        )  # fmt: skip
    if exercise.id not in submission.attempted:
        where = "its cell and run it" if history is not None else exercise.file
        return f"{name}: not started.", [], f"Fill in the blank in {where}, then check again."
    results, notes = _run(exercise, submission, catalog, suite)
    passed = sum(result.status is Status.PASSED for result in results)
    if passed == len(results):
        tail = "The grader asks about the same ideas, with other questions."
    else:
        tail = f"Stuck? In a terminal, `playground hint {exercise.id}` gives a nudge."
    tail = " ".join([*(f"{note}." for note in notes), tail])
    return f"{name}: {passed} of {len(results)} checks pass.", results, tail


def _suite(root: Path, exercise: Exercise) -> Path:
    path = root / "tests" / "visible" / f"test_{exercise.file.removeprefix('ex_')}"
    if not path.is_file():
        raise CatalogError(
            f"The checks of {exercise.id} are not here ({path.parent.parent.name}/{path.parent.name}/{path.name}). "
            "Open the notebook inside the folder of the kit, where they lie."
        )
    return path


def _history() -> list[str] | None:
    """The source of every cell that this kernel ran, or None outside of IPython."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return None
    manager = getattr(shell, "history_manager", None)
    # The raw text has `%time` and `!ls` as they were typed, which is what intake knows how to read.
    typed = getattr(manager, "input_hist_raw", None) or shell.user_ns.get("In", [])
    return [str(source) for source in typed]


def _from_history(history: list[str], catalog: Catalog) -> Submission:
    from grader.history import read_history

    return read_history(history, catalog)


def _from_files(root: Path, catalog: Catalog) -> Submission:
    from grader.reading import read_here

    return read_here(root / "exercises", catalog)


def _run(
    exercise: Exercise, submission: Submission, catalog: Catalog, suite: Path
) -> tuple[list[CheckResult], list[str]]:
    """The verdicts of the visible checks, and what there is to say about how the answers were found."""
    import pytest

    from grader import checking
    from grader.history import cells_for
    from grader.student import StudentBench

    cells = cells_for(exercise.id, submission.cells, catalog)
    if "transformers" not in sys.modules and any(word in cell.source for cell in cells for word in _HEAVY):
        _use_offline_models()
    bench = StudentBench(catalog, cells, submission.attempted)
    seat = _Seat(bench)
    with _quiet_pytest():
        pytest.main([*_OPTIONS, "--rootdir", str(suite.parent), str(suite)], plugins=[checking, seat])
    results = bench.results.get(exercise.id, [])
    if seat.problem or not results:
        raise CatalogError(f"{suite.name}: no check could be run. {seat.problem}".strip())
    return results, bench.notes(exercise.id)


class _Seat:
    """A pytest plugin that gives the checks their bench."""

    def __init__(self, bench: Any) -> None:  # noqa: ANN401 - a Bench; its class is imported late
        self._bench = bench
        self.problem = ""

    def pytest_configure(self, config: Any) -> None:  # noqa: ANN401 - pytest's, imported late
        from grader.checking import BENCH

        config.stash[BENCH] = self._bench

    def pytest_collectreport(self, report: Any) -> None:  # noqa: ANN401
        if report.failed:
            self.problem = str(report.longrepr).strip().splitlines()[-1]


def _use_offline_models() -> None:
    if not os.environ.get("PLAYGROUND_HUB"):
        from grader.offline import use_offline_models

        use_offline_models()


@contextmanager
def _quiet_pytest() -> Iterator[None]:
    """Without plugins and options of the environment: they have no business in a notebook."""
    changed = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _dice_put_back() -> Iterator[None]:
    """Checks seed the generators of random numbers; the notebook goes on with its own."""
    torch = sys.modules.get("torch")
    state, torch_state = random.getstate(), torch.get_rng_state() if torch else None
    try:
        yield
    finally:
        random.setstate(state)
        if torch is not None and torch_state is not None:
            torch.set_rng_state(torch_state)


def _show(head: str, results: Sequence[CheckResult], tail: str) -> None:
    text = _as_text(head, results, tail)
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(text)
        return
    from IPython.display import display

    display({"text/plain": text, "text/html": _as_html(head, results, tail)}, raw=True)


def _as_text(head: str, results: Sequence[CheckResult], tail: str) -> str:
    lines = [head]
    for mark, title, message, _ in _rows(results):
        lines.append(f"  {mark} {title}")
        lines += [f"      {line}" for line in message.splitlines()]
    return "\n".join([*lines, tail] if tail else lines)


def _as_html(head: str, results: Sequence[CheckResult], tail: str) -> str:
    parts = [f"<div style='line-height: 1.6'><b>{html.escape(head)}</b>"]
    for mark, title, message, colour in _rows(results):
        parts.append(f"<div><b style='color: {colour}'>{mark}</b> {html.escape(title)}</div>")
        if message:
            parts.append(f"<pre style='margin: 0 0 0 2em; white-space: pre-wrap'>{html.escape(message)}</pre>")
    return "".join([*parts, f"<div>{html.escape(tail)}</div></div>"])


def _rows(results: Sequence[CheckResult]) -> Iterator[tuple[str, str, str, str]]:
    """Mark, title, message and colour of each verdict."""
    from grader.report.words import MARKS, printable

    for result in results:
        yield MARKS[result.status], result.title, printable(result.message), _COLOURS.get(result.status, _RED)
