"""Both ends of the wire under made-up bytes: each case ends in a verdict, and thousands of them leave nothing behind.

Hypothesis makes up the bytes here; `python -m tools.fuzz` does it with a fuzzer that sees which code they reach, and
the last tests run that for a while where it is installed.
"""

import gc
import importlib.util
import os
import resource
import socket
import struct
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grader.checks.cell import Cell, Handle
from grader.intake.receive import submission_from
from grader.intake.upload import Upload
from grader.model import Status
from grader.protocol.messages import MAX_FRAME
from grader.protocol.student import LostError
from grader.protocol.values import MAX_DEPTH, MAX_NODES
from grader.wall.process import Clock
from tools.fuzz_targets import TARGETS, Here, Scripted, framed, question, reply, stream

ROOT = Path(__file__).parents[2]
QUICK = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
NAMES = st.sampled_from(
    [
        "tuple",
        "list",
        "set",
        "dict",
        "tensor",
        "int",
        "float",
        "text",
        "bytes",
        "named",
        "handle",
        "supply",
        "id",
        "value",
        "trouble",
        "printed",
        "kind",
        "type",
        "message",
        "line",
        "where",
        "dtype",
        "shape",
        "data",
        "op",
        "args",
        "name",
        "target",
        "key",
        "kwargs",
    ]
)
WORDS = st.sampled_from(
    [
        "nan",
        "inf",
        "-inf",
        "9" * 3_999,
        "9" * 4_001,
        "-" + "1" * 3_000,
        "AAAA",
        "AA==",
        "7aCA",
        "*",
        "int8",
        "float32",
        "bool",
        "bfloat16",
        "raised",
        "memory",
        "missing",
        "kit",
        "AttributeError",
        "StopIteration",
        "get",
        "call",
        "attr",
        "item",
        "iter",
        "len",
        "seed",
        "x",
        "text",
        "row",
        "table",
        "__class__",
        "format",
        "{0.__class__}",
    ]
)
TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.sampled_from([0, 1, 2, 2**24, 1e308, 5e-324, -0.0])
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=4),
    max_leaves=25,
)
TENSORS = st.fixed_dictionaries(
    {
        "tensor": st.fixed_dictionaries(
            {
                "dtype": WORDS | st.sampled_from(["float64", "float16", "uint8", "complex64", "qint8", "Tensor"]),
                "shape": st.lists(st.sampled_from([-1, 0, 1, 2, 3, 2**24, 2**63 - 1, True, 1.0, None]), max_size=10),
                "data": st.binary(max_size=24).map(lambda raw: __import__("base64").b64encode(raw).decode()) | WORDS,
            }
        )
    }
)
TROUBLES = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(["kind", "type", "message", "line", "where"], WORDS | st.integers() | st.none())
)
REPLIES = st.fixed_dictionaries(
    {"id": st.just(1) | st.integers()},
    optional={
        "value": TREES | TENSORS | st.lists(TENSORS, max_size=2),
        "trouble": TROUBLES | TREES,
        "printed": st.text(max_size=9) | TREES,
    },
).map(msgspec.json.encode)
QUESTIONS = st.fixed_dictionaries(
    {"id": st.integers(-(2**63), 2**63 - 1), "op": WORDS},
    optional={"args": st.dictionaries(NAMES, TREES, max_size=3) | TREES},
).map(msgspec.json.encode)
DUPLICATES = [
    b'{"id":1,"id":2,"value":1}',
    b'{"id":1,"value":{"int":"1","int":"x"}}',
    b'{"id":1,"value":{"dict":[["a",1],["a",2]]}}',
    b'{"id":1,"value":1,"value":{"handle":{"id":0,"id":1,"type":"x"}}}',
    b'{"id":1,"trouble":{"kind":"kit","kind":"raised"}}',
]
NUMBERS = [
    b"1e400",
    b"-1e400",
    b"1" + b"0" * 400,
    b"1" * 4_300,
    b"0." + b"1" * 5_000,
    b"1e-999999999",
    b"18446744073709551616",
    b"-0",
    b"01",
    b"0x1",
]
BODIES = (
    st.binary(max_size=300)
    | REPLIES
    | st.tuples(REPLIES, st.integers(0, 400)).map(lambda cut: cut[0][: cut[1]])
    | st.sampled_from(DUPLICATES)
    | st.sampled_from(NUMBERS).map(lambda number: b'{"id":1,"value":' + number + b"}")
    | st.sampled_from(
        [b'{"id":1,"value":' + b"[" * n + b"]" * n + b"}" for n in (MAX_DEPTH, MAX_DEPTH + 2, 900, 30_000)]
    )
    | st.sampled_from(
        [b'{"id":1,"value":"\\ud83d"}', b'{"id":1,"value":"\xed\xa0\xbd"}', b'{"id":1,"printed":"\\ud83d\\u0000"}']
    )
)
STREAMS = st.tuples(st.integers(0, 63), st.lists(BODIES.map(framed) | st.binary(max_size=9), max_size=4)).map(
    lambda parts: bytes([parts[0]]) + b"".join(parts[1])
)


