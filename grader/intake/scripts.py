"""Reads notebooks that were exported as a Python script: by nbconvert, jupytext, Spyder, Databricks, marimo, Colab.

Each format marks where its cells begin, and puts prose into comments or strings.
"""

import ast
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence

from grader.intake.magics import logical_lines, without_shell_cells
from grader.intake.notebook import MAX_WORD_CHARS, RawCell

_HEADER = re.compile(r"\A(#!.*\n|#.*coding[:=].*\n|\s*\n)*# ---\n(?:#.*\n)*?# ---\n")
_MARK = re.compile(r"^# ?%%(.*)$|^# In\[[ \d]*\]:?[ \t]*$", re.MULTILINE)
_PROSE = re.compile(r" *(\[(markdown|md|raw)\]|(md|markdown|raw)\b).*")
_DATABRICKS_MARK = re.compile(r"^# COMMAND -{5,}[ \t]*$", re.MULTILINE)
_LIGHT_MARK = re.compile(r"^# [+-]([ \t]*(\{.*\}|\[.*\]|\w+=.*|\+.*))?$", re.MULTILINE)
_HEADING = re.compile(r"^# (#{1,6} \S|\d+\.\d+\b.*[^\W\d_]{3})", re.MULTILINE)
_DOCSTRING = re.compile(r"(\"\"\"|''')(.*)\1\s*", re.DOTALL)
_BANNER = re.compile(r"^#{20,}\n((?:#.*\n)+)", re.MULTILINE)
_FEWEST_HEADINGS = 2

_EXERCISE, _ROLE, _ID = (re.compile(rf'"?{name}"?\s*[:=]\s*"([^"]+)"') for name in ("exercise", "role", "id"))

Cells = Iterator[tuple[str, ...]]
"""Kind and source of each cell, and what stands beside the mark where it begins."""


def is_script(text: str) -> bool:
    """Whether a Python file is a notebook that was exported as a script."""
    return _reader(text) is not None


def _without_marks(cells: Cells) -> Cells:
    """Cells of a format that marks only prose: what is cut at the notebook's own `check(...)` lines, too."""
    for kind, source, *options in cells:
        parts = (
            re.split(r"^((?:check|picture)\(.*\))[ \t]*$", source, flags=re.MULTILINE) if kind == "code" else [source]
        )
        yield from ((kind, part, *options) for part in parts)


def script_cells(text: str) -> list[RawCell]:
    """The cells of a script; of a file that marks none, all of it is one."""
    reader = _reader(text)
    text = without_shell_cells(text)
    found = reader(_HEADER.sub("", text)) if reader else iter([("code", text)])
    cells: list[RawCell] = []
    for kind, source, *options in found:
        if source.strip():
            exercise, role, id_ = (_word(pattern, options) for pattern in (_EXERCISE, _ROLE, _ID))
            text = source.strip("\n") + "\n"
            cells.append(RawCell(number=len(cells) + 1, kind=kind, source=text, id=id_, exercise=exercise, role=role))
    return cells


def _word(pattern: re.Pattern[str], options: Sequence[str]) -> str:
    found = pattern.search(options[0]) if options else None
    return found[1][:MAX_WORD_CHARS] if found else ""


def _reader(text: str) -> Callable[[str], Cells] | None:
    """How to read a script; None for a file that is none."""
    return next((reader for fits, reader in _FORMATS if fits(text)), None)


def _percent(text: str) -> Cells:
    """`# %%` and `# In[1]:` begin a cell. Comments alone in a paragraph may be prose between two of them."""
    ends = [*(match.start() for match in _MARK.finditer(text)), len(text)]
    yield from _paragraphs_of_prose(text[: ends[0]])
    for mark, end in zip(_MARK.finditer(text), ends[1:], strict=True):
        body = text[mark.end() : end].removeprefix("\n")
        if mark[1] is not None and _PROSE.match(mark[1]):
            yield "markdown", _uncommented(body)
        elif mark[1] is None:
            yield from _paragraphs_of_prose(body)
        else:
            yield "code", body, mark[1]


def _databricks(text: str) -> Cells:
    text = re.sub(r"\A\s*# Databricks notebook source[ \t]*\n", "", text)
    for part in _DATABRICKS_MARK.split(text):
        lines = part.strip("\n").split("\n")
        if not all(line.startswith("# MAGIC") for line in lines if line.strip()) or not part.strip():
            yield "code", re.sub(r"^# MAGIC ?", "", part, flags=re.MULTILINE)
            continue
        body = "\n".join(re.sub(r"^# MAGIC ?", "", line) for line in lines)
        kind = re.match(r"\s*%(\w+)[ \t]*", body)
        if kind and kind[1] in ("md", "md-sandbox"):
            yield "markdown", body[kind.end() :]
        elif kind and kind[1] == "python":
            yield "code", body[kind.end() :]
        elif kind and kind[1] in ("sh", "sql", "r", "scala", "fs"):
            yield "raw", body
        else:
            yield "code", body


