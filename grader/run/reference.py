"""The kit's own answers as a submission: what tells a fault of the kit from one that a submission provokes."""

from collections.abc import Iterable
from pathlib import Path

from grader.intake.read import read_upload
from grader.intake.upload import Found, Upload
from grader.model import Exercise


def reference_upload(suites: Path, exercises: Iterable[Exercise]) -> Upload | None:
    """The answers of these exercises in solutions/, beside the suites; None where a checkout lacks some of them."""
    folder = suites.parents[1] / "solutions"
    parts = tuple((exercise.file, folder / exercise.file) for exercise in exercises)
    if not all(path.is_file() for _, path in parts):
        return None
    return read_upload(Found(id="reference-answers", path=folder, kind="folder", parts=parts))
