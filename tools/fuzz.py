"""Feeds both ends of the wire, and the hidden checks behind it, with bytes that a coverage-guided fuzzer makes up.

    python -m tools.fuzz reply                     until it finds something, or you stop it
    python -m tools.fuzz answers --seconds 60      a minute of answers that are almost right
    python -m tools.fuzz stream --runs 20000       so many inputs
    python -m tools.fuzz stream --runs 2000 --blind 7    made up at random from seed 7, which needs no fuzzer

It starts from real frames: those that cross when solutions are checked. What it finds is written to build/fuzz/ and
ends it with an error. Needs the extra `fuzz` (atheris: Linux or macOS).
"""

import argparse
import itertools
import os
import random
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from grader.checks.collected import Collected
from grader.command_line.arguments import folder_to_write
from grader.command_line.border import command
from grader.model import Status
from grader.protocol.messages import MAX_FRAME, MAX_FRAME_IN, Reply, Request, frame
from grader.student.loopback import LoopbackSession
from tools.fuzz_answers import FuzzBench, SpoiledStudent, solutions, with_hidden_suites
from tools.fuzz_targets import TARGETS
from tools.spoiled import ByteChoices

ROOT = Path(__file__).resolve().parent.parent
EXERCISES = ("1.1", "1.2", "2.1", "bpe")
"""Those whose checks are quick: they start from no model."""
_MISSING = "the fuzzer is not installed; `pip install -e '.[fuzz]'` installs it (atheris, for Linux and macOS)"


class Recorder:
    """A student that notes down every frame that crosses."""

    def __init__(self, right: Any, frames: list[tuple[bytes, bytes]]) -> None:
        self._right, self._frames = right, frames
        self.trouble, self.limits = right.trouble, right.limits

    def ask(self, op: str, args: dict[str, Any]) -> Reply:
        """The right reply."""
        reply: Reply = self._right.ask(op, args)
        request = Request(id=1, op=op, args=args)
        self._frames.append((frame(request, MAX_FRAME_IN), frame(Reply(id=1, value=reply.value), MAX_FRAME)))
        return reply

    def rerun(self, givens: dict[str, Any]) -> "Recorder":
        """The same with other givens."""
        return Recorder(self._right.rerun(givens), self._frames)


def real_frames(judge: Collected, session: LoopbackSession) -> list[tuple[bytes, bytes]]:
    """What crosses when the solutions are checked: pairs of question and reply."""
    frames: list[tuple[bytes, bytes]] = []
    judge.judge(FuzzBench(session, lambda student: Recorder(student, frames)), EXERCISES)
    return frames


def trips(judge: Collected, session: LoopbackSession, exercise_id: str, data: bytes) -> list[str]:
    """The checks that trip over answers spoiled as the bytes say, each with its message: none, when all is well."""
    choices = ByteChoices(data)
    bench = FuzzBench(session, lambda student: SpoiledStudent(student, choices))
    results = judge.judge(bench, [exercise_id])[exercise_id]
    return [f"{result.name}: {result.message}" for result in results if result.status is Status.KIT_ERROR]


def seeds(target: str, frames: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
    """Where the fuzzer starts."""
    questions, replies = zip(*frames, strict=True)
    spoiling = itertools.product(range(len(EXERCISES)), range(0, 25, 2), (1, 30))
    found = {
        "question": questions,
        "stream": [b"\1" + reply for reply in replies],
        "reply": [reply[4:] for reply in replies],
        "answers": [bytes([exercise, *[0] * right, 7, odd, odd * 5]) for exercise, right, odd in spoiling],
    }
    return sorted(set(found[target]), key=len)[:200]


@command("fuzz")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; never returns once the fuzzer has started: it ends the process."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("target", choices=[*TARGETS, "answers"], help="which border is fuzzed")
    parser.add_argument("--seconds", type=int, default=0, help="stop after so long")
    parser.add_argument("--runs", type=int, default=-1, help="stop after so many inputs")
    parser.add_argument("--blind", type=int, metavar="SEED", help="without the fuzzer: bytes changed at random")
    parser.add_argument(
        "--out", type=folder_to_write, default=str(ROOT / "build" / "fuzz"), help="folder of the inputs"
    )
    options = parser.parse_args(argv)
    if options.blind is not None:
        with_hidden_suites(lambda judge: _blind(judge, options))
        return 0
    try:
        import atheris
    except ImportError:
        print(f"fuzz: {_MISSING}", file=sys.stderr)
        return 2
    with_hidden_suites(lambda judge: _fuzz(atheris, judge, options))
    return 0


def _ready(judge: Collected, target: str) -> tuple[Callable[[bytes], None], list[bytes]]:
    """The function that is fuzzed, and where to start."""
    session = solutions(EXERCISES)

    def answers(data: bytes) -> None:
        found = trips(judge, session, EXERCISES[data[0] % len(EXERCISES) if data else 0], data[1:])
        if found:
            raise AssertionError("\n".join(found))

    return TARGETS.get(target, answers), seeds(target, real_frames(judge, session))


def _fuzz(atheris: Any, judge: Collected, options: argparse.Namespace) -> None:
    action, starts = _ready(judge, options.target)
    corpus = options.out / options.target
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in starts:
        (corpus / f"real-{zlib.crc32(seed):08x}").write_bytes(seed)
    limits = [f"-max_total_time={options.seconds}", f"-runs={options.runs}", f"-artifact_prefix={options.out}/found-"]
    _instrument(atheris, judge)
    atheris.Setup([sys.argv[0], *limits, "-max_len=20000", "-timeout=20", "-rss_limit_mb=4096", str(corpus)], action)
    atheris.Fuzz()


def _blind(judge: Collected, options: argparse.Namespace) -> None:
    action, starts = _ready(judge, options.target)
    chance = random.Random(options.blind)
    end = time.monotonic() + (options.seconds or float("inf"))
    runs = 0
    while runs != options.runs and time.monotonic() < end:
        data = _changed(chance.choice(starts), chance)
        try:
            action(data)
        except BaseException:
            options.out.mkdir(parents=True, exist_ok=True)
            (options.out / f"found-{zlib.crc32(data):08x}").write_bytes(data)
            raise
        runs += 1
    print(f"DONE: {runs} inputs", file=sys.stderr)


def _changed(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few places cut out, doubled, set at random or set to 0."""
    new = bytearray(data)
    for _ in range(chance.randint(0, 8)):
        start = chance.randrange(len(new) + 1)
        piece = new[start : start + chance.choice((1, 1, 1, 4, 40))]
        instead = (b"", piece * 2, chance.randbytes(len(piece) or 1), bytes(len(piece)))
        new[start : start + len(piece)] = chance.choice(instead)
    return bytes(new)


def _instrument(atheris: Any, judge: Collected) -> None:
    """Lets the fuzzer see which lines of the kit's trusted code, and of the checks, an input reaches."""
    import types

    names = (
        "grader.protocol.messages",
        "grader.checks.cell",
        "grader.wall.process",
        "grader.checks.answers",
        "grader.sandbox.answer",
    )
    places: list[Any] = [sys.modules[name] for name in names]
    places += {id(item.obj.__globals__): sys.modules.get(item.obj.__module__) for item in judge.items}.values()  # type: ignore[attr-defined]
    for module in filter(None, places):
        for value in list(vars(module).values()):
            functions = vars(value).values() if isinstance(value, type) else [value]
            for function in functions:
                if isinstance(function, types.FunctionType) and function.__module__ == module.__name__:
                    atheris.instrument_func(function)
    for item in judge.items:
        atheris.instrument_func(item.obj)  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main())
