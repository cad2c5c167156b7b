"""Reads exercises/catalog.toml into checked records."""

import tomllib
from difflib import get_close_matches
from pathlib import Path

import msgspec

from grader.errors import CatalogError
from grader.model import Exercise, Struct


class OtherEdition(Struct, frozen=True, kw_only=True):
    """An edition of the course's notebook whose exercises are not those of the kit."""

    title: str
    cells: tuple[str, ...] = ()
    """Ids that only its cells have."""
    marks: tuple[str, ...] = ()
    """Regular expressions for what stands in its code; two of them tell it."""


class Catalog(Struct, frozen=True, kw_only=True):
    """The exercises in the order of the notebook."""

    format_version: int
    demo_cells: tuple[str, ...] = ()
    """Ids that cells without a blank have in the original course notebook."""
    demo_names: tuple[str, ...] = ()
    """What such cells define as shipped, the kit's own too. No answer needs it."""
    other_edition: tuple[OtherEdition, ...] = ()
    exercise: tuple[Exercise, ...]

    def get(self, exercise_id: str) -> Exercise:
        """The exercise of that id; CatalogError when there is none."""
        for exercise in self.exercise:
            if exercise.id == exercise_id:
                return exercise
        close = get_close_matches(exercise_id.casefold(), self.ids, n=1)
        advice = f"did you mean {close[0]}? The" if close else "the"
        raise CatalogError(f"no exercise {exercise_id!r}; {advice} catalogue has {' '.join(self.ids)}")

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids in order."""
        return tuple(e.id for e in self.exercise)


def load_catalog(path: Path) -> Catalog:
    """The catalogue at `path`.

    Raises:
        CatalogError: the file is missing, not TOML, or a value is wrong; the message names the path of the value.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CatalogError(f"{path}: not found; run `python -m tools.build` to make it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(f"{path}: not valid TOML: {error}") from None
    return check_catalog(raw, str(path))


def check_catalog(raw: object, where: str) -> Catalog:
    """A Catalog from plain data, or CatalogError that names the value at fault."""
    try:
        catalog = msgspec.convert(raw, Catalog)
    except msgspec.ValidationError as error:
        raise CatalogError(f"{where}: {str(error).replace(' - at `$.', ': at `')}") from None
    seen: set[str] = set()
    for index, exercise in enumerate(catalog.exercise):
        if exercise.id in seen:
            raise CatalogError(f"{where}: exercise[{index}].id: {exercise.id!r} stands twice; ids must be unique")
        seen.add(exercise.id)
        if exercise.points <= 0:
            raise CatalogError(f"{where}: exercise[{index}].points: expected a positive integer, got {exercise.points}")
    return catalog
