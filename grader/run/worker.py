"""One worker of a run: a fork server, the collected hidden suites, and submissions that come over a pipe one by one."""

import contextlib
import multiprocessing
import os
import re
import socket
import time
import traceback
from collections.abc import Collection, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

import msgspec

from grader.catalog import Catalog
from grader.checks.collected import Collected
from grader.errors import KitError, SandboxError
from grader.intake.local import parse_arguments
from grader.intake.receive import rejected_submission, submission_from
from grader.intake.upload import Upload
from grader.model import Exercise, ExerciseResult, JudgedCode, Status, Struct, Submission, SubmissionResult
from grader.protocol.student import LostError
from grader.protocol.warmth import Warmth
from grader.run.judge import HiddenBench, connect_oracles, with_hidden_checks
from grader.run.reference import reference_upload
from grader.run.score import exercise_result, rejected_result, submission_result
from grader.run.warmth import warmth_for
from grader.wall.bubblewrap import OWN_USER
from grader.wall.fork_server import Access, Server, ServerProcess
from grader.wall.process_tree import own_processes
from grader.wall.session import SandboxSession
from grader.wording import one_line


class Settings(Struct, frozen=True, kw_only=True):
    """What a worker needs to know, the same for all of a run."""

    catalog: Catalog
    exercises: tuple[str, ...]
    """The ids that are graded."""
    suites: str
    models: str
    secret: bytes
    walls: tuple[str, ...]
    """To be raised around each submission; none for submissions that are trusted."""

    @property
    def proven(self) -> bool:
        """Whether a score says that nobody forged it."""
        return bool(self.walls)


class Graded(Struct, frozen=True, kw_only=True):
    """What a worker sends back: a verdict, or why there is none; with both, why there was none at first."""

    result: SubmissionResult | None = None
    walls: tuple[str, ...] = ()
    problem: str | None = None
    at_start: bool = False
    """Whether the worker could not begin: then no submission has to do with it."""


def work(pipe: Connection, settings_json: bytes, shared: tuple[socket.socket, bytes] | None = None) -> None:
    """Grades what comes over the pipe until None comes. The start of a process.

    Args:
        pipe: to whoever hands out the uploads.
        settings_json: a `Settings`.
        shared: a channel to a fork server that serves other workers too, and its `Access`; else this worker starts
            one of its own.
    """
    settings = msgspec.json.decode(settings_json, type=Settings)
    Thread(target=_end_with_the_run, daemon=True).start()
    with contextlib.ExitStack() as stack:
        try:
            grader = Grader(settings, _shared_server(shared))
            stack.callback(grader.close)
            with_hidden_checks(Path(settings.suites), settings.catalog, lambda suites: _serve(pipe, suites, grader))
        except KitError as error:
            _send(pipe, Graded(problem=str(error), at_start=True))
        except (KeyboardInterrupt, BrokenPipeError, EOFError):
            return
        except Exception as error:  # noqa: BLE001 - a border: a worker that cannot begin says why
            _send(pipe, Graded(problem=in_a_line(error), at_start=True))


def _shared_server(shared: tuple[socket.socket, bytes] | None) -> Server | None:
    return Server(shared[0], msgspec.json.decode(shared[1], type=Access)) if shared else None


def start_server(settings: Settings, warmth: Warmth = Warmth.LIGHT) -> ServerProcess:
    """A fork server for workers with these settings, which warms up that far at once."""
    limits = [exercise.limits for exercise in settings.catalog.exercise]
    server = ServerProcess(
        Path(settings.models),
        walls=settings.walls,
        memory_mb=max(limit.memory_mb for limit in limits),
        processes=max(limit.processes for limit in limits) + own_processes(len(limits)),
        scratch_mb=max(limit.scratch_mb for limit in limits),
    )
    if OWN_USER in settings.walls:  # such a user may not be allowed to read what is loaded later
        warmth = max(warmth, Warmth.MODELS)
    if warmth is not Warmth.LIGHT:
        server.warm_up(warmth)
    return server


