"""Makes the zip that students get: exercises, visible checks and the part of grader/ that those need, nothing else.

What ships is found, not listed: the modules that the notebook, the stubs, the visible suites and the student's commands
import, what those import, and the data beside them. The oracles that hidden suites compare with never ship.
"""

import argparse
import ast
import io
import json
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader import __version__
from grader.command_line.arguments import file_to_write
from grader.command_line.border import command
from grader.errors import CatalogError
from grader.intake.code import read_code
from tools.build import CATALOG, ROOT, Course, exercise_files, read_course
from tools.regions import answer_lines

TOP = "lm-playground"
"""The folder in the zip."""
NEVER = frozenset(f"grader/{name}.py" for name in ("run/judge", "wall/session", "run/pipeline"))
"""What runs the hidden suites."""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold: the same sources are the same bytes on every day."""
_MIN_TELLING = 40
"""Characters of a line that cannot be there by accident."""
_IGNORED = ".venv/\n__pycache__/\n.playground/\n.ipynb_checkpoints/\nbuild/\n*.egg-info/\n"


@command("bundle")
def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Runs the command; returns the exit code: 0, or 2 when a source is wrong or something would leak."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.bundle",
        description="Make the zip that students get.",
        epilog="example: python -m tools.bundle --out dist/lm-playground.zip",
    )
    parser.add_argument(
        "--out", type=file_to_write, default=f"dist/{TOP}.zip", metavar="ZIP", help="default: %(default)s"
    )
    options = parser.parse_args(argv)
    files = student_files(root)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(zipped(files))
    print(f"{options.out}: {len(files)} files, {options.out.stat().st_size / 1e6:.1f} MB")
    return 0


def student_files(root: Path = ROOT) -> dict[str, bytes]:
    """What a student gets, by path.

    The exercises are made of their sources, not copied: an instructor may have tried a stub in exercises/.

    Raises:
        CatalogError: something that must not ship would.
    """
    course = read_course(root)
    made = {f"exercises/{name}": text for name, text in exercise_files(course).items()} | _pages(course, root)
    suites = [_suite(source.exercise.file, root) for source in course.sources.values()]
    used = set().union(*(used_names(name, text) for name, text in made.items()), *map(_imports, suites))
    modules = needed_modules(used, root)
    files = {name: text.encode() for name, text in made.items()}
    for path in (*suites, *modules, *data_beside(modules), root / "LICENSE"):
        files[path.relative_to(root).as_posix()] = path.read_bytes()
    problem = leak_in(files, root)
    if problem:
        raise CatalogError(problem)
    return dict(sorted(files.items()))


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip with one folder at its top."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{TOP}/{name}", _LONG_AGO)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def used_names(file: str, text: str) -> set[str]:
    """The names of the modules of grader/ that a file uses which is made for students: stub, notebook, settings."""
    if file.endswith(".py"):
        return _imported(ast.parse(text, file))
    if file.endswith(".ipynb"):
        cells = ("".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code")
        return set().union(*(_imported(code.tree) for cell in cells if (code := read_code(cell)) and code.tree))
    if file != "pyproject.toml":
        return set()
    project = tomllib.loads(text)
    doors = [project["project"]["scripts"], *project["project"].get("entry-points", {}).values()]
    plugins = re.findall(r"-p (grader\S*)", project["tool"]["pytest"]["ini_options"]["addopts"])
    return {*plugins, *(place.partition(":")[0] for door in doors for place in door.values())}


def needed_modules(names: Iterable[str], root: Path) -> list[Path]:
    """The files of these modules of grader/, and of all that those import, wherever in them."""
    waiting, seen = [path for name in names for path in _files_of(name, root)], set[Path]()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        waiting += [found for name in _imports(path) for found in _files_of(name, root)]
        waiting += [init for parent in path.parents if (init := parent / "__init__.py").is_file()]
    return sorted(seen)


def data_beside(modules: Iterable[Path]) -> list[Path]:
    """What lies beside these modules and is no code, in folders that are no packages too: styles, vocabularies."""
    beside = [path for folder in {module.parent for module in modules} for path in _within(folder)]
    return sorted(path for path in beside if not path.suffix.startswith(".py") or path.name == "py.typed")


def leak_in(files: Mapping[str, bytes], root: Path) -> str:
    """What of these must not reach a student, in words; empty when there is nothing."""
    for name in sorted(NEVER & files.keys()):
        users = [one for one in files if one.endswith(".py") and _module(name) in _imports(root / one)]
        return f"{name} must not ship; it is imported by {', '.join(users) or 'nobody'}"
    for name in files:
        if name.endswith(".py") and (root / name).is_file() and _imports(root / name, "oracles"):
            return f"{name} imports oracles, which hidden suites compare with; it must do without"
    telling = _telling_lines(root)
    for name, content in files.items():
        if name == f"exercises/{CATALOG}":  # the last hint of a ladder is nearly the answer, on purpose
            continue
        for line in content.decode("utf-8", "replace").splitlines():
            if line.strip() in telling:
                return f"{name} holds a line of {telling[line.strip()]}: {line.strip()[:60]}"
    return ""


def _telling_lines(root: Path) -> dict[str, str]:
    """Long lines that stand in answers and in no stub, and where each is from."""
    telling: dict[str, str] = {}
    given: set[str] = set()
    for path in sorted((root / "solutions").glob("*.py")):
        where, text = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
        inside = answer_lines(text, where)
        for number, line in enumerate(map(str.strip, text.split("\n")), start=1):
            if number not in inside:
                given.add(line)
            elif len(line) >= _MIN_TELLING:
                telling[line] = where
    return {line: where for line, where in telling.items() if line not in given}


def _suite(file: str, root: Path) -> Path:
    path = root / "tests" / "visible" / f"test_{file.removeprefix('ex_')}"
    if not path.is_file():
        raise CatalogError(f"{path.relative_to(root).as_posix()}: not found; each exercise needs a visible suite")
    return path


def _within(folder: Path) -> Iterator[Path]:
    """The files of a folder and of those in it, without packages of their own and what nobody put there."""
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name == "__pycache__":
            continue
        if path.is_file():
            yield path
        elif not (path / "__init__.py").is_file():
            yield from _within(path)


def _imports(path: Path, package: str = "grader") -> set[str]:
    """The names of the package's modules that a file may import."""
    return _imported(ast.parse(path.read_text(encoding="utf-8"), str(path)), package)


