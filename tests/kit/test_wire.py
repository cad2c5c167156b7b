"""The wire carries plain data exactly, and nothing that comes over it can hurt the trusted end."""

import math
import os
import resource
import signal
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.checks.cell import Cell, Handle, MissingAnswerError
from grader.model import Status
from grader.protocol.messages import (
    MAX_FRAME,
    MAX_FRAME_IN,
    Reply,
    Request,
    frame,
    frame_length,
    read_reply,
    read_request,
)
from grader.protocol.student import NO_ANSWER, LostError
from grader.protocol.values import MAX_DEPTH, MAX_NODES, WireError, as_torch, from_tree, to_tree
from grader.wall.process import Clock, Process

DTYPES = ("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")
SHAPES = ((), (0,), (1,), (7,), (2, 3), (3, 0, 2), (2, 1, 1, 3))
EVERY_CHARACTER = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)  # lone surrogates, too
KEYS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | EVERY_CHARACTER | st.binary(max_size=20)
LEAVES = KEYS | st.floats() | st.integers(-(2**11_000), 2**11_000)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(KEYS | st.tuples(KEYS, KEYS), inner, max_size=4)
        | st.sets(KEYS, max_size=4)
    ),
    max_leaves=20,
)
TAGS = st.sampled_from(
    ["tuple", "list", "set", "dict", "tensor", "int", "float", "text", "bytes", "named", "handle", "dtype", "shape"]
)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TAGS | st.text(max_size=3), inner, max_size=3),
    max_leaves=15,
)
COLLIDING = [{"int": str((2**61 - 1) * (2**64 + i))} for i in range(20_000)]
"""Integers whose hash is 0: a set of them takes quadratic time to build."""


def crossed(value: object, make_tensor: Any = None) -> Any:
    """The value after a trip over the wire."""
    data = frame(Reply(id=1, value=to_tree(value, lambda _: None)), MAX_FRAME)
    assert frame_length(data[:4], MAX_FRAME) == len(data) - 4
    return from_tree(read_reply(data[4:]).value, refuse_tag, make_tensor)


def opened(tree: object) -> Any:
    """The value of a tree, in which no handle may stand."""
    return from_tree(tree, refuse_tag)


def refuse_tag(tag: str, _: object) -> object:
    raise WireError(tag)