def _end_with_the_run() -> None:
    """Ends this process the moment the run is gone, whatever is being graded: nobody would take the verdict."""
    run = multiprocessing.parent_process()
    if run is not None:
        run.join()
        os._exit(1)


def _serve(pipe: Connection, suites: Collected, grader: "Grader") -> None:
    connect_oracles(lambda: grader.server)
    for data in iter(pipe.recv_bytes, b""):
        upload = msgspec.json.decode(data, type=Upload)
        try:
            said = msgspec.json.encode(Graded(result=grader.grade(upload, suites), walls=grader.server.walls))
        except Exception as error:  # noqa: BLE001 - a border: whatever went wrong concerns this submission alone
            # What it left of this process nobody knows: the next submission gets a fresh one.
            return _send(pipe, Graded(problem=in_a_line(error)))
        _send_bytes(pipe, said)
    return None


def _send(pipe: Connection, graded: Graded) -> None:
    _send_bytes(pipe, msgspec.json.encode(graded))


def _send_bytes(pipe: Connection, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError):
        pipe.send_bytes(data)


def in_a_line(error: Exception) -> str:
    """An error for whoever grades: a KitError's own words, of others the kind, the words and the place."""
    if isinstance(error, KitError):
        return one_line(str(error))
    place = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" ({Path(frame.filename).name}:{frame.lineno})" for frame in place)
    return one_line(f"{type(error).__name__}: {str(error)[:400]}{where}")


