"""The way of a submission: intake, run, check, score, store, report. Read this first.

A worker (`grader.run.worker`) takes in, runs, checks and scores one submission, beside other workers. This side reads
bytes and gets verdicts back.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from difflib import get_close_matches
from pathlib import Path
from tempfile import gettempdir

import msgspec

import grader
from grader.catalog import Catalog
from grader.command_line.extras import TO_REPORT, require
from grader.errors import CatalogError, IntakeError, KitError
from grader.intake.collect import find
from grader.intake.nothing import nothing_to_grade
from grader.intake.read import read_upload
from grader.intake.upload import Found, Upload
from grader.model import RunResult, Struct, SubmissionResult
from grader.offline.cache import models_folder
from grader.project import project_catalog, project_root
from grader.results.folder import SECRET, Joined, alone, check_course, class_in, joined, remove_pages
from grader.results.report.gradebook import write_csv
from grader.results.report.pages import write_html
from grader.results.report.results import write_results_json
from grader.run import cluster
from grader.run.faults import doubts_in, faults_in, touched
from grader.run.judge import suite_hash
from grader.run.pool import grade_all
from grader.run.roster import Student, attribute, read_roster, still_absent
from grader.run.store import Store, resume_key
from grader.run.worker import Graded, Settings, in_a_line, kit_error_result
from grader.wall.available import AvailableWalls, can_run_in_parallel, find_walls


class Options(Struct, frozen=True, kw_only=True):
    """What `playground grade` was asked for."""

    paths: tuple[Path, ...]
    out: Path
    jobs: int = 1
    dask: str = ""
    """The address of a Dask scheduler, or `local`; processes of this machine when empty."""
    resume: bool = True
    exercises: tuple[str, ...] = ()
    """Ids to grade; all when empty."""
    students: tuple[str, ...] = ()
    """Ids of submissions to grade; all when empty. Of the others the verdicts that are kept are shown."""
    roster: Path | None = None
    """A CSV file with the class."""
    sandboxed: bool = True
    only_these: bool = False
    """Whether reports show this run alone, and not the class that the folder holds."""


Progress = Callable[[int, int, SubmissionResult], None]
"""Called with (done, total, verdict) the moment a verdict is there."""


class Outcome(Struct, frozen=True, kw_only=True):
    """A finished run."""

    run: RunResult
    """The class, with what it held before."""
    notes: tuple[str, ...]
    fresh: int
    """How many were graded now; the others were in the store."""
    walls: tuple[str, ...]
    """Those of this run."""
    faults: tuple[str, ...]
    """What of the kit failed and left verdicts out: a line for each cause."""
    missing: dict[str, str]
    """Walls that do not stand on this system, and what is in the way."""
    unreadable: dict[str, str]
    """Ids of what was handed in now and cannot be read, with the reason."""
    is_empty: bool
    """Whether nothing that was handed in now can be read."""


def grade(options: Options, progress: Progress | None = None) -> Outcome:
    """Grades submissions and writes every file of the results folder.

    Args:
        options: what to grade and where results go.
        progress: told of each submission.

    Raises:
        KitError: nothing can be graded; what was graded before is kept in the store.
    """
    require("grade", *TO_REPORT)
    if options.dask:
        require("dask", *cluster.needed(options.dask))
    roster = read_roster(options.roster) if options.roster else []
    root = project_root()
    catalog = project_catalog(root)
    held = class_in(options.out)
    if held and not options.only_these:
        check_course(options.out, held, catalog.ids)
    with unpack_folder() as room:
        intake = _intake(options, roster, room, None if options.only_these else held)
        del held  # read again when it is needed: verdicts of a large class take room
        available = find_walls(models_folder()) if options.sandboxed else AvailableWalls(walls=())
        settings = _settings(options, root, catalog, available)
        with Store(options.out / "results.db") as store:
            run = _Run(options, settings, store, intake.found, progress or (lambda *_: None))
            run.grade_all(options.jobs if can_run_in_parallel(available.walls) else 1)
            with store.alone():  # so that of two runs into one folder each adds to what the other has written
                whole = _joined(options, run, intake, available, catalog)
                write_results_json(options.out, whole.run)
    _write_pages(options.out, whole.run, catalog)
    remove_pages(options.out, whole.left)
    unreadable = {id_: one.notes[0] for id_, one in run.done.items() if one.is_rejected}
    return Outcome(
        run=whole.run,
        notes=(*intake.notes, *run.notes(), *whole.notes, *run.left_out(whole.run)),
        fresh=run.fresh,
        faults=tuple(faults_in(whole.run.submissions)),
        walls=available.walls,
        missing=dict(available.missing),
        unreadable=unreadable,
        is_empty=unreadable.keys() >= set(options.students or run.done),
    )


@contextmanager
def unpack_folder() -> Iterator[Path]:
    """Where a class may be unpacked: a folder that is made when one is, and that is gone afterwards."""
    path = Path(gettempdir(), f"class-{secrets.token_hex(8)}")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


class _Intake(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed in now."""

    found: list[Found]
    given: frozenset[str]
    """Ids in the paths, also of what does not count since its student has something later."""
    absent: list[str]
    """Of the roster, those without a submission."""
    notes: list[str]
    """What was passed over."""


