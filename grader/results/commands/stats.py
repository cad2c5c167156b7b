"""`playground stats`: a run in numbers."""

import argparse
import sys
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from grader.command_line.arguments import folder_to_read
from grader.model import to_json
from grader.project import project_catalog, project_root
from grader.results.report.results import read_results_json
from grader.results.report.statistics import Spread, Statistics, statistics
from grader.wording import LABELS, one_line

_EXAMPLE = "example: playground stats results --format json"


def add(commands: Any) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser("stats", help="a run in numbers", epilog=_EXAMPLE)
    parser.add_argument("dir", type=folder_to_read, metavar="DIR", help="the folder of `playground grade --out`")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="what is printed (default text)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, _: Console) -> int:
    """Prints the numbers."""
    numbers = statistics(read_results_json(options.dir), project_catalog(project_root()).exercise)
    if options.format == "json":
        sys.stdout.buffer.write(to_json(numbers))
    else:
        Console().print(view(numbers))
    return 0


def view(numbers: Statistics) -> RenderableType:
    """The numbers for a terminal."""
    head = f"{numbers.submissions} submissions, {numbers.max_score} points to win"
    odd = {
        "could not be read": numbers.rejected,
        "touched by a kit error": numbers.unsettled,
        "unproven": numbers.unproven,
        "of the roster handed in nothing": numbers.absent,
    }
    head += "".join(f", {count} {what}" for what, count in odd.items() if count)
    hit = [f"{count} {LABELS[status]}" for status in LABELS if (count := numbers.limits.get(status.value))]
    parts: list[RenderableType] = [
        Text(head, "bold"),
        _spreads({"score": numbers.scores, "seconds": numbers.seconds}),
        _exercises(numbers),
        Text(f"Limits hit, counted by exercise: {', '.join(hit) or 'none'}."),
        Text(f"Of the time, {numbers.student_share:.0%} went to students' code."),
    ]
    if numbers.rejected or numbers.unsettled:
        parts.append(Text("Scores leave out what could not be read or is not settled.", "dim"))
    return Group(*parts)


def _spreads(spreads: dict[str, Spread]) -> Table:
    names = ("count", "mean", "sd", "low", "first_quartile", "median", "third_quartile", "high")
    headings = ("n", "mean", "sd", "low", "25 %", "median", "75 %", "high")
    table = _table("", *headings)
    for what, spread in spreads.items():
        table.add_row(what, *(f"{getattr(spread, name):.4g}" for name in names))
    return table


def _exercises(numbers: Statistics) -> Table:
    table = _table("exercise", "started", "all points", "mean", "of")
    for one in numbers.exercises:
        table.add_row(
            Text(f"{one_line(one.id)} {one.title}"),
            str(one.started),
            str(one.passed),
            f"{one.mean:.1f}",
            str(one.max_score),
        )
    return table


def _table(first: str, *headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    table.add_column(first)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table
