"""`playground export`: a finished run in the format of another system."""

import argparse
from typing import Any

from rich.console import Console

from grader.command_line.arguments import file_to_read, folder_to_read, place_to_write
from grader.command_line.files import check_place
from grader.project import project_catalog, project_root
from grader.results.commands.results import find_student, graded_at
from grader.results.exports import FORMATS, Request, write_export
from grader.results.report.results import read_results_json
from grader.wording import one_line

MAX_REMARKS = 200
_EXAMPLES = """examples:
  playground export results --to gradescope
  playground export results --to canvas --template grades.csv --column "LM Playground (1234)" --out filled.csv
  playground export results --to junit --student alice --out alice.xml
"""


def add(commands: Any) -> None:
    """Adds the command to the parser."""
    formats = "\n".join(f"  {name:<13} {one.about}" for name, one in FORMATS.items())
    parser = commands.add_parser(
        "export",
        help="files for gradebooks and other systems",
        epilog=f"formats:\n{formats}\n\n{_EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("dir", type=folder_to_read, metavar="DIR", help="the folder of `playground grade --out`")
    parser.add_argument("--to", required=True, choices=list(FORMATS), metavar="FORMAT", help="one of those below")
    parser.add_argument(
        "--out",
        type=place_to_write,
        metavar="PATH",
        help="the folder, or for a single file its name (default: DIR/exports/FORMAT)",
    )
    parser.add_argument("--student", default="", metavar="ID", help="only this submission")
    parser.add_argument("--with-bonus", action="store_true", help="bonus points count; a score may pass the maximum")
    parser.add_argument(
        "--assignment",
        default=Request().assignment,
        metavar="NAME",
        help=f"what nbgrader and JUnit call the work (default: {Request().assignment})",
    )
    parser.add_argument(
        "--template", type=file_to_read, metavar="FILE", help="canvas: the gradebook that Canvas exported"
    )
    parser.add_argument(
        "--column", default="", metavar="TITLE", help="canvas: the column to fill, by heading, title or number"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, talk: Console) -> int:
    """Writes the export and prints where it is; remarks go to stderr."""
    whole = read_results_json(options.dir)
    if options.student:
        find_student(whole, options.dir, options.student)
    template = options.template.read_bytes() if options.template else b""
    request = Request(
        exercises=project_catalog(project_root()).exercise,
        with_bonus=options.with_bonus,
        graded_at=graded_at(options.dir),
        assignment=options.assignment,
        template=template,
        template_name=str(options.template or ""),
        column=options.column,
    )
    out = options.out or options.dir / "exports" / options.to
    check_place(out / "any", out if options.out else options.dir)
    export, place = write_export(whole, options.to, request, out, options.student)
    for remark in export.remarks[:MAX_REMARKS]:
        talk.print(f"note: {one_line(remark)}", markup=False, highlight=False, soft_wrap=True)
    if len(export.remarks) > MAX_REMARKS:
        talk.print(f"note: and {len(export.remarks) - MAX_REMARKS} more of these", highlight=False)
    print(place)
    return 0
