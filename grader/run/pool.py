"""Hands uploads to worker processes and takes verdicts back; a worker that dies costs one submission."""

import contextlib
import multiprocessing
from collections import deque
from collections.abc import Generator, Iterable
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import KitError
from grader.intake.upload import Upload
from grader.model import Status
from grader.protocol.warmth import Warmth
from grader.run.reference import reference_upload
from grader.run.worker import Graded, Settings, start_server, work
from grader.wall.fork_server import ServerProcess

FAULTS_IN_A_ROW = 5
"""After so many, the kit's own answers are graded: either this system cannot grade, or it is what was handed in."""
SECOND_TRIES = 20
"""How many submissions of a run are graded once more, at most."""


class _Worker:
    """A process and the upload it is busy with."""

    def __init__(self, settings_json: bytes, server: ServerProcess) -> None:
        context = multiprocessing.get_context("spawn")
        self._server = server
        self.pipe, theirs = context.Pipe()
        with server.connect() as channel:
            shared = (channel, msgspec.json.encode(server.access))
            self.process: Any = context.Process(target=work, args=(theirs, settings_json, shared), daemon=False)
            self.process.start()
        theirs.close()
        self.upload: Upload | None = None

    def take(self, upload: Upload) -> None:
        self.upload = upload
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # noticed when its answer is read
            self.pipe.send_bytes(msgspec.json.encode(upload))

    def is_fit(self) -> bool:
        """Whether it can grade: it has not said its last word, and its server still runs."""
        return not self.pipe.closed and self._server.is_alive()

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self.pipe.send_bytes(b"")
        self.process.join(timeout=5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.pipe.close()


def grade_all(uploads: Iterable[Upload], settings: Settings, jobs: int) -> Generator[tuple[Upload, Graded]]:
    """The uploads with their verdicts, in the order in which they are done.

    A fault of the kit may have its cause outside of what was graded (memory ran out, somebody killed a process), so
    what it touched is graded once more, after all others.

    Raises:
        KitError: the workers cannot begin, or cannot even grade the kit's own answers.
    """
    uploads = iter(uploads)
    first = list(islice(uploads, 2))
    if not first:
        return
    queue = Queue(chain(first, uploads), settings)
    crew = _Crew(settings, Warmth.STOCK if len(first) > 1 else Warmth.LIGHT)
    workers: list[_Worker] = []
    try:
        while len(workers) < jobs and (upload := queue.next()):
            workers.append(crew.hire())
            workers[-1].take(upload)
        while busy := {worker.pipe: worker for worker in workers if worker.upload}:
            for pipe in wait(list(busy)):
                worker = busy[pipe]  # type: ignore[index]
                upload, graded = _finish(worker)
                settled = queue.settle(upload, graded)
                if settled is not None:
                    yield upload, settled
                for place, idle in enumerate(workers):
                    if not idle.upload and (following := queue.next()):
                        if not idle.is_fit():
                            idle.stop()
                            workers[place] = crew.hire()
                        workers[place].take(following)
    finally:
        for worker in workers:
            worker.stop()
        crew.close()


class _Crew:
    """Starts workers, and the fork server that serves them all; another one should it be gone."""

    def __init__(self, settings: Settings, warmth: Warmth) -> None:
        self._settings, self._warmth = settings, warmth
        self._settings_json = msgspec.json.encode(settings)
        self._server = self._start()

    def hire(self) -> _Worker:
        if not self._server.is_alive():
            self._server.close()
            self._server = self._start()
        return _Worker(self._settings_json, self._server)

    def _start(self) -> ServerProcess:
        return start_server(self._settings, self._warmth)

    def close(self) -> None:
        self._server.close()


class Queue:
    """The uploads that wait, and after them those that a fault of the kit has touched."""

    def __init__(self, uploads: Iterable[Upload], settings: Settings) -> None:
        self._waiting = iter(uploads)
        self._again: deque[Upload] = deque()
        self._faults: dict[str, str] = {}
        """By id of those that are or were graded once more: why."""
        self._in_a_row = 0
        """Submissions that a fault touched at their first try, one right after the other."""
        exercises = [settings.catalog.get(exercise_id) for exercise_id in settings.exercises]
        self._reference = reference_upload(Path(settings.suites), exercises)
        self._is_asked = False
        """Whether the kit's own answers are being graded."""

    def next(self) -> Upload | None:
        """What is graded next; None when nothing waits now. What is still being graded may come back once more."""
        if self._reference is not None and self._in_a_row >= FAULTS_IN_A_ROW and not self._is_asked:
            self._is_asked = True
            return self._reference
        return next(self._waiting, None) or (self._again.popleft() if self._again else None)

    def settle(self, upload: Upload, graded: Graded) -> Graded | None:
        """The final verdict on an upload; None if it gets a second try, or if it is the kit's own answers.

        Raises:
            KitError: the kit's own answers cannot be graded either: the rest would fare no better.
        """
        fault, is_first = _fault(graded), upload.id not in self._faults
        if upload is self._reference:
            self._settle_reference(graded, fault)
            return None
        self._in_a_row = self._in_a_row + is_first if fault else 0
        if fault and is_first and len(self._faults) < SECOND_TRIES:
            self._faults[upload.id] = fault
            self._again.append(upload)
            return None
        if graded.result is None or is_first:
            return graded
        # The reason is for whoever grades: it may tell of hidden checks, and students read the notes of a result.
        notes = (*graded.result.notes, "graded twice: a fault of the kit, and not yours, ended the first try")
        result = msgspec.structs.replace(graded.result, notes=notes)
        return msgspec.structs.replace(graded, result=result, problem=self._faults[upload.id])

    def _settle_reference(self, graded: Graded, fault: str) -> None:
        verdicts = graded.result.exercises.values() if graded.result is not None else ()
        if all(verdict.status is Status.KIT_ERROR for verdict in verdicts):
            raise KitError(
                f"{self._in_a_row} faults of the kit one after the other, and its own answers cannot be graded either: "
                f"{fault}. What was graded is kept; mend the cause and start again"
            )
        self._in_a_row, self._is_asked = 0, False


def _fault(graded: Graded) -> str:
    """What of the kit failed; empty when nothing did."""
    if graded.result is None:
        return graded.problem or "a worker gave up"
    faulty = [verdict for verdict in graded.result.exercises.values() if verdict.status is Status.KIT_ERROR]
    said = [check.message for verdict in faulty for check in verdict.checks if check.status is Status.KIT_ERROR]
    return next(iter([*said, *(note for verdict in faulty for note in verdict.notes)]), "unknown") if faulty else ""


def _finish(worker: _Worker) -> tuple[Upload, Graded]:
    upload = worker.upload
    assert upload is not None  # noqa: S101 - only busy workers are asked
    worker.upload = None
    graded = _receive(worker.pipe)
    if graded is None:
        worker.process.join(timeout=5)
        worker.pipe.close()
        return upload, Graded(problem=f"the worker ended while it graded this (exit code {worker.process.exitcode})")
    if graded.result is None:  # it has said its last word
        worker.stop()
        if graded.at_start:
            raise KitError(graded.problem or "a worker gave up")
    return upload, graded


def _receive(pipe: Connection) -> Graded | None:
    try:
        return msgspec.json.decode(pipe.recv_bytes(), type=Graded)
    except (EOFError, ConnectionResetError):
        return None
