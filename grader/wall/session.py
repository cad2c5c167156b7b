"""One submission behind the wall: runs its cells, keeps a checkpoint after each exercise, hands out students to ask."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from grader.model import Exercise, SourceCell, Status
from grader.protocol.messages import Reply, Trouble
from grader.protocol.student import LostError, take_group
from grader.protocol.values import WireError, from_tree, to_tree
from grader.wall.fork_server import Server
from grader.wall.limits import Pace, ProcessorTime
from grader.wall.process import HELLO_TIMEOUT_S, Process
from grader.wall.process_tree import ProcessTree
from grader.wall.procfs import threads_of

PARSE_TIMEOUT_S = 20.0
SUPPLY_TIMEOUT_S = 60.0
SUBMISSION_TIMEOUT_S = 600.0
"""Above all other limits: what one submission may take in all."""
LOOKING = frozenset({"get", "has", "names", "output"})
"""Questions that run nothing of the student's. Forks are made of the process that was looked at, handles and all."""
MAX_SAID = 20
"""Words about a run that are kept of each kind."""
_T = TypeVar("_T")


class Checkpoint:
    """The state before and after an exercise's cells."""

    def __init__(self, exercise: Exercise, cells: Sequence[SourceCell], before: Process) -> None:
        self.exercise, self.cells, self.before = exercise, cells, before
        self.after: Process | None = None
        self.trouble: Trouble | None = None
        self.lost: LostError | None = None
        self.supplied: list[str] = []
        """Givens that earlier cells did not leave behind, or not as something usable."""
        self.passed_over: list[str] = []
        """Lines that failed for what this machine lacks, in the student's side's own words."""
        self.pace = Pace()


class SandboxStudent:
    """A checkpoint as one check finds it: it shares what it only looks at, and runs things in a fork of its own."""

    def __init__(self, session: "SandboxSession", point: Checkpoint, process: Process, *, is_shared: bool) -> None:
        self._session, self._point, self._process = session, point, process
        self._is_shared = is_shared
        self._seed: dict[str, Any] | None = None
        self.trouble = point.trouble
        self.limits = point.exercise.limits

    def ask(self, op: str, args: dict[str, Any]) -> Reply:
        """The reply to one question."""
        if self._is_shared and op == "seed":  # whoever only looks needs none
            self._seed = args
            return Reply(id=0)
        if self._is_shared and op not in LOOKING:
            self._process, self._is_shared = self._session.fork_of(self._point, self._process), False
            if self._seed is not None:
                self.ask("seed", self._seed)
        return self._session.ask(self._process, self._point, op, args, self.limits.ask_s)

    def rerun(self, givens: dict[str, Any]) -> "SandboxStudent":
        """The exercise's cells again, from the state before them, with these givens."""
        process = self._session.fork_of(self._point, self._point.before)
        reply = self._session.run_in(process, self._point, givens)
        student = SandboxStudent(self._session, self._point, process, is_shared=False)
        student.trouble = reply.trouble
        return student


