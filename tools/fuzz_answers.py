"""Asks every hidden check of answers that are right but for a part, and says which checks meet an error of their own.

    python -m tools.fuzz_answers --answers 20000          all exercises: some minutes
    python -m tools.fuzz_answers --exercise 1.1 --seed 7  another 20,000, to one of them

The solutions answer in this process, with no walls. One reply of each check, and some after it, is bent (an id more, a
tensor of another shape) or is something hostile. Whatever comes of it must be a verdict: a kit_error ends this with an
error. What it prints can be had again from the same seed.
"""

import argparse
import base64
import os
import random
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

os.environ.setdefault("OMP_NUM_THREADS", "1")

import msgspec

from grader.checks import plugin
from grader.model import CheckResult, Exercise, Limits, SourceCell, Status
from grader.project import project_catalog
from grader.protocol.messages import MAX_FRAME, Reply, Trouble, frame, read_reply
from grader.protocol.student import NO_ANSWER, LostError
from grader.protocol.values import WireError
from grader.run.judge import Judge, with_judge
from grader.student.loopback import LoopbackSession

ROOT = Path(__file__).resolve().parent.parent
SLOW_S = 30.0
"""A check that takes longer than this, whatever it is answered, would hold up a class."""

# --- what is hostile --------------------------------------------------------------------------

_HANDLES = [
    (0, "function"),
    (10**6, "x"),
    (-1, "Markdown"),
    (0, "generator"),
    (1, "GPT2LMHeadModel"),
    (2, "Tensor"),
    (0, "dict"),
]
_TENSORS = [
    ("float32", [0], ""),
    ("int64", [], "AAAAAAAAAAA="),
    ("float32", [1, 1], "AADAfw=="),
    ("bool", [1, 2], "AAE="),
    ("bfloat16", [2, 1], "AIB/fw=="),
    ("float64", [1], "AAAAAAAA8H8="),
    ("uint8", [2, 0, 3], ""),
    ("float32", [], "AACAPw=="),
    ("float16", [1, 1, 1, 1, 1], "AHw="),
    ("float32", [2], "AACAPwAAAEA="),
    ("int64", [2], "AQAAAAAAAAACAAAAAAAAAA=="),
    ("int64", [1], "////////fw=="),
    ("int8", [1, 3], "AQID"),
    ("bool", [], "AQ=="),
]
ODD: tuple[object, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**63 - 1,
    -(2**63),
    1e308,
    -0.0,
    0.5,
    "",
    "x",
    " ",
    "\u202e<b>&",
    "[UNK]",
    "a" * 70_000,
    "\0\n\r\t",
    "<|endoftext|>",
    "'" * 300,
    "the " * 500,
    [],
    {},
    [None],
    ["a", 1],
    [[]],
    [""],
    ["a"],
    [1],
    [0.5],
    [2**63 - 1, -1],
    list(range(2000)),
    {"int": "9" * 3_600},
    {"int": str(2**70)},
    {"int": str(-(2**70))},
    [{"int": str(2**70)}] * 5,
    {"float": "nan"},
    {"float": "inf"},
    {"float": "-inf"},
    [{"float": "nan"}] * 3,
    {"text": "7aCA"},
    [{"text": "7aCA"}],
    {"bytes": "AAEC/w=="},
    {"bytes": ""},
    {"named": "torch.float32"},
    {"tuple": []},
    {"tuple": ["a", None]},
    {"set": [1, 2]},
    {"set": ["a"]},
    {"set": []},
    {"dict": []},
    {"dict": [[1, "a"], ["a", 1]]},
    {"dict": [[{"tuple": [1]}, None]]},
    {"dict": [["a", {"int": str(2**70)}]]},
    {"dict": [["gpt2", None]]},
    {"dict": [["shape", 1]]},
    {"dict": [[None, None]]},
    [[[[[[]]]]]],
    *({"handle": {"id": number, "type": name}} for number, name in _HANDLES),
    *({"tensor": {"dtype": dtype, "shape": shape, "data": data}} for dtype, shape, data in _TENSORS),
    *([{"tensor": {"dtype": dtype, "shape": shape, "data": data}}] for dtype, shape, data in _TENSORS[:3]),
)
TROUBLES = (
    ("raised", "ValueError"),
    ("raised", "AttributeError"),
    ("raised", "StopIteration"),
    ("raised", "OSError"),
    ("memory", ""),
    ("raised", "NotImplementedError"),
    ("raised", "TypeError"),
    ("missing", "x"),
    ("not_plain", ""),
    ("disk", "OSError"),
    ("processes", ""),
    ("kit", "KitError"),
    ("", ""),
    ("raised", "\ud83d" * 400),
)