class Grader:
    """Grades one submission after another, each behind its own walls."""

    def __init__(self, settings: Settings, server: Server | None = None) -> None:
        self._settings = settings
        self._exercises = [settings.catalog.get(exercise_id) for exercise_id in settings.exercises]
        self._is_shared = server is not None
        self.server = server or self._start()

    def _start(self) -> Server:
        process = start_server(self._settings)
        return Server(process.connect(), process.access, process)

    def grade(self, upload: Upload, suites: Collected) -> SubmissionResult:
        """The verdict of an upload.

        Raises:
            SandboxError: the fork server cannot be kept running.
        """
        try:
            return self._grade(upload, suites)
        except SandboxError:  # the server is gone: one fresh start, then it is the operator's turn
            if self._is_shared:  # whoever started it does that, and grades this once more
                raise
            self.server.close()
            self.server = self._start()
            return self._grade(upload, suites)

    def _grade(self, upload: Upload, suites: Collected) -> SubmissionResult:
        result = self._judge(upload, suites)
        if not self.server.is_alive():  # its forks ended with it: checks found them dead, and no answer is to blame
            raise SandboxError("the fork server ended while this was graded")
        return result

    def _judge(self, upload: Upload, suites: Collected) -> SubmissionResult:
        start, waited = time.monotonic(), self.server.clock.waited_s
        session = SandboxSession(self.server, self._settings.catalog.exercise)
        try:
            submission = self._read(upload, session)
            warmth = warmth_for(submission, self._exercises)
            if warmth > self.server.warmth and not submission.rejected:
                session.close()
                self.server.warm_up(warmth)
                session = SandboxSession(self.server, self._settings.catalog.exercise)
            if submission.rejected:
                return rejected_result(submission, self._exercises, proven=self._settings.proven)
            bench = self._ask(session, submission, suites, self._settings.exercises)
            # Something outside of submission and check may have been in the way, and may be over.
            suites.judge(bench, bench.forget_accidents())
        finally:
            session.close()
        if bench.accidents:
            bench.blame_answers(self._passed_by_reference(bench, submission, suites))
        verdicts = {e.id: self._verdict(e, bench, submission, session) for e in self._exercises}
        return submission_result(
            submission,
            self._exercises,
            verdicts,
            proven=self._settings.proven,
            seconds=round(time.monotonic() - start, 3),
            student_seconds=round(self.server.clock.waited_s - waited, 3),
        )

    def _ask(
        self, session: SandboxSession, submission: Submission, suites: Collected, exercises: Collection[str]
    ) -> HiddenBench:
        """Runs the cells and makes the checks of these exercises."""
        session.load(submission.cells)
        session.run_until(submission.attempted & set(exercises))
        bench = HiddenBench(session, submission, self._settings.secret)
        suites.judge(bench, exercises)
        return bench

    def _passed_by_reference(
        self, bench: HiddenBench, submission: Submission, suites: Collected
    ) -> set[tuple[str, str]]:
        """The checks that the kit's own answers pass where those of this submission met accidents, with the same seeds.

        Where there are no such answers nothing tells whose fault an accident is, and it stays ours.
        """
        exercises = [exercise for exercise in self._exercises if exercise.id in {id_ for id_, _ in bench.accidents}]
        upload = reference_upload(Path(self._settings.suites), exercises)
        if upload is None:
            return set()
        session = SandboxSession(self.server, self._settings.catalog.exercise)
        try:
            reference = msgspec.structs.replace(self._read(upload, session), sha256=submission.sha256)
            results = self._ask(session, reference, suites, [exercise.id for exercise in exercises]).results
        finally:
            session.close()
        return {(id_, check.name) for id_ in results for check in results[id_] if check.status is Status.PASSED}

    def _read(self, upload: Upload, session: SandboxSession) -> Submission:
        if upload.rejected:
            return rejected_submission(upload, upload.rejected)
        try:
            parsed = session.parse(upload.kind, dict(upload.files), parse_arguments(self._settings.catalog))
        except LostError as error:
            if error.status is Status.KIT_ERROR:
                raise SandboxError(str(error)) from None
            return rejected_submission(upload, "reading it took too much time or memory; hand in a smaller file")
        return submission_from(upload, parsed, self._settings.catalog.ids)

    def _verdict(
        self, exercise: Exercise, bench: HiddenBench, submission: Submission, session: SandboxSession
    ) -> ExerciseResult:
        notes = [*submission.exercise_notes.get(exercise.id, ()), *bench.notes(exercise.id)]
        point = session.checkpoint(exercise.id) if exercise.id in submission.attempted else None
        code = "\n".join(cell.source for cell in point.cells) if point else ""
        supplied = [name for name in point.supplied if re.search(rf"\b{name}\b", code)] if point else []
        if supplied:
            names = ", ".join(f"`{name}`" for name in supplied)
            notes.append(f"earlier cells left no usable {names}; the library's own was supplied")
        notes += [one_line(said) for said in point.passed_over] if point else []
        trouble = point.trouble if point else None
        if trouble is not None and not (point and point.passed_over):
            line = f" in line {trouble.line}" if trouble.line else ""
            why = exercise.limits.in_words(trouble.kind) or f"{trouble.type}: {trouble.message}"
            notes.append(one_line(f"the cell stopped{line} with {why}"[:600])[:400])
        cells = [cell for cell in submission.cells if cell.exercise == exercise.id]
        # Of several pieces nobody says which one the line is of.
        stop = trouble.line if trouble is not None and len(cells) == 1 else None
        judged = [JudgedCode(where=cell.where, source=cell.source, line=stop) for cell in cells]
        return exercise_result(exercise, bench.results.get(exercise.id, []), notes, judged)

    def close(self) -> None:
        """Ends the fork server."""
        self.server.close()


def kit_error_result(upload: Upload, exercises: Sequence[Exercise], why: str, *, proven: bool) -> SubmissionResult:
    """The verdict of a submission that we failed to grade: loud, and no grade."""
    submission = Submission(id=upload.id, source=upload.source, sha256=upload.sha256)
    faults = {
        e.id: ExerciseResult(score=0, max_score=e.points, status=Status.KIT_ERROR, notes=(why,)) for e in exercises
    }
    return submission_result(submission, exercises, faults, proven=proven, seconds=0.0)
