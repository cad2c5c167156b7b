"""The wire: messages of capped JSON, the only thing that crosses between student and trusted side.

The values in them are trees of plain data (`grader.protocol.values`).
"""

import struct
from typing import Any

import msgspec

from grader.protocol.values import MAX_BYTES, WireError

MAX_FRAME = MAX_BYTES
"""Bytes of one message from the student side."""
MAX_FRAME_IN = 100 << 20
"""Bytes of one message to the student side: an upload may travel in it."""
_HEADER = struct.Struct("<I")


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question to the student side."""

    id: int
    op: str
    args: dict[str, Any] = {}
    """Trees made by `to_tree`."""
    processes_less: int = 0
    """How many of the processes that a submission may ever have are not for this question."""


class Trouble(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a question has no answer."""

    kind: str
    """`raised`, `missing`, `not_plain`; a limit that was hit: `memory`, `disk`, `processes`; `kit`: our own fault."""
    type: str = ""
    message: str = ""
    line: int | None = None
    """Line in the student's own cell."""
    where: str = ""
    text: str = ""
    """That line. This and what follows is only told where a student checks their own code, never across the wall."""
    values: dict[str, str] = {}
    """What the names in that line stood for, in words."""
    near: str = ""
    """A name that exists and looks much like the one that does not."""


class Reply(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer: a value or the trouble, and what was printed on the way."""

    id: int
    value: Any = None
    trouble: Trouble | None = None
    printed: str = ""


def frame(message: Request | Reply, limit: int) -> bytes:
    """The message with its length in front.

    Raises:
        WireError: it is longer than `limit`.
    """
    try:
        body = msgspec.json.encode(message)
    except (TypeError, ValueError, RecursionError, OverflowError) as error:
        raise WireError(f"not plain data: {error}") from None
    if len(body) > limit:
        raise WireError(f"{len(body):,} bytes are more than the {limit:,} that may cross")
    return _HEADER.pack(len(body)) + body


def frame_length(header: bytes, limit: int) -> int:
    """The length that a frame header announces, checked against `limit`."""
    length: int = _HEADER.unpack(header)[0]
    if length > limit:
        raise WireError(f"a message of {length:,} bytes; {limit:,} may cross")
    return length


def read_reply(body: bytes) -> Reply:
    """The reply in a frame's body, schema-checked."""
    try:
        return msgspec.json.decode(body, type=Reply)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise WireError(f"not a reply: {error}") from None


def read_request(body: bytes) -> Request:
    """The request in a frame's body, schema-checked."""
    try:
        return msgspec.json.decode(body, type=Request)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise WireError(f"not a request: {error}") from None
