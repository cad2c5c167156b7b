"""Checks inside of a kernel that runs a submission's cells itself: what a cell of tests calls in nbgrader and otter."""

import io
import sys
from typing import Any

import IPython.core.display_functions as core
import IPython.display as public

from grader.model import SourceCell
from tools.bench.plain import KernelNotebook, PlainStudent, _catalog, check_student


class Check:
    """Watches what cells print and display, and checks the exercise of the latest one."""

    def __init__(self) -> None:
        self.done: list[str] = []
        """The exercises whose checks all passed."""

    def watch(self, shell: Any) -> None:
        """Begins to watch."""
        self._shell = shell
        self._notebook = KernelNotebook(shell.user_ns)
        self._text, self._displayed, self._source = io.StringIO(), list[object](), ""
        for place in (core, public):
            place.display = self._noting(place.display)
        shell.events.register("pre_run_cell", self._before)
        shell.events.register("post_run_cell", self._after)

    def __call__(self, exercise_id: str) -> None:
        """Checks it.

        Raises:
            AssertionError: a check did not pass.
        """
        exercise = _catalog().get(exercise_id)
        student = PlainStudent(exercise, [SourceCell(source=self._source)], self._before_cell, self._notebook)
        check_student(student)
        self.done.append(exercise_id)

    def _before(self, info: Any) -> None:
        if "check(" in info.raw_cell:
            return
        self._source, self._text, self._displayed = info.raw_cell, io.StringIO(), []
        self._before_cell = self._notebook.copy()
        self._out, sys.stdout = sys.stdout, _Both(sys.stdout, self._text)

    def _after(self, result: Any) -> None:
        if result.info is None or "check(" in result.info.raw_cell or not self._source:
            return
        sys.stdout = self._out
        if result.result is not None:
            self._displayed.append(result.result)
            print(result.result, file=self._text)
        self._notebook.output, self._notebook.displayed = self._text.getvalue(), self._displayed

    def _noting(self, display: Any) -> Any:
        def noted(*values: object, **options: Any) -> Any:
            self._displayed.extend(values)
            for value in values:
                print(getattr(value, "data", value), file=self._text)
            return display(*values, **options)

        return noted


class _Both(io.TextIOBase):
    """Writes to two streams."""

    def __init__(self, *streams: Any) -> None:
        self._streams = streams

    def write(self, text: str, /) -> int:
        """As streams do."""
        for stream in self._streams:
            stream.write(text)
        return len(text)

    def flush(self) -> None:
        """As streams do."""
        for stream in self._streams:
            stream.flush()


check = Check()