# --- any bytes end in a verdict ---------------------------------------------------------------


@given(BODIES)
@QUICK
def test_any_reply_ends_in_a_value_or_a_verdict(body: bytes) -> None:
    reply(body)


@given(STREAMS | st.binary(max_size=50))
@example(b"\x00\xff\xff\xff\xff")
@example(b"\x3f" + framed(b'{"id":1}') * 3)
@QUICK
def test_any_stream_from_a_student_ends_in_replies_or_a_lost_process(data: bytes) -> None:
    stream(data)


@given(st.lists((QUESTIONS | BODIES).map(framed), max_size=3).map(b"".join) | st.binary(max_size=50))
@QUICK
def test_any_stream_to_a_student_ends_in_replies_or_is_refused(data: bytes) -> None:
    question(data)


@given(TREES | TENSORS)
@QUICK
def test_whatever_the_reader_of_uploads_sends_is_a_submission(parsed: object) -> None:
    upload = Upload(id="a", source="a", sha256="0", kind="folder")
    assert submission_from(upload, parsed, ("1.1",)).id == "a"


@pytest.mark.parametrize("name", ["self", "givens", "name", "target", "args", "kwargs", "op", "cls", ""])
def test_a_name_that_the_student_chose_is_never_taken_for_one_of_ours(name: str) -> None:
    """Suites run a cell again with models under whatever names they have there."""
    cell = Cell(Scripted(b'{"id":1,"value":{"handle":{"id":0,"type":"x"}}}'))
    assert isinstance(cell.rerun(**{name: 1}), Cell)
    assert isinstance(cell.get("f")(**{name: 1}), Handle)


# --- time and memory ----------------------------------------------------------------------------

Act = Callable[[socket.socket], None]


@contextmanager
def against(act: Act) -> Iterator[Here]:
    """The trusted end of a channel at whose other end a thread does this."""
    ours, theirs = socket.socketpair()
    process = Here(ours, Clock())

    def run() -> None:
        with theirs:
            try:
                act(theirs)
            except OSError:  # our end is closed
                return

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield process
    finally:
        process.kill()
        thread.join()


def drip(channel: socket.socket, pause_s: float = 1.0) -> None:
    for byte in framed(b'{"id":1,"value":' + b" " * 1000 + b"1}"):
        channel.sendall(bytes([byte]))
        time.sleep(pause_s)


def never_ending_reply(channel: socket.socket) -> None:
    channel.sendall(struct.pack("<I", MAX_FRAME))
    while True:
        channel.sendall(b" " * 65_536)
        time.sleep(0.05)


def descriptors_with_every_byte(channel: socket.socket) -> None:
    for byte in framed(b'{"id":1,"value":' + b" " * 300 + b"1}"):
        socket.send_fds(channel, [bytes([byte])], [0] * 250)
    channel.recv(1)


def late_reply(channel: socket.socket) -> None:
    channel.recv(65_536)
    time.sleep(0.8)
    channel.sendall(framed(b'{"id":1,"value":1}') * 10)


@pytest.mark.parametrize("act", [drip, never_ending_reply, late_reply, lambda channel: time.sleep(1.5)])
def test_a_reply_that_comes_slowly_or_late_costs_the_limit_and_no_more(act: Act) -> None:
    with against(act) as process:
        start = time.monotonic()
        with pytest.raises(LostError) as caught:
            process.ask("get", {"name": "x"}, 0.5)
        assert time.monotonic() - start < 1.5
        assert caught.value.status is Status.TIMED_OUT
        time.sleep(0.5)
        with pytest.raises(LostError):  # what came after the deadline answers nothing
            process.ask("get", {"name": "x"}, 0.5)


