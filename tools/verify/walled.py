"""The bank through the real grader, behind the walls: nothing may be judged otherwise than in the quick trials."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from grader.catalog import Catalog
from grader.intake.upload import Upload
from grader.model import CheckResult
from grader.offline.cache import models_folder
from grader.run.pool import grade_all
from grader.run.worker import Settings
from grader.wall.available import find_walls
from tools.verify.claims import Claim


def judged_behind_walls(
    root: Path, catalog: Catalog, claims: Sequence[Claim], jobs: int
) -> Iterator[tuple[str, tuple[CheckResult, ...]]]:
    """The name of each answer and the verdicts of its checks, after the solutions of the exercises before it.

    Raises:
        KitError: the walls do not stand on this system.
    """
    solutions = {e.id: (e.file, (root / "solutions" / e.file).read_bytes()) for e in catalog.exercise}
    settings = Settings(
        catalog=catalog,
        exercises=(),
        suites=str(root / "tests" / "hidden"),
        models=str(models_folder()),
        secret=os.urandom(32),
        walls=find_walls(models_folder()).walls,
    )
    for exercise in catalog.exercise:
        before = [solutions[exercise_id] for exercise_id in catalog.ids[: catalog.ids.index(exercise.id)]]
        mine = [claim for claim in claims if claim.exercise == exercise.id]
        uploads = (_upload(claim.name, [*before, (exercise.file, claim.source.encode())]) for claim in mine)
        one = msgspec.structs.replace(settings, exercises=(exercise.id,))
        for upload, graded in grade_all(uploads, one, jobs):
            yield upload.id, graded.result.exercises[exercise.id].checks if graded.result else ()


def _upload(name: str, files: Iterable[tuple[str, bytes]]) -> Upload:
    files = tuple(files)
    digest = hashlib.sha256(b"\0".join(content for _, content in files)).hexdigest()
    return Upload(id=name, source=name, sha256=digest, kind="folder", files=files)
