"""Who is timed: the kit, a fresh pytest, nbgrader and otter, as shipped and at their best, and the floor."""

import json
import math
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from grader.errors import KitError
from grader.offline import offline_environment
from grader.offline.cache import models_folder
from grader.project import project_root
from tools.bench.meter import Command, Lane
from tools.bench.submissions import Submission, write_cells, write_checked_notebook, write_notebook
from tools.build import Course

_ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "MKL", "OPENBLAS")}
_T = TypeVar("_T")
_OTTER_TEST = """\
OK_FORMAT = True
test = {{"name": {name!r}, "points": 1, "suites": [{{"type": "doctest", "cases": [
    {{"code": ">>> {name!r} in check.done\\nTrue"}}]}}]}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What all contenders grade, and where."""

    submissions: Mapping[str, Submission]
    course: Course
    folder: Path
    venv: Path
    """The environment of nbgrader and otter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One way to grade."""

    name: str
    title: str
    lanes: Callable[[Work], Sequence[Lane]]
    """Prepares the folder, which is empty, and says what to run in it."""
    check: Callable[[Work], None]
    """Raises KitError where not everybody got full marks: then nothing was measured."""
    of_its_own: bool = False
    """Whether it needs the environment of `--install`."""


def _kit(jobs: int) -> Callable[[Work], Sequence[Lane]]:
    def lanes(work: Work) -> Sequence[Lane]:
        for name, submission in work.submissions.items():
            write_notebook(submission, work.course, work.folder / "class" / f"{name}.ipynb")
        words = ("-m", "grader.cli", "grade", "class", "--out", "results", "--jobs", str(jobs), "--quiet")
        ids = [word for exercise_id in _exercises(work) for word in ("--exercise", exercise_id)]
        return [[Command(argv=(sys.executable, *words, *ids), cwd=work.folder)]]

    return lanes


def _kit_check(work: Work) -> None:
    _must(len(_must_be_full(work.folder / "results")) == len(work.submissions), "the kit left submissions out")


def _must_be_full(results: Path) -> list[Any]:
    """The submissions of a results folder, all with full marks."""
    submissions: list[Any] = json.loads((results / "results.json").read_text(encoding="utf-8"))["submissions"]
    for one in submissions:
        _must(one["score"] == one["max_score"], f"the kit gave {one['id']} {one['score']} of {one['max_score']}")
    return submissions


def _kit_alone(*exercises: str) -> Callable[[Work], Sequence[Lane]]:
    """A command for each submission, as autograders start one in a container each.

    Args:
        *exercises: what is handed in, as modules; a notebook of all exercises when left out.
    """

    def lanes(work: Work) -> Sequence[Lane]:
        commands = []
        for name, submission in work.submissions.items():
            place = work.folder / name
            if not exercises:
                write_notebook(submission, work.course, place / "lm_playground.ipynb")
            for exercise_id in exercises:
                place.mkdir(exist_ok=True)
                module = place / work.course.sources[exercise_id].exercise.file
                module.write_text(submission[exercise_id], encoding="utf-8")
            ids = [word for exercise_id in exercises or _exercises(work) for word in ("--exercise", exercise_id)]
            words = ("-m", "grader.cli", "grade", name, "--out", f"results-{name}", "--quiet", *ids)
            commands.append(Command(argv=(sys.executable, *words), cwd=work.folder))
        return [commands]

    return lanes


def _kit_alone_check(work: Work) -> None:
    for name in work.submissions:
        _must(len(_must_be_full(work.folder / f"results-{name}")) == 1, f"the kit left {name} out")


def _pytest(lanes_at_once: int) -> Callable[[Work], Sequence[Lane]]:
    def lanes(work: Work) -> Sequence[Lane]:
        root = project_root()
        argv = (
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-c",
            "/dev/null",
            "--rootdir",
            str(root),
            "-p",
            "no:cacheprovider",
            "--import-mode=importlib",
            "-p",
            "tools.bench.plain_pytest",
            str(root / "tests" / "hidden"),
        )
        commands = []
        for name, submission in work.submissions.items():
            path = work.folder / f"{name}.json"
            write_cells(submission, path)
            env = {**_environment(lanes_at_once), "BENCH_CELLS": str(path)}
            commands.append(Command(argv=argv, cwd=root, env=env))
        return _dealt(commands, lanes_at_once)

    return lanes


def _nbgrader(lanes_at_once: int) -> Callable[[Work], Sequence[Lane]]:
    def lanes(work: Work) -> Sequence[Lane]:
        lanes = []
        for number, names in enumerate(_dealt(list(work.submissions), lanes_at_once)):
            place = work.folder / f"course{number}"
            model = work.submissions[names[0]]
            write_checked_notebook(model, work.course, place / "source" / "p" / "p.ipynb", nbgrader=True)
            config = "c = get_config()\nc.ExecutePreprocessor.timeout = 600\n"
            (place / "nbgrader_config.py").write_text(config, encoding="utf-8")
            nbgrader, env = str(work.venv / "bin" / "nbgrader"), _environment(lanes_at_once, work.venv)
            _prepare([nbgrader, "generate_assignment", "p", "--create"], place, env)
            for name in names:
                path = place / "submitted" / name / "p" / "p.ipynb"
                write_checked_notebook(work.submissions[name], work.course, path, nbgrader=True)
            lanes.append([Command(argv=(nbgrader, "autograde", "p"), cwd=place, env=env)])
        return lanes

    return lanes


