"""The way of a submission: intake, run, check, score, store, report. Read this first.

Intake and run and check and score of one submission happen in a worker (`grader.worker`), beside other workers; what
is read here are bytes, what comes back are verdicts.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

import grader
from grader.catalog import Catalog
from grader.errors import CatalogError, KitError
from grader.intake.collect import find
from grader.intake.read import read_upload
from grader.intake.upload import Upload
from grader.judge import suite_hash
from grader.model import Exercise, RunResult, Struct, SubmissionResult
from grader.offline.cache import models_folder
from grader.pool import grade_all
from grader.project import project_catalog, project_root
from grader.report.gradebook import write_csv
from grader.report.pages import write_html
from grader.report.results import write_results_json
from grader.score import has_kit_error
from grader.standing import Standing, find_walls, parts_users
from grader.store import Store, resume_key
from grader.worker import Settings, kit_error_result


class Options(Struct, frozen=True, kw_only=True):
    """What `playground grade` was asked for."""

    paths: tuple[Path, ...]
    out: Path
    jobs: int = 1
    resume: bool = True
    exercises: tuple[str, ...] = ()
    """Ids to grade; all when empty."""
    sandboxed: bool = True


class Outcome(Struct, frozen=True, kw_only=True):
    """A finished run."""

    run: RunResult
    notes: tuple[str, ...]
    fresh: int
    """How many were graded now; the others were in the store."""
    missing: dict[str, str] = msgspec.field(default_factory=dict)
    """Walls that do not stand on this system, and what is in the way."""


def grade(options: Options, progress: Callable[[int, int], None] | None = None) -> Outcome:
    """Grades submissions and writes every file of the results folder.

    Args:
        options: what to grade and where results go.
        progress: called with (done, total) after each submission.

    Raises:
        KitError: nothing can be graded; what was graded before is kept in the store.
    """
    progress = progress or (lambda *_: None)
    root = project_root()
    catalog = project_catalog(root)
    standing = find_walls(models_folder()) if options.sandboxed else Standing(walls=())
    settings = _settings(options, root, catalog, standing)
    found, notes = find(options.paths)
    if not found:
        raise KitError("no submission in these paths; one is a notebook, a zip, or a folder with ex_*.py files")
    done: dict[str, SubmissionResult] = {}
    jobs = options.jobs if parts_users(standing.walls) else 1
    with Store(options.out / "results.db") as store:
        name_of = _namer(settings)

        def to_grade() -> Iterator[Upload]:
            for one in found:
                upload = read_upload(one)
                kept = store.load(name_of(upload)) if options.resume else None
                if kept is None:
                    yield upload
                else:
                    done[upload.id] = kept
                    progress(len(done), len(found))

        fresh = 0
        for upload, graded in grade_all(to_grade(), settings, jobs):
            fresh += 1
            if graded.result is not None and not has_kit_error(graded.result):  # a fault of ours is tried again
                store.save(name_of(upload), graded.result)
            done[upload.id] = graded.result or kit_error_result(
                upload, _chosen(catalog, settings), graded.problem or "", proven=settings.proven
            )
            progress(len(done), len(found))
    run = RunResult(
        format_version=1,
        kit_version=grader.__version__,
        walls=standing.walls,
        missing_walls=tuple(standing.missing),
        submissions=tuple(done[one.id] for one in found),
    )
    write_reports(options.out, run, catalog)
    return Outcome(run=run, notes=tuple(notes), fresh=fresh, missing=dict(standing.missing))


def write_reports(out: Path, run: RunResult, catalog: Catalog) -> None:
    """Writes results.json, results.csv, report.html and the students' pages."""
    write_results_json(out, run)
    write_csv(out, run)
    write_html(out, run, catalog.exercise)


def _settings(options: Options, root: Path, catalog: Catalog, standing: Standing) -> Settings:
    suites = root / "tests" / "hidden"
    if not suites.is_dir():
        raise CatalogError(f"{suites}: not found; the hidden checks are in the instructor's checkout only")
    return Settings(
        catalog=catalog,
        exercises=tuple(e for e in catalog.ids if e in {catalog.get(x).id for x in options.exercises or catalog.ids}),
        suites=str(suites),
        models=str(models_folder()),
        secret=_class_secret(options.out),
        walls=standing.walls,
    )


def _chosen(catalog: Catalog, settings: Settings) -> list[Exercise]:
    return [catalog.get(exercise_id) for exercise_id in settings.exercises]


def _class_secret(out: Path) -> bytes:
    """What hidden inputs are drawn from: made once for a results folder, so that its verdicts can be repeated."""
    path = out / "secret.key"
    out.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
    return path.read_bytes()


def _namer(settings: Settings) -> Callable[[Upload], str]:
    suite, seed = suite_hash(Path(settings.suites)), hashlib.sha256(settings.secret).hexdigest()

    def name(upload: Upload) -> str:
        return resume_key(
            submission_id=upload.id, sha256=upload.sha256, suite=suite, kit_version=grader.__version__,
            models=Path(settings.models).name, exercises=settings.exercises, limits=settings.catalog, seed=seed,
            walls=settings.walls, proven=settings.proven,
        )  # fmt: skip

    return name


