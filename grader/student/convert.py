"""Carries answers from the notebook into the exercise files and back, so that both ways of working can be mixed.

What an exercise needs comes along: its own cells, and cells of the student's own that define names it uses. Nothing
that somebody worked on is overwritten unasked.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from grader.catalog import Catalog
from grader.command_line.arguments import place_to_read, place_to_write
from grader.command_line.border import about
from grader.command_line.files import check_place, write_whole
from grader.errors import IntakeError, KitError
from grader.intake.blank import is_attempted
from grader.intake.code import read_code
from grader.intake.order import cells_for
from grader.model import Exercise, SourceCell, Submission

_EXAMPLES = """examples:
  playground convert exercises/lm_playground.ipynb exercises/   the notebook's answers into the files beside it
  playground convert exercises/ mine.ipynb                      the files' answers into a notebook
"""
_NOTEBOOK = "lm_playground.ipynb"


def register(commands: Any) -> None:
    """Adds `playground convert` to the commands."""
    convert = commands.add_parser(
        "convert",
        help="carry answers between notebook and files",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    convert.add_argument(
        "source", type=place_to_read, metavar="FROM", help="a notebook, or a folder with ex_*.py files"
    )
    convert.add_argument(
        "target", type=place_to_write, metavar="TO", help="a folder for files, or a notebook (ends in .ipynb)"
    )
    convert.add_argument("--force", action="store_true", help="overwrite other answers in TO")
    convert.set_defaults(run=_run)


def as_modules(submission: Submission, catalog: Catalog) -> dict[str, str]:
    """The text of a file for every exercise that was worked on, by file name."""
    files, placed = dict[str, str](), list[SourceCell]()
    for exercise in catalog.exercise:
        if exercise.id not in submission.attempted:
            continue
        needed = [
            cell
            for cell in cells_for(exercise.id, submission.cells, catalog)
            if cell.exercise == exercise.id or (cell.exercise is None and not _is_given(cell, exercise))
        ]
        fresh = [cell for cell in needed if not any(cell is other for other in placed)]
        placed += fresh
        files[exercise.file] = "\n\n".join(cell.source.strip("\n") for cell in fresh) + "\n"
    return files


def into_notebook(
    modules: Mapping[str, str], notebook: Mapping[str, Any], catalog: Catalog, *, force: bool = False
) -> dict[str, Any]:
    """A copy of the notebook with these answers in the cells of their exercises.

    Args:
        modules: texts by file name.
        notebook: the JSON of an .ipynb file.
        catalog: the exercises.
        force: whether another answer that stands in such a cell may be replaced.

    Raises:
        IntakeError: it has no cell for an exercise, or another answer stands there.
    """
    copy: dict[str, Any] = json.loads(json.dumps(notebook))
    for exercise in catalog.exercise:
        if exercise.file not in modules:
            continue
        text = modules[exercise.file].strip("\n")
        own = [cell for cell in copy.get("cells", []) if _answers(cell, exercise)]
        if not own:
            raise IntakeError(f"the notebook has no cell for {exercise.id}; start from a fresh {_NOTEBOOK}")
        _keep_work("\n\n".join(_source(cell) for cell in own), text, exercise, "the notebook", force=force)
        if _source(own[0]) != text or own[1:]:
            own[0] |= {"source": text.splitlines(keepends=True), "outputs": [], "execution_count": None}
        copy["cells"] = [cell for cell in copy["cells"] if not any(cell is other for other in own[1:])]
    return copy


def _run(options: argparse.Namespace, talk: Console) -> int:
    from grader.intake.local import read_here
    from grader.project import project_catalog, project_root
    from grader.student.scoreboard import found_lines

    root = project_root()
    catalog = project_catalog(root)
    submission = read_here(options.source, catalog)
    modules = as_modules(submission, catalog)
    if not modules:
        raise KitError(f"{options.source}: no exercise has been worked on, so there is nothing to carry over")
    if options.target.suffix == ".ipynb":
        written = _write_notebook(modules, options.target, root, catalog, force=options.force)
    else:
        written = _write_modules(modules, options.target, catalog, force=options.force)
    print("\n".join(f"wrote {path}" for path in written) or "nothing to do: all answers are there already")
    carried = {
        cell.where
        for cell in submission.cells
        if cell.exercise or any(cell.source.strip("\n") in text for text in modules.values())
    }
    found = {id_: notes for id_, notes in submission.exercise_notes.items() if id_ in submission.attempted}
    for line in found_lines(submission.notes, found):
        talk.print(line, style="dim", markup=False, highlight=False)
    for cell in submission.cells:
        if cell.where not in carried:
            talk.print(f"left out, since no exercise uses it: {cell.where}", style="dim", markup=False, highlight=False)
    return 0


def _write_modules(modules: Mapping[str, str], folder: Path, catalog: Catalog, *, force: bool) -> list[Path]:
    if folder.is_file():
        raise KitError(f"{folder} is a file; name a folder, or a notebook that ends in .ipynb")
    changed = dict[Path, str]()
    for exercise in catalog.exercise:
        if exercise.file in modules:
            path, text = folder / exercise.file, modules[exercise.file]
            with about(path):
                there = path.read_text(encoding="utf-8") if path.is_file() else ""
            _keep_work(there, text, exercise, str(path), force=force)
            if there != text:
                changed[path] = text
    for path in changed:
        check_place(path, folder)
    for path, text in changed.items():  # all or none: by now nothing speaks against it
        write_whole(path, text.encode("utf-8", "replace"))
    return list(changed)


def _write_notebook(
    modules: Mapping[str, str], target: Path, root: Path, catalog: Catalog, *, force: bool
) -> list[Path]:
    base = target if target.is_file() else root / "exercises" / _NOTEBOOK
    try:
        notebook = json.loads(base.read_bytes())
    except FileNotFoundError:
        raise KitError(f"{base}: not found; a notebook to put the answers into is needed") from None
    except ValueError:
        raise KitError(f"{base}: not a notebook; open it in Jupyter and save it again") from None
    text = json.dumps(into_notebook(modules, notebook, catalog, force=force), indent=1, ensure_ascii=False) + "\n"
    content = text.encode("utf-8", "replace")
    if target.is_file() and target.read_bytes() == content:
        return []
    write_whole(target, content)
    return [target]


def _is_given(cell: SourceCell, exercise: Exercise) -> bool:
    """Whether a cell, such as one of the notebook's demos, only imports what the exercise may count on anyway."""
    code = read_code(cell.source)
    return code is not None and code.binds == code.imports <= {given.name for given in exercise.givens}


def _keep_work(there: str, text: str, exercise: Exercise, where: str, *, force: bool) -> None:
    """Raises where an answer of one's own would be lost."""
    if is_attempted([there], exercise.stub) and there.strip("\n") != text.strip("\n") and not force:
        raise IntakeError(f"{where}: another answer to {exercise.id} is there already; --force overwrites it")


def _answers(cell: Mapping[str, Any], exercise: Exercise) -> bool:
    """Whether a cell is the place for that exercise: by the kit's mark, its id, or that of the course notebook."""
    mark = cell.get("metadata", {}).get("lm_playground", {})
    if cell.get("cell_type") != "code" or mark.get("role", "exercise") != "exercise":
        return False
    ids: Sequence[str] = (f"ex-{exercise.id.replace('.', '-')}", exercise.course_cell or "-")
    return bool(mark.get("exercise") == exercise.id or (not mark and cell.get("id") in ids))


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)
