"""Composes a small class of submissions and grades it: what the kit does, in one command."""

import argparse
import io
import json
import os
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.cli import main as playground
from grader.command_line.arguments import folder_to_write
from grader.command_line.border import command
from grader.errors import KitError
from tools.build import NOTEBOOK, Course, read_course
from tools.course_notebook import course_notebook
from tools.demo_class import PEOPLE, Person
from tools.notebook import render_notebook

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold: the same class is the same bytes on every day."""
_EXAMPLES = """\
examples:
  python -m tools.demo --out build/demo             compose the class, grade it, say where the report is
  python -m tools.demo --out build/demo --no-grade  only write the submissions
"""


@command("demo")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit code of `playground grade`."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.demo",
        description="Compose a small class of submissions and grade it.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=folder_to_write, default="build/demo", metavar="DIR", help="default: build/demo")
    parser.add_argument(
        "--jobs",
        type=int,
        default=min(4, os.cpu_count() or 1),
        metavar="N",
        help="submissions graded side by side (default: one for each core, at most 4)",
    )
    parser.add_argument("--no-grade", action="store_true", help="only write the submissions")
    options = parser.parse_args(argv)
    submissions, results = options.out / "submissions", options.out / "results"
    compose(submissions, read_course())
    print(_cast())
    command = ["grade", str(submissions), "--out", str(results), "--jobs", str(options.jobs)]
    print(f"\n$ playground {' '.join(command)}", flush=True)
    return 0 if options.no_grade else playground(command)


def compose(folder: Path, course: Course) -> None:
    """Writes the submissions of the demo class.

    Raises:
        KitError: there are other submissions in the folder, which grading would mix up with these.
    """
    files = {name: content for person in PEOPLE for name, content in submission(person, course).items()}
    ours = {name.partition("/")[0] for name in files}
    strangers = sorted({path.name for path in folder.iterdir()} - ours) if folder.is_dir() else []
    if strangers:
        raise KitError(f"{folder / strangers[0]}: not of the demo; choose another --out folder")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def submission(person: Person, course: Course) -> dict[str, bytes]:
    """The files of one submission by their path, in the form that the person chose."""
    answers = person.answers({exercise_id: source.solution for exercise_id, source in course.sources.items()})
    name = person.name
    match person.form:
        case "modules":
            return {f"{name}/{file}": content for file, content in _modules(answers, course).items()}
        case "zipped modules":
            return {f"{name}.zip": _zipped(_modules(answers, course))}
        case "notebook":
            return {f"{name}.ipynb": _notebook(answers, course)}
        case "zipped notebook":
            return {f"{name}.zip": _zipped({NOTEBOOK: _notebook(answers, course)})}
        case "course notebook":
            return {f"{name}.ipynb": _json(course_notebook(answers, course))}
        case "half a file":
            content = _notebook(answers, course)
            return {f"{name}.ipynb": content[: len(content) // 2]}


def _modules(answers: Mapping[str, str], course: Course) -> dict[str, bytes]:
    """The whole exercises folder, as a student has it: what is not answered is the stub."""
    return {
        source.exercise.file: (answers.get(exercise_id, source.stub) + "\n").encode()
        for exercise_id, source in course.sources.items()
    }


def _notebook(answers: Mapping[str, str], course: Course) -> bytes:
    cells = {exercise_id: source.stub for exercise_id, source in course.sources.items()}
    return render_notebook(course.pieces, {**cells, **answers}, course.demos).encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(f"exercises/{name}", _LONG_AGO), content, zipfile.ZIP_STORED)
    return buffer.getvalue()


def _json(notebook: Mapping[str, object]) -> bytes:
    return json.dumps(notebook, indent=1, ensure_ascii=False).encode()


def _cast() -> str:
    """Who is in the class."""
    rows = [f"  {person.name:<8} {person.form:<15}  {person.story}" for person in PEOPLE]
    return "\n".join([f"A class of {len(PEOPLE)}:", *rows])


if __name__ == "__main__":
    sys.exit(main())
