"""What a worker of a Dask cluster does for a run: it keeps one grading process, and hands submissions to it one by one.

The grading process is the one of `--jobs` (`grader.run.worker.work`): a child of its own, so that the worker goes on
answering its scheduler, and so that each run starts with the kit as it lies on the disk now.
"""

import contextlib
import os
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from threading import Lock, Thread

import msgspec
from distributed import Worker, WorkerPlugin, get_worker

from grader.errors import KitError
from grader.model import Struct
from grader.offline.cache import models_folder
from grader.project import project_catalog, project_root
from grader.run.kit_fingerprint import Edition, difference, edition_of
from grader.run.worker import Graded, Settings, work
from grader.wall.available import find_walls

NAME = "lm-playground"
END_S = 5.0


class Order(Struct, frozen=True, kw_only=True):
    """What a run asks of every worker. Suites, catalogue and models are the worker's own, and must be the same."""

    run: str
    """Another one for each run."""
    edition: Edition
    exercises: tuple[str, ...]
    secret: bytes
    """Of the class: hidden inputs are drawn from it, so all workers need the same one."""
    is_sandboxed: bool


def settings_here(order: Order) -> Settings:
    """The settings of the run, with what lies on this machine.

    Raises:
        KitError: this machine has another edition of the kit, or cannot grade.
    """
    root = project_root()
    catalog, suites, models = project_catalog(root), root / "tests" / "hidden", models_folder()
    if not suites.is_dir():
        raise KitError(f"no hidden checks in {root}; it needs the instructor's checkout")
    walls = find_walls(models).walls if order.is_sandboxed else ()
    differs = difference(edition_of(catalog, suites, models, walls), order.edition)
    if differs:
        raise KitError(f"{differs}. Bring both to the same state, and start the worker again")
    return Settings(
        catalog=catalog,
        exercises=order.exercises,
        suites=str(suites),
        models=str(models),
        secret=order.secret,
        walls=walls,
    )


class GradingPlugin(WorkerPlugin):  # type: ignore[misc]
    """Lives as long as the worker; its grading process starts with the first submission."""

    name = NAME

    def setup(self, worker: Worker) -> None:
        """Called by Dask on each worker, also on those that join later or are started again."""
        self._address = worker.address
        self._lock = Lock()
        self._child: _Child | None = None

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - Dask passes it
        """Called by Dask when the worker ends."""
        self.stop()

    def grade(self, order_json: bytes, upload_json: bytes) -> bytes:
        """A `Graded` as JSON. One submission at a time, whatever the number of the worker's threads."""
        with self._lock:
            order = msgspec.json.decode(order_json, type=Order)
            if self._child is None or self._child.run != order.run:
                self.stop()
                self._child = _Child(order)
            graded = self._child.grade(upload_json)
            if graded.result is None:  # it has said its last word
                self.stop()
            if graded.at_start:
                graded = msgspec.structs.replace(graded, problem=f"worker {self._address}: {graded.problem}")
        return msgspec.json.encode(graded)

    def stop(self, run: str | None = None) -> None:
        """Ends the grading process, in the middle of a submission if need be; that of one run only, when given."""
        child = self._child
        if child is not None and run in (None, child.run):
            self._child = None
            child.stop()


class _Child:
    """The grading process of one run."""

    def __init__(self, order: Order) -> None:
        self.run = order.run
        ours, theirs = socket.socketpair()
        with theirs:
            # Its standard input says nothing but "the worker is alive"; a session of its own keeps Ctrl-C away.
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._pipe = Connection(ours.detach())
        self._send(msgspec.json.encode(order))

    def grade(self, upload_json: bytes) -> Graded:
        self._send(upload_json)
        try:
            return msgspec.json.decode(self._pipe.recv_bytes(), type=Graded)
        except (EOFError, OSError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(END_S)
            code = self._process.returncode
            return Graded(problem=f"the worker ended while it graded this (exit code {code})")

    def stop(self) -> None:
        self._process.kill()  # its fork server ends with it
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _send(self, data: bytes) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # noticed when its answer is read
            self._pipe.send_bytes(data)


def grade_one(order_json: bytes, upload_json: bytes) -> bytes:
    """The task: runs on a worker, plain data in and out."""
    grading: GradingPlugin = get_worker().plugins[NAME]
    return grading.grade(order_json, upload_json)


def look_at(order_json: bytes) -> str:
    """Runs on each worker before the first submission: what is in the way of grading there; empty when nothing is."""
    try:
        settings_here(msgspec.json.decode(order_json, type=Order))
    except KitError as error:
        return str(error)
    return ""


def stop_run(run: str, dask_worker: Worker) -> None:
    """Runs on each worker after the last submission, or when a run is stopped."""
    grading = dask_worker.plugins.get(NAME)
    if grading is not None:
        grading.stop(run)


def main() -> None:
    """The grading process."""
    pipe = Connection(int(sys.argv[1]))
    Thread(target=_end_with_the_worker, daemon=True).start()
    try:
        settings = settings_here(msgspec.json.decode(pipe.recv_bytes(), type=Order))
    except KitError as error:
        pipe.send_bytes(msgspec.json.encode(Graded(problem=str(error), at_start=True)))
        return
    work(pipe, msgspec.json.encode(settings))


def _end_with_the_worker() -> None:
    """Ends this process the moment the worker is gone: its scheduler gives the submission to another one."""
    with contextlib.suppress(OSError):
        os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    main()
