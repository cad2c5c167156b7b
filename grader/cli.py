"""The `playground` command: parse, call, print."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from grader import __version__, convert
from grader.errors import KitError
from grader.report.words import one_line, printable

OK, USAGE, KIT_ERROR = 0, 2, 3
_EXAMPLES = """examples:
  playground grade submissions/ --out results          a class: folders, zips and notebooks in any mix
  playground grade alice.ipynb --out results           one student
  playground grade submissions/ --out results --jobs 2 --exercise 1.1 --exercise 1.2
  playground show results alice                        one student's verdicts
  playground hint 1.1                                  a nudge; --more for the next step of the ladder
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit code: 0 fine, 2 usage, 3 a fault of the kit touched a verdict."""
    options = _parser().parse_args(argv)
    talk = Console(stderr=True)
    try:
        code: int = options.run(options, talk)
    except KitError as error:
        talk.print(f"playground: {printable(str(error))}", style="red", markup=False, highlight=False, soft_wrap=True)
        return USAGE
    except KeyboardInterrupt:
        talk.print("playground: stopped. Verdicts so far are kept; the same command goes on from here.")
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="playground", description="Exercises on language models, and the grader that scores them.",
        epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"playground {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    grade = commands.add_parser("grade", help="score submissions", epilog=_EXAMPLES,
                                formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    grade.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a submission, or a folder of submissions")
    grade.add_argument("--out", required=True, type=Path, metavar="DIR", help="where results go")
    grade.add_argument("--jobs", type=_jobs, default=1, metavar="N", help="submissions graded side by side (default 1)")
    grade.add_argument("--exercise", action="append", default=[], metavar="ID", help="grade only this; may be repeated")
    grade.add_argument("--resume", action=argparse.BooleanOptionalAction, default=True,
                       help="take verdicts that are in DIR already (default: yes)")  # fmt: skip
    grade.add_argument("--no-sandbox", action="store_true", help="no walls, for submissions you trust; unproven")
    grade.add_argument("--format", choices=["text", "json"], default="text", help="what is printed (default text)")
    grade.set_defaults(run=_grade)
    show = commands.add_parser("show", help="one student's verdicts", epilog="example: playground show results alice")
    show.add_argument("dir", type=Path, metavar="DIR")
    show.add_argument("student", metavar="STUDENT")
    show.set_defaults(run=_show)
    hint = commands.add_parser("hint", help="a hint for an exercise", epilog="example: playground hint 1.1 --more")
    hint.add_argument("exercise", metavar="ID")
    hint.add_argument("--more", action="count", default=0, help="the next step of the ladder; repeat for the one after")
    hint.set_defaults(run=_hint)
    convert.register(commands)
    return parser


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number of processes, 1 or more, got {text!r}")
    return int(text)


def _grade(options: argparse.Namespace, talk: Console) -> int:
    from grader.model import to_json
    from grader.pipeline import Options, grade
    from grader.report.terminal import table
    from grader.score import has_kit_error

    wanted = Options(
        paths=tuple(options.paths), out=options.out, jobs=options.jobs, resume=options.resume,
        exercises=tuple(options.exercise), sandboxed=not options.no_sandbox,
    )  # fmt: skip
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=talk, transient=True, disable=not talk.is_terminal) as bar:
        task = bar.add_task("grading", total=None)
        outcome = grade(wanted, lambda done, total: bar.update(task, completed=done, total=total))
    for note in outcome.notes:
        talk.print(f"note: {one_line(note)}", style="dim", markup=False, highlight=False)
    if options.format == "json":
        sys.stdout.buffer.write(to_json(outcome.run))
    else:
        Console().print(table(outcome.run))
    walls = ", ".join(outcome.run.walls) or "none: these scores are unproven"
    count = len(outcome.run.submissions)
    talk.print(f"{count} submissions, {outcome.fresh} graded now. Walls: {walls}.", highlight=False)
    if outcome.missing:
        missing = "; ".join(f"{wall} ({why})" if why else wall for wall, why in outcome.missing.items())
        talk.print(f"Missing walls: {missing}. docs/security.md says what that means.", markup=False, highlight=False,
                   style="yellow", soft_wrap=True)  # fmt: skip
    talk.print(f"Report: {options.out / 'report.html'}", markup=False, highlight=False, soft_wrap=True)
    if any(has_kit_error(result) for result in outcome.run.submissions):
        talk.print("A fault of the kit (kit_error) left verdicts out; see the report.", style="bold red")
        return KIT_ERROR
    return OK


def _show(options: argparse.Namespace, _: Console) -> int:
    from difflib import get_close_matches

    from grader.project import project_catalog, project_root
    from grader.report.results import read_results_json
    from grader.report.terminal import show

    results = {result.id: result for result in read_results_json(options.dir).submissions}
    if options.student not in results:
        close = get_close_matches(options.student, results, n=1)
        advice = f"did you mean {close[0]}?" if close else f"there are {len(results)}, see {options.dir}/results.csv"
        raise KitError(f"{options.dir}: no submission {options.student!r}; {advice}")
    Console().print(show(results[options.student], project_catalog(project_root()).exercise))
    return OK


def _hint(options: argparse.Namespace, _: Console) -> int:
    from grader.project import project_catalog, project_root

    exercise = project_catalog(project_root()).get(options.exercise)
    step = min(options.more, len(exercise.hints) - 1)
    print(f"{exercise.id} {exercise.title}, hint {step + 1} of {len(exercise.hints)}\n\n{exercise.hints[step]}")
    return OK


if __name__ == "__main__":
    sys.exit(main())
