"""Makes a notebook cell plain Python: IPython's `!shell`, `%magic` and `name?` lines become empty statements.

Only cells that do not parse as they are get here, so that a `%` or `!` inside a string is never touched; the scan below
keeps track of strings and brackets for the same reason. Line numbers stay as the student sees them.
"""

import ast
import re
from collections.abc import Iterator

from grader.intake.text import parsed

_PYTHON_CELLS = {"time", "timeit", "capture", "prun", "memit", "mprun", "debug"}
_FOREIGN_CELLS = {
    "bash",
    "sh",
    "script",
    "html",
    "javascript",
    "js",
    "latex",
    "svg",
    "markdown",
    "perl",
    "ruby",
    "cmd",
    "powershell",
    "writefile",
    "file",
    "sql",
    "cython",
    "R",
    "pypy",
    "python2",
    "system",
    "sx",
    "!",
}
_CELL_MAGIC = re.compile(r"\A(\s*)%%(\w+|!)([^\n]*)")
_ASSIGNED = re.compile(r"(\s*)([A-Za-z_][\w.\[\]'\"]*(?:\s*,\s*[A-Za-z_][\w.]*)*)\s*=\s*([!%])\s*(.*)", re.DOTALL)
_COMMAND = re.compile(
    r"\s*(pip3?|conda|mamba|uv|apt|apt-get|sudo|cd|ls|ll|cat|mkdir|rmdir|rm|cp|mv|man|more|less|pwd|git|wget|curl"
    r"|unzip|tar|echo|export|source|jupyter|python3?|nvidia-smi|huggingface-cli|hf)[ \t]+"
    r"(?![=(\[,:*+<>|&^@%]|(?:in|is|and|or|not|if|for)\b)\S.*"
)
"""What IPython hands to the shell without being told to, where it is no Python."""
_WRITTEN = re.compile(r"\A\s*%%(?:writefile|file)[ \t]+(?:-a[ \t]+)?(?:\./|/content/)?([A-Za-z_][\w/]*)\.py[ \t]*\n")
_SHELL_CELL = re.compile(r"get_ipython\(\)\s*\.\s*run_cell_magic\(")
_TIMED = re.compile(r"%time\s+(?=\S)")
_HELP = re.compile(r"\s*(\?{1,2}\s*%{0,2}[\w.*]+|%{0,2}[\w.*\[\]'\"]+\?{1,2})\s*+(;\s*+)?(#.*)?")
_TOKEN = re.compile(
    r"#[^\n]*"
    r"|\"\"\"(?:\\.|[^\\])*?(?:\"\"\"|\Z)|'''(?:\\.|[^\\])*?(?:'''|\Z)"
    # Possessive and with no end needed: a string left open must not be tried again from each quote in it.
    r"|\"(?:\\.|[^\\\"\n])*+[\"\n]?|'(?:\\.|[^\\'\n])*+['\n]?"
    r"|\\\n|[\[({]|[\])}]|\n|[^#\"'\\\[\](){}\n]+|.",
    re.DOTALL,
)


def plain_python(source: str) -> tuple[str | None, str]:
    """The cell without IPython's own syntax, and a note about what was dropped (empty when there is none).

    None instead of the source: the cell is in another language or writes a file, so nothing of it runs as Python.
    """
    match = _CELL_MAGIC.match(source)
    if not match:
        return _plain_lines(source), ""
    magic, rest = match[2], source[match.end() :]
    if magic in _FOREIGN_CELLS:
        return None, f"`%%{magic}` cells are not run"
    note = "" if magic in _PYTHON_CELLS else f"`%%{magic}` was dropped, the rest of the cell is run as Python"
    return _plain_lines(match[1] + rest), note


def written_module(source: str) -> tuple[str, str] | None:
    """The name and the text of the module that a `%%writefile` cell writes; None for other cells."""
    match = _WRITTEN.match(source)
    return (match[1].replace("/", "."), source[match.end() :]) if match else None


def without_shell_cells(source: str) -> str:
    """A script with `get_ipython().run_cell_magic("time", "", "...")` written out, where the cell in it is Python."""
    if not _SHELL_CELL.search(source):
        return source
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
    lines = source.splitlines(keepends=True)
    for statement in reversed(tree.body):
        cell = _shell_cell(statement)
        if cell is not None:
            lines[statement.lineno - 1 : statement.end_lineno] = [cell.rstrip("\n") + "\n"]
    return "".join(lines)


def _shell_cell(statement: ast.stmt) -> str | None:
    """The Python in a statement that hands a cell to IPython."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or ast.unparse(call.func) != "get_ipython().run_cell_magic":
        return None
    words = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    is_python = len(words) == 3 and words[0] in _PYTHON_CELLS and isinstance(words[2], str)
    return str(words[2]) if is_python else None


def _plain_lines(source: str) -> str:
    parts = []
    for line in logical_lines(source):
        body = line.rstrip("\n")
        plain = _plain_line(body)
        if plain is not None:
            # A shell line may go on over several lines; they are kept as empty ones.
            line = plain + "\n" * line.count("\n")  # noqa: PLW2901
        parts.append(line)
    return "".join(parts)


def _plain_line(line: str) -> str | None:
    """What to run in place of an IPython line; None for a line of Python."""
    stripped = line.lstrip()
    indent = line[: len(line) - len(stripped)]
    timed = _TIMED.match(stripped)
    if timed:
        return indent + stripped[timed.end() :]
    if stripped.startswith(("!", "%")) or _HELP.fullmatch(line) or _COMMAND.fullmatch(line):
        return indent + "pass"
    assigned = _ASSIGNED.fullmatch(line)
    if assigned:
        return f"{assigned[1]}{assigned[2]} = " + ("[]" if assigned[3] == "!" else _magic_value(assigned[4]))
    return None


def _magic_value(words: str) -> str:
    """The value of `name = %magic words`: what `%time` runs, else None."""
    name, _, rest = words.partition(" ")
    return rest.strip() if name == "time" and rest.strip() else "None"


def logical_lines(source: str) -> Iterator[str]:
    """The source cut where a statement may begin: not inside strings and brackets, nor after a backslash."""
    depth, start, position = 0, 0, 0
    while position < len(source):
        if position == start and depth == 0:
            special = _special_end(source, position)
            if special:
                yield source[start:special]
                start = position = special
                continue
        token = _TOKEN.match(source, position)
        text = token[0] if token else source[position]
        position += len(text)
        if text in ("(", "[", "{"):
            depth += 1
        elif text in (")", "]", "}"):
            depth = max(0, depth - 1)
        elif text.endswith("\n") and text != "\\\n" and depth == 0:
            yield source[start:position]
            start = position
    if start < len(source):
        yield source[start:]


def _special_end(source: str, start: int) -> int:
    """Where the IPython line that begins here ends, with the lines that a backslash joins to it; 0 for Python.

    Its quotes mean nothing to Python (`!echo "it's"`), so that it is taken whole before the scan can stumble over them.
    """
    end = source.find("\n", start) + 1 or len(source)
    line = source[start:end].rstrip("\n")
    if line.lstrip().startswith(("!", "%")) or any(form.fullmatch(line) for form in (_HELP, _COMMAND, _ASSIGNED)):
        while source.endswith("\\\n", start, end) and end < len(source):
            end = source.find("\n", end) + 1 or len(source)
        return end
    return 0
