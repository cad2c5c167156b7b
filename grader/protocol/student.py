"""Whoever answers a check: behind the wall, or in this process. The suites cannot tell."""

from typing import Any, Protocol

from grader.model import Limits, SourceCell, Status
from grader.protocol.messages import Reply, Trouble

NO_ANSWER = "your code's process sent something that is no answer"


class LostError(Exception):
    """The student's process gave no answer: too slow, dead, or talking nonsense. Every later question ends the same."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message)
        self.status = status


class Student(Protocol):
    """One process (or namespace) that answers questions."""

    trouble: Trouble | None
    """What stopped the cell, if something did; names that it had defined by then can be asked for all the same."""
    limits: Limits
    """What its exercise may use."""

    def ask(self, op: str, args: dict[str, Any]) -> Reply:
        """The reply to one question; LostError when there is none."""

    def rerun(self, givens: dict[str, Any]) -> "Student":
        """A fresh student in which the exercise's cell ran with these givens (trees)."""


def still_running(seconds: float) -> str:
    """The words for a step that took all of its time."""
    return f"your code was still running after {seconds:g} s"


def take_group(waiting: list[SourceCell]) -> list[SourceCell]:
    """Takes from the front the cells that run together: those of one exercise in a row, or one scratch cell."""
    group = [waiting.pop(0)]
    while group[0].exercise and waiting and waiting[0].exercise == group[0].exercise:
        group.append(waiting.pop(0))
    return group
