"""Hands uploads to a Dask cluster and takes verdicts back, as `grader.run.pool` does with processes of this machine.

Dask schedules, notices workers that die and gives their work to others. What crosses the network are bytes and JSON of
ours; a verdict that comes back is read like any foreign data.
"""

import contextlib
import logging
import secrets
import time
import warnings
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from grader.errors import KitError
from grader.intake.upload import Upload
from grader.run.kit_fingerprint import edition_of
from grader.run.pool import Queue
from grader.run.worker import Graded, Settings
from grader.wall.available import can_run_in_parallel

if TYPE_CHECKING:
    from distributed import Client, Future

    from grader.run.cluster_worker import Order

LOCAL = "local"
"""In place of an address: a cluster of this machine's own, for this run."""
CONNECT_S = 10
WORKERS_S = 120.0
"""How long a run waits for a first worker, and for another one after the last is gone."""
RETRIES = 2
"""How often Dask tries again where a task itself fails. A worker that dies does not count."""
MIN_AHEAD = 16
"""Tasks that are out at once, at least; a cluster that grows with its work must see that there is some."""
_LOOK_S = 2.0
_LOST = "the connection to the Dask scheduler is lost. What was graded is kept; start again"


def needed(address: str) -> tuple[str, ...]:
    """The packages that grading on such a cluster needs; a local one encrypts with a key of the moment."""
    return ("distributed", "cryptography") if address == LOCAL else ("distributed",)


def grade_all(
    uploads: Iterable[Upload], settings: Settings, address: str, jobs: int
) -> Generator[tuple[Upload, Graded]]:
    """The uploads with their verdicts, in the order in which they are done.

    Args:
        uploads: what is graded.
        settings: of the run; workers have suites and models of their own, which must be the same.
        address: of a Dask scheduler, or `LOCAL`.
        jobs: the worker processes of a local cluster.

    Raises:
        KitError: there is no such cluster, or a worker that cannot grade.
    """
    order = _order(settings)
    from distributed.comm import CommClosedError

    with _client(address, jobs) as client:
        try:
            _check_workers(client, order)
            yield from _hand_out(client, Queue(uploads, settings), order)
        except (CommClosedError, CancelledError):  # any call may be the first to notice
            raise KitError(_LOST) from None
        finally:
            _stop(client, order)


def _order(settings: Settings) -> "Order":
    from grader.run.cluster_worker import Order

    edition = edition_of(settings.catalog, Path(settings.suites), Path(settings.models), settings.walls)
    return Order(
        run=secrets.token_hex(8),
        edition=edition,
        exercises=settings.exercises,
        secret=settings.secret,
        is_sandboxed=bool(settings.walls),
    )


@contextlib.contextmanager
def _client(address: str, jobs: int) -> "Iterator[Client]":
    """The connection to the scheduler; Dask's own talk is kept out of the terminal."""
    from distributed import Client, LocalCluster

    for name in ("distributed", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with contextlib.ExitStack() as stack:
        if address == LOCAL:
            # Encrypted, with a key of the moment: other users of this machine may reach its port, too.
            cluster = LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                memory_limit=0,
                dashboard_address=None,
                security=True,
                silence_logs=logging.CRITICAL,
            )
            stack.enter_context(cluster)
        try:
            client = Client(cluster if address == LOCAL else address, timeout=CONNECT_S)
        except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
            why = str(error).splitlines()[0] if str(error) else "no answer"
            raise KitError(f"no Dask scheduler at {address} ({why}); deploy/README.md says how to start one") from None
        yield stack.enter_context(client)


