"""Opens a file at its blank in the editor that a person likes."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from grader.errors import KitError

_GOTO = {"code", "code-insiders", "codium", "cursor", "windsurf"}
_PLUS = {"vi", "vim", "nvim", "nano", "emacs", "micro", "kak", "joe", "mg", "ne", "gedit", "kate"}
_BLANK = "YOUR CODE HERE"


def open_in_editor(path: Path, talk: Console) -> int:
    """Starts the editor; returns its exit code.

    Raises:
        KitError: there is no editor to be found, or it cannot be started.
    """
    command = editor_command(path, _line_of_blank(path))
    if not command:
        raise KitError(f"no editor found. Set EDITOR (`export EDITOR=nano`), or open {path} yourself")
    talk.print(f"opening {path} with {command[0]}", highlight=False, markup=False, soft_wrap=True)
    try:
        return subprocess.run(command, check=False).returncode
    except OSError as error:
        raise KitError(f"{command[0]}: cannot be started ({error.strerror}); is EDITOR right?") from None


def editor_command(path: Path, line: int) -> list[str]:
    """The command that opens the file at that line: VISUAL, EDITOR, else what the system has; empty for none.

    Raises:
        KitError: what they are set to is no command.
    """
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if chosen:
        try:
            words = shlex.split(chosen, posix=os.name == "posix")
        except ValueError as error:
            raise KitError(f"EDITOR: {chosen!r} cannot be read ({error}); set it to a command") from None
        return [*words, *_place(Path(words[0]).stem, path, line)] if words else []
    for name in ("code", *_system_openers()):
        if shutil.which(name):
            return [name, *_place(name, path, line)]
    return []


def _place(editor: str, path: Path, line: int) -> list[str]:
    if editor in _GOTO:
        return ["--goto", f"{path}:{line}"]
    return [f"+{line}", str(path)] if editor in _PLUS else [str(path)]


def _system_openers() -> tuple[str, ...]:
    if sys.platform == "darwin":
        return ("open",)
    if sys.platform == "win32":
        return ("notepad",)
    return ("nano", "vi") if not os.environ.get("DISPLAY") else ("xdg-open", "nano", "vi")


def _line_of_blank(path: Path) -> int:
    """The line of the first blank; the first line where none is left."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        raise KitError(f"{path}: not there. `playground reset {path.name}` writes it again") from None
    return next((number for number, text in enumerate(lines, 1) if _BLANK in text), 1)
