"""Folders as students have them, for the tests of what students run."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]


def a_kit(folder: Path) -> Path:
    """What a student has: exercises, visible checks, pyproject.toml."""
    for name in ("exercises", "tests/visible"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def answer(kit: Path, file: str, replace: dict[str, str] | None = None) -> None:
    """Fills in an exercise, rightly but for what is replaced."""
    text = (ROOT / "solutions" / file).read_text(encoding="utf-8")
    for old, new in (replace or {}).items():
        assert old in text
        text = text.replace(old, new)
    (kit / "exercises" / file).write_text(text, encoding="utf-8")