def _check_workers(client: "Client", order: "Order") -> None:
    """Refuses workers that would come to other verdicts, before one of them has graded anything."""
    from grader.run.cluster_worker import GradingPlugin, look_at

    try:
        client.wait_for_workers(1, timeout=WORKERS_S)
    except TimeoutError:
        raise KitError(f"no worker has joined the cluster within {WORKERS_S:.0f} s; deploy/README.md") from None
    threads = client.nthreads()
    troubles = {
        worker: f"has {count} threads; start it with `--nthreads 1`" for worker, count in threads.items() if count > 1
    }
    said: Mapping[str, object] = client.run(look_at, msgspec.json.encode(order), on_error="return")
    troubles |= {
        worker: f"cannot load the kit ({words})" if isinstance(words, BaseException) else str(words)
        for worker, words in said.items()
        if words
    }
    most = max(Counter(urlsplit(worker).hostname for worker in threads).values(), default=0)
    if most > 1 and order.is_sandboxed and not can_run_in_parallel(tuple(order.edition.walls.split(", "))):
        troubles |= dict.fromkeys(threads, "shares its host with another worker; walls here allow one for each host")
    if troubles:
        worker, words = min(troubles.items())
        more = f" ({len(troubles) - 1} more workers are refused, too)" if len(troubles) > 1 else ""
        raise KitError(f"worker {worker}: {words}{more}")
    client.register_plugin(GradingPlugin())


def _hand_out(client: "Client", queue: Queue, order: "Order") -> Iterator[tuple[Upload, Graded]]:
    pending: dict[Future, Upload] = {}
    order_json = msgspec.json.encode(order)
    try:
        while True:
            ahead = max(MIN_AHEAD, 2 * len(client.nthreads()))
            while len(pending) < ahead and (upload := queue.next()):
                pending[_submit(client, order_json, upload)] = upload
            if not pending:
                return
            for future in _wait(client, list(pending)):
                upload = pending.pop(future)
                settled = queue.settle(upload, _graded(future, upload))
                if settled is not None:
                    yield upload, settled
    finally:
        if pending:
            with contextlib.suppress(Exception):  # the scheduler may be what is gone
                client.cancel(list(pending), force=True)


def _submit(client: "Client", order_json: bytes, upload: Upload) -> "Future":
    from grader.run.cluster_worker import grade_one

    with warnings.catch_warnings():
        # A submission of many megabytes travels with its task: data that lies on a worker would die with it.
        warnings.simplefilter("ignore")
        return client.submit(
            grade_one,
            order_json,
            msgspec.json.encode(upload),
            key=f"grade-{upload.id}-{secrets.token_hex(4)}",
            retries=RETRIES,
            pure=False,
        )


def _wait(client: "Client", futures: "list[Future]") -> "Iterable[Future]":
    """Those that are done, at least one.

    Raises:
        KitError: the scheduler is gone, or all workers are and nobody comes in their place.
    """
    from distributed import wait

    alone_since: float | None = None
    while True:
        if client.status != "running":
            raise KitError(_LOST)
        with contextlib.suppress(TimeoutError):
            done: Iterable[Future] = wait(futures, timeout=_LOOK_S, return_when="FIRST_COMPLETED").done
            return done
        now = time.monotonic()
        alone_since = None if client.nthreads() else alone_since or now
        if alone_since is not None and now - alone_since > WORKERS_S:
            raise KitError("all workers of the cluster are gone. What was graded is kept; start again")


def _graded(future: "Future", upload: Upload) -> Graded:
    """What came back, checked for being about this upload.

    Raises:
        KitError: the worker cannot grade at all, or the scheduler forgot about the task.
    """
    if future.status == "cancelled":
        raise KitError("the Dask scheduler dropped this run's tasks. What was graded is kept; start again")
    error = future.exception()
    if error is not None:
        return Graded(problem=f"the cluster did not come to an end with this: {type(error).__name__}")
    try:
        graded = msgspec.json.decode(future.result(), type=Graded)
    except (msgspec.MsgspecError, TypeError) as reason:
        return Graded(problem=f"a worker sent no verdict: {reason}")
    if graded.at_start:
        raise KitError(graded.problem or "a worker gave up")
    if graded.result is not None and (graded.result.id, graded.result.sha256) != (upload.id, upload.sha256):
        return Graded(problem="a worker sent the verdict of another submission")
    return graded


def _stop(client: "Client", order: "Order") -> None:
    """Ends the grading processes of this run, also those that are in the middle of something."""
    from grader.run.cluster_worker import stop_run

    with contextlib.suppress(Exception):  # a worker may be gone, or the scheduler
        if client.status == "running":
            client.run(stop_run, order.run, on_error="ignore")
