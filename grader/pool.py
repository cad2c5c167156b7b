"""Hands uploads to worker processes and takes verdicts back; a worker that dies costs one submission."""

import contextlib
import multiprocessing
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any

import msgspec

from grader.errors import KitError
from grader.intake.upload import Upload
from grader.worker import Graded, Settings, work


class _Worker:
    """A process and the upload it is busy with."""

    def __init__(self, settings_json: bytes) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: Any = context.Process(target=work, args=(theirs, settings_json), daemon=False)
        self.process.start()
        theirs.close()
        self.upload: Upload | None = None

    def take(self, upload: Upload) -> None:
        self.upload = upload
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # noticed when its answer is read
            self.pipe.send_bytes(msgspec.json.encode(upload))

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self.pipe.send_bytes(b"")
        self.process.join(timeout=5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.pipe.close()


def grade_all(
    uploads: Iterable[Upload], settings: Settings, jobs: int
) -> Iterator[tuple[Upload, Graded]]:
    """The uploads with their verdicts, in the order in which they are done.

    Raises:
        KitError: the workers cannot grade at all; the message is a worker's.
    """
    waiting = iter(uploads)
    settings_json = msgspec.json.encode(settings)
    workers: list[_Worker] = []
    try:
        for upload in waiting:
            workers.append(_Worker(settings_json))
            workers[-1].take(upload)
            if len(workers) == jobs:
                break
        while busy := {worker.pipe: worker for worker in workers if worker.upload}:
            for pipe in wait(list(busy)):
                worker = busy[pipe]  # type: ignore[index]
                upload, graded = _finish(worker)
                yield upload, graded
                if worker.pipe.closed:
                    workers.remove(worker)
                    worker = _Worker(settings_json)
                    workers.append(worker)
                following = next(waiting, None)
                if following is not None:
                    worker.take(following)
    finally:
        for worker in workers:
            worker.stop()


def _finish(worker: _Worker) -> tuple[Upload, Graded]:
    upload = worker.upload
    assert upload is not None  # noqa: S101 - only busy workers are asked
    worker.upload = None
    graded = _receive(worker.pipe)
    if graded is None:
        worker.process.join(timeout=5)
        worker.pipe.close()
        return upload, Graded(problem=f"the worker ended while it graded this (exit code {worker.process.exitcode})")
    if graded.result is None:
        raise KitError(graded.problem or "a worker gave up")
    return upload, graded


def _receive(pipe: Connection) -> Graded | None:
    try:
        return msgspec.json.decode(pipe.recv_bytes(), type=Graded)
    except (EOFError, ConnectionResetError):
        return None
