"""Folders as students have them, for the tests of what students run."""

import json
import shutil
from pathlib import Path

from tools.build import NOTEBOOK, exercise_files, read_course

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


def a_notebook(*solved: str, replace: dict[str, str] | None = None) -> str:
    """The kit's notebook with right answers to some exercises, but for what is replaced in them."""
    course = read_course(ROOT)
    notebook = json.loads(exercise_files(course)[NOTEBOOK])
    for cell in notebook["cells"]:
        mark = cell["metadata"].get("lm_playground", {})
        if mark.get("role") == "exercise" and mark["exercise"] in solved:
            text = course.sources[mark["exercise"]].solution
            for old, new in (replace or {}).items():
                text = text.replace(old, new)
            cell["source"] = text.splitlines(keepends=True)
    return json.dumps(notebook)


def without_looking(monkeypatch) -> None:
    """Lets a command line be parsed whose paths are not there."""
    for look in ("_readable", "_writable"):
        monkeypatch.setattr(f"grader.command_line.arguments.{look}", lambda text, *_: Path(text))