def _light(text: str) -> Cells:
    """`# +` to `# -` is a cell; elsewhere each paragraph is one, prose where all of it is comments."""
    inside, body, options = False, list[str](), ""
    for line in [*text.splitlines(keepends=True), "# -\n"]:
        if not _LIGHT_MARK.fullmatch(line.rstrip("\n")):
            body.append(line)
            continue
        if inside:
            yield "code", "".join(body), options
        else:
            yield from _paragraphs("".join(body))
        inside, body, options = line.startswith("# +"), [], line


def _colab(text: str) -> Cells:
    """Prose is a string that stands alone, or comments below a line of `#`; what lies between is code."""
    text = _BANNER.sub(lambda match: f'"""\n{_uncommented(match[1])}"""\n', text)
    code: list[str] = []
    for line in logical_lines(text):
        prose = _DOCSTRING.fullmatch(line)
        if prose is None:
            code.append(line)
            continue
        yield "code", "".join(code)
        yield "markdown", prose[2]
        code = []
    yield "code", "".join(code)


def _with_headings(text: str) -> Cells:
    """Comments that are headings begin a cell."""
    starts = [match.start() for match in _HEADING.finditer(text)]
    yield "code", text[: starts[0]]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        heading, _, body = text[start:end].partition("\n")
        heading = heading.removeprefix("# ")
        yield "markdown", heading if heading.startswith("#") else f"### {heading}"
        yield "code", body


def _marimo(text: str) -> Cells:
    """Each cell is a function: what it takes and returns are its names, its body is the cell."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield "code", text
        return
    lines = text.splitlines(keepends=True)
    for part in tree.body:
        if isinstance(part, ast.With):
            yield "code", _dedented(lines, part.body)
        elif isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and part.decorator_list:
            if ast.unparse(part.decorator_list[0]).startswith("app.cell"):
                yield from _marimo_cell(lines, part.body)
            else:
                yield "code", "".join(lines[part.lineno - 1 : part.end_lineno])


def _marimo_cell(lines: Sequence[str], body: Sequence[ast.stmt]) -> Cells:
    kept = list(body[:-1] if isinstance(body[-1], ast.Return) else body)
    call = kept[0].value if len(kept) == 1 and isinstance(kept[0], ast.Expr) else None
    words = call.args[0] if isinstance(call, ast.Call) and ast.unparse(call.func) == "mo.md" and call.args else None
    if isinstance(words, ast.Constant) and isinstance(words.value, str):
        yield "markdown", textwrap.dedent(words.value)
    elif kept:
        yield "code", _dedented(lines, kept)


def _dedented(lines: Sequence[str], body: Sequence[ast.stmt]) -> str:
    return textwrap.dedent("".join(lines[body[0].lineno - 1 : body[-1].end_lineno])) if body else ""


def _paragraphs(text: str) -> Cells:
    """The code of a text cut at its empty lines, where a statement may begin, and its comments as prose."""
    part: list[str] = []
    for line in logical_lines(text):
        # What is indented goes on with the block above, whatever lies between.
        if part and not part[-1].strip() and line[:1] not in (" ", "\t", "\n", ")", "]", "}"):
            yield from _paragraph("".join(part))
            part = []
        part.append(line)
    yield from _paragraph("".join(part))


def _paragraph(text: str) -> Cells:
    lines = [line for line in text.splitlines() if line.strip()]
    if lines and all(line.startswith("#") for line in lines):
        yield "markdown", _uncommented(text)
    elif lines:
        yield "code", text


def _paragraphs_of_prose(text: str) -> Cells:
    """A text as one cell of code, but for the paragraphs of comments at its end, which nbconvert makes of prose."""
    parts = re.split(r"(?<=\n)(?=\n*(?:#.*\n+)+\Z)", text + ("" if text.endswith("\n") else "\n"), maxsplit=1)
    yield "code", parts[0]
    yield "markdown", _uncommented("".join(parts[1:]))


def _uncommented(text: str) -> str:
    return re.sub(r"^# ?", "", text, flags=re.MULTILINE)


_FORMATS: Sequence[tuple[Callable[[str], object], Callable[[str], Cells]]] = (
    (re.compile(r"\A\s*# Databricks notebook source|(?s:.*)^# COMMAND -{5,}[ \t]*$", re.MULTILINE).match, _databricks),
    (re.compile(r"(?s:.*)^import marimo\b(?s:.*)^@app\.(cell|function)", re.MULTILINE).match, _marimo),
    (_MARK.search, _percent),
    (_LIGHT_MARK.search, _light),
    (
        re.compile(r"Automatically generated by Colab|^(\"\"\"|''')#{1,6} ", re.MULTILINE).search,
        lambda text: _without_marks(_colab(text)),
    ),
    (_BANNER.search, lambda text: _without_marks(_colab(text))),
    (lambda text: len(_HEADING.findall(text)) >= _FEWEST_HEADINGS, lambda text: _without_marks(_with_headings(text))),
)
"""The first that fits counts."""
