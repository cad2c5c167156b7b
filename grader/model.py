"""The values that flow through the grader: catalogue, submission, verdicts, results."""

from enum import StrEnum
from typing import Annotated, Any

import msgspec


class Struct(msgspec.Struct, frozen=True, kw_only=True):
    """A frozen record that reads from and writes to JSON."""


# --- the catalogue ------------------------------------------------------------------------


class Given(Struct, frozen=True, kw_only=True):
    """A name that an exercise may count on before its blank."""

    name: str
    source: str
    """`cell`: the exercise's own cell assigns it. Otherwise the id of the exercise that answers it."""
    supply: str | None = None
    """What to put in its place when the earlier answer is missing: a name that `grader.offline.supply` knows."""


_Seconds = Annotated[float, msgspec.Meta(gt=0)]
_Size = Annotated[int, msgspec.Meta(gt=0)]


class Limits(Struct, frozen=True, kw_only=True):
    """What one exercise may use; more ends it with words that name the limit."""

    run_s: _Seconds = 30.0
    """Wall seconds for the exercise's cell."""
    ask_s: _Seconds = 20.0
    """Wall seconds for one answer to one question."""
    cpu_s: _Seconds = 90.0
    """Processor seconds for either of these, all processes of the submission together."""
    memory_mb: _Size = 1536
    """Memory of one process on top of what the warm libraries hold."""
    processes: _Size = 48
    """Processes and threads that the submission has at once."""
    scratch_mb: _Size = 64
    """Size of the scratch folder. The largest one in the catalogue holds for a submission, this one for a file."""
    output_kb: _Size = 256
    """Printed text that is kept; the rest is dropped with a mark."""

    def in_words(self, trouble: str) -> str:
        """What the limit is called that a trouble of this kind ran into; empty when it ran into none."""
        words = {
            "memory": f"your code asked for more memory than the {self.memory_mb:,} MB that this exercise may use",
            "disk": f"your code wrote more than {self.scratch_mb:,} MB to disk",
            "processes": "your code could not start one more process or thread; "
            f"it may have {self.processes} at once and {self.memory_mb:,} MB of memory",
        }
        return words.get(trouble, "")


class Exercise(Struct, frozen=True, kw_only=True):
    """One blank to fill: one cell of the notebook, one stub module."""

    id: str
    title: str
    file: str
    """Module name in exercises/ and solutions/."""
    points: int
    course_cell: str = ""
    """Id of the cell in the original course notebook; empty for exercises it does not have."""
    bonus: bool = False
    teaches: str = ""
    heading: str = ""
    """Text of the notebook heading above the cell, to find it in notebooks that lost their ids."""
    givens: tuple[Given, ...] = ()
    answers: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    limits: Limits = Limits()
    stub: str = ""
    """The cell as it ships; code equal to it counts as not attempted, wherever it stands."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that its cell is to define: the answers, and the givens that stand in it."""
        return (*self.answers, *(given.name for given in self.givens if given.source == "cell"))


# --- a submission -------------------------------------------------------------------------


class SourceCell(Struct, frozen=True, kw_only=True):
    """One piece of code as the student wrote it."""

    source: str
    exercise: str | None = None
    """The exercise it answers; None for scratch cells and demos, which run but are never judged."""
    where: str = ""
    """For people: `cell 7` or `ex_1_1_word_level.py`."""
    module: str = ""
    """The name to import it by, if it is a module of the student's own: then it does not run before that."""


class Submission(Struct, frozen=True, kw_only=True):
    """What one student handed in, as text; nothing of it has been run."""

    id: str
    """Unique in the run and safe as a file name."""
    source: str
    """The original path, for people."""
    sha256: str
    cells: tuple[SourceCell, ...] = ()
    """In the order in which they run."""
    attempted: frozenset[str] = frozenset()
    """Exercises whose code differs from the stub."""
    notes: tuple[str, ...] = ()
    """About the upload as a whole."""
    exercise_notes: dict[str, tuple[str, ...]] = {}
    rejected: str | None = None
    """Why nothing of the upload can be graded; None for a readable one."""


# --- verdicts -----------------------------------------------------------------------------


class Status(StrEnum):
    """How a check or an exercise ended."""

    PASSED = "passed"
    PARTIAL = "partial"
    """Exercises only: some points, not all."""
    FAILED = "failed"
    ERRORED = "errored"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    NOT_ATTEMPTED = "not_attempted"
    SKIPPED = "skipped"
    KIT_ERROR = "kit_error"
    """Our own fault: shown loudly, never a silent zero."""


class CheckResult(Struct, frozen=True, kw_only=True):
    """The verdict of one check."""

    name: str
    title: str
    status: Status
    points: int
    max_points: int
    message: str = ""


class JudgedCode(Struct, frozen=True, kw_only=True):
    """One piece of the code that was judged, as its author wrote it."""

    where: str
    """`cell 7`, `ex_1_1_word_level.py`."""
    source: str
    line: int | None = None
    """The line that stopped the code before its end, from 1."""
    left_out: int = 0
    """How many more lines it has."""


class ExerciseResult(Struct, frozen=True, kw_only=True):
    """The verdict of one exercise."""

    score: int
    max_score: int
    status: Status
    notes: tuple[str, ...] = ()
    taken_from: tuple[str, ...] = ()
    """Where the judged code stood: `cell 7`, `ex_1_1_word_level.py`."""
    code: tuple[JudgedCode, ...] = ()
    """The judged code; empty where nothing was attempted."""
    checks: tuple[CheckResult, ...] = ()


class SubmissionResult(Struct, frozen=True, kw_only=True):
    """The verdict of one submission."""

    id: str
    source: str
    sha256: str
    proven: bool
    """False when it ran with no sandbox: a hostile submission could have forged it."""
    score: int
    max_score: int
    bonus: int
    seconds: float
    student_seconds: float = 0.0
    """The part of `seconds` in which the trusted side waited for the student's code."""
    penalty: int = 0
    """Points that a rubric took off for lateness; `score` is without them."""
    is_rejected: bool = False
    """Whether the upload could not be read; the first note says why."""
    judged_by: str = ""
    """The version of the kit and a hash of its hidden checks; the older one where verdicts of two were put together."""
    notes: tuple[str, ...] = ()
    exercises: dict[str, ExerciseResult] = {}

    @property
    def has_kit_error(self) -> bool:
        """Whether a fault of ours touched this submission: its score is no score yet."""
        return any(exercise.status is Status.KIT_ERROR for exercise in self.exercises.values())


class RunResult(Struct, frozen=True, kw_only=True):
    """A class as its last run left it: the content of results.json."""

    format_version: int
    kit_version: str
    walls: tuple[str, ...]
    """Those that stood around the processes of every proven submission."""
    missing_walls: tuple[str, ...] = ()
    """Those that could not stand on this system."""
    absent: tuple[str, ...] = ()
    """Students of the roster who handed in nothing."""
    rubric: str = ""
    """What a rubric changed after grading, in words; empty where every point is as it was graded."""
    submissions: tuple[SubmissionResult, ...]


def to_json(value: Any) -> bytes:
    """The value as indented JSON, for files that people open."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