class SandboxSession:
    """The processes of one submission. Close it: nothing of the submission is left then."""

    def __init__(self, server: Server, exercises: Sequence[Exercise]) -> None:
        self._exercises = {exercise.id: exercise for exercise in exercises}
        self._end = time.monotonic() + SUBMISSION_TIMEOUT_S
        self._server = server
        self.process_tree = ProcessTree(server)
        self._points: dict[str, Checkpoint] = {}
        self._waiting: list[SourceCell] = []
        self._reader: tuple[Checkpoint, Process] | None = None
        self._runner: Process | None = None
        """The process that ran the latest cells, where the next ones may go on in it."""

    def parse(self, kind: str, files: dict[str, bytes], arguments: dict[str, Any]) -> object:
        """What `grader.intake.parse` makes of an upload, as plain data.

        Raises:
            LostError: it took too long, or the process ended.
        """
        process = self.fork(self.process_tree.first)
        args = {"kind": kind, "files": files, **arguments}
        try:
            reply = process.ask("parse", {k: to_tree(v, lambda _: None) for k, v in args.items()}, PARSE_TIMEOUT_S)
            return from_tree(reply.value, _no_tag)
        except WireError as error:
            raise LostError(Status.CRASHED, str(error)) from None
        finally:
            self.end_check()

    def load(self, cells: Sequence[SourceCell]) -> None:
        """The cells of the submission; they run when a check needs them, in order."""
        self._waiting = list(cells)

    def run_until(self, exercise_ids: Collection[str]) -> None:
        """Runs all cells up to the last of these exercises.

        Before the first check: what a cell says when it stops is shown to its author, so no cell may run after
        hidden inputs came by, or it could pick them up from the scratch folder and say them.
        """
        try:
            while any(cell.exercise in exercise_ids for cell in self._waiting):
                self._run_next(goes_on=True)
        finally:
            self._end_runner()

    def checkpoint(self, exercise_id: str) -> Checkpoint:
        """The state around an exercise's cells, which run now if they have not."""
        while exercise_id not in self._points:
            if not any(cell.exercise == exercise_id for cell in self._waiting):
                self._points[exercise_id] = self._run([], self._exercises[exercise_id])
                break
            self._run_next()
        return self._points[exercise_id]

    def student(self, exercise_id: str) -> SandboxStudent:
        """A fresh fork of the state right after the exercise's cells.

        Raises:
            LostError: the cells never came to an end.
        """
        point = self.checkpoint(exercise_id)
        if point.after is None:
            raise point.lost or LostError(Status.CRASHED, "the cell did not run")
        return SandboxStudent(self, point, self._reader_of(point, point.after), is_shared=True)

    def _reader_of(self, point: Checkpoint, after: Process) -> Process:
        """A fork of a checkpoint that its checks look at together; it lasts until another exercise is asked."""
        if self._reader is None or self._reader[0] is not point or not self._reader[1].is_alive():
            self._end_reader()
            self._reader = point, self.fork_of(point, after)
            self.process_tree.let_last(self._reader[1])
        return self._reader[1]

    def _end_reader(self) -> None:
        if self._reader is not None:
            self.process_tree.release(self._reader[1])
            self._reader = None

    def fork_of(self, point: Checkpoint, process: Process) -> Process:
        """A fork of one of the checkpoint's processes; it lives until `end_check`."""
        return self._step(point, HELLO_TIMEOUT_S, lambda seconds: self.fork(process, seconds))

    def fork(self, process: Process, timeout_s: float = HELLO_TIMEOUT_S) -> Process:
        """A fork that lives until `end_check`."""
        return self.process_tree.fork(process, self.time_for(timeout_s))

    def run_in(self, process: Process, point: Checkpoint, values: dict[str, Any]) -> Reply:
        """Runs a checkpoint's cells in a process."""
        exercise = point.exercise
        args = {
            "cells": [[cell.source, cell.module] for cell in point.cells],
            "where": exercise.id,
            "names": list(exercise.names),
            "givens": [msgspec.to_builtins(given) for given in exercise.givens],
            "values": values,
            "output_kb": exercise.limits.output_kb,
            "limits": {
                "memory_less_mb": self._server.memory_mb - exercise.limits.memory_mb,
                "file_mb": exercise.limits.scratch_mb,
            },
        }
        return self.ask(process, point, "run", args, exercise.limits.run_s)

    def ask(self, process: Process, point: Checkpoint, op: str, args: dict[str, Any], timeout_s: float) -> Reply:
        """The reply of a process to one question.

        Raises:
            LostError: there is none within the limits, or something of ours that it needs cannot be supplied.
        """
        less = self.process_tree.processes_less(point.exercise.limits.processes)
        reply = self._step(point, timeout_s, lambda seconds: process.ask(op, args, seconds, processes_less=less))
        if reply.trouble is None or reply.trouble.kind != "kit":
            return reply
        self.end_check()  # the process is of no use any more
        fault = self._fault_of_ours(list(_supplies_in(args)))
        if fault:
            raise LostError(Status.KIT_ERROR, f"what this exercise starts from cannot be supplied: {fault}")
        raise LostError(Status.CRASHED, "your code left its process in a state in which nothing more can be asked")

    def _step(self, point: Checkpoint, timeout_s: float, step: Callable[[float], _T]) -> _T:
        """What a step gives that may take so long, or less where one of that exercise has never ended."""
        limit, start = point.pace.limit(self.time_for(timeout_s)), time.monotonic()
        self.process_tree.allow(ProcessorTime(point.exercise.limits.cpu_s))
        try:
            result = step(limit)
        except LostError as error:
            raise point.pace.lost(error, limit) from None
        point.pace.ended(time.monotonic() - start)
        return result

    def _fault_of_ours(self, supplies: list[str]) -> str:
        """Why these cannot be supplied to a process in which no student code has run; empty when they can.

        A process that has run student code may say what it likes, so its word for a fault of ours is not taken.
        """
        if not supplies:
            return ""
        clean = self._server.spawn()
        try:
            trouble = clean.ask("supply", {"names": supplies}, SUPPLY_TIMEOUT_S).trouble
        except LostError as error:
            return str(error)
        finally:
            clean.kill()
        return f"{trouble.type}: {trouble.message}" if trouble else ""

    def time_for(self, seconds: float) -> float:
        """The limit of one step.

        Raises:
            LostError: the time of the whole submission is up. A step that began in time may still use its limit.
        """
        if time.monotonic() > self._end:
            raise LostError(Status.TIMED_OUT, f"your submission as a whole took more than {SUBMISSION_TIMEOUT_S:g} s")
        return seconds

    def end_check(self) -> None:
        """Ends everything but the checkpoints."""
        self.process_tree.kill_temporary()

    def close(self) -> None:
        """Ends all of it."""
        self.process_tree.close()

    def _run_next(self, *, goes_on: bool = False) -> None:
        group = take_group(self._waiting)
        exercise_id = group[0].exercise
        scratch = Exercise(id=group[0].where or "scratch", title="", file="", points=1)
        point = self._run(group, self._exercises.get(exercise_id or "", scratch), goes_on=goes_on)
        if exercise_id is not None:
            self._points[exercise_id] = point
        self.process_tree.keep_only(
            {state for one in self._points.values() for state in (one.before, one.after) if state}
        )

    def _run(self, cells: list[SourceCell], exercise: Exercise, *, goes_on: bool = False) -> Checkpoint:
        """Runs cells and keeps a state of what they leave, which becomes the newest one.

        Where cells run in a row, one process runs them all, since forks of forks of forks are slow. It gives way to a
        fork of the newest state that still answers once it is lost, or has threads left running.
        """
        point = Checkpoint(exercise, cells, self.process_tree.first)
        try:
            point.before, process = self._where_to_run()
            reply = self.run_in(process, point, {})
            point.trouble = reply.trouble
            point.supplied = [given.name for given in exercise.givens if given.name in _said(reply, "supplied")]
            point.passed_over = _said(reply, "passed_over")
            point.after = self._step(point, HELLO_TIMEOUT_S, lambda seconds: self.process_tree.keep(process, seconds))
            if goes_on and threads_of(process.pid) == 1:
                self._runner = process
                self.process_tree.let_last(process)
        except LostError as error:
            point.lost = error
        self.end_check()
        return point

    def _where_to_run(self) -> tuple[Process, Process]:
        """The newest state, and a process that is as it was left there."""
        runner, self._runner = self._runner, None
        if runner is not None and runner.is_alive():
            self.process_tree.make_temporary(runner)
            runner.resume()
            return self.process_tree.newest, runner
        return self.process_tree.fork_newest(lambda: self.time_for(HELLO_TIMEOUT_S))

    def _end_runner(self) -> None:
        if self._runner is not None:
            self.process_tree.release(self._runner)
            self._runner = None


def _said(reply: Reply, about: str) -> list[str]:
    """The words of the student's side about a run, whatever it sent."""
    said = reply.value.get(about) if isinstance(reply.value, dict) else None
    return [word[:400] for word in said[:MAX_SAID] if isinstance(word, str)] if isinstance(said, list) else []


def _supplies_in(tree: object) -> Iterator[str]:
    """The names of all that is to be supplied for a question: as givens of the exercise, or in its values."""
    if isinstance(tree, list):
        for part in tree:
            yield from _supplies_in(part)
    elif isinstance(tree, dict):
        for tag, content in tree.items():
            if tag == "supply" and isinstance(content, str):
                yield content
            yield from _supplies_in(content)


def _no_tag(tag: str, _: object) -> object:
    raise WireError(f"{tag} has no place here")
