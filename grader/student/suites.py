"""Where the visible checks lie, and which of them a person means: `1.1`, an exercise's file, a folder, a notebook."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Catalog
from grader.errors import CatalogError
from grader.model import Exercise

_ANSWERS = (".ipynb", ".zip")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedArguments:
    """What the arguments of `pytest` mean."""

    arguments: tuple[str, ...]
    """For pytest: suites in place of the exercises that they check."""
    answers: Path | None = None
    """A notebook or zip that was named in place of exercises/."""


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
    by_file = {exercise.file: exercise for exercise in catalog.exercise}
    found: list[str] = []
    answers = None
    for argument in arguments:
        path = (here / argument).resolve()
        if path.suffix.lower() in _ANSWERS and path.is_file():
            answers = path
            found.append(str(suite_folder(root)))
        elif path == (root / "exercises").resolve():
            found.append(str(suite_folder(root)))
        elif path.parent == (root / "exercises").resolve() and path.name in by_file:
            found.append(str(suite_of(by_file[path.name], root)))
        elif argument in catalog.ids and not path.exists():
            found.append(str(suite_of(catalog.get(argument), root)))
        else:
            found.append(argument)
    return ResolvedArguments(arguments=tuple(dict.fromkeys(found)), answers=answers)
