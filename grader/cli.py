"""The `playground` command: parse, call, print."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from grader import __version__
from grader.command_line.arguments import file_to_read, folder_to_read, place_to_read
from grader.command_line.border import command
from grader.errors import KitError
from grader.results.commands import diff, export, rescore, stats
from grader.results.report.files import results_to_write
from grader.run.progress import KINDS, watcher
from grader.student import commands
from grader.wording import one_line

if TYPE_CHECKING:
    from grader.run.pipeline import Outcome

MAX_NAMED = 20
MAX_SAID = 3
OK, KIT_ERROR = 0, 3
_VERBS = (export, diff, stats, rescore)
"""Commands that work on a finished run."""
_EXAMPLES = """examples:
  playground grade submissions/ --out results          a class: folders, zips and notebooks in any mix
  playground grade alice.ipynb --out results           one student
  playground grade canvas.zip --out results            what a learning platform packed, as it is
  playground grade late.zip --out results              what came later: joins the class that is there
  playground grade submissions/ --out results --jobs 2 --exercise 1.1 --exercise 1.2
  playground grade submissions/ --out results --dask tls://10.0.0.1:8786       on other machines, see deploy/
  playground grade submissions/ --out results --student alice --no-resume     one student again
  playground show results alice                        one student's verdicts
  playground export results --to gradescope            files for a gradebook or another system
  playground watch                                     checks an exercise each time its file is saved
  playground status                                    where you stand
  playground hint 1.1                                  a nudge; again for the next step of the ladder
