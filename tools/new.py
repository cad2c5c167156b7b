"""`python -m tools.new`: a notebook with YOUR CODE HERE cells becomes the skeleton of a kit of its own.

It finds the blanks, guesses the names that they must define, and writes solutions, template and suites to fill in. What
it wrote builds and grades at once; the checks only ask whether the names are there.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat

from grader.command_line.arguments import file_to_read, folder_to_write
from grader.command_line.border import command
from grader.errors import KitError
from tools.blanks import WORDS, Blank, find_blanks
from tools.build import exercise_files, read_course, write

_POINTS = 100
_EXAMPLES = """\
example:
  python -m tools.new course.ipynb --out my-kit
  cd my-kit && playground grade submissions/ --out results
"""
_SETUP = """\
# %% [raw]
# The cells without a blank; the template puts them in with demo("name").

# %% setup role="setup"
try:
    from grader.notebook import check
except Exception as problem:
    reason = f"does not work here ({type(problem).__name__}: {problem})"
    if getattr(problem, "name", "") == "grader":
        reason = "is not installed here"
    def check(exercise_id, reason=reason):
        print(f"The kit {reason}, so nothing is checked.")
"""
_PYTEST = """\
[tool.pytest.ini_options]
testpaths = ["tests/visible"]
addopts = "--import-mode=importlib --assert=plain -p grader.student.plugin -p no:cacheprovider -rN"
"""
_NEXT = """\
# A kit of exercises

Made from {name}. What to do, in this order:

1. `solutions/`: put the answer in place of each `...  # the answer`, and correct title, points, `teaches`, `answers`,
   `hints` at the top of each file. Say under `[[exercise.givens]]` which names stand there before the blank. A cell has
   those of the exercises before it, and no other: imports and values that an answer needs belong into its own.
2. `python -m tools.build --root .` after each change: it writes `exercises/`.
3. `tests/hidden/` gives the points, `tests/visible/` is what students see. The checks here only ask whether a name is
   there; replace them.
4. `playground grade solutions/ --out build/results` should give full marks, and the stubs in `exercises/` none.
"""


@command("new")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command: 0, or 2 when nothing could be made."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.new",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Turn a notebook with YOUR CODE HERE cells into the skeleton of a kit.",
    )
    parser.add_argument("notebook", type=file_to_read)
    parser.add_argument("--out", type=folder_to_write, required=True, metavar="DIR", help="a new folder")
    options = parser.parse_args(argv)
    blanks = make(options.notebook, options.out)
    for blank in blanks:
        left = f"; cells without a blank have {', '.join(blank.left)}, too" if blank.left else ""
        print(f"{blank.id} {blank.title}: asks for {', '.join(blank.answers) or 'what it prints'}{left}")
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
        raise KitError(f"{notebook}: no code cell says {WORDS}; put it where students shall write")
    blanks = list(found.values())
    points = {blank.id: _POINTS // len(blanks) + (n < _POINTS % len(blanks)) for n, blank in enumerate(blanks)}
    files = {"README.md": _NEXT.format(name=notebook.name), "pyproject.toml": _PYTEST, **_story(cells, found)}
    for blank in blanks:
        files |= _files_of(blank, max(1, points[blank.id]))
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as room:  # a whole kit, or nothing
        kit = Path(room, "kit")
        for path, text in files.items():
            (kit / path).parent.mkdir(parents=True, exist_ok=True)
            (kit / path).write_text(text, encoding="utf-8")
        write(exercise_files(read_course(kit)), kit / "exercises")
        if out.exists():
            out.rmdir()
        kit.rename(out)
    return blanks


def _cells_of(path: Path) -> list[nbformat.NotebookNode]:
    try:
        return list(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4).cells)
    except FileNotFoundError:
        raise KitError(f"{path}: no such file") from None
    except Exception as error:  # noqa: BLE001 - nbformat raises whatever comes up while it reads
        why = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        raise KitError(f"{path}: not a notebook ({why})") from None


def _files_of(blank: Blank, points: int) -> dict[str, str]:
    """Solution and suites, by path."""
    words = re.sub(r"[^a-z0-9]+", "_", blank.title.lower()).strip("_") or "exercise"
    stem = f"{blank.id.replace('.', '_')}_{words[:40].rstrip('_')}"
    entry = [
        "[[exercise]]",
        f"id = {_quoted(blank.id)}",
        f"title = {_quoted(blank.title)}",
        f"points = {points}",
        'teaches = "One sentence that students should remember."',
        f"answers = [{', '.join(map(_quoted, blank.answers))}]",
        'hints = ["A nudge.", "The idea.", "Almost the answer."]',
    ]
    head = "\n".join(["# %% [raw]", *(f"# {line}" for line in entry)])
    return {
        f"solutions/ex_{stem}.py": f"{head}\n\n# %%\n{blank.source.rstrip()}\n",
        f"tests/hidden/test_{stem}.py": _suite(blank, "Hidden", points),
        f"tests/visible/test_{stem}.py": _suite(blank, "Visible", 0),
    }


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _suite(blank: Blank, kind: str, points: int) -> str:
    """A check for each answer; where none is known, one for what the cell prints. They share the points."""
    asked = [(name, f'cell.get("{name}") is not None', f"`{name}` is missing") for name in blank.answers]
    asked = asked or [("output", "cell.output.strip()", "the cell prints nothing")]
    text = f'"""{kind} checks of {blank.id}: replace them by such that say what an answer does."""\n\n'
    text += "import pytest\n\nfrom grader.checks.answers import feedback\n\n"
    text += f"pytestmark = pytest.mark.exercise({_quoted(blank.id)})\n"
    for number, (name, claim, problem) in enumerate(asked):
        share = points // len(asked) + (number < points % len(asked))
        text += f"\n\n@pytest.mark.points({share})" if points else "\n"
        text += f'\ndef test_{name}_is_there(cell):\n    """To be replaced: what does `{name}` do?"""\n'
        text += f"    assert {claim}, feedback({_quoted(problem)})\n"
    return text


def _story(cells: Sequence[nbformat.NotebookNode], found: dict[int, Blank]) -> dict[str, str]:
    """The template and its cells without a blank, by path."""
    story, demos = ['{{ demo("setup") }}'], [_SETUP]
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
    return {
        f"{folder}/lm_playground.md.j2": "\n\n".join(story) + "\n",
        f"{folder}/demos.py": "\n\n".join(demos) + "\n",
        f"{folder}/macros.md.j2": "{# macros that the template may import #}\n",
    }


if __name__ == "__main__":
    sys.exit(main())
