"""Finds the folders of a checkout: exercises, suites, solutions."""

from pathlib import Path

from grader.catalog import Catalog, load_catalog
from grader.errors import CatalogError


def project_root() -> Path:
    """The checkout: the nearest folder from here upwards that has exercises/catalog.toml, else the one grader/ lies in.

    Raises:
        CatalogError: there is none.
    """
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).resolve().parent.parent):
        if (folder / "exercises" / "catalog.toml").is_file():
            return folder
    raise CatalogError("no exercises/catalog.toml here or above; run this inside a checkout of the kit")


def project_catalog(root: Path) -> Catalog:
    """The catalogue of a checkout."""
    return load_catalog(root / "exercises" / "catalog.toml")
