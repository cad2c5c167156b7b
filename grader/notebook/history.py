"""From what was run in a notebook to the cells that one exercise needs.

A kernel remembers every version of every cell, in the order in which they ran. For each exercise the latest version
counts. Of the rest, only cells that define a name in use come along: helpers, imports, answers of earlier exercises.
"""

import json
import re
from collections.abc import Sequence

from grader.catalog import Catalog
from grader.intake.blank import statements
from grader.intake.code import read_code
from grader.intake.local import parse_arguments
from grader.intake.parse import parse
from grader.intake.receive import submission_from
from grader.intake.upload import Upload
from grader.model import Submission

_LONGEST = 1_000
"""Cells that ran longer ago than this many others are forgotten."""
_OURS = re.compile(r"\A\s*(?:#[^\n]*\n\s*)*(?:check|picture)\(|\bgrader\.(?:notebook|offline|pictures)\b")
"""Check cells, picture cells and the setup cell."""


def read_history(history: Sequence[str], catalog: Catalog) -> Submission:
    """The executed cells as a submission, read the way the grader reads a notebook.

    An exercise's cell is known by its first line (`# 1.1 Word-level tokenization`), or by what it still has of the cell
    as it was shipped. For other cells the names that they define decide, as for any upload.

    Args:
        history: the source of every executed cell, the latest last.
        catalog: the exercises.
    """
    latest: dict[str, dict[str, object]] = {}
    for source in history[-_LONGEST:]:
        if not source.strip() or _OURS.search(source):
            continue
        exercise_id = exercise_of(source, catalog)
        key = exercise_id or " ".join(sorted(_own_names(source))) or source
        latest.pop(key, None)  # the latest version takes the latest place, too
        mark = {"lm_playground": {"exercise": exercise_id, "role": "exercise"}} if exercise_id else {}
        latest[key] = {"cell_type": "code", "source": source, "metadata": mark}
    content = json.dumps({"cells": list(latest.values()), "nbformat": 4, "nbformat_minor": 5}).encode()
    upload = Upload(id="notebook", source="this notebook", sha256="", kind="notebook")
    return submission_from(upload, parse("notebook", {"notebook.ipynb": content}, **parse_arguments(catalog)))


def exercise_of(source: str, catalog: Catalog) -> str:
    """The exercise whose cell this is, by its first line or by more than half of the shipped code; else empty."""
    first = next(iter(source.strip().splitlines()), "").casefold()
    for exercise in catalog.exercise:
        if first.startswith(f"# {exercise.id} {exercise.title}".casefold()):
            return exercise.id
    code = statements(source)
    kept = {}
    for exercise in catalog.exercise:
        stub = statements(exercise.stub)
        if code and stub and 2 * (code & stub).total() > stub.total():
            kept[exercise.id] = (code & stub).total() / stub.total()
    return max(kept, key=kept.__getitem__) if kept else ""


def _own_names(source: str) -> frozenset[str]:
    """The names that a cell defines, without its imports."""
    code = read_code(source)
    return code.binds - code.imports if code else frozenset()
