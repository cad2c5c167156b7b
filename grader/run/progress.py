"""Shows how far a run is: a bar for people, or a line of JSON for each submission for logs."""

import json
import sys
import time
from collections import Counter
from typing import Protocol, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from grader.model import Status, SubmissionResult

KINDS = ("bar", "json", "none")


class Watcher(Protocol):
    """Is told of each submission the moment its verdict is there."""

    def __enter__(self) -> Self:
        """Begins."""

    def __exit__(self, *_: object) -> None:
        """Ends, whatever happened."""

    def __call__(self, done: int, total: int, result: SubmissionResult) -> None:
        """One more is done."""


def outcome_of(result: SubmissionResult) -> str:
    """A submission in a word: `kit error`, `unreadable`, `all points`, `some points`, `no points`, `blank`."""
    if result.has_kit_error:
        return "kit error"
    if result.is_rejected:
        return "unreadable"
    if all(verdict.status is Status.NOT_ATTEMPTED for verdict in result.exercises.values()):
        return "blank"
    if result.score == 0 and result.bonus == 0:
        return "no points"
    return "all points" if result.score >= result.max_score else "some points"


class Bar:
    """A bar with the rate, the time left and how many there are of each outcome."""

    def __init__(self, console: Console) -> None:
        self._counts: Counter[str] = Counter()
        columns = (
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[counts]}"),
        )
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("grading", total=None, rate="", counts="")
        self._start = time.monotonic()

    def __enter__(self) -> Self:
        """Shows it."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Takes it away."""
        self._bar.stop()

    def __call__(self, done: int, total: int, result: SubmissionResult) -> None:
        """One more is done."""
        self._counts[outcome_of(result)] += 1
        rate = f"{done / max(0.001, time.monotonic() - self._start) * 60:.0f}/min"
        counts = ", ".join(f"{count} {what}" for what, count in self._counts.most_common())
        self._bar.update(self._task, completed=done, total=total, rate=rate, counts=counts)


class Lines:
    """A line of JSON for each submission: done, total, id, outcome, score, max_score, bonus, seconds, elapsed_s."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._start = time.monotonic()

    def __enter__(self) -> Self:
        """Nothing to show yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to take away."""

    def __call__(self, done: int, total: int, result: SubmissionResult) -> None:
        """One more is done."""
        facts = {
            "done": done,
            "total": total,
            "id": result.id,
            "outcome": outcome_of(result),
            "score": result.score,
            "max_score": result.max_score,
            "bonus": result.bonus,
            "seconds": result.seconds,
            "elapsed_s": round(time.monotonic() - self._start, 1),
        }
        print(json.dumps(facts), file=self._stream, flush=True)


class Silence(Lines):
    """Nothing at all."""

    def __call__(self, done: int, total: int, result: SubmissionResult) -> None:
        """One more is done."""


def watcher(kind: str | None, console: Console) -> Watcher:
    """The watcher of that kind; without one a bar, which shows nothing where `console` is no terminal."""
    if kind == "json":
        return Lines()
    return Silence() if kind == "none" else Bar(console)
