"""The formats by name, and the one way in which their files reach the disk."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from grader.command_line.files import write_whole
from grader.errors import KitError
from grader.model import RunResult, Struct, to_json
from grader.results.exports import canvas, classroom, classroom50, gradescope, junit, nbgrader, prairielearn, text
from grader.results.exports.request import Export, Request
from grader.results.report.files import student_folder
from grader.results.report.gradebook import csv_bytes


class Format(Struct, frozen=True, kw_only=True):
    """One way to write a run."""

    of: Callable[[RunResult, Request], Export]
    about: str
    """A line for `--help`."""


def _json(run: RunResult, _: Request) -> Export:
    return Export(files={"results.json": to_json(run)})


def _csv(run: RunResult, _: Request) -> Export:
    return Export(files={"results.csv": csv_bytes(run)})


FORMATS = {
    "json": Format(of=_json, about="the whole run, docs/results.schema.json is its schema"),
    "csv": Format(of=_csv, about="a row for each student, for spreadsheets"),
    "text": Format(of=text.export, about="feedback as plain text, for each student"),
    "canvas": Format(of=canvas.export, about="the gradebook that Canvas exported (--template), with one column filled"),
    "gradescope": Format(of=gradescope.export, about="results.json of an autograder, for each student"),
    "prairielearn": Format(of=prairielearn.export, about="results.json of an external grader, for each student"),
    "classroom50": Format(of=classroom50.export, about="result/v1 of Classroom 50, for each student"),
    "classroom": Format(of=classroom.export, about="output of the classic autograding action, for each student"),
    "nbgrader": Format(of=nbgrader.export, about="the gradebook CSV of `nbgrader export`"),
    "junit": Format(of=junit.export, about="JUnit XML: a suite for each student, a case for each check"),
}


def write_export(run: RunResult, name: str, request: Request, out: Path, student: str = "") -> tuple[Export, Path]:
    """Writes a run in one format; returns what was written, and the file or folder it is in.

    Args:
        run: what to write.
        name: one of `FORMATS`.
        request: what the format needs to know.
        out: the folder to write into. A path with a suffix is a file instead, for an export that has just one.
        student: the id of the only submission to write; all when empty.

    Raises:
        KitError: an id cannot be a file name, the export has several files and `out` is one, or nothing can be written.
    """
    for result in run.submissions:
        student_folder(out, result.id)  # refuses an id that leads elsewhere
    if student:
        run = msgspec.structs.replace(run, submissions=tuple(one for one in run.submissions if one.id == student))
    export = FORMATS[name].of(run, request)
    if out.suffix and not out.is_dir():
        if len(export.files) != 1:
            raise KitError(f"{out}: {name} writes {len(export.files)} files; give a folder, or one --student")
        write_whole(out, next(iter(export.files.values())))
        return export, out
    for file, content in export.files.items():
        write_whole(out / file, content, within=out, durable=len(export.files) == 1)
    return export, out / next(iter(export.files)) if len(export.files) == 1 else out
