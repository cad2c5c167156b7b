"""Answers from this process, through the same wire: how a student's own `pytest` asks the student's code.

Nothing here protects anything. Graders use the sandbox; the suites can't tell the difference.
"""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from grader.model import Exercise, SourceCell, Status
from grader.protocol.messages import MAX_FRAME, MAX_FRAME_IN, Reply, Request, Trouble, frame, read_reply, read_request
from grader.protocol.student import LostError, still_running, take_group
from grader.protocol.values import WireError
from grader.sandbox.answer import Answerer
from grader.sandbox.exercise import missing_givens, run_cells
from grader.sandbox.notebook import Notebook


class LoopbackStudent:
    """A student in this process: one notebook after one exercise's cells, and what is needed to run them again."""

    def __init__(
        self, exercise: Exercise, cells: Sequence[SourceCell], before: Notebook, givens: dict[str, object]
    ) -> None:
        self._exercise, self._cells, self._before = exercise, cells, before
        self.notebook = before.copy()
        self._answerer = Answerer(self.notebook, _supply)
        self._number = 0
        self.limits = exercise.limits
        self._lost: LostError | None = None
        self.trouble: Trouble | None = None
        try:
            with deadline(exercise.limits.run_s):
                self.trouble = run_cells(self.notebook, exercise.id, cells, givens, exercise.names)
            _raise_if_slow(self.trouble)
        except LostError as error:
            self._lost = error

    def ask(self, op: str, args: dict[str, Any]) -> Reply:
        """The answer to one question, after a trip through the codec."""
        if self._lost is not None:
            raise self._lost
        self._number += 1
        request = read_request(frame(Request(id=self._number, op=op, args=args), MAX_FRAME_IN)[4:])
        try:
            with deadline(self._exercise.limits.ask_s):
                reply = self._answerer.answer(request)
            _raise_if_slow(reply.trouble)
        except LostError as error:
            self._lost = error
            raise
        try:
            return read_reply(frame(reply, MAX_FRAME)[4:])
        except WireError as error:
            return Reply(id=request.id, trouble=Trouble(kind="not_plain", message=str(error)))

    def rerun(self, givens: dict[str, Any]) -> "LoopbackStudent":
        """A fresh copy of the state before the cell, in which it ran with these givens."""
        values = {name: self._answerer.unpack(tree) for name, tree in givens.items()}
        more = missing_givens(self._exercise.givens, self._before, _supply)
        return LoopbackStudent(self._exercise, self._cells, self._before, more | values)


class LoopbackSession:
    """All exercises of one submission in this process; cells run when they are first needed, in order."""

    def __init__(self, exercises: Sequence[Exercise], cells: Sequence[SourceCell]) -> None:
        self._exercises = {exercise.id: exercise for exercise in exercises}
        self._waiting = list(cells)
        self._notebook = Notebook(explains=True)
        self._students: dict[str, LoopbackStudent] = {}

    def student(self, exercise_id: str) -> LoopbackStudent:
        """The student as it stood right after the cells of that exercise."""
        while exercise_id not in self._students:
            if not any(cell.exercise == exercise_id for cell in self._waiting):
                return LoopbackStudent(self._exercises[exercise_id], [], self._notebook, {})
            self._run_next()
        return self._students[exercise_id]

    def _run_next(self) -> None:
        group = take_group(self._waiting)
        exercise_id = group[0].exercise
        exercise = self._exercises.get(exercise_id or "", Exercise(id=group[0].where, title="", file="", points=1))
        givens = missing_givens(exercise.givens, self._notebook, _supply)
        student = LoopbackStudent(exercise, group, self._notebook, givens)
        self._notebook = student.notebook
        if exercise_id is not None:
            self._students[exercise_id] = student


def _supply(name: str) -> object:
    from grader.offline.supply import supply

    return supply(name)


class SlowError(BaseException):
    """Raised inside student code whose time is up; no `except Exception` catches it."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Interrupts what runs inside after so many seconds, where the system has timers for that."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise SlowError(f"{seconds:g}")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except SlowError as error:
        raise _too_slow(str(error)) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _raise_if_slow(trouble: Trouble | None) -> None:
    if trouble is not None and trouble.type == "SlowError":
        raise _too_slow(trouble.message)


def _too_slow(seconds: str) -> LostError:
    return LostError(Status.TIMED_OUT, still_running(float(seconds)))
