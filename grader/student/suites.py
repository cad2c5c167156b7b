"""Where the visible checks lie, and which of them a person means: `1.1`, an exercise's file, a folder, a notebook."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Catalog
from grader.errors import CatalogError
from grader.intake.modules import exercise_of
from grader.model import Exercise

_ANSWERS = (".ipynb", ".zip")
"""A missing file with such a name was meant to be checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedArguments:
    """What the arguments of `pytest` mean."""

    arguments: tuple[str, ...]
    """For pytest: suites in place of the exercises that they check."""
    answers: Path | None = None
    """A notebook, zip or module that was named in place of exercises/."""


def suite_folder(root: Path) -> Path:
    """Where the visible suites lie."""
    return root / "tests" / "visible"


def suite_of(exercise: Exercise, root: Path) -> Path:
    """The visible suite of an exercise.

    Raises:
        CatalogError: it is not there.
    """
    path = suite_folder(root) / f"test_{exercise.file.removeprefix('ex_')}"
    if not path.is_file():
        place = path.relative_to(root).as_posix()
        advice = "Open the notebook inside the folder of the kit, where they lie, or unpack the kit again"
        raise CatalogError(f"The checks of {exercise.id} are not here ({place}). {advice}")
    return path


def resolve_arguments(arguments: Sequence[str], catalog: Catalog, root: Path, here: Path) -> ResolvedArguments:
    """The suites that these arguments ask for.

    Args:
        arguments: what pytest would collect.
        catalog: the exercises.
        root: the folder of the kit.
        here: the folder that the arguments are relative to.
    """
    by_id, exercises = {exercise.id: exercise.file for exercise in catalog.exercise}, (root / "exercises").resolve()
    found: list[str] = []
    answers: list[Path] = []
    for argument in arguments:
        path = (here / Path(argument).expanduser()).resolve()
        id_ = exercise_of(path.name, by_id) if path.suffix.lower() == ".py" and path.is_file() else None
        if id_ or (argument in catalog.ids and not path.exists()):
            found.append(str(suite_of(catalog.get(id_ or argument), root)))
        elif path == exercises or are_answers(path):
            found.append(str(suite_folder(root)))
        else:
            found.append(argument)
        if are_answers(path) or (id_ and path.parent != exercises):
            answers.append(path)
    if len(answers) > 1:
        raise CatalogError(one_at_a_time(answers[0], answers[1]))
    return ResolvedArguments(arguments=tuple(dict.fromkeys(found)), answers=answers[0] if answers else None)


def one_at_a_time(first: object, second: object) -> str:
    """Words for two notebooks where one can be checked."""
    return f"{second}: {first} was named, too; check one at a time"


def are_answers(path: Path) -> bool:
    """Whether somebody's answers are meant by a file: by any but a module, or by one that should be there.

    Raises:
        CatalogError: a notebook or zip is not there.
    """
    if path.suffix.lower() in _ANSWERS and not path.exists():
        raise CatalogError(f"{path}: no such file; check the path")
    return path.is_file() and path.suffix.lower() != ".py"