@pytest.mark.parametrize(
    "early", [framed(b'{"id":7,"value":1}'), framed(b'{"id":1,"value":1}') * 2, framed(b'{"id":0}')]
)
def test_replies_to_questions_never_asked_lose_the_process(early: bytes) -> None:
    def act(channel: socket.socket) -> None:
        channel.sendall(early)
        channel.recv(65_536)
        channel.recv(65_536)

    with against(act) as process, pytest.raises(LostError) as caught:
        process.ask("get", {"name": "x"}, 5.0)
        process.ask("get", {"name": "x"}, 5.0)
    assert caught.value.status is Status.CRASHED


def test_a_flood_of_descriptors_leaves_none_open() -> None:
    before = open_descriptors()
    with against(descriptors_with_every_byte) as process:
        assert process.ask("get", {"name": "x"}, 20.0).value == 1
        assert len(open_descriptors()) <= len(before) + 2  # both ends of the channel
    assert open_descriptors() == before


HOSTILE = [
    *DUPLICATES,
    b"[" * 100_000,
    b'{"id":1,"value":' + b"[" * 100_000,
    b'{"id":1,"value":' + b"9" * 100_000 + b"}",
    os.urandom(50_000),
    b'{"id":1,"value":[' + b"[]," * 3_000 + b"0]}",
    b'{"id":1,"printed":"' + b"x" * 100_000 + b'"}',
    msgspec.json.encode({"id": 1, "value": {"set": [{"int": str((2**61 - 1) * (2**64 + i))} for i in range(500)]}}),
    msgspec.json.encode({"id": 1, "value": {"tensor": {"dtype": "float32", "shape": [0] + [2**24] * 7, "data": ""}}}),
    msgspec.json.encode({"id": 1, "value": {"tensor": {"dtype": "float32", "shape": [5], "data": "AAAA"}}}),
    msgspec.json.encode({"id": 1, "trouble": {"kind": "raised", "type": "T" * 50_000, "message": "m" * 50_000}}),
]


@pytest.mark.heavy
def test_thousands_of_hostile_frames_leave_the_trusted_end_as_large_as_before() -> None:
    def all_of_them(times: int) -> None:
        for _ in range(times):
            for body in HOSTILE:
                reply(body)
                stream(b"\x05" + framed(body))

    all_of_them(15)  # caches fill
    gc.collect()
    descriptors, resident = open_descriptors(), resident_mb()
    tracemalloc.start()
    try:
        all_of_them(15)
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        all_of_them(60)  # times 14 bodies, each to two readers: some 1,700 frames
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 64_000
    assert resident_mb() - resident < 30
    assert open_descriptors() == descriptors


@pytest.mark.parametrize("count", [MAX_NODES - 5, MAX_NODES + 5])
def test_the_largest_replies_take_little_time(count: int) -> None:
    start = time.process_time()
    reply(b'{"id":1,"value":[' + b"0," * count + b"0]}")
    assert time.process_time() - start < 20


def open_descriptors() -> set[str]:
    gc.collect()  # what earlier tests left
    return {path.name for path in Path("/proc/self/fd").iterdir() if path.exists()}


def resident_mb() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() >> 20


# --- the checks behind the wire ------------------------------------------------------------------


@pytest.mark.parametrize("target", [*TARGETS, "answers"])
def test_real_frames_changed_at_random_end_in_a_verdict(target: str, tmp_path: Path) -> None:
    """`answers` are right but for parts that are replaced, so that hidden checks get past their first question."""
    run = fuzzed(target, "--runs", "120" if target == "answers" else "1500", "--blind", "1", "--out", str(tmp_path))
    assert run.returncode == 0, run.stderr[-4000:]
    assert "DONE: 1" in run.stderr


def fuzzed(*arguments: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: this one's pytest rewrites the asserts of every suite that it sees."""
    command = [sys.executable, "-m", "tools.fuzz", *arguments]
    return subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=240)


def test_the_fuzzer_says_so_when_it_is_not_installed() -> None:
    hide = "import sys; sys.modules['atheris'] = None; from tools.fuzz import main; sys.exit(main(['reply']))"
    run = subprocess.run(
        [sys.executable, "-c", hide], check=False, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 2
    assert "pip install -e '.[fuzz]'" in run.stderr


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None,
    reason="the coverage-guided fuzzer is not installed: pip install -e '.[fuzz]'",
)
@pytest.mark.parametrize("target", [*TARGETS, "answers"])
def test_the_fuzzer_finds_nothing_in_a_while(target: str, tmp_path: Path) -> None:
    run = fuzzed(target, "--seconds", "15", "--out", str(tmp_path))
    assert run.returncode == 0, run.stderr[-4000:]
    assert "DONE" in run.stderr