class Choices(Protocol):
    """Where choices come from."""

    def below(self, count: int) -> int:
        """One of `count` choices."""


class ByteChoices:
    """Numbers out of bytes, as a fuzzer makes them up; 0 when they are used up."""

    def __init__(self, data: bytes) -> None:
        self._bytes = iter(data)

    def below(self, count: int) -> int:
        """One of `count` choices; the first of them without a byte."""
        return next(self._bytes, 0) % max(1, count)


class Chance:
    """Numbers from a seed."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def below(self, count: int) -> int:
        """One of `count` choices, each as likely as the others."""
        return self._random.randrange(max(1, count))


def one_of(things: Sequence[Any], choices: Choices) -> Any:
    """One of these."""
    return things[choices.below(len(things))]


# --- bending a right reply ----------------------------------------------------------------------


def spoiled(answer: Reply, choices: Choices) -> Reply:
    """The reply with something else in its place, or with a part of it bent.

    Raises:
        LostError: there is none.
    """
    kind = choices.below(10)
    if kind == 0:
        name, type_ = one_of(TROUBLES, choices)
        return Reply(id=answer.id, trouble=Trouble(kind=name, type=type_, message="m", line=-1), printed=answer.printed)
    if kind == 1 and not choices.below(3):
        raise LostError(one_of((Status.CRASHED, Status.TIMED_OUT, Status.OUT_OF_MEMORY), choices), NO_ANSWER)
    tree = msgspec.json.decode(msgspec.json.encode(answer.value))
    places = list(_places(tree)) if kind > 5 else []
    if kind <= 2:
        tree = one_of(ODD, choices)
    elif not places:
        tree = bent(tree, choices)
    else:
        parent, key = places[choices.below(256) * len(places) // 256]
        parent[key] = bent(parent[key], choices) if choices.below(2) else one_of(ODD, choices)
    printed = (
        answer.printed
        if choices.below(4)
        else one_of(("", "\\'" * choices.below(256), "1 " * 3000, "x\n" * 900), choices)
    )
    return Reply(id=answer.id, value=tree, printed=printed)


def _places(tree: object) -> Iterator[tuple[Any, Any]]:
    """Every place below a tree as container and key, but for what is inside a tensor."""
    if isinstance(tree, dict) and "tensor" in tree:
        return
    if isinstance(tree, (list, dict)):
        for key, part in enumerate(tree) if isinstance(tree, list) else list(tree.items()):
            yield tree, key
            yield from _places(part)


def bent(tree: Any, choices: Choices) -> Any:
    """A value of much the same kind."""
    if isinstance(tree, dict) and len(tree) == 1:
        ((tag, content),) = tree.items()
        if tag == "tensor":
            return {"tensor": _bent_tensor(content, choices)}
        if tag == "handle":
            number, name = one_of(_HANDLES, choices)
            return {"handle": {"id": one_of((content["id"], content["id"] + 1, number), choices), "type": name}}
        if isinstance(content, list):
            return {one_of((tag, "tuple", "set"), choices): bent(content, choices)}
    if isinstance(tree, bool) or tree is None or isinstance(tree, dict):
        return one_of(ODD, choices)
    if isinstance(tree, list):
        return _bent_list(tree, choices)
    if isinstance(tree, str):
        other = (
            tree[:-1],
            tree[1:],
            tree + tree,
            tree[::-1],
            tree.upper(),
            tree + "\0",
            tree.split(),
            list(tree[:500]),
            [tree],
            "\n".join(tree[:500]),
            tree * 30,
            tree[: len(tree) // 2],
            {"bytes": "AAEC/w=="},
            f" {tree} ",
            {"text": "7aCA"},
        )
        return one_of(other, choices)
    numbers = (
        -tree,
        tree + 1,
        tree - 1,
        {"int": str(2**70)},
        {"float": "nan"},
        str(tree),
        [tree],
        0,
        True,
        tree * 0.5,
        50_257,
        -(2**63),
        1e300,
    )
    return one_of(numbers, choices)


def _bent_list(parts: list[Any], choices: Choices) -> Any:
    place = choices.below(256) * len(parts) // 256
    replaced = [*parts[:place], one_of(ODD, choices), *parts[place + 1 :]]
    other = (
        [],
        parts[:-1],
        parts[1:],
        parts + parts,
        parts[::-1],
        parts[:1],
        parts[:2],
        [parts],
        replaced,
        replaced,
        {"tuple": parts},
        {"set": parts},
        {"dict": [[i, part] for i, part in enumerate(parts)]},
        parts * 20,
        [*parts, one_of(ODD, choices)],
        [parts[0] for _ in parts],
        parts[: len(parts) // 2],
    )
    return one_of(other, choices)


_SIZES = {
    "float64": 8,
    "int64": 8,
    "float32": 4,
    "int32": 4,
    "float16": 2,
    "bfloat16": 2,
    "int16": 2,
    "int8": 1,
    "uint8": 1,
    "bool": 1,
}


def _bent_tensor(content: dict[str, Any], choices: Choices) -> dict[str, Any]:
    """A tensor of another shape, type or content."""
    dtype, shape, raw = content["dtype"], list(content["shape"]), base64.b64decode(content["data"])
    size, first = _SIZES[dtype], raw[: _SIZES[dtype]]
    count = len(raw) // size
    flips = [{"dtype": name} for name, width in _SIZES.items() if width == size]
    shapes = [
        [count],
        [1, *shape],
        [*shape, 1],
        shape[::-1],
        [count, 1],
        [1, count],
        [1, 1, count],
        [1] * 5 + shape[:2],
    ]
    fits: list[dict[str, Any]] = [{"shape": new} for new in shapes if len(new) <= 8 and _product(new) == count]
    cut = [
        {"shape": [], "raw": first},
        {"shape": [1], "raw": first},
        {"shape": [0], "raw": b""},
        {"shape": [*shape, 0], "raw": b""},
        {"shape": [0, *shape[1:]], "raw": b""},
        {"raw": b"\xff" * len(raw)},
        {"raw": bytes(len(raw))},
        {"raw": raw[::-1]},
        {"dtype": "uint8", "shape": [min(len(raw), 9)], "raw": raw[:9]},
        {"raw": b"\x00\x00\xc0\x7f" * (len(raw) // 4) + raw[: len(raw) % 4]},
    ]
    if shape and shape[0] > 1:
        cut.append({"shape": [1, *shape[1:]], "raw": raw[: len(raw) // shape[0]]})
    new = one_of(
        [*flips, *fits, *(change for change in cut if not (change.get("shape") in ([], [1]) and not first))], choices
    )
    data = base64.b64encode(new.get("raw", raw)).decode()
    return {"dtype": new.get("dtype", dtype), "shape": new.get("shape", shape), "data": data}


def _product(shape: Sequence[int]) -> int:
    product = 1
    for size in shape:
        product *= size
    return product


# --- students that answer so ----------------------------------------------------------------------


class SpoiledStudent:
    """A student that runs the solution, and of whose replies the choices spoil some."""

    def __init__(self, right: Any, choices: Choices) -> None:
        self._right, self._choices = right, choices
        self.trouble: Trouble | None = right.trouble
        self.limits: Limits = right.limits

    def ask(self, op: str, args: dict[str, Any]) -> Reply:
        """The reply, spoiled or not."""
        answer: Reply = self._right.ask(op, args)
        return _crossed(spoiled(answer, self._choices)) if self._choices.below(2) else answer

    def rerun(self, givens: dict[str, Any]) -> "SpoiledStudent":
        """The same with other givens."""
        return SpoiledStudent(self._right.rerun(givens), self._choices)


def _crossed(answer: Reply) -> Reply:
    """The reply as it comes out of a channel."""
    try:
        return read_reply(frame(answer, MAX_FRAME)[4:])
    except (WireError, UnicodeEncodeError):
        raise LostError(Status.CRASHED, NO_ANSWER) from None


class Recording:
    """What the solution said to one check, question by question, and what it said when it was run again."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.reruns: list[Recording] = []