"""


@command("playground", stopped="stopped. Verdicts so far are kept; the same command goes on from here.")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit code: 0 fine, 2 usage, 3 a fault of the kit touched a verdict."""
    options = _parser().parse_args(argv)
    code: int = options.run(options, Console(stderr=True))
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="playground",
        description="Exercises on language models, and the grader that scores them.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"playground {__version__}")
    subcommands = parser.add_subparsers(required=True, metavar="COMMAND")
    grade = subcommands.add_parser(
        "grade", help="score submissions", epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    grade.add_argument(
        "paths", nargs="+", type=place_to_read, metavar="PATH", help="a submission, or a folder of submissions"
    )
    grade.add_argument("--out", required=True, type=results_to_write, metavar="DIR", help="where results go")
    grade.add_argument("--jobs", type=_jobs, default=1, metavar="N", help="submissions graded side by side (default 1)")
    grade.add_argument(
        "--dask",
        default="",
        metavar="ADDRESS",
        help="grade on a Dask cluster, tls://HOST:PORT; `local`: one of N processes here",
    )
    grade.add_argument("--exercise", action="append", default=[], metavar="ID", help="grade only this; may be repeated")
    grade.add_argument(
        "--student",
        action="append",
        default=[],
        metavar="ID",
        help="grade only this submission, show the others as they are; may be repeated",
    )
    grade.add_argument("--roster", type=file_to_read, metavar="CSV", help="the class: says who has handed in nothing")
    grade.add_argument(
        "--resume",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="take verdicts that are in DIR already (default: yes)",
    )
    grade.add_argument(
        "--only-these", action="store_true", help="reports show what is in PATH alone, and not the class that DIR holds"
    )
    grade.add_argument("--no-sandbox", action="store_true", help="no walls, for submissions you trust; unproven")
    grade.add_argument("--format", choices=["text", "json"], default="text", help="what is printed (default text)")
    grade.add_argument("--progress", choices=KINDS, help="default: a bar in a terminal; json: a line per submission")
    grade.add_argument("--quiet", action="store_true", help="print nothing but errors and asked-for progress")
    grade.set_defaults(run=_grade)
    show = subcommands.add_parser(
        "show", help="one student's verdicts", epilog="example: playground show results alice"
    )
    show.add_argument("dir", type=folder_to_read, metavar="DIR")
    show.add_argument("student", metavar="STUDENT")
    show.set_defaults(run=_show)
    for verb in _VERBS:
        verb.add(subcommands)
    commands.register(subcommands)
    return parser


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number of processes, 1 or more, got {text!r}")
    return int(text)


def _grade(options: argparse.Namespace, talk: Console) -> int:
    from grader.model import to_json
    from grader.results.report.terminal import table
    from grader.run.pipeline import Options, grade

    wanted = Options(
        paths=tuple(options.paths),
        out=options.out,
        jobs=options.jobs,
        dask=options.dask,
        resume=options.resume,
        exercises=tuple(options.exercise),
        students=tuple(options.student),
        roster=options.roster,
        sandboxed=not options.no_sandbox,
        only_these=options.only_these,
    )
    with watcher(options.progress or ("none" if options.quiet else None), talk) as watch:
        outcome = grade(wanted, watch)
    if options.format == "json":
        sys.stdout.buffer.write(to_json(outcome.run))
    elif not options.quiet and not outcome.is_empty:
        Console().print(table(outcome.run))
    if outcome.is_empty:
        raise KitError(f"nothing could be graded: {_unreadable(outcome)}. Report: {options.out / 'report.html'}")
    if not options.quiet:
        _tell(outcome, options.out, talk)
    if any(result.has_kit_error for result in outcome.run.submissions):
        talk.print("A fault of the kit (kit_error) left verdicts out; see the report.", style="bold red")
        for fault in outcome.faults:
            talk.print(f"kit error: {one_line(fault)}", markup=False, highlight=False, soft_wrap=True)
        return KIT_ERROR
    return OK


def _tell(outcome: "Outcome", out: Path, talk: Console) -> None:
    """What a person should know beside the table."""
    for note in outcome.notes:
        talk.print(f"note: {one_line(note)}", style="dim", markup=False, highlight=False, soft_wrap=True)
    for id_, why in list(outcome.unreadable.items())[:MAX_NAMED]:
        talk.print(f"note: {one_line(f'{id_}: {why}')}", markup=False, highlight=False, soft_wrap=True)
    if len(outcome.unreadable) > MAX_NAMED:
        talk.print(f"note: and {len(outcome.unreadable) - MAX_NAMED} more that cannot be read, see the report")
    absent = outcome.run.absent
    if absent:
        names = ", ".join(one_line(name) for name in absent[:MAX_NAMED])
        more = f" and {len(absent) - MAX_NAMED} more, see the report" if len(absent) > MAX_NAMED else ""
        talk.print(f"Nothing handed in ({len(absent)}): {names}{more}", markup=False, highlight=False, soft_wrap=True)
    walls = ", ".join(outcome.walls) or "none: these scores are unproven"
    count = len(outcome.run.submissions)
    talk.print(f"{count} submissions, {outcome.fresh} graded now. Walls: {walls}.", highlight=False)
    if outcome.missing:
        missing = "; ".join(f"{wall} ({why})" if why else wall for wall, why in outcome.missing.items())
        talk.print(
            f"Missing walls: {missing}. docs/security.md says what that means.",
            markup=False,
            highlight=False,
            style="yellow",
            soft_wrap=True,
        )
    talk.print(f"Report: {out / 'report.html'}", markup=False, highlight=False, soft_wrap=True)


def _unreadable(outcome: "Outcome") -> str:
    """What cannot be read and why, in one line."""
    words = [one_line(f"{id_}: {why.removeprefix('Not graded: ')}") for id_, why in outcome.unreadable.items()]
    more = f"; and {len(words) - MAX_SAID} more" if len(words) > MAX_SAID else ""
    return "; ".join(words[:MAX_SAID]) + more


def _show(options: argparse.Namespace, _: Console) -> int:
    from grader.project import project_catalog, project_root
    from grader.results.commands.results import find_student
    from grader.results.report.results import read_results_json
    from grader.results.report.terminal import show

    result = find_student(read_results_json(options.dir), options.dir, options.student)
    Console().print(show(result, project_catalog(project_root()).exercise))
    return OK


if __name__ == "__main__":
    sys.exit(main())
