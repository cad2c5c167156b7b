"""The verbs of a student: `status`, `hint`, `open`, `reset`. Parse, call, print."""

import argparse
import io
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from grader import __version__
from grader.catalog import Catalog
from grader.command_line.arguments import place_to_read
from grader.command_line.border import command
from grader.errors import CatalogError
from grader.intake.local import read_here
from grader.model import Exercise
from grader.offline.choice import MODELS_KINDS, MODELS_VARIABLE
from grader.project import project_catalog, project_root
from grader.student import convert
from grader.student.desk import Workspace

_EXAMPLES = """examples:
  playground watch        checks again each time you save
  playground status       where you stand
  playground hint 1.1     a nudge; ask again for the next step
  playground open 1.1     opens it in your editor
  playground reset 1.1    puts it back to how it came, and keeps your version
"""
_MIN_WORD = 3
"""Letters of a title that are enough to say what was meant."""
_WIDTH = 88


def register(commands: Any) -> None:
    """Adds the verbs to the command line."""
    _verb(commands, "status", _status, "where you stand", "playground status")
    watch = _verb(commands, "watch", _watch, "check again each time you save", "playground watch")
    watch.add_argument(
        "path", nargs="?", type=place_to_read, metavar="NOTEBOOK", help="a notebook, instead of exercises/"
    )
    watch.add_argument("--models", choices=MODELS_KINDS, help="the models that answers run")
    watch.add_argument("--no-fork", action="store_true", help="a fresh process for each check: slow, safe everywhere")
    hint = _verb(commands, "hint", _hint, "the next hint for an exercise", "playground hint 1.1")
    hint.add_argument("--again", action="store_true", help="show the hints that you have seen, and no new one")
    open_ = _verb(commands, "open", _open, "open an exercise in your editor", "EDITOR=nano playground open 1.1")
    for verb in (hint, open_):
        verb.add_argument("exercise", nargs="?", metavar="ID", help="such as 1.1; left out: the next one to do")
    reset = _verb(commands, "reset", _reset, "start afresh; your version is kept aside", "playground reset 1.1")
    reset.add_argument("exercise", metavar="ID", help="such as 1.1")
    convert.register(commands)


def _verb(
    commands: Any, name: str, run: Callable[[argparse.Namespace, Console], int], what: str, example: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=what, epilog=f"example: {example}")
    parser.set_defaults(run=partial(_on_any_terminal, run))
    return parser


