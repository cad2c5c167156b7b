"""Looks for hidden text in what students get: stubs, notebook, visible checks, catalogue, docs for students."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.regions import answer_lines

SHIPPED = ("exercises/**/*", "tests/visible/**/*.py", "docs/student*.md")
_SHORTEST = 25
"""Shorter lines (`return out`, an import) say nothing."""


def leaks(root: Path) -> list[str]:
    """One line for each piece of hidden text that stands in a file for students."""
    shipped = {path: _flat(path.read_text(encoding="utf-8")) for path in _files(root, SHIPPED)}
    return [
        f"{path.relative_to(root)} holds hidden text ({where}): {piece}"
        for where, piece in _hidden(root)
        for path, text in shipped.items()
        if _flat(piece) in _without_hints(path, text)
    ]


def _hidden(root: Path) -> Iterator[tuple[str, str]]:
    """Text that no student may see, with the place it stands in."""
    visible = "\n".join(path.read_text(encoding="utf-8") for path in _files(root, ("tests/visible/*.py",)))
    for path in _files(root, ("tests/hidden/*.py",)):
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            if f"def {name}(" not in visible:
                yield path.name, name
    yield from _answers(_files(root, ("solutions/*.py",)))
    for path in _files(root, ("tests/answers/**/*.py", "tests/red_team/submissions/*.py")):
        yield path.name, path.stem


def _answers(solutions: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """The lines of the answers that stand nowhere around an answer, where everybody may see them."""
    answers, around = list[tuple[str, str]](), set[str]()
    for path in solutions:
        text = path.read_text(encoding="utf-8")
        inside = answer_lines(text, path.name)
        code = [line.partition("  #")[0].strip() for line in text.splitlines()]
        for number, line in enumerate(code, start=1):
            if number not in inside:
                around.add(line)
            elif len(line) >= _SHORTEST and not line.startswith(("#", '"', "import ", "from ")):
                answers.append((path.name, line))
    return ((name, line) for name, line in answers if line not in around)


def _without_hints(path: Path, text: str) -> str:
    """The last hint of an exercise may say almost the answer; it is asked for by name and shown one at a time."""
    return re.sub(r"hints = \[.*?\n\]", "", text, flags=re.DOTALL) if path.name == "catalog.toml" else text


def _files(root: Path, patterns: Iterable[str]) -> list[Path]:
    found = (path for pattern in patterns for path in root.glob(pattern))
    return sorted(path for path in found if path.is_file() and path.suffix != ".pyc")


def _flat(text: str) -> str:
    r"""Text in which neither the escapes of JSON nor the line breaks of a notebook hide anything."""
    return text.replace('\\"', '"')
