"""What the reports make of a small fixed class, as files that people read in a diff.

python -m tests.kit.goldens     writes tests/kit/golden/ anew; look at the diff before you commit it
"""

import base64
import io
import re
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console, RenderableType

from grader.model import CheckResult, Exercise, ExerciseResult, JudgedCode, RunResult, Status, SubmissionResult, to_json
from grader.results.commands import diff
from grader.results.exports import FORMATS, Request
from grader.results.report import show
from grader.results.report.changes import difference
from grader.results.report.pages import class_page, student_page
from grader.results.rescore import for_students, rescored
from grader.results.rubric import Rubric

FOLDER = Path(__file__).parent / "golden"
EXERCISES = (
    Exercise(id="1.1", title="Word-level tokenization", file="a.py", points=8),
    Exercise(id="2.2a", title="Load GPT-2", file="b.py", points=4),
    Exercise(id="bpe", title="From scratch", file="c.py", points=10, bonus=True),
)
EVIL = "<b>=1+1</b> ]]> \x1b[31m\u202e`code`"
TEMPLATE = """Student,ID,SIS Login ID,Section,LM Playground (12)
    Points Possible,,,,12
"Lovelace, Ada",1,ada,A,
"Hopper, Grace",2,grace,A,3
"""
RUBRIC = {
    "format_version": 1,
    "points": {"2.2a": 8},
    "drop_lowest": 1,
    "late": {"percent_per_day": 10, "days": {"ada": 1}},
    "bonus": {"at_most": 5},
    "messages": {"show": "titles"},
}
_DETAILS = (
    (r"<style>.*?</style>", "<style>…</style>"),
    (r"<script>.*?</script>", "<script>…</script>"),
    (r"sha256-[^']+", "sha256-…"),
)


def a_class() -> RunResult:
    """Somebody who is nearly done, somebody who means harm, an upload that cannot be read, and a fault of ours."""
    unread = {e.id: ExerciseResult(score=0, max_score=e.points, status=Status.NOT_ATTEMPTED) for e in EXERCISES}
    return RunResult(
        format_version=1,
        kit_version="1.2.3",
        walls=("bubblewrap", "seccomp"),
        missing_walls=("landlock",),
        absent=("zoe",),
        submissions=(
            _student("ada", (Status.PASSED, Status.PASSED), (Status.PASSED,), (Status.PASSED,), seconds=2.5),
            _student(
                "evil",
                (Status.PASSED, Status.FAILED),
                (Status.CRASHED,),
                (Status.NOT_ATTEMPTED,),
                message=EVIL,
                notes=(EVIL,),
            ),
            _student(
                "grace",
                (Status.TIMED_OUT, Status.SKIPPED),
                (Status.KIT_ERROR,),
                (Status.NOT_ATTEMPTED,),
                message="your code was still running after 20 s",
            ),
            SubmissionResult(
                id="omar",
                source="omar.ipynb",
                sha256="d",
                proven=True,
                score=0,
                max_score=12,
                bonus=0,
                seconds=0.0,
                is_rejected=True,
                notes=("Not graded: the file ends too early",),
                exercises=unread,
            ),
        ),
    )


def goldens() -> dict[str, str]:
    """The text of each file, by name."""
    whole = a_class()
    request = Request(
        exercises=EXERCISES,
        graded_at=datetime(2026, 5, 4, 12, tzinfo=UTC),
        template=TEMPLATE.encode(),
        template_name="grades.csv",
    )
    weighed = rescored(whole, msgspec.convert(RUBRIC, Rubric), EXERCISES)
    files = {
        f"{name}/{path}": content
        for name, one in FORMATS.items()
        for path, content in one.of(whole, request).files.items()
    }
    remarks = [f"{name}: {remark}\n" for name, one in FORMATS.items() for remark in one.of(whole, request).remarks]
    return {
        **dict(_readable(name, content) for name, content in files.items()),
        "remarks.txt": "".join(remarks),
        "report.html": _without_details(class_page(whole, EXERCISES)),
        **{f"feedback/{one.id}.html": _without_details(student_page(one, EXERCISES)) for one in whole.submissions},
        "rescored.json": to_json(for_students(weighed, msgspec.convert(RUBRIC, Rubric).messages)).decode(),
        "terminal/show.txt": _printed(show(whole.submissions[1], EXERCISES)),
        "terminal/diff.txt": _printed(diff.view(difference(whole, weighed), everything=True)),
    }


def _student(
    id_: str, *statuses: tuple[Status, ...], message: str = "", notes: tuple[str, ...] = (), seconds: float = 1.0
) -> SubmissionResult:
    found = {}
    for exercise, ended in zip(EXERCISES, statuses, strict=True):
        worth = exercise.points // len(ended)
        checks = tuple(
            CheckResult(
                name=f"test_{i}",
                title=f"Title {i} of {exercise.id}",
                status=status,
                points=worth * (status is Status.PASSED),
                max_points=worth,
                message="" if status is Status.PASSED else message,
            )
            for i, status in enumerate(ended)
        )
        score = sum(check.points for check in checks)
        whole = Status.PASSED if score == exercise.points else Status.PARTIAL if score else ended[0]
        line = 2 if whole is Status.CRASHED else None
        code = (
            (JudgedCode(where="cell 4", source=f"{exercise.file} = [\n    {message!r}]", line=line),)
            if whole is not Status.NOT_ATTEMPTED
            else ()
        )
        found[exercise.id] = ExerciseResult(
            score=score, max_score=exercise.points, status=whole, checks=checks, code=code
        )
    return SubmissionResult(
        id=id_,
        source=f"{id_}.ipynb",
        sha256="a",
        proven=id_ != "evil",
        score=found["1.1"].score + found["2.2a"].score,
        max_score=12,
        bonus=found["bpe"].score,
        seconds=seconds,
        student_seconds=seconds / 2,
        notes=notes,
        exercises=found,
    )


def _readable(name: str, content: bytes) -> tuple[str, str]:
    """Base64 as what it says, JSON with line breaks."""
    if name.endswith(".b64"):
        name, content = name.removesuffix(".b64") + ".json", base64.b64decode(content)
    if name.endswith(".json"):
        content = msgspec.json.format(content, indent=2) + b"\n"
    return name, content.decode()


def _without_details(page: str) -> str:
    """Without the looks and the script, which are not what a diff of the words is about."""
    for pattern, short in _DETAILS:
        page = re.sub(pattern, short, page, flags=re.DOTALL)
    return page


def _printed(view: RenderableType) -> str:
    console = Console(file=io.StringIO(), width=100, force_terminal=False, legacy_windows=False)
    console.print(view)
    assert isinstance(console.file, io.StringIO)
    return "".join(line.rstrip() + "\n" for line in console.file.getvalue().splitlines())


def main() -> None:
    """Writes the goldens."""
    with tempfile.TemporaryDirectory() as work:  # so that a fault half way leaves the old ones
        for name, text in goldens().items():
            path = Path(work, "golden", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        shutil.rmtree(FOLDER, ignore_errors=True)
        shutil.copytree(Path(work, "golden"), FOLDER)


if __name__ == "__main__":
    main()
