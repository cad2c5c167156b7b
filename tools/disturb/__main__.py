"""`python -m tools.disturb`: changes right answers in ways that leave them right, and prints what the verdicts say."""

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from grader.command_line.arguments import folder_to_write
from grader.command_line.border import command
from grader.errors import KitError
from grader.project import project_catalog
from tools.build import NOTEBOOK, ROOT, Course, exercise_files, read_course
from tools.course_notebook import course_notebook
from tools.disturb.code import CODE_CHANGES, changed
from tools.disturb.exports import EXPORTS
from tools.disturb.notebooks import HARMLESS, SPELLINGS, as_file, disordered
from tools.verify.claims import read_bank

EXCEPTIONS: Mapping[str, str] = {}
"""Changes that may cost something, with the reason."""
_UNCHANGED = "as it was"
Files = dict[str, bytes]
Name = tuple[str, str]
"""What is changed, and the change."""


@command("disturb")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; 0 when no verdict changed, 1 when one did."""
    options = _parser().parse_args(argv)
    course = read_course()
    works = dict(_whole(course, options.only)) if options.sample is None else dict(_bank(course, options))
    _write(works, options.out / "class")
    _grade(options.out, options.exercise, options.jobs)
    results = json.loads((options.out / "results" / "results.json").read_text(encoding="utf-8"))
    differences = compare(list(works), results)
    _print(differences)
    return 1 if any(differences.values()) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.disturb", description=__doc__.partition(":")[2].strip())
    parser.add_argument("--only", action="append", default=[], metavar="CHANGE", help="this change; may be repeated")
    parser.add_argument("--exercise", action="append", default=[], metavar="ID", help="this exercise; may be repeated")
    parser.add_argument(
        "--sample",
        type=int,
        metavar="N",
        help="in the place of whole notebooks: each right answer of the bank with N changes drawn at random",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="other draws")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="workers (default 2)")
    parser.add_argument(
        "--out", type=folder_to_write, default="build/disturb", metavar="DIR", help="default: build/disturb"
    )
    return parser


def kit_notebook(course: Course, sources: Mapping[str, str]) -> dict[str, Any]:
    """The kit's notebook with these answers."""
    notebook: dict[str, Any] = json.loads(exercise_files(course)[NOTEBOOK])
    for cell in notebook["cells"]:
        mark = cell["metadata"].get("lm_playground", {})
        if mark.get("role") == "exercise" and mark["exercise"] in sources:
            cell["source"] = sources[mark["exercise"]].splitlines(keepends=True)
    return notebook


def disturbed(notebook: dict[str, Any], answers: Mapping[str, str], change: str) -> Files:
    """The files of a submission with one change.

    Args:
        notebook: with the answers in it.
        answers: their sources, by exercise.
        change: its name: of code, of a notebook, of a spelling or of an export.
    """
    if change in CODE_CHANGES:
        news = {source: changed(source, change) for source in answers.values()}
        cells = [cell | {"source": news.get("".join(cell["source"]), cell["source"])} for cell in notebook["cells"]]
        return {"lm_playground.ipynb": as_file(notebook | {"cells": cells})}
    if change in HARMLESS:
        return {"lm_playground.ipynb": as_file(disordered(notebook, change))}
    if change in SPELLINGS:
        return {"lm_playground.ipynb": as_file(notebook, change)}
    if change in EXPORTS:
        return {"lm_playground.py": EXPORTS[change](notebook).encode()}
    if change == "own module beside":
        files = disturbed(notebook, answers, "helpers_written")
        text = json.loads(files["lm_playground.ipynb"])
        text["cells"] = text["cells"][1:]
        return {"lm_playground.ipynb": as_file(text), "my_tools.py": b"def same(value):\n    return value\n"}
    if change == _UNCHANGED:
        return {"lm_playground.ipynb": as_file(notebook)}
    raise KitError(f"no change {change!r}; there is {', '.join(all_changes())}")


