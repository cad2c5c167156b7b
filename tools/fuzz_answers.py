"""Asks every hidden check of answers that are right but for a part, and says which checks meet an error of their own.

    python -m tools.fuzz_answers --answers 20000          all exercises: some minutes
    python -m tools.fuzz_answers --exercise 1.1 --seed 7  another 20,000, to one of them

The solutions answer in this process, with no walls. One reply of each check, and some after it, is bent (an id more, a
tensor of another shape) or is something hostile. Whatever comes of it must be a verdict: a kit_error ends this with an
error. What it prints can be had again from the same seed.
"""

import argparse
import os
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from grader.checks import plugin
from grader.checks.collected import Collected
from grader.command_line.border import command
from grader.model import CheckResult, Exercise, Limits, SourceCell, Status
from grader.project import project_catalog
from grader.protocol.messages import MAX_FRAME, Reply, Trouble, frame, read_reply
from grader.protocol.student import NO_ANSWER, LostError
from grader.protocol.values import WireError
from grader.run.judge import with_hidden_checks
from grader.student.loopback import LoopbackSession
from tools.spoiled import TROUBLES, Chance, Choices, one_of, spoiled

ROOT = Path(__file__).resolve().parent.parent
SLOW_S = 30.0
"""A check that takes longer than this, whatever it is answered, would hold up a class."""

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


def with_hidden_suites(work: Callable[[Collected], None]) -> None:
    """Calls `work` with a judge of the hidden suites."""
    with_hidden_checks(ROOT / "tests" / "hidden", project_catalog(ROOT), work)


def ask_all(judge: Collected, exercise_ids: Sequence[str], answers: int, seed: int) -> Seen:
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


@command("fuzz_answers")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; 1 where a check tripped."""
    ids = project_catalog(ROOT).ids
    about = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz_answers", description=about)
    parser.add_argument("--answers", type=int, default=20_000, help="how many answers are spoiled (default 20,000)")
    parser.add_argument("--exercise", action="append", choices=ids, metavar="ID", help="ask only this; may be repeated")
    parser.add_argument("--seed", type=int, default=1, help="another number, other answers (default 1)")
    options = parser.parse_args(argv)
    found: list[Seen] = []
    wanted = options.exercise or ids
    with_hidden_suites(lambda judge: found.append(ask_all(judge, wanted, options.answers, options.seed)))
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