def _nbgrader_check(work: Work) -> None:
    graded = sorted(work.folder.glob("course*/autograded/*/p/p.ipynb"))
    _must(len(graded) == len(work.submissions), "nbgrader left submissions out")
    for path in graded:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        failed = [part for cell in cells for part in cell.get("outputs", ()) if part["output_type"] == "error"]
        _must(not failed, f"nbgrader: {path}: {failed[0]['evalue'][:300] if failed else ''}")


def _otter(lanes_at_once: int) -> Callable[[Work], Sequence[Lane]]:
    def lanes(work: Work) -> Sequence[Lane]:
        with zipfile.ZipFile(work.folder / "autograder.zip", "w") as archive:
            archive.writestr("otter_config.json", "{}")
            for exercise_id in _exercises(work):
                stem = f"q{exercise_id.replace('.', '_')}"
                archive.writestr(f"tests/{stem}.py", _OTTER_TEST.format(name=exercise_id))
        commands = []
        for name, submission in work.submissions.items():
            place = work.folder / name
            write_checked_notebook(submission, work.course, place / "p.ipynb", nbgrader=False)
            otter = str(work.venv / "bin" / "otter")
            argv = (otter, "run", "p.ipynb", "-a", "../autograder.zip", "-o", ".", "--no-logo")
            commands.append(Command(argv=argv, cwd=place, env=_environment(lanes_at_once, work.venv)))
        return _dealt(commands, lanes_at_once)

    return lanes


def _otter_check(work: Work) -> None:
    for name in work.submissions:
        results = json.loads((work.folder / name / "results.json").read_text(encoding="utf-8"))
        scores = [(test["score"], test["max_score"]) for test in results["tests"] if test.get("max_score")]
        full = len(scores) >= len(_exercises(work)) and all(score == most for score, most in scores)
        _must(full, f"otter gave {name} {scores}")


def _floor(work: Work) -> Sequence[Lane]:
    for name, submission in work.submissions.items():
        write_cells(submission, work.folder / f"{name}.json")
    argv = (sys.executable, "-m", "tools.bench.floor", str(work.folder))
    return [[Command(argv=argv, cwd=project_root(), env=_ONE_THREAD)]]


def _nothing_to_check(_: Work) -> None:
    """A check that does not pass ends these with an error."""


CONTENDERS = (
    Contender(name="kit", title="the kit", lanes=_kit(1), check=_kit_check),
    Contender(name="kit-single", title="the kit, a run for each", lanes=_kit_alone(), check=_kit_alone_check),
    Contender(name="kit-light", title="the kit, a run for 1.1 alone", lanes=_kit_alone("1.1"), check=_kit_alone_check),
    Contender(name="kit-2", title="the kit, --jobs 2", lanes=_kit(2), check=_kit_check),
    Contender(name="floor", title="floor: one warm process, no walls", lanes=_floor, check=_nothing_to_check),
    Contender(name="pytest", title="a fresh pytest for each", lanes=_pytest(1), check=_nothing_to_check),
    Contender(name="pytest-2", title="… two at once, one thread each", lanes=_pytest(2), check=_nothing_to_check),
    Contender(name="nbgrader", title="nbgrader autograde", lanes=_nbgrader(1), check=_nbgrader_check, of_its_own=True),
    Contender(
        name="nbgrader-2",
        title="… two at once, one thread each",
        lanes=_nbgrader(2),
        check=_nbgrader_check,
        of_its_own=True,
    ),
    Contender(name="otter", title="otter run", lanes=_otter(1), check=_otter_check, of_its_own=True),
    Contender(
        name="otter-2", title="… two at once, one thread each", lanes=_otter(2), check=_otter_check, of_its_own=True
    ),
)
"""In the order of the table. One at a time with the libraries' own threads is how they are shipped."""


def install(venv: Path) -> None:
    """Makes the environment of nbgrader and otter; torch and what else submissions need is taken from this one.

    Raises:
        KitError: it cannot be installed.
    """
    _prepare([sys.executable, "-m", "venv", str(venv)], project_root())
    python, packages = str(venv / "bin" / "python"), ("nbgrader", "otter-grader", "ipykernel")
    _prepare([python, "-m", "pip", "install", *packages], project_root())
    for folder in (venv / "lib").glob("python3*/site-packages"):
        ours = [path for path in sys.path if path.endswith("site-packages")]
        (folder / "beside.pth").write_text("\n".join([*ours, str(project_root())]) + "\n", encoding="utf-8")


def fresh(folder: Path) -> Path:
    """The folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _environment(lanes_at_once: int, venv: Path | None = None) -> dict[str, str]:
    # nbgrader starts alembic by its name.
    place = {"PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}"} if venv else {}
    return offline_environment(models_folder()) | place | (_ONE_THREAD if lanes_at_once > 1 else {})


def _exercises(work: Work) -> list[str]:
    return list(next(iter(work.submissions.values())))


def _dealt(items: Sequence[_T], lanes: int) -> list[Sequence[_T]]:
    size = math.ceil(len(items) / lanes)
    return [items[start : start + size] for start in range(0, len(items), size)]


def _prepare(argv: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(
        argv, cwd=cwd, env={**os.environ, **(env or {})}, check=False, capture_output=True, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise KitError(f"{' '.join(argv)} failed:\n{(done.stderr or done.stdout).decode(errors='replace')[-1500:]}")


def _must(is_so: bool, else_say: str) -> None:
    if not is_so:
        raise KitError(else_say)