class RecordedStudent:
    """A student that notes down what it says."""

    def __init__(self, right: Any, recording: Recording) -> None:
        self._right, self._recording = right, recording
        self.trouble, self.limits = right.trouble, right.limits

    def ask(self, op: str, args: dict[str, Any]) -> Reply:
        """The right reply."""
        reply: Reply = self._right.ask(op, args)
        self._recording.replies.append(reply)
        return reply

    def rerun(self, givens: dict[str, Any]) -> "RecordedStudent":
        """The same with other givens."""
        self._recording.reruns.append(Recording())
        return RecordedStudent(self._right.rerun(givens), self._recording.reruns[-1])


class Plan:
    """Which replies of a check are spoiled."""

    def __init__(self, choices: Choices, longest: int, all_replies: Sequence[Reply]) -> None:
        self.choices, self.all_replies = choices, all_replies
        self.spoiled = 0
        # A check that another one needs is left alone now and then, or the other one would hardly ever be made.
        self._left = choices.below(longest + 1) if choices.below(6) else 10**6
        self._more = choices.below(3)

    def is_next(self) -> bool:
        """Whether this reply is spoiled: the planned one, and those after it never, at times or always."""
        self._left -= 1
        is_spoiled = self._left == -1 or (self._left < -1 and self._more > 0 and not self.choices.below(3 - self._more))
        self.spoiled += is_spoiled
        return is_spoiled


