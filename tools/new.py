"""`python -m tools.new`: a notebook with YOUR CODE HERE cells becomes the skeleton of a kit of its own.

It finds the blanks, guesses the names that they must define, and writes solutions, template and suites to fill in. What
it wrote builds and grades at once; the checks only ask whether the names are there.
"""

import argparse
import ast
import builtins
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from grader.errors import KitError
from tools.build import exercise_files, read_course, write

_WORDS = "YOUR CODE HERE"
_TEXT_BLANK = re.compile(r"^([ \t]*)(\"\"\"|''')\s*YOUR CODE HERE.*?\2[ \t]*$", re.DOTALL | re.MULTILINE)
_LINE_BLANK = re.compile(
    r"^([ \t]*)#[^\n]*YOUR CODE HERE[^\n]*(?:\n\1(?:pass|\.\.\.|raise NotImplementedError[^\n]*)[ \t]*$)?", re.MULTILINE
)
_REGION = r"\1# region answer\n\1...  # the answer\n\1# endregion"
_NUMBER = re.compile(r"\d+(?:\.\d+)*[a-z]?\b")
_POINTS = 100
_NOTEBOOKS_OWN = frozenset({"display", "get_ipython", "__name__"})
_EXAMPLES = """\
example:
  python -m tools.new course.ipynb --out my-kit
  cd my-kit && playground grade submissions/ --out results
"""
_NEXT = """\
# A kit of exercises

Made from {name}. What to do, in this order:

1. `solutions/`: put the answer in place of each `...  # the answer`, and correct title, points, `teaches`, `answers`,
   `hints` at the top of each file. Say under `[[exercise.givens]]` which names stand there before the blank.
2. `python -m tools.build --root .` after each change: it writes `exercises/`.
3. `tests/hidden/` gives the points, `tests/visible/` is what students see. The checks here only ask whether a name is
   there; replace them.
4. `playground grade solutions/ --out build/results` should give full marks, and the stubs in `exercises/` none.
"""


@dataclass(kw_only=True)
class Blank:
    """A cell with a blank, on its way to an exercise."""

    id: str
    title: str
    source: str
    """With region markers in place of the blanks."""
    points: int = 0
    answers: list[str] = field(default_factory=list)

    @property
    def stem(self) -> str:
        """Of its files' names."""
        words = re.sub(r"[^a-z0-9]+", "_", _NUMBER.sub("", self.title.lower(), count=1)).strip("_") or "exercise"
        return f"{self.id.replace('.', '_')}_{words[:40].rstrip('_')}"


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command: 0, or 2 when nothing could be made."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.new", epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Turn a notebook with YOUR CODE HERE cells into the skeleton of a kit.",
    )  # fmt: skip
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    options = parser.parse_args(argv)
    try:
        blanks = make(options.notebook, options.out)
    except (KitError, OSError) as error:
        print(f"new: {error}", file=sys.stderr)
        return 2
    for blank in blanks:
        print(f"{blank.id} {blank.title}: {blank.points} points for {', '.join(blank.answers) or 'what it prints'}")
    print(f"{options.out / 'README.md'} says what to do next")
    return 0


def make(notebook: Path, out: Path) -> list[Blank]:
    """Writes the skeleton.

    Raises:
        KitError: the notebook cannot be read or has no blank, or the folder is not empty.
    """
    cells = _cells_of(notebook)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise KitError(f"{out}: exists already; name a new folder")
    found = find_blanks(cells)
    if not found:
        raise KitError(f"{notebook}: no code cell says {_WORDS}; put it where students shall write")
    blanks = list(found.values())
    files = {**_sources(blanks), **_story(cells, found), "README.md": _NEXT.format(name=notebook.name)}
    for path, text in files.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(text, encoding="utf-8")
    write(exercise_files(read_course(out)), out / "exercises")
    return blanks


def _cells_of(path: Path) -> list[nbformat.NotebookNode]:
    try:
        return list(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4).cells)
    except FileNotFoundError:
        raise KitError(f"{path}: no such file") from None
    except Exception as error:  # noqa: BLE001 - nbformat raises whatever comes up while it reads
        why = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        raise KitError(f"{path}: not a notebook ({why})") from None


def find_blanks(cells: Sequence[nbformat.NotebookNode]) -> dict[int, Blank]:
    """The cells with a blank, by their place in the notebook.

    Raises:
        KitError: such a cell is no Python once its blank is filled.
    """
    found: dict[int, Blank] = {}
    heading = ""
    for place, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            heading = next(iter(re.findall(r"^#+\s*(.+)$", cell.source, re.MULTILINE)[::-1]), heading)
        if cell.cell_type != "code" or _WORDS not in cell.source:
            continue
        source = _LINE_BLANK.sub(_REGION, _TEXT_BLANK.sub(_REGION, cell.source))
        if _parsed(source) is None or source == cell.source:
            where = "in a comment or in triple quotes, in a cell of Python"
            raise KitError(f"cell {place + 1}: {_WORDS} should stand {where}")
        number = _NUMBER.match(heading.lower())
        taken = {blank.id for blank in found.values()}
        name = number[0] if number and number[0] not in taken else str(len(found) + 1)
        while name in taken:
            name += "b"
        title = _NUMBER.sub("", heading, count=1).strip(" .:") or f"Exercise {name}"
        found[place] = Blank(id=name, title=title, source=source)
    _share_points(list(found.values()))
    _guess_answers(cells, found)
    return found