def _on_any_terminal(
    run: Callable[[argparse.Namespace, Console], int], options: argparse.Namespace, talk: Console
) -> int:
    """Runs a verb; a sign that the terminal does not have is shown as `?`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    return run(options, talk)


def desk_here(path: Path | None = None) -> Workspace:
    """The answers at the path, or in exercises/ of the kit around the current folder.

    Raises:
        CatalogError: there is no kit here.
        IntakeError: the answers cannot be read.
    """
    root = project_root()
    catalog = project_catalog(root)
    return Workspace(root, catalog, read_here(path or root / "exercises", catalog))


def exercise_named(text: str, catalog: Catalog) -> Exercise:
    """The exercise that a person means: by its id in any case, its file, or its file's name.

    Raises:
        CatalogError: none is meant; the message has the closest match.
    """
    name = Path(text).name.casefold()
    for exercise in catalog.exercise:
        if name in (exercise.id.casefold(), exercise.file, exercise.file.removesuffix(".py")):
            return exercise
    parts = [id_ for id_ in catalog.ids if name and id_.startswith(name)]
    if parts:
        raise CatalogError(f"no exercise {text!r}; did you mean {' or '.join(parts)}?")
    titles = {exercise.title.casefold(): exercise for exercise in catalog.exercise}
    words = text.casefold().strip()
    close = [title for title in titles if len(words) >= _MIN_WORD and words in title]
    close = close or get_close_matches(words, titles, n=1)
    if close:
        meant = titles[close[0]]
        raise CatalogError(f"no exercise {text!r}; did you mean {meant.id}, {meant.title}?")
    return catalog.get(text)


def _status(_: argparse.Namespace, talk: Console) -> int:
    from grader.student.bench import use_one_thread
    from grader.student.scoreboard import found_lines, scoreboard

    desk = desk_here()
    standings = {exercise.id: desk.known(exercise) for exercise in desk.catalog.exercise}
    stale = [exercise for exercise in desk.catalog.exercise if standings[exercise.id] is None]
    if stale:
        use_one_thread()
        names = " ".join(exercise.id for exercise in stale)
        with talk.status(f"checking {names}") if talk.is_terminal else nullcontext():
            standings |= {one.exercise.id: one for one in desk.check(stale)}
    console = Console(highlight=False)
    console.print(scoreboard([one for one in standings.values() if one], console))
    for line in found_lines(desk.submission.notes, desk.found()):
        console.print(line, markup=False, soft_wrap=True)
    return 0


def _watch(options: argparse.Namespace, talk: Console) -> int:
    from grader.student.watch.app import watch
    from grader.student.watch.checker import FORK_IS_SAFE

    if options.models:
        os.environ[MODELS_VARIABLE] = options.models
    path = options.path.expanduser() if options.path else None
    desk = desk_here(path)
    forks = FORK_IS_SAFE and not options.no_fork
    if not FORK_IS_SAFE:
        talk.print("Each check starts a fresh process here, which takes seconds: forks are not safe on this system.")
    return watch(desk, path or desk.root / "exercises", remembers=path is None, forks=forks)


def _hint(options: argparse.Namespace, talk: Console) -> int:
    desk = desk_here()
    exercise = exercise_named(options.exercise, desk.catalog) if options.exercise else desk.next_up()
    if exercise is None:
        print("All exercises are done. `playground hint ID` shows the hints of one all the same.")
        return 0
    known = desk.known(exercise)
    if known is not None and known.is_done:
        talk.print(f"{exercise.id} is done: all its checks pass.", highlight=False)
    if not exercise.hints:
        print(f"{exercise.id} has no hints.")
        return 0
    total, seen = len(exercise.hints), min(desk.memory.hints_shown(exercise.id), len(exercise.hints))
    if options.again and not seen:
        raise CatalogError(f"you have seen no hint for {exercise.id} yet; `playground hint {exercise.id}` shows one")
    shown = range(seen) if options.again else range(min(seen, total - 1), min(seen + 1, total))
    for place in shown:
        print(f"{exercise.id} {exercise.title}, hint {place + 1} of {total}\n\n{wrapped(exercise.hints[place])}\n")
    if not options.again:
        desk.memory.keep_hints_shown(exercise.id, shown.stop)
    if shown.stop == total:
        print("That was the last one.")
    else:
        print(f"Still stuck? `playground hint {exercise.id}` goes one step further.")
    return 0


def wrapped(text: str) -> str:
    """The text in lines that fit the terminal, code in one piece."""
    width = min(shutil.get_terminal_size().columns, _WIDTH)
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)


def _open(options: argparse.Namespace, talk: Console) -> int:
    from grader.student.editor import open_in_editor

    desk = desk_here()
    exercise = exercise_named(options.exercise, desk.catalog) if options.exercise else desk.next_up()
    if exercise is None:
        print("All exercises are done. `playground open ID` opens one all the same.")
        return 0
    return open_in_editor(desk.root / "exercises" / exercise.file, talk)


def _reset(options: argparse.Namespace, talk: Console) -> int:
    root = project_root()
    exercise = exercise_named(options.exercise, project_catalog(root))
    from grader.student.reset import reset

    kept = reset(exercise, root)
    if kept is None:
        print(f"{exercise.id} is as it came: exercises/{exercise.file} has nothing to reset.")
        return 0
    if kept == root / "exercises" / exercise.file:
        print(f"exercises/{exercise.file} was gone; it is back, as it came.")
        return 0
    print(f"exercises/{exercise.file} is as it came. Your version: {kept.relative_to(root)}")
    back = f"To have it back: cp {kept.relative_to(root)} exercises/{exercise.file}"
    talk.print(back, highlight=False, soft_wrap=True)
    return 0


@command("playground")
def main(argv: Sequence[str] | None = None) -> int:
    """The `playground` command of students, who have no use for the verbs of graders; returns the exit code."""
    options = parser().parse_args(argv)
    code: int = options.run(options, Console(stderr=True))
    return code


def parser() -> argparse.ArgumentParser:
    """The command line of students."""
    whole = argparse.ArgumentParser(
        prog="playground",
        description="Exercises on language models, checked as you go.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action="version", version=f"playground {__version__}")
    register(whole.add_subparsers(required=True, metavar="COMMAND"))
    return whole