class ReplayingStudent:
    """A student that says what was recorded, in that order and whatever it is asked, but for what is spoiled.

    So a check goes on after a wrong reply as if the others fitted to it, and gets to where it trips.
    """

    limits = Limits()

    def __init__(self, recording: Recording, plan: Plan) -> None:
        self._replies, self._reruns, self._plan = iter(recording.replies), iter(recording.reruns), plan
        self.trouble: Trouble | None = None

    def ask(self, op: str, args: dict[str, Any]) -> Reply:  # noqa: ARG002 - the proxy passes them
        """The next reply; when there is none left, any that the exercise's checks got."""
        answer = next(self._replies, None)
        is_spoiled = self._plan.is_next()
        if answer is None:
            answer = one_of(self._plan.all_replies, self._plan.choices)
        return _crossed(spoiled(answer, self._plan.choices)) if is_spoiled else answer

    def rerun(self, givens: dict[str, Any]) -> "ReplayingStudent":  # noqa: ARG002 - the proxy passes them
        """The next recorded one; where that is spoiled, it has stopped or never came to an end."""
        other = ReplayingStudent(next(self._reruns, Recording()), self._plan)
        if not self._plan.choices.below(30):
            other.trouble = Trouble(kind="raised", type=one_of(TROUBLES, self._plan.choices)[1], message="m", line=1)
        return other


class FuzzBench(plugin.Bench):
    """Solutions in this process, each student wrapped as the fuzzer likes."""

    def __init__(self, session: LoopbackSession, wrap: Callable[[Any], Any]) -> None:
        super().__init__()
        self._session, self._wrap = session, wrap

    def student(self, exercise_id: str) -> Any:
        """The solution."""
        return self._wrap(self._session.student(exercise_id))

    def seed(self, check: str) -> int:
        """The same for a check each time: what is found can be found again."""
        return zlib.crc32(check.encode())

    def known(self, exercise_id: str) -> tuple[Status, str] | None:  # noqa: ARG002
        """Every exercise is asked."""
        return None


class RecordingBench(FuzzBench):
    """The solutions, with what they say to each check."""

    def __init__(self, session: LoopbackSession) -> None:
        super().__init__(session, self._recorded)
        self.recordings: list[list[Recording]] = [[]]
        """By check in their order: of each student that it asked."""

    def _recorded(self, right: Any) -> RecordedStudent:
        self.recordings[-1].append(Recording())
        return RecordedStudent(right, self.recordings[-1][-1])

    def take(self, exercise_id: str, result: CheckResult) -> None:
        """The next check begins."""
        super().take(exercise_id, result)
        self.recordings.append([])


