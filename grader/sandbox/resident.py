"""A process of one submission: answers what comes over its channel, and forks itself when asked to.

The first one (process 1 of its namespace) never runs student code. A fork that ran a cell is kept as a checkpoint;
from then on it is student territory, and only forks of it are asked.
"""

import contextlib
import os
import signal
import socket
from collections.abc import Callable
from typing import Any

from grader.intake.parse import parse
from grader.model import Given, SourceCell
from grader.protocol.messages import MAX_FRAME, MAX_FRAME_IN, Reply, Request, Trouble, frame, frame_length, read_request
from grader.protocol.values import WireError, to_tree
from grader.sandbox import inner
from grader.sandbox.answer import Answerer
from grader.sandbox.exercise import missing_givens, passed_over, run_cells
from grader.sandbox.notebook import Notebook


def receive(channel: socket.socket) -> tuple[Request, list[int]] | None:
    """The next request with the descriptors that came along; None when the other end is closed."""
    header, descriptors, _, _ = socket.recv_fds(channel, 4, 4)
    while 0 < len(header) < 4:
        more = channel.recv(4 - len(header))
        if not more:
            return None
        header += more
    if not header:
        return None
    left = frame_length(header, MAX_FRAME_IN)
    body = bytearray()
    while len(body) < left:
        part = channel.recv(min(1 << 20, left - len(body)))
        if not part:
            return None
        body += part
    return read_request(bytes(body)), descriptors


def send(channel: socket.socket, reply: Reply) -> None:
    """Sends a reply; one that is too large becomes the word that it is."""
    try:
        data = frame(reply, MAX_FRAME)
    except WireError as error:
        data = frame(Reply(id=reply.id, trouble=Trouble(kind="not_plain", message=str(error))), MAX_FRAME)
    channel.sendall(data)


class Resident:
    """What one process knows: a notebook, the handles that left it, its channel."""

    def __init__(self, channel: socket.socket, isolate_fork: Callable[[], None] | None = None) -> None:
        self._channel = channel
        self._isolate_fork = isolate_fork
        """What each fork of the first process does before anything else."""
        self._notebook = Notebook()
        self._answerer = Answerer(self._notebook, _supply)

    def live(self) -> None:
        """Serves until the channel closes."""
        while (received := receive(self._channel)) is not None:
            request, descriptors = received
            inner.narrow_processes(request.processes_less)
            if request.op == "fork":
                self._fork(request, descriptors)
            else:
                send(self._channel, self._reply(request))

    def _fork(self, request: Request, descriptors: list[int]) -> None:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps what ends: a zombie counts as a process
        try:
            pid = os.fork()
        except OSError as error:  # the submission holds all processes that it may have; this one must live on
            os.close(descriptors[0])
            trouble = Trouble(kind="raised", type="OSError", message=str(error))
            send(self._channel, Reply(id=request.id, trouble=trouble))
            return
        if pid == 0:
            os.dup2(descriptors[0], self._channel.fileno(), inheritable=False)
            if self._isolate_fork is not None:
                self._isolate_fork()
                self._isolate_fork = None
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # student code may want to wait for its own children
        os.close(descriptors[0])
        send(self._channel, Reply(id=request.id if pid else 0))

    def _reply(self, request: Request) -> Reply:
        if request.op == "run":
            return self._run(request)
        if request.op == "parse":
            return _parse(request)
        try:
            return _supply_all(request) if request.op == "supply" else self._answerer.answer(request)
        except Exception as error:  # noqa: BLE001 - the student's code is guarded inside: a supply failed
            return _unsupplied(request, error)

    def _run(self, request: Request) -> Reply:
        """Runs an exercise's cells in this process; its names can be asked for afterwards.

        Says what was supplied, and which lines were passed over.
        """
        _forget_earlier_cells()
        args = request.args
        notebook = self._notebook
        notebook.output_limit = args["output_kb"] << 10
        self._answerer = Answerer(notebook, _supply)
        try:
            givens = missing_givens([Given(**given) for given in args["givens"]], notebook, _supply)
            supplied = list(givens)
            givens |= {name: self._answerer.unpack(tree) for name, tree in args["values"].items()}
        except Exception as error:  # noqa: BLE001 - whoever asked finds out whose fault it is
            return _unsupplied(request, error)
        inner.narrow(**args["limits"])
        cells = [SourceCell(source=source, module=module) for source, module in args["cells"]]
        trouble = run_cells(notebook, args["where"], cells, givens, args["names"])
        said = {"supplied": supplied, "passed_over": passed_over(notebook)}
        return Reply(id=request.id, value=said, trouble=trouble)


def _forget_earlier_cells() -> None:
    """Lets cells wait for programs that they start, with no alarm of an earlier cell and no ended program of one."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
        signal.setitimer(timer, 0)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


def _parse(request: Request) -> Reply:
    """Reads an upload: untrusted text, so it happens behind the wall too."""
    unpack = Answerer(Notebook(), _supply).unpack
    args: dict[str, Any] = {name: unpack(tree) for name, tree in request.args.items()}
    parsed = parse(**args)
    return Reply(id=request.id, value=to_tree(parsed, lambda _: None))


def _supply_all(request: Request) -> Reply:
    """Tries whether all of these can be supplied."""
    for name in request.args["names"]:
        _supply(name)
    return Reply(id=request.id)


def _unsupplied(request: Request, error: Exception) -> Reply:
    return Reply(id=request.id, trouble=Trouble(kind="kit", type=type(error).__name__, message=str(error)[:2000]))


def _supply(name: str) -> object:
    from grader.offline.supply import supply

    return supply(name)
