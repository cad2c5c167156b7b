"""Finds the folders of a checkout: exercises, suites, solutions."""

from pathlib import Path

from grader.catalog import Catalog, load_catalog
from grader.errors import CatalogError


def project_root() -> Path:
    """The checkout: the nearest folder from here upwards that has exercises/catalog.toml, else the one grader/ lies in.

    Raises:
        CatalogError: there is none.
    """
    around, own = kit_around(Path.cwd()), Path(__file__).resolve().parent.parent
    if around or _is_kit(own):
        return around or own
    raise CatalogError("no exercises/catalog.toml here or above; run this inside a checkout of the kit")


def kit_around(here: Path) -> Path | None:
    """The nearest folder from here upwards that has exercises/catalog.toml."""
    return next(filter(_is_kit, (here, *here.parents)), None)


def _is_kit(folder: Path) -> bool:
    return (folder / "exercises" / "catalog.toml").is_file()


def project_catalog(root: Path) -> Catalog:
    """The catalogue of a checkout."""
    return load_catalog(root / "exercises" / "catalog.toml")