class ReplayingBench(FuzzBench):
    """Says what was recorded but for what is spoiled, and counts."""

    def __init__(self, recordings: Sequence[Sequence[Recording]], choices: Choices, seen: "Seen") -> None:
        plugin.Bench.__init__(self)
        self._recordings, self._choices, self._seen = recordings, choices, seen
        self._replies = [reply for check in recordings for one in check for reply in _replies(one)]
        self._number, self._newest = -1, time.process_time()
        self._begin()

    def _begin(self) -> None:
        self._number += 1
        check = self._recordings[min(self._number, len(self._recordings) - 1)]
        self._students = iter(check)
        self._plan = Plan(self._choices, sum(len(list(_replies(one))) for one in check), self._replies)

    def student(self, exercise_id: str) -> ReplayingStudent:  # noqa: ARG002
        """What was recorded of the next one that the check asks."""
        return ReplayingStudent(next(self._students, Recording()), self._plan)

    def take(self, exercise_id: str, result: CheckResult) -> None:
        """Keeps what ends in an error of its own, and how long the check took."""
        super().take(exercise_id, result)
        self._seen.note(exercise_id, result, self._plan.spoiled, time.process_time() - self._newest)
        self._begin()
        self._newest = time.process_time()


def _replies(recording: Recording) -> Iterator[Reply]:
    yield from recording.replies
    for other in recording.reruns:
        yield from _replies(other)


class Seen:
    """What came of it so far."""

    def __init__(self) -> None:
        self.answers = 0
        self.checks: set[str] = set()
        self.slowest = (0.0, "")
        self.verdicts: Counter[Status] = Counter()
        self.trips: Counter[str] = Counter()

    def note(self, exercise_id: str, result: CheckResult, spoiled_replies: int, seconds: float) -> None:
        """One more check has come to its end."""
        check = f"{exercise_id} {result.name}"
        self.answers += spoiled_replies
        self.checks.add(check)
        self.slowest = max(self.slowest, (seconds, check))
        self.verdicts[result.status] += 1
        if result.status is Status.KIT_ERROR:
            self.trips[f"{check}: {result.message}"[:300]] += 1


def solutions(exercise_ids: Sequence[str]) -> LoopbackSession:
    """The solutions of these exercises, run in this process with the offline models."""
    from grader.offline.choice import use_wanted_models

    use_wanted_models()
    exercises = [exercise for exercise in project_catalog(ROOT).exercise if exercise.id in exercise_ids]
    return LoopbackSession(exercises, [_cell(exercise) for exercise in exercises])


def _cell(exercise: Exercise) -> SourceCell:
    source = (ROOT / "solutions" / exercise.file).read_text(encoding="utf-8")
    return SourceCell(source=source, exercise=exercise.id, where=exercise.file)


def with_hidden_suites(work: Callable[[Judge], None]) -> None:
    """Calls `work` with a judge of the hidden suites."""
    with_judge(ROOT / "tests" / "hidden", project_catalog(ROOT), work)


def ask_all(judge: Judge, exercise_ids: Sequence[str], answers: int, seed: int) -> Seen:
    """Makes all checks of these exercises again and again, until so many answers were spoiled."""
    session, seen, rounds = solutions(exercise_ids), Seen(), 0
    recordings: dict[str, list[list[Recording]]] = {}
    for exercise_id in exercise_ids:
        bench = RecordingBench(session)
        judge.judge(bench, [exercise_id])
        recordings[exercise_id] = bench.recordings
    while seen.answers < answers:
        rounds += 1
        for exercise_id, recorded in recordings.items():
            judge.judge(ReplayingBench(recorded, Chance(f"{seed} {rounds} {exercise_id}"), seen), [exercise_id])
    return seen


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; 1 where a check tripped."""
    ids = project_catalog(ROOT).ids
    parser = argparse.ArgumentParser(
        prog="python -m tools.fuzz_answers", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--answers", type=int, default=20_000, help="how many answers are spoiled (default 20,000)")
    parser.add_argument("--exercise", action="append", choices=ids, metavar="ID", help="ask only this; may be repeated")
    parser.add_argument("--seed", type=int, default=1, help="another number, other answers (default 1)")
    options = parser.parse_args(argv)
    found: list[Seen] = []
    with_hidden_suites(
        lambda judge: found.append(ask_all(judge, options.exercise or ids, options.answers, options.seed))
    )
    (seen,) = found
    for trip, count in seen.trips.most_common():
        print(f"{count} times  {trip}")
    seconds, slowest = seen.slowest
    verdicts = ", ".join(f"{count:,} {status}" for status, count in seen.verdicts.most_common())
    print(f"{len(seen.checks)} checks came to {verdicts}; the slowest took {seconds:.1f} s ({slowest})")
    print(f"{seen.answers:,} answers, {seen.trips.total()} kit errors")
    return int(bool(seen.trips) or seconds > SLOW_S)


if __name__ == "__main__":
    sys.exit(main())
