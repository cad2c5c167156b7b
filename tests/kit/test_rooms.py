"""The rooms of grader/ and the arrows between them: each room may import those below it, and nothing points up."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.students import ROOT

PACKAGE = ROOT / "grader"
TOP = {"__init__", "cli", "model", "errors", "catalog", "project", "wording"}
EVERYBODYS = {"", "model", "errors", "catalog", "project", "wording", "offline", "command_line"}
"""What every room may use; the empty name is the package itself, for its version."""
ARROWS = {
    "cli": {"run", "results", "student"},
    "run": {"wall", "checks", "protocol", "intake", "results"},
    "notebook": {"student", "checks", "intake"},
    "pictures": {"notebook"},
    "student": {"checks", "protocol", "sandbox", "intake"},
    "wall": {"protocol", "sandbox"},
    "sandbox": {"protocol", "intake"},
    "checks": {"protocol"},
    "intake": set(),
    "results": {"intake"},
    "protocol": set(),
    "offline": set(),
    "command_line": set(),
    "model": set(),
    "errors": set(),
    "wording": set(),
    "catalog": set(),
    "project": set(),
}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The rooms, and the files at the top, that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "grader":
            names |= {f"grader.{alias.name}" if (PACKAGE / alias.name).exists() else "grader" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.partition(".")[2].partition(".")[0] for name in names if name.split(".")[0] == "grader"}


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def test_the_top_of_the_package_holds_seven_files():
    assert {path.stem for path in PACKAGE.glob("*.py")} == TOP


@pytest.mark.parametrize("name", ARROWS)
def test_a_room_imports_only_what_lies_below_it(name):
    allowed = {name, *ARROWS[name], *EVERYBODYS}
    found = {path: imported(path) - allowed for path in MODULES if room(path) == name}
    assert {str(path): more for path, more in found.items() if more} == {}


def test_every_room_has_its_arrows_and_they_make_no_circle():
    assert {room(path) for path in MODULES} == set(ARROWS)
    assert len([*TopologicalSorter(ARROWS).static_order()]) == len(ARROWS)  # raises CycleError for a circle


def test_no_two_modules_import_each_other():
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in MODULES}
    graph = {}
    for name, path in names.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes = [node for node in tree.body if isinstance(node, ast.ImportFrom)]  # what runs when it is imported
        wanted = {f"{node.module}.{alias.name}" for node in nodes for alias in node.names} | {n.module for n in nodes}
        graph[name] = {one for one in wanted & names.keys() if not f"{name}.".startswith(f"{one}.")}
    TopologicalSorter(graph).prepare()


def test_an_arrow_that_points_up_is_seen(tmp_path):
    odd = tmp_path / "odd.py"
    odd.write_text("def f():\n    from grader.run.judge import Judge\n    import grader.cli\n", encoding="utf-8")
    assert imported(odd) == {"run", "cli"}
