"""The submissions of the benchmark: full right answers, each a little different, in the forms that graders take."""

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from tools.build import Course

_START = "import torch\nfrom tools.bench.kernel import check\ncheck.watch(get_ipython())"
"""The course's first cell imports torch, which 2.1 counts on."""
Submission = Mapping[str, str]
"""The code of each exercise by its id, in the order of the course."""


def right_answers(course: Course, count: int, seed: int = 0) -> dict[str, Submission]:
    """So many submissions by name, each with right answers to the exercises of the course's notebook.

    They differ in a comment, so that no grader takes one for another.
    """
    solutions = {e: source.solution for e, source in course.sources.items() if source.exercise.course_cell}
    names = [f"s{number:04}" for number in range(1, count + 1)]
    rng = random.Random(seed)
    return {name: {e: f"{code}\n# {name} {rng.getrandbits(32):08x}" for e, code in solutions.items()} for name in names}


def write_cells(submission: Submission, path: Path) -> None:
    """Writes what `read_cells` reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(dict(submission)), encoding="utf-8")


def read_cells(path: Path) -> dict[str, str]:
    """The code of each exercise."""
    cells: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return cells


def write_notebook(submission: Submission, course: Course, path: Path) -> None:
    """Writes it as a notebook of the course, with nothing but the exercises in it."""
    cells = [_exercise_cell(exercise_id, code, course) for exercise_id, code in submission.items()]
    _write(cells, path)


def write_checked_notebook(submission: Submission, course: Course, path: Path, *, nbgrader: bool) -> None:
    """Writes it with a cell of checks behind each exercise, for graders that run notebooks."""
    cells = [_test_cell("start", _START, nbgrader=nbgrader)]
    for exercise_id, code in submission.items():
        cells.append(_exercise_cell(exercise_id, code, course))
        cells.append(_test_cell(f"check_{exercise_id}", f"check({exercise_id!r})", nbgrader=nbgrader))
    _write(cells, path)


def _exercise_cell(exercise_id: str, code: str, course: Course) -> nbformat.NotebookNode:
    return new_code_cell(code, id=course.sources[exercise_id].exercise.course_cell)


def _test_cell(name: str, source: str, *, nbgrader: bool) -> nbformat.NotebookNode:
    marks: dict[str, Any] = {
        "grade": True,
        "locked": True,
        "solution": False,
        "task": False,
        "points": 1,
        "schema_version": 3,
        "grade_id": name.replace(".", "_"),
    }
    cell = new_code_cell(source, id=name.replace(".", "_"))
    cell.metadata = nbformat.from_dict({"nbgrader": marks} if nbgrader else {})
    return cell


def _write(cells: list[nbformat.NotebookNode], path: Path) -> None:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells, metadata=kernel), path)