def same(one: object, other: object) -> bool:
    """Equal in type and value, where NaN equals NaN and 0.0 is not -0.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float) and isinstance(other, float):
        return struct.pack("d", one) == struct.pack("d", other) or (math.isnan(one) and math.isnan(other))
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return all(map(same, one.items(), other.items())) and len(one) == len(other)
    return one == other


# --- what goes over it -------------------------------------------------------------------


@given(VALUES)
def test_plain_data_arrives_as_it_was_sent(value: object) -> None:
    assert same(crossed(value), value)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES)
def test_tensors_arrive_bit_for_bit(dtype: str, shape: tuple[int, ...]) -> None:
    torch = pytest.importorskip("torch")
    bits = torch.randint(0, 255, (math.prod(shape) * 8,), dtype=torch.uint8)
    sent = bits.bool()[: math.prod(shape)] if dtype == "bool" else bits.view(getattr(torch, dtype))[: math.prod(shape)]
    sent = sent.reshape(shape)
    got = crossed(crossed(sent), as_torch)  # an array on the trusted side, and a tensor again on the way back
    assert type(got) is torch.Tensor
    assert got.dtype == sent.dtype
    assert got.shape == sent.shape
    assert bytes(got.reshape(-1).view(torch.uint8).numpy()) == bytes(sent.reshape(-1).view(torch.uint8).numpy())


def test_views_gradients_and_parameters_arrive_as_plain_tensors() -> None:
    torch = pytest.importorskip("torch")
    whole = torch.arange(12.0).reshape(3, 4)
    for odd in (
        whole.T,
        whole[:, ::2],
        whole.clone().requires_grad_(),
        torch.nn.Parameter(whole),
        whole.expand(2, 3, 4),
    ):
        got = crossed(odd, as_torch)
        assert type(got) is torch.Tensor
        assert not got.requires_grad
        assert torch.equal(got, odd.detach())


def test_arrays_arrive_as_tensors_and_scalars_as_numbers() -> None:
    np = pytest.importorskip("numpy")
    assert crossed(np.arange(6, dtype="int16").reshape(2, 3)).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert same(crossed([np.float64(0.5), np.int64(3), np.bool_(True)]), [0.5, 3, True])


def test_subclasses_arrive_as_what_they_hold() -> None:
    class Liar(int):
        def __eq__(self, _: object) -> bool:
            return True

        __hash__ = int.__hash__

    class Text(str):
        def __str__(self) -> str:
            return "a lie"

    class Row(list):  # type: ignore[type-arg]
        def __len__(self) -> int:
            return 99

    got = crossed([Liar(3), Text("truth"), Row([1, 2])])
    assert same(got, [3, "truth", [1, 2]])


# --- what does not ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [object(), lambda: 0, int, 2**20_000, 1j, iter([1]), [[0] * (MAX_NODES + 1)]],
    ids=["object", "function", "class", "huge int", "complex", "iterator", "too many parts"],
)
def test_what_is_not_plain_data_is_refused(value: object) -> None:
    with pytest.raises(WireError):
        to_tree(value, lambda _: None)


def test_a_value_that_holds_itself_is_refused() -> None:
    row: list[object] = []
    row.append(row)
    with pytest.raises(WireError):
        to_tree(row, lambda _: None)


def test_tensors_that_cannot_cross_are_refused() -> None:
    torch = pytest.importorskip("torch")
    for odd in (torch.zeros(2, dtype=torch.complex64), torch.zeros(1).expand(MAX_FRAME), torch.zeros(3, device="meta")):
        with pytest.raises((WireError, NotImplementedError)):
            to_tree(odd, lambda _: None)


def nested(tag: str, depth: int) -> object:
    tree: object = 1
    for _ in range(depth):
        tree = {tag: [tree]}
    return tree


MALFORMED = {
    "unknown tag": {"pickle": "gASVAAAA"},
    "two tags": {"int": "1", "text": ""},
    "no tag": {},
    "handle": {"handle": {"id": 0, "type": "x"}},
    "tuple of nothing": {"tuple": None},
    "text as list": {"list": "abc"},
    "dict of singles": {"dict": [[1]]},
    "dict of triples": {"dict": [[1, 2, 3]]},
    "list as key": {"dict": [[[1], 2]]},
    "dict in a set": {"set": [{"dict": []}]},
    "too deep": nested("tuple", MAX_DEPTH + 1),
    "too many parts": [0] * (MAX_NODES + 1),
    "int with a tail": {"int": "12x"},
    "int of thousands of digits": {"int": "9" * 100_000},
    "int that cannot go back": {"int": "9" * 3_900},
    "int as number": {"int": 12},
    "float in words": {"float": "1.5"},
    "float as code": {"float": "__import__('os')"},
    "text not base64": {"text": "*"},
    "text not utf-8": {"text": "/w=="},
    "bytes with a tail": {"bytes": "AA==tail"},
    "bytes beyond ascii": {"bytes": "\u00e9\u00e9\u00e9\u00e9"},
    "colliding set": {"set": COLLIDING},
    "colliding keys": {"dict": [[number, 0] for number in COLLIDING]},
    "colliding tuples": {"set": [{"tuple": [-1 - (i >> k & 1) for k in range(16)]} for i in range(20_000)]},
    "tensor in short": {"tensor": {"dtype": "int8", "shape": [1]}},
    "tensor as list": {"tensor": [1, 2]},
    "dtype unknown": {"tensor": {"dtype": "object", "shape": [1], "data": "AAAAAAAAAAA="}},
    "dtype as list": {"tensor": {"dtype": ["int8"], "shape": [1], "data": "AA=="}},
    "dtype as attribute": {"tensor": {"dtype": "load", "shape": [1], "data": "AA=="}},
    "shape lies": {"tensor": {"dtype": "int8", "shape": [2], "data": "AA=="}},
    "shape negative": {"tensor": {"dtype": "int8", "shape": [-1], "data": "AA=="}},
    "shape twice negative": {"tensor": {"dtype": "int8", "shape": [-1, -1], "data": "AA=="}},
    "shape of bools": {"tensor": {"dtype": "int8", "shape": [True], "data": "AA=="}},
    "shape of floats": {"tensor": {"dtype": "int8", "shape": [1.0], "data": "AA=="}},
    "shape huge": {"tensor": {"dtype": "int8", "shape": [2**40], "data": "AA=="}},
    "shape of many sizes": {"tensor": {"dtype": "int8", "shape": [1] * 100, "data": "AA=="}},
    "shape empty but vast": {"tensor": {"dtype": "int8", "shape": [0] + [MAX_FRAME] * 7, "data": ""}},
    "data not base64": {"tensor": {"dtype": "int8", "shape": [1], "data": "!!!!"}},
    "data as list": {"tensor": {"dtype": "int8", "shape": [1], "data": [0]}},
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_values_are_refused_at_once(name: str) -> None:
    start = time.process_time()
    with pytest.raises(WireError):
        opened(MALFORMED[name])
    assert time.process_time() - start < 3  # the import of torch is in it; a quadratic one takes minutes


def test_bytes_that_are_no_bool_become_one() -> None:
    pytest.importorskip("torch")
    got = opened({"tensor": {"dtype": "bool", "shape": [3], "data": "AAL/"}})
    assert got.tolist() == [False, True, True]


@given(TREES)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_tree_is_a_value_or_refused(tree: object) -> None:
    with suppress(WireError):
        opened(tree)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | TREES.map(msgspec.json.encode))
def test_any_bytes_are_a_reply_or_refused(body: bytes) -> None:
    with suppress(WireError):
        assert type(read_reply(body)) is Reply


@pytest.mark.parametrize(
    "body",
    [
        b'{"id":1,"value":' + b"[" * 1_000_000,
        b'{"id":1,"value":' + b"9" * 100_000 + b"}",
        b'{"id":1,"value":1e999}',
        b'{"id":1,"value":NaN}',
        b'{"id":1,"value":"\\ud800"}',
        b'{"id":1,"value":"\xff"}',
        b'{"id":true}',
        b'{"id":1,"x":1}',
        b'{"id":1,"trouble":{"kind":1}}',
        b'{"id":1,"printed":null}',
        b"",
        b"\0" * 100,
        b'{"id":1}{"id":1}',
    ],
)
def test_bodies_that_are_no_reply_are_refused(body: bytes) -> None:
    with pytest.raises(WireError):
        read_reply(body)


# --- the proxy on top of it ---------------------------------------------------------------


class Scripted:
    """A student that answers what it is told to, through the codec."""

    trouble = None

    def __init__(self, *values: object) -> None:
        self._values = iter(values)

    def ask(self, op: str, args: dict[str, Any]) -> Reply:
        """The next answer."""
        read_request(frame(Request(id=1, op=op, args=args), MAX_FRAME_IN)[4:])
        return read_reply(msgspec.json.encode(Reply(id=1, value=next(self._values))))

    def rerun(self, givens: dict[str, Any]) -> "Scripted":
        """Itself."""
        return self


def handle_tree(number: object = 0, name: object = "x") -> dict[str, Any]:
    return {"handle": {"id": number, "type": name}}


@pytest.mark.parametrize(
    "tree",
    [
        handle_tree("0"),
        handle_tree(True),
        handle_tree(1.0),
        handle_tree(0, 7),
        {"handle": {}},
        {"handle": 0},
        {"supply": "gpt2_model"},
    ],
)
def test_handles_that_are_none_lose_the_student(tree: object) -> None:
    with pytest.raises(LostError, match=NO_ANSWER):
        Cell(Scripted(tree)).get("x")


@pytest.mark.parametrize("size", [2**61, 2**40, -1, "9", None, 1.5, [1]])
def test_a_lying_length_reserves_no_memory(size: object) -> None:
    handle = Cell(Scripted(handle_tree(), [1, 2], size)).get("x")
    assert isinstance(handle, Handle)
    assert list(handle) == [1, 2]


def test_a_value_too_deep_to_hand_back_is_the_students_fault() -> None:
    deep = nested("list", MAX_DEPTH)
    cell = Cell(Scripted(handle_tree(), deep, None))
    function, value = cell.get("f"), cell.get("x")
    with pytest.raises(MissingAnswerError):
        function(value)


# --- a peer that means harm ---------------------------------------------------------------

Action = Callable[[socket.socket], None]


@contextmanager
def peer(action: Action) -> Iterator[Process]:
    """The trusted end of a channel whose other end is a process that does this."""
    ours, theirs = socket.socketpair()
    process = Process(ours, Clock())
    pid = os.fork()
    if pid == 0:
        try:
            ours.close()
            action(theirs)
        finally:
            os._exit(0)
    theirs.close()
    try:
        yield process
    finally:
        process.kill()  # which knows whom to end once it has heard from them
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def body_of(**fields: object) -> bytes:
    body = msgspec.json.encode(fields)
    return struct.pack("<I", len(body)) + body


def flood(channel: socket.socket) -> None:
    while True:
        channel.sendall(b"\0\0\0\1" * 10_000)


def drip(channel: socket.socket) -> None:
    for byte in body_of(id=1, printed="x" * 10_000):
        channel.sendall(bytes([byte]))
        time.sleep(0.01)


def pass_descriptors(channel: socket.socket) -> None:
    channel.recv(100_000)
    with open("/dev/zero", "rb") as file:  # noqa: PTH123
        socket.send_fds(channel, [body_of(id=1, value=7)], [file.fileno()] * 3)
    channel.recv(1)


HARM: dict[str, Action] = {
    "ends at once": lambda channel: None,
    "garbage": lambda channel: channel.sendall(os.urandom(4096)),
    "truncated header": lambda channel: channel.sendall(b"\1\0"),
    "truncated body": lambda channel: channel.sendall(body_of(id=1, value=3)[:-2]),
    "announces 4 GB": lambda channel: channel.sendall(b"\xff\xff\xff\xff" + b"x" * 1000),
    "empty body": lambda channel: channel.sendall(b"\0\0\0\0"),
    "another id": lambda channel: channel.sendall(body_of(id=2, value=3)),
    "unknown field": lambda channel: channel.sendall(body_of(id=1, canary="CANARY")),
    "wrong types": lambda channel: channel.sendall(body_of(id="CANARY", value=3)),
    "nested": lambda channel: channel.sendall(struct.pack("<I", 1 << 20) + b"[" * (1 << 20)),
    "flood": flood,
}


@pytest.mark.parametrize("name", HARM)
def test_a_peer_that_means_harm_is_lost_and_names_nothing_of_its_own(name: str) -> None:
    with peer(HARM[name]) as process:
        with pytest.raises(LostError) as caught:
            process.ask("get", {"name": "x"}, 5.0)
        assert caught.value.status is Status.CRASHED
        assert "CANARY" not in str(caught.value)
        assert not any(letter.isdigit() for letter in str(caught.value))  # numbers are a channel, too
        with pytest.raises(LostError):
            process.ask("get", {"name": "x"}, 5.0)


@pytest.mark.parametrize(
    "action", [lambda channel: channel.recv(1 << 20) and time.sleep(60), lambda channel: time.sleep(60), drip]
)
def test_a_peer_that_does_not_answer_costs_its_limit_only(action: Action) -> None:
    start = time.monotonic()
    with peer(action) as process, pytest.raises(LostError) as caught:
        process.ask("get", {"name": "x"}, 0.3)
    assert caught.value.status is Status.TIMED_OUT
    assert time.monotonic() - start < 3


def test_a_peer_that_does_not_take_a_large_question_costs_its_limit_only() -> None:
    with peer(lambda channel: time.sleep(60)) as process, pytest.raises(LostError) as caught:
        process.ask("get", {"name": "x" * 10_000_000}, 0.3)
    assert caught.value.status is Status.TIMED_OUT


def test_descriptors_that_come_along_are_closed() -> None:
    before = open_descriptors()
    with peer(pass_descriptors) as process:
        assert process.ask("get", {"name": "x"}, 5.0).value == 7
    assert open_descriptors() == before


def test_the_first_word_names_the_process_that_said_it() -> None:
    with peer(lambda channel: (channel.sendall(body_of(id=0)), channel.recv(1))) as process:
        process.hello(5.0)
        assert str(os.getpid()) in Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[1]


def test_many_harmful_peers_leave_no_descriptor_and_no_memory_behind() -> None:
    def some() -> None:
        for name in ("garbage", "announces 4 GB", "truncated body", "nested", "unknown field"):
            for _ in range(8):
                with peer(HARM[name]) as process, pytest.raises(LostError):
                    process.ask("get", {"name": "x"}, 5.0)

    some()
    descriptors, memory = open_descriptors(), resident_mb()
    some()
    assert open_descriptors() == descriptors
    assert resident_mb() - memory < 20


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def resident_mb() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() >> 20