def _intake(options: Options, roster: Sequence[Student], room: Path, held: RunResult | None) -> _Intake:
    """The submissions, who of the roster has none, and notes on what was passed over."""
    found, notes = find(options.paths, room)
    nothing = nothing_to_grade(options.paths, found, notes)
    if nothing:
        raise IntakeError(nothing)
    given = frozenset(one.id for one in found)
    absent = list(held.absent) if held else []
    if roster:
        found, absent = attribute(found, roster, notes, [one.id for one in held.submissions] if held else [])
    elif absent:
        notes.append("who has handed in nothing is told by the roster of an earlier run; give --roster to tell it anew")
    ids = [one.id for one in found]
    for name in options.students:
        if name not in ids:
            close = get_close_matches(name, ids, n=1)
            raise KitError(f"no submission {name!r} in these paths" + (f"; did you mean {close[0]}?" if close else ""))
    return _Intake(found=found, given=given, absent=absent, notes=notes)


def _joined(options: Options, run: "_Run", intake: _Intake, available: AvailableWalls, catalog: Catalog) -> Joined:
    """The class that the folder holds at this moment, with the run added."""
    new = RunResult(
        format_version=1,
        kit_version=grader.__version__,
        walls=available.walls,
        missing_walls=tuple(available.missing),
        absent=tuple(intake.absent),
        submissions=tuple(run.done[one.id] for one in intake.found if one.id in run.done),
    )
    held = class_in(options.out)
    if held is None or options.only_these:
        return alone(held, new)
    dropped = intake.given - {one.id for one in intake.found}
    whole = joined(held, new, catalog.exercise, given=intake.given, dropped=dropped)
    absent = still_absent(intake.absent, [one.id for one in whole.run.submissions])
    return msgspec.structs.replace(whole, run=msgspec.structs.replace(whole.run, absent=tuple(absent)))


