"""One submission behind the wall: runs its cells, keeps a checkpoint after each exercise, hands out students to ask."""

import contextlib
import os
import signal
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader.loopback import take_group
from grader.model import Exercise, SourceCell, Status
from grader.process import HELLO_TIMEOUT_S, Process, Server, descendants, memory_mb, resident_mb
from grader.proxy import LostError
from grader.wire import Reply, Trouble, WireError, from_tree, to_tree

PARSE_TIMEOUT_S = 20.0
MEMORY_MB = 4096
"""What all processes of a submission may hold together."""
_ROUNDS = 50
SUBMISSION_TIMEOUT_S = 600.0
"""Above all other limits: what one submission may take in all."""


class Checkpoint:
    """The state before and after an exercise's cells."""

    def __init__(self, exercise: Exercise, cells: Sequence[SourceCell], before: Process) -> None:
        self.exercise, self.cells, self.before = exercise, cells, before
        self.after: Process | None = None
        self.trouble: Trouble | None = None
        self.lost: LostError | None = None


class SandboxStudent:
    """A fresh fork of a checkpoint, asked by one check."""

    def __init__(self, session: "SandboxSession", point: Checkpoint, process: Process, trouble: Trouble | None) -> None:
        self._session, self._point, self._process = session, point, process
        self.trouble = trouble

    def ask(self, op: str, args: dict[str, Any]) -> Reply:
        """The reply to one question."""
        return self._process.ask(op, args, self._session.time_for(self._point.exercise.limits.ask_s))

    def rerun(self, givens: dict[str, Any]) -> "SandboxStudent":
        """The exercise's cells again, from the state before them, with these givens."""
        process = self._session.fork(self._point.before)
        reply = self._session.run_in(process, self._point, givens)
        return SandboxStudent(self._session, self._point, process, reply.trouble)


class SandboxSession:
    """The processes of one submission. Close it: nothing of the submission is left then."""

    def __init__(self, server: Server, exercises: Sequence[Exercise]) -> None:
        self._exercises = {exercise.id: exercise for exercise in exercises}
        self._end = time.monotonic() + SUBMISSION_TIMEOUT_S
        self._server = server
        self._init = server.spawn()
        self._init.watch = self._watch_memory
        self._keepers: list[Process] = [self._init]
        self._visitors: list[Process] = []
        self._points: dict[str, Checkpoint] = {}
        self._waiting: list[SourceCell] = []

    def parse(self, kind: str, files: dict[str, bytes], arguments: dict[str, Any]) -> object:
        """What `grader.intake.parse` makes of an upload, as plain data.

        Raises:
            LostError: it took too long, or the process ended.
        """
        process = self.fork(self._init)
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
        while any(cell.exercise in exercise_ids for cell in self._waiting):
            self._run_next()

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
        return SandboxStudent(self, point, self.fork(point.after), point.trouble)

    def fork(self, process: Process) -> Process:
        """A fork that lives until `end_check`."""
        process.resume()
        try:
            child = process.fork(self.time_for(HELLO_TIMEOUT_S))
        finally:
            if process is not self._init:
                process.pause()
        self._visitors.append(child)
        return child

    def run_in(self, process: Process, point: Checkpoint, values: dict[str, Any]) -> Reply:
        """Runs a checkpoint's cells in a process."""
        exercise = point.exercise
        args = {
            "sources": [cell.source for cell in point.cells],
            "where": exercise.id,
            "givens": [msgspec.to_builtins(given) for given in exercise.givens],
            "values": values,
            "output_kb": exercise.limits.output_kb,
        }
        reply = process.ask("run", args, self.time_for(exercise.limits.run_s))
        if reply.trouble is not None and reply.trouble.kind == "kit":
            raise LostError(Status.KIT_ERROR, "a given could not be supplied")
        return reply

    def time_for(self, seconds: float) -> float:
        """The limit of one step.

        Raises:
            LostError: the time of the whole submission is up. A step that began in time may still use its limit.
        """
        if time.monotonic() > self._end:
            raise LostError(Status.TIMED_OUT, "the time for the whole submission is up")
        return seconds

    def end_check(self) -> None:
        """Ends everything but the checkpoints, also what keeps forking away from the signal."""
        known = {process.pid for process in self._keepers + self._visitors}
        for process in self._visitors:
            process.kill()
        self._visitors.clear()
        for number_of_round in range(_ROUNDS):
            time.sleep(0.002 * number_of_round)
            strangers = [pid for pid in descendants(self._init.pid) if pid not in known and not _is_zombie(pid)]
            if not strangers or not self._init.is_alive():
                return
            for number in (signal.SIGSTOP, signal.SIGKILL):  # what is stopped cannot fork
                for pid in strangers:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, number)
        self._server.end(self._init)  # with it the whole submission ends

    def _watch_memory(self) -> None:
        """The memory of all processes of the submission together; one alone has its own limit."""
        pids = descendants(self._init.pid)
        warm_mb = resident_mb(self._init.pid)
        grown_mb = sum(max(0, resident_mb(pid) - warm_mb) for pid in pids)  # counts what forks share several times
        known = {process.pid for process in self._keepers + self._visitors}
        strangers = [pid for pid in pids if pid not in known and not _is_zombie(pid)]
        # A process that started another program no longer holds the warm pages: its growth says nothing. One may be a
        # fork that has not said hello yet.
        if (grown_mb > MEMORY_MB or len(strangers) > 1) and memory_mb(pids) > MEMORY_MB:
            raise LostError(Status.OUT_OF_MEMORY, "your code took more memory than a submission may use")
        if self._server.scratch_is_full():
            raise LostError(Status.OUT_OF_MEMORY, "your code wrote more to its scratch folder than it may")

    def close(self) -> None:
        """Ends all of it: with process 1 of its namespace every process in it dies."""
        self.end_check()
        for process in reversed(self._keepers[1:]):
            process.kill()
        self._server.end(self._init)

    def _run_next(self) -> None:
        group = take_group(self._waiting)
        exercise_id = group[0].exercise
        scratch = Exercise(id=group[0].where or "scratch", title="", file="", points=1)
        point = self._run(group, self._exercises.get(exercise_id or "", scratch))
        if exercise_id is not None:
            self._points[exercise_id] = point

    def _run(self, cells: list[SourceCell], exercise: Exercise) -> Checkpoint:
        """Runs cells in a fork of the newest checkpoint that still answers; the fork becomes the newest if it lives."""
        point = Checkpoint(exercise, cells, self._init)
        try:
            point.before, process = self._fork_newest()
            point.trouble = self.run_in(process, point, {}).trouble
        except LostError as error:
            point.lost = error
        else:
            self._visitors.remove(process)
            self._keepers.append(process)
            process.pause()
            point.after = process
        self.end_check()
        return point

    def _fork_newest(self) -> tuple[Process, Process]:
        """The newest keeper that can be forked, and its fork."""
        while True:
            newest = self._keepers[-1]
            try:
                return newest, self.fork(newest)
            except LostError:
                if newest is self._init:
                    raise
                self._keepers.pop().kill()


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return True


def _no_tag(tag: str, _: object) -> object:
    raise WireError(f"{tag} has no place here")
