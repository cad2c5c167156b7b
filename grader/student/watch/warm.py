"""The warm process behind `watch`: has pytest, the suites and maybe torch loaded, and forks for each question.

It reads questions as lines of JSON and answers in the same way. A new question ends the one before it, so that an
endless loop never stands in the way of its own repair. Where forking a loaded process is unsafe (macOS), or there is
no fork (Windows), a process answers one question and ends.
"""

import gc
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from grader.checks.collected import Collected, with_collected
from grader.errors import CatalogError, KitError
from grader.model import CheckResult, SourceCell, Struct
from grader.project import project_catalog
from grader.student.bench import StudentBench, use_one_thread
from grader.student.suites import suite_folder

_MAX_CHUNK = 1 << 16
_GONE = "your code ended the process that checks it: look for an exit, or for more memory than there is"


class Question(Struct, frozen=True, kw_only=True):
    """What to check."""

    number: int
    exercise: str
    cells: tuple[SourceCell, ...]
    """Those that the exercise needs, in the order in which they run."""
    attempted: tuple[str, ...]


class Answer(Struct, frozen=True, kw_only=True):
    """What came out."""

    number: int
    """Of the question; 0 says that the process is warm."""
    exercise: str = ""
    results: tuple[CheckResult, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""
    """Why there are no verdicts, in words."""
    seconds: float = 0.0


def main(arguments: list[str]) -> None:
    """Serves until its input ends: `python -m grader.student.watch.warm ROOT light|heavy fork|once`."""
    root, load, way = Path(arguments[0]), arguments[1], arguments[2]
    questions, answers = _own_channel()
    use_one_thread()
    server = _Server(root, questions, answers, heavy=load == "heavy", forks=way == "fork")
    try:
        with_collected(server.serve, suite_folder(root))
    except CatalogError as error:
        answers.write(msgspec.json.encode(Answer(number=0, problem=str(error))) + b"\n")
        answers.flush()


def _own_channel() -> tuple[int, BinaryIO]:
    """Where questions come in and answers go out; what anybody prints goes nowhere from now on."""
    questions, answers = os.dup(0), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    return questions, answers


class _Server:
    """Answers questions with the collected suites."""

    def __init__(self, root: Path, questions: int, answers: BinaryIO, *, heavy: bool, forks: bool) -> None:
        self._catalog = project_catalog(root)
        self._questions, self._answers = questions, answers
        self._heavy, self._forks = heavy, forks
        self._pending = b""

    def serve(self, suites: Collected) -> None:
        """Answers until the input ends."""
        if self._heavy and self._forks:
            warm_up()
        self._say(Answer(number=0))
        for question in self._all_questions():
            if not self._forks:
                self._say(self._judge(suites, question))
                break
            self._ask_fork(suites, question)

    def _ask_fork(self, suites: Collected, question: Question) -> None:
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            self._live_as_fork(suites, question, writing)
        os.close(writing)
        told = b""
        # A new question, or the end of all questions, ends this one.
        while not self._pending and self._questions not in (ready := self._wait(reading)):
            chunk = os.read(ready[0], _MAX_CHUNK)
            if not chunk:
                break
            told += chunk
        else:
            _end(child)
        os.close(reading)
        os.waitpid(child, 0)
        if told.endswith(b"\n"):
            self._answers.write(told)
            self._answers.flush()
        elif not self._is_asked():
            self._say(Answer(number=question.number, exercise=question.exercise, problem=_GONE))

    def _wait(self, reading: int) -> list[int]:
        return select.select([self._questions, reading], [], [])[0]

    def _is_asked(self) -> bool:
        return bool(self._pending or select.select([self._questions], [], [], 0)[0])

    def _live_as_fork(self, suites: Collected, question: Question, writing: int) -> None:
        """Never returns: judges, tells, and ends before anything of the parent is cleaned up."""
        try:
            os.setsid()
            os.close(self._questions)
            told = msgspec.json.encode(self._judge(suites, question)) + b"\n"
            while told:
                told = told[os.write(writing, told) :]
        finally:
            os._exit(0)

    def _judge(self, suites: Collected, question: Question) -> Answer:
        start = time.perf_counter()
        try:
            bench = StudentBench(self._catalog, list(question.cells), frozenset(question.attempted))
            suites.judge(bench, [question.exercise])
        except KitError as error:
            return Answer(number=question.number, exercise=question.exercise, problem=str(error))
        return Answer(
            number=question.number,
            exercise=question.exercise,
            results=tuple(bench.results.get(question.exercise, [])),
            notes=tuple(bench.notes(question.exercise)),
            seconds=time.perf_counter() - start,
        )

    def _all_questions(self) -> Iterator[Question]:
        while True:
            line, end, rest = self._pending.partition(b"\n")
            if not end:
                chunk = os.read(self._questions, _MAX_CHUNK)
                if not chunk:
                    return
                self._pending += chunk
                continue
            self._pending = rest
            if b"\n" not in rest:  # only the latest one counts
                yield msgspec.json.decode(line, type=Question)

    def _say(self, answer: Answer) -> None:
        self._answers.write(msgspec.json.encode(answer) + b"\n")
        self._answers.flush()


def _end(child: int) -> None:
    """Ends a fork and what it started."""
    for end in (os.killpg, os.kill):
        try:
            end(child, signal.SIGKILL)
        except ProcessLookupError:  # it is no leader yet, or over
            continue


def warm_up() -> None:
    """Loads what the later exercises load, so that forks have it at once."""
    from grader.offline.choice import use_wanted_models, wanted_models

    use_wanted_models()
    import IPython.display  # noqa: F401
    import ipywidgets  # noqa: F401
    import numpy  # noqa: F401
    import tiktoken  # noqa: F401
    import torch
    import transformers  # noqa: F401

    torch.set_num_threads(1)  # threads of a parent are not there in its forks
    torch.set_num_interop_threads(1)
    torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)  # the first one loads half of torch's compiler
    if wanted_models() != "hub":
        from grader.offline import stock

        stock.load_for_student()
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    main(sys.argv[1:])
