"""What is fuzzed: functions from bytes that raise only when a border of the wire lets something through.

The same functions serve the coverage-guided fuzzer (`tools.fuzz`) and the property tests in tests/kit.
"""

import array
import contextlib
import socket
import struct
from collections.abc import Callable, Iterator
from typing import Any

from grader.checks import answers
from grader.checks.cell import Cell, Handle, MissingAnswerError, RaisedError
from grader.model import Limits, Status
from grader.protocol.messages import MAX_FRAME, MAX_FRAME_IN, Reply, Request, Trouble, frame, read_reply, read_request
from grader.protocol.student import NO_ANSWER, LostError
from grader.protocol.values import WireError, to_tree
from grader.sandbox.answer import Answerer
from grader.sandbox.notebook import Notebook
from grader.sandbox.resident import receive
from grader.wall.process import Clock, Process

VERDICTS = (LostError, RaisedError, MissingAnswerError, answers.Wrong)
"""All that may come of a student's answer; anything else would be a fault of the kit."""
WAIT_S = 2.0
_STREAM = 160_000
"""Bytes that fit into a socket while nobody reads."""


class Scripted:
    """A student whose every answer is these bytes."""

    trouble: Trouble | None = None
    limits = Limits()

    def __init__(self, body: bytes) -> None:
        self._body = body

    def ask(self, op: str, args: dict[str, Any]) -> Reply:
        """The bytes as a reply, as the trusted end of a channel reads them."""
        read_request(frame(Request(id=1, op=op, args=args), MAX_FRAME_IN)[4:])
        try:
            return read_reply(self._body)
        except WireError:
            raise LostError(Status.CRASHED, NO_ANSWER) from None

    def rerun(self, givens: dict[str, Any]) -> "Scripted":  # noqa: ARG002
        """Itself."""
        return self


def reply(data: bytes) -> None:
    """A reply's body: read, opened, looked at by every look that suites have, put into words, and handed back."""
    cell = Cell(Scripted(data))
    with contextlib.suppress(*VERDICTS):
        _look_at(cell.get("x"), cell)
    for question in (cell.names, lambda: cell.output, lambda: cell.has("x"), lambda: cell.seed(1)):
        with contextlib.suppress(*VERDICTS):
            question()


def _look_at(value: object, cell: Cell) -> None:
    for look in _looks(value, cell):
        with contextlib.suppress(*VERDICTS):
            answers.fail("x", got=look(), asked=value)
    with contextlib.suppress(WireError):
        to_tree(value, lambda _: None)


def _looks(value: Any, cell: Cell) -> Iterator[Callable[[], object]]:
    words = "`x`"
    for look in (
        answers.an_id_list,
        answers.a_text,
        answers.a_list,
        answers.a_text_list,
        answers.a_token_list,
        answers.a_mapping,
        answers.a_float,
        answers.a_tensor,
        answers.a_handle,
    ):
        yield lambda look=look: look(value, words)  # type: ignore[misc]
    yield lambda: answers.spoken_text(value, "", words)
    for keys, items in ((int, str), (str, int)):
        yield lambda keys=keys, items=items: answers.a_table(value, words, keys, items)  # type: ignore[misc]
    yield lambda: answers.ask(cell, "x", value)
    if isinstance(value, Handle):
        yield from (
            lambda: value("a", b=value),
            lambda: value[value],
            lambda: len(value),
            lambda: list(value),
            lambda: value.name,
        )


class Here(Process):
    """The trusted end of a channel whose other end is in this process, which nothing may end."""

    def _signal(self, number: int) -> None:
        """Sends nothing: what signs the messages is this process."""


def stream(data: bytes) -> None:
    """Raw bytes from a student's process, the first of which says how many descriptors come along with each piece."""
    ours, theirs = socket.socketpair()
    process = Here(ours, Clock())
    rights = array.array("i", [2] * (data[0] % 64 if data else 0))
    with theirs:
        rest = data[1:_STREAM]
        for start in range(0, len(rest), 40_000):
            ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)] if rights else []
            theirs.sendmsg([rest[start : start + 40_000]], ancillary)
        theirs.shutdown(socket.SHUT_WR)
        try:
            for _ in range(4):
                process.ask("get", {"name": "x"}, WAIT_S)
        except LostError:
            pass
        finally:
            process.kill()


def question(data: bytes) -> None:
    """Raw bytes to the student's side: read as a question or refused, and answered in a frame that can be sent."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(data[:_STREAM])
        ours.shutdown(socket.SHUT_WR)
        answerer = Answerer(_notebook(), _no_supply)
        with contextlib.suppress(WireError):
            while (received := receive(theirs)) is not None:
                request, descriptors = received
                assert not descriptors  # noqa: S101 - a finding
                if request.op != "probe":  # runs a function of ours by name: the trusted side's word is taken for it
                    _must_be_sendable(answerer.answer(request))


def _must_be_sendable(answer: Reply) -> None:
    with contextlib.suppress(WireError):
        read_reply(frame(answer, MAX_FRAME)[4:])


def _notebook() -> Notebook:
    notebook = Notebook()
    notebook.namespace.update(text="abc", row=[1, 2], table={"a": 1}, twice=lambda x: x * 2, keep={1, 2}.__contains__)
    return notebook


def _no_supply(name: str) -> object:
    raise LookupError(name)


def framed(body: bytes) -> bytes:
    """A body with its length in front, whatever it is."""
    return struct.pack("<I", len(body)) + body


TARGETS: dict[str, Callable[[bytes], None]] = {"reply": reply, "stream": stream, "question": question}
