"""From a path to a Submission: one person's own files are read here, what they mean by `grader.intake.parse`."""

from pathlib import Path
from typing import Any

import msgspec

from grader.catalog import Catalog
from grader.errors import IntakeError
from grader.intake.listing import kind_of
from grader.intake.naming import safe_id
from grader.intake.parse import parse
from grader.intake.read import read_upload
from grader.intake.receive import submission_from
from grader.intake.upload import Found
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
        "other_editions": msgspec.to_builtins(catalog.other_edition),
    }


def read_here(path: Path, catalog: Catalog) -> Submission:
    """One submission, parsed in this process: for people who read their own files.

    Whatever lies there is theirs: a folder is never a class, and a file is read as a notebook unless its name says that
    it is a zip or a module.

    Raises:
        IntakeError: there is nothing that can be read as a submission.
    """
    place = path.expanduser().resolve()
    if not place.exists():
        raise IntakeError(f"{path}: no such file or folder; check the path")
    kind = "folder" if place.is_dir() else kind_of(place) or "notebook"
    upload = read_upload(Found(id=safe_id(place.name), path=place, kind=kind))
    if upload.rejected:
        raise IntakeError(f"{path}: {upload.rejected}")
    parsed = parse(upload.kind, dict(upload.files), **parse_arguments(catalog))
    submission = submission_from(upload, parsed)
    if submission.rejected:
        raise IntakeError(f"{path}: {submission.rejected}")
    return submission