def _share_points(blanks: Sequence[Blank]) -> None:
    for number, blank in enumerate(blanks):
        blank.points = _POINTS // len(blanks) + (number < _POINTS % len(blanks))


def _guess_answers(cells: Sequence[nbformat.NotebookNode], found: dict[int, Blank]) -> None:
    """Functions and classes with a blank inside; and names that are used, and that no cell defines."""
    trees = {place: _parsed(found[place].source if place in found else cell.source)
             for place, cell in enumerate(cells) if cell.cell_type == "code"}  # fmt: skip
    known = set(dir(builtins)) | _NOTEBOOKS_OWN
    for tree in trees.values():
        known |= set(_bound(tree)) if tree else set()
    open_blank: Blank | None = None
    for place, tree in trees.items():
        if place in found and tree:
            numbered = enumerate(found[place].source.split("\n"), start=1)
            lines = [number for number, line in numbered if line.strip() == "# region answer"]
            holders = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
            inside = {n: node.name for n in lines for node in holders if node.lineno < n <= (node.end_lineno or 0) + 1}
            found[place].answers += dict.fromkeys(inside.values())
            open_blank = found[place] if len(inside) < len(lines) else open_blank
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.Name) and node.id not in known and open_blank is not None:
                open_blank.answers.append(node.id)
                known.add(node.id)


def _parsed(source: str) -> ast.Module | None:
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        plain: str = TransformerManager().transform_cell(source)
        return ast.parse(plain)
    except (SyntaxError, ValueError):
        return None


def _bound(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name


def _sources(blanks: Sequence[Blank]) -> dict[str, str]:
    """Solutions and suites, by path."""
    files = {}
    for blank in blanks:
        entry = [
            "[[exercise]]", f"id = {_quoted(blank.id)}", f"title = {_quoted(blank.title)}", f"points = {blank.points}",
            'teaches = "One sentence that students should remember."',
            f"answers = [{', '.join(map(_quoted, blank.answers))}]",
            'hints = ["A nudge.", "The idea.", "Almost the answer."]',
        ]  # fmt: skip
        head = "\n".join(["# %% [raw]", *(f"# {line}" for line in entry)])
        files[f"solutions/ex_{blank.stem}.py"] = f"{head}\n\n# %%\n{blank.source.rstrip()}\n"
        files[f"tests/hidden/test_{blank.stem}.py"] = _suite(blank, "Hidden", with_points=True)
        files[f"tests/visible/test_{blank.stem}.py"] = _suite(blank, "Visible", with_points=False)
    return files


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _suite(blank: Blank, kind: str, *, with_points: bool) -> str:
    """A check for each answer; where none is known, one for what the cell prints."""
    asked = [(name, f"cell.{name} is not None", f"`{name}` is missing") for name in blank.answers[: blank.points]]
    asked = asked or [("output", "cell.output.strip()", "the cell prints nothing")]
    text = f'"""{kind} checks of {blank.id}: replace them by such that say what an answer does."""\n\n'
    text += "import pytest\n\nfrom grader.suite import feedback\n\n"
    text += f"pytestmark = pytest.mark.exercise({_quoted(blank.id)})\n"
    for number, (name, claim, problem) in enumerate(asked):
        points = blank.points // len(asked) + (number < blank.points % len(asked))
        text += f"\n\n@pytest.mark.points({points})" if with_points else "\n"
        text += f'\ndef test_{name}_is_there(cell):\n    """To be replaced: what does `{name}` do?"""\n'
        text += f"    assert {claim}, feedback({_quoted(problem)})\n"
    return text


def _story(cells: Sequence[nbformat.NotebookNode], found: dict[int, Blank]) -> dict[str, str]:
    """The template and its cells without a blank, by path."""
    story, demos = [], ['# %% [raw]\n# The cells without a blank; the template puts them in with demo("name").']
    for place, cell in enumerate(cells):
        if place in found:
            name = _quoted(found[place].id)
            story.append(f"{{{{ cell({name}) }}}}\n{{{{ check({name}) }}}}")
        elif cell.cell_type == "code" and cell.source.strip():
            demos.append(f"# %% cell_{place + 1}\n{cell.source.rstrip()}")
            story.append(f'{{{{ demo("cell_{place + 1}") }}}}')
        elif cell.cell_type == "markdown" and cell.source.strip():
            plain = not re.search(r"\{[{%#]", cell.source)
            story.append(cell.source.strip() if plain else f"{{% raw %}}{cell.source.strip()}{{% endraw %}}")
    folder = "tools/templates"
    return {f"{folder}/lm_playground.md.j2": "\n\n".join(story) + "\n", f"{folder}/demos.py": "\n\n".join(demos) + "\n",
            f"{folder}/macros.md.j2": "{# macros that the template may import #}\n"}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