def _imported(tree: ast.Module, package: str = "grader") -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in found if name.partition(".")[0] == package}


def _files_of(name: str, root: Path) -> list[Path]:
    path = root.joinpath(*name.split("."))
    return [one for one in (path.with_suffix(".py"), path / "__init__.py") if one.is_file()]


def _module(name: str) -> str:
    return name.removesuffix(".py").replace("/", ".")


def _pages(course: Course, root: Path) -> dict[str, str]:
    """README.md, pyproject.toml and .gitignore for students."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    exercises = [source.exercise for source in course.sources.values()]
    values = {
        "build_requires": json.dumps(project["build-system"]["requires"]),
        "version": __version__,
        "requires_python": project["project"]["requires-python"],
        "python": project["project"]["requires-python"].removeprefix(">="),
        "dependencies": project["project"]["dependencies"],
        "pytest": project["tool"]["pytest"]["ini_options"],
        "exercises": exercises,
        "first": exercises[0],
        "count": len(exercises),
    }
    folder = FileSystemLoader(root / "tools" / "templates" / "bundle")
    templates = Environment(loader=folder, undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701 - no HTML
    pages = {name: templates.get_template(f"{name}.j2").render(values) for name in ("README.md", "pyproject.toml")}
    return pages | {".gitignore": _IGNORED}


if __name__ == "__main__":
    sys.exit(main())