def all_changes() -> list[str]:
    """The names of all changes."""
    return [*CODE_CHANGES, *HARMLESS, *SPELLINGS, *EXPORTS, "own module beside"]


def _whole(course: Course, only: Sequence[str]) -> Iterator[tuple[Name, Files]]:
    """Whole right notebooks, the kit's and the course's, each with one change."""
    solutions = {id_: source.solution for id_, source in course.sources.items()}
    of_course = {id_: text for id_, text in solutions.items() if course.sources[id_].exercise.course_cell}
    bases = {
        "kit": (kit_notebook(course, solutions), solutions),
        "course": (course_notebook(of_course, course), of_course),
    }
    for base, (notebook, answers) in bases.items():
        for change in [_UNCHANGED, *(only or all_changes())]:
            yield (base, change), disturbed(notebook, answers, change)


def _bank(course: Course, options: argparse.Namespace) -> Iterator[tuple[Name, Files]]:
    """Each right answer of the bank in a notebook that is blank but for it, with some changes."""
    catalog, rng = project_catalog(ROOT), random.Random(options.seed)
    for claim in read_bank(ROOT / "tests" / "answers", catalog):
        if not claim.is_right or (options.exercise and claim.exercise not in options.exercise):
            continue
        answers = {claim.exercise: claim.source}
        notebook = kit_notebook(course, answers)
        for change in [_UNCHANGED, *rng.sample(options.only or all_changes(), options.sample)]:
            yield (claim.name, change), disturbed(notebook, answers, change)


def _write(works: Mapping[Name, Files], folder: Path) -> None:
    for name, files in works.items():
        place = folder / submission_id(*name)
        place.mkdir(parents=True)
        for file, content in files.items():
            (place / file).write_bytes(content)


def submission_id(base: str, change: str) -> str:
    """The name of a submission."""
    return "--".join("".join(c if c.isalnum() else "-" for c in text) for text in (base, change))


def _grade(out: Path, exercises: Sequence[str], jobs: int) -> None:
    words = ["grade", str(out / "class"), "--out", str(out / "results"), "--jobs", str(jobs)]
    chosen = [word for exercise in exercises for word in ("--exercise", exercise)]
    subprocess.run([sys.executable, "-m", "grader.cli", *words, *chosen], cwd=ROOT, check=False)


def compare(names: Sequence[Name], results: Mapping[str, Any]) -> dict[Name, list[str]]:
    """For each change to each base, what differs from the verdicts without a change."""
    found = {one["id"]: one["exercises"] for one in results["submissions"]}
    verdicts = {name: found.get(submission_id(*name), {}) for name in names}
    return {
        (base, change): list(_differences(verdicts[base, _UNCHANGED], verdicts[base, change]))
        for base, change in names
        if change != _UNCHANGED
    }


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for exercise, verdict in before.items():
        other = after.get(exercise)
        if other is None or (other["score"], other["status"]) != (verdict["score"], verdict["status"]):
            said = f"{other['score']} ({other['status']})" if other else "nothing"
            lost = [
                f"{check['name']}: {check['message']}"
                for check in (other or {}).get("checks", ())
                if check["status"] != "passed"
            ]
            notes = "; ".join((other or {}).get("notes", ()))
            yield f"{exercise}: {verdict['score']} became {said}; {lost[0] if lost else ''} [{notes}]"


def _print(differences: Mapping[Name, Sequence[str]]) -> None:
    table = Table("change", "tried on", "verdicts changed")
    changes = dict.fromkeys(change for _, change in differences)
    for change in changes:
        tried = [bool(lines) for (_, other), lines in differences.items() if other == change]
        table.add_row(change, str(len(tried)), str(sum(tried) or ""))
    console = Console()
    console.print(table)
    for (base, change), lines in differences.items():
        for line in lines:
            console.print(f"{base}, {change}: {line}", highlight=False, markup=False, soft_wrap=True)
    lost = sum(map(bool, differences.values()))
    console.print(f"{len(changes)} changes, {len(differences)} submissions, {lost} with another verdict")


if __name__ == "__main__":
    sys.exit(main())