class _Run:
    """Takes verdicts from the store or from workers, and keeps new ones at once."""

    def __init__(
        self, options: Options, settings: Settings, store: Store, found: Sequence[Found], progress: Progress
    ) -> None:
        self.done: dict[str, SubmissionResult] = {}
        self.fresh = 0
        """How many were graded now."""
        self.faults: dict[str, list[str]] = {}
        """What of the kit failed at the first try, and whom it touched."""
        self.not_asked: dict[str, str] = {}
        """What nobody asked for and has no verdict yet: the id and the hash of each."""
        self._options, self._settings, self._store, self._found = options, settings, store, found
        self._progress = progress
        suite = suite_hash(Path(settings.suites))
        self._judged_by = f"{grader.__version__}+{suite[:12]}"
        self._name_of = _namer(settings, suite)

    def grade_all(self, jobs: int) -> None:
        """Fills `done`."""
        with closing(self._hand_out(jobs)) as verdicts:
            for upload, graded in verdicts:
                self._keep(upload, graded)

    def notes(self) -> list[str]:
        """What whoever grades should know of faults that cost no verdict, and of checks that could not judge."""
        twice = (f"graded twice, {cause} ended the first try of {touched(ids)}" for cause, ids in self.faults.items())
        return [*twice, *doubts_in(self.done.values())]

    def _hand_out(self, jobs: int) -> Generator[tuple[Upload, Graded]]:
        if self._options.dask:
            return cluster.grade_all(self._to_grade(), self._settings, self._options.dask, jobs)
        return grade_all(self._to_grade(), self._settings, jobs)

    def _keep(self, upload: Upload, graded: Graded) -> None:
        exercises = [self._settings.catalog.get(exercise_id) for exercise_id in self._settings.exercises]
        self.fresh += 1
        if graded.result is not None and graded.problem:
            self.faults.setdefault(graded.problem, []).append(upload.id)
        if graded.result is not None and not graded.result.has_kit_error:  # a fault of ours is tried again
            self._store.save(self._name_of(upload), graded.result)
        self._take(
            upload,
            graded.result or kit_error_result(upload, exercises, graded.problem or "", proven=self._settings.proven),
        )

    def _to_grade(self) -> Iterator[Upload]:
        for one in self._found:
            is_wanted = not self._options.students or one.id in self._options.students
            try:
                upload = read_upload(one)
            except Exception as error:  # noqa: BLE001 - a border: whatever is odd about these files, the class goes on
                nothing = Upload(id=one.id, source=one.source, sha256="", kind=one.kind)
                self._keep(nothing, Graded(problem=in_a_line(error)))
                continue
            kept = self._store.load(self._name_of(upload)) if self._options.resume or not is_wanted else None
            if kept is not None:
                self._take(upload, kept)
            elif is_wanted:
                yield upload
            else:
                self.not_asked[one.id] = upload.sha256

    def _take(self, upload: Upload, result: SubmissionResult) -> None:
        result = msgspec.structs.replace(result, judged_by=self._judged_by)
        self.done[upload.id] = result
        self._progress(len(self.done), len(self._found) - len(self.not_asked), result)

    def left_out(self, whole: RunResult) -> list[str]:
        """Notes on submissions that nobody asked for and whose verdict the class does not have."""
        hashes = {one.id: one.sha256 for one in whole.submissions}
        missing = sum(id_ not in hashes for id_ in self.not_asked)
        older = sum(hashes.get(id_, sha256) != sha256 for id_, sha256 in self.not_asked.items())
        words = {
            f"{missing} more submissions have no verdict yet": missing,
            f"{older} more submissions were changed since they were graded": older,
        }
        return [f"{what}; grade without --student to get them all" for what, count in words.items() if count]


def write_reports(out: Path, run: RunResult, catalog: Catalog) -> None:
    """Writes results.json, results.csv, report.html and the students' pages."""
    write_results_json(out, run)
    _write_pages(out, run, catalog)


def _write_pages(out: Path, run: RunResult, catalog: Catalog) -> None:
    write_csv(out, run)
    write_html(out, run, catalog.exercise)


def _settings(options: Options, root: Path, catalog: Catalog, available: AvailableWalls) -> Settings:
    suites = root / "tests" / "hidden"
    if not suites.is_dir():
        raise CatalogError(f"{suites}: not found; the hidden checks are in the instructor's checkout only")
    return Settings(
        catalog=catalog,
        exercises=tuple(e for e in catalog.ids if e in {catalog.get(x).id for x in options.exercises or catalog.ids}),
        suites=str(suites),
        models=str(models_folder()),
        secret=_class_secret(options.out),
        walls=available.walls,
    )


def _class_secret(out: Path) -> bytes:
    """What hidden inputs are drawn from: made once for a results folder, so that its verdicts can be repeated."""
    path = out / SECRET
    out.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
    return path.read_bytes()


def _namer(settings: Settings, suite: str) -> Callable[[Upload], str]:
    seed = hashlib.sha256(settings.secret).hexdigest()

    def name(upload: Upload) -> str:
        return resume_key(
            submission_id=upload.id,
            sha256=upload.sha256,
            suite=suite,
            kit_version=grader.__version__,
            models=Path(settings.models).name,
            exercises=settings.exercises,
            limits=settings.catalog,
            seed=seed,
            walls=settings.walls,
            proven=settings.proven,
        )

    return name
