"""`playground diff`: whose marks changed between two runs, and why."""

import argparse
import sys
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from grader.command_line.arguments import folder_to_read
from grader.model import to_json
from grader.results.report.changes import CheckChange, Difference, StudentChange, difference
from grader.results.report.results import read_results_json
from grader.wording import one_line

MAX_STUDENTS = 200
MAX_NAMES = 20
_EXAMPLES = """examples:
  playground diff last-week today                   whose marks changed, check by check
  playground diff results results/rescored          what a rubric does
  playground diff last-week today --format json
"""


def add(commands: Any) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "diff",
        help="whose marks changed between two runs, and why",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("before", type=folder_to_read, metavar="RUN1", help="a results folder")
    parser.add_argument("after", type=folder_to_read, metavar="RUN2", help="another one")
    parser.add_argument("--all", action="store_true", help="those with the same marks and other verdicts, too")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="what is printed (default text)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, _: Console) -> int:
    """Prints the difference; that there is one is no failure."""
    found = difference(read_results_json(options.before), read_results_json(options.after))
    if options.format == "json":
        sys.stdout.buffer.write(to_json(found))
    else:
        Console().print(view(found, everything=options.all))
    return 0


def view(found: Difference, *, everything: bool = False) -> RenderableType:
    """The difference for a terminal."""
    students = [*found.changed, *(found.reworded if everything else ())]
    parts: list[RenderableType] = [Text(one_line(line), "bold") for line in found.run]
    for change in students[:MAX_STUDENTS]:
        parts += [_head(change), *(line for check in change.checks for line in _check_lines(check))]
        parts += [Padding(Text(one_line(note), "italic"), (0, 0, 0, 2)) for note in change.notes]
    if len(students) > MAX_STUDENTS:
        parts.append(Text(f"… and {len(students) - MAX_STUDENTS} more; --format json has them all", "dim"))
    return Group(*parts, *(Text(line) for line in _totals(found, everything=everything)))


def _head(change: StudentChange) -> Text:
    line = Text.assemble((one_line(change.id), "bold"), f"  {change.before} -> {change.after}")
    line.append(" ").append_text(_points(change.after - change.before))
    if change.bonus_before != change.bonus_after:
        line.append(f", bonus {change.bonus_before} -> {change.bonus_after}")
    if change.max_before != change.max_after:
        line.append(f", of {change.max_after} instead of {change.max_before} points")
    return line.append("  other work was handed in", "yellow") if change.other_work else line


def _check_lines(check: CheckChange) -> list[RenderableType]:
    what = one_line(check.title or check.name) if check.name else "as a whole"
    line = Text.assemble("  ", _points(check.after - check.before), f" {one_line(check.exercise)} {what}: {check.why}")
    said = one_line(check.message)
    return [line, Padding(Text(said, "dim"), (0, 0, 0, 5))] if said else [line]


def _totals(found: Difference, *, everything: bool) -> list[str]:
    up = sum(change.after > change.before for change in found.changed)
    down = sum(change.after < change.before for change in found.changed)
    lines = [f"{len(found.changed)} with other marks ({up} up, {down} down), {found.same} the same."]
    if found.reworded:
        advice = "" if everything else "; --all shows them"
        lines.append(f"{len(found.reworded)} more with other verdicts and the same marks{advice}.")
    for ids, which in ((found.only_before, "first"), (found.only_after, "second")):
        if ids:
            more = f" and {len(ids) - MAX_NAMES} more" if len(ids) > MAX_NAMES else ""
            lines.append(f"In the {which} run only: {', '.join(map(one_line, ids[:MAX_NAMES]))}{more}.")
    return lines


def _points(change: int) -> Text:
    return Text(f"{change:+d}" if change else "±0", "green" if change > 0 else "red" if change < 0 else "dim")
