"""The engine knows no exercise of this course: what does, lies in folders called course/ and with the models."""

import ast
from pathlib import Path

from grader.catalog import load_catalog
from tools.build import ROOT

CATALOG = load_catalog(ROOT / "exercises" / "catalog.toml")
OURS = {
    "grader/run/kit_fingerprint.py": {"models"},  # the folder that all models lie in, as a part of the kit
    "grader/run/store.py": {"models"},  # the same
}
"""Words that an engine module says of itself, although an answer is called so, too."""


def names_of_course() -> set[str]:
    """Ids, cells, answers and stand-ins, as the catalogue has them."""
    names = {*CATALOG.ids, *CATALOG.demo_cells}
    for exercise in CATALOG.exercise:
        stand_ins = {given.supply for given in exercise.givens if given.supply and ":" not in given.supply}
        names |= {exercise.course_cell, exercise.file, *exercise.answers, *stand_ins}
    return names - {""}


def names_in(source: str) -> set[str]:
    """The course's names among the strings of a module."""
    texts = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    return {text for text in texts if isinstance(text, str)} & names_of_course()


def engine() -> list[Path]:
    """All modules but those of the course."""
    folder = ROOT / "grader"
    paths = [path for path in sorted(folder.rglob("*.py")) if "course" not in path.relative_to(folder).parts]
    return [path for path in paths if not path.is_relative_to(folder / "offline")]


def test_no_engine_module_names_what_is_the_courses():
    found = {path.relative_to(ROOT).as_posix(): names_in(path.read_text(encoding="utf-8")) for path in engine()}
    assert {name: names for name, names in found.items() if names} == OURS


def test_a_name_of_the_course_is_seen():
    assert names_in('PICTURES = {"block": ("2.2a", "2.2b")}\nthe("gpt2")') == {"2.2a", "2.2b", "gpt2"}
    assert names_in('"""`check("1.1")` runs the checks."""\nhelp = "pytest --exercise 1.1"') == set()
    assert {"d784a288", "1235110e", "generate_playground", "models_gpt2"} <= names_of_course()
