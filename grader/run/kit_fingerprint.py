"""What two machines must have in common for their verdicts to be the same."""

import hashlib
from importlib.metadata import version
from pathlib import Path

import msgspec

import grader
from grader.catalog import Catalog
from grader.model import Struct
from grader.run.judge import suite_hash

_LIBRARIES = ("torch", "transformers")
"""What the code of students runs on; another version of these may give another answer."""
_SHORT = 12


class Edition(Struct, frozen=True, kw_only=True):
    """Each field is a short text that people can compare, too."""

    kit: str
    """The version, and a hash of the code: a checkout may be ahead of its version."""
    catalogue: str
    suite: str
    models: str
    libraries: str
    walls: str


def edition_of(catalog: Catalog, suites: Path, models: Path, walls: tuple[str, ...]) -> Edition:
    """The edition of the kit on this machine."""
    return Edition(
        kit=f"{grader.__version__} {suite_hash(Path(__file__).parent.parent)[:_SHORT]}",
        catalogue=hashlib.sha256(msgspec.json.encode(catalog)).hexdigest()[:_SHORT],
        suite=suite_hash(suites)[:_SHORT],
        models=models.name,
        libraries=", ".join(f"{name} {version(name).partition('+')[0]}" for name in _LIBRARIES),
        walls=", ".join(walls) or "none",
    )


def difference(there: Edition, here: Edition) -> str:
    """What differs, in one line; empty when nothing does."""
    words = {
        "kit": "kit",
        "catalogue": "catalogue",
        "suite": "hidden suite",
        "models": "models",
        "libraries": "libraries",
        "walls": "walls",
    }
    pairs = [(name, getattr(there, field), getattr(here, field)) for field, name in words.items()]
    return "; ".join(f"its {name}: {theirs}, and here: {ours}" for name, theirs, ours in pairs if theirs != ours)
