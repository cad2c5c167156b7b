"""From a path to a Submission: bytes are collected here, what they mean is read by `grader.intake.parse`."""

from pathlib import Path
from typing import Any

import msgspec

from grader.catalog import Catalog
from grader.errors import IntakeError
from grader.intake.collect import collect
from grader.intake.parse import parse
from grader.intake.receive import submission_from
from grader.model import Submission

PARSE_FIELDS = ("id", "file", "course_cell", "heading", "answers", "title")


def parse_arguments(catalog: Catalog) -> dict[str, Any]:
    """What `parse` needs to know of the catalogue, as plain data."""
    exercises = [{name: msgspec.to_builtins(getattr(e, name)) for name in PARSE_FIELDS} for e in catalog.exercise]
    return {
        "exercises": exercises,
        "stubs": {e.id: e.stub for e in catalog.exercise},
        "demo_cells": list(catalog.demo_cells),
        "demo_names": list(catalog.demo_names),
    }


def read_here(path: Path, catalog: Catalog) -> Submission:
    """One submission, parsed in this process: for people who read their own files.

    Raises:
        IntakeError: there is nothing that can be read as a submission.
    """
    uploads, _ = collect([path])
    if len(uploads) != 1:
        raise IntakeError(f"{path}: expected one submission, found {len(uploads)}")
    upload = uploads[0]
    if upload.rejected:
        raise IntakeError(f"{path}: {upload.rejected}")
    parsed = parse(upload.kind, dict(upload.files), **parse_arguments(catalog))
    submission = submission_from(upload, parsed)
    if submission.rejected:
        raise IntakeError(f"{path}: {submission.rejected}")
    return submission
