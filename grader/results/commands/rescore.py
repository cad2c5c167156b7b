"""`playground rescore`: a finished run weighed anew by a rubric, into a folder of its own; nothing is run again."""

import argparse
from typing import Any

from rich.console import Console

from grader.command_line.arguments import file_to_read, folder_to_read
from grader.command_line.extras import TO_REPORT, require
from grader.errors import KitError
from grader.project import project_catalog, project_root
from grader.results.folder import has_results, remove_pages
from grader.results.report.files import results_to_write
from grader.results.report.gradebook import write_csv
from grader.results.report.pages import write_class_page, write_feedback
from grader.results.report.results import read_results_json, write_results_json
from grader.results.rescore import for_students, in_words, rescored
from grader.results.rubric import check_rubric, read_rubric
from grader.wording import one_line

FOLDER = "rescored"
_EXAMPLES = """examples:
  playground rescore results --rubric rubric.toml             into results/rescored
  playground diff results results/rescored                    what the rubric did, and to whom
  playground export results/rescored --to gradescope          every export takes such a folder
"""


def add(commands: Any) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "rescore",
        help="weigh a finished run anew by a rubric",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("dir", type=folder_to_read, metavar="DIR", help="the folder of `playground grade --out`")
    parser.add_argument("--rubric", required=True, type=file_to_read, metavar="FILE", help="the knobs, a TOML file")
    parser.add_argument("--out", type=results_to_write, metavar="DIR", help=f"where results go (default: DIR/{FOLDER})")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, talk: Console) -> int:
    """Writes the rescored run and prints where; the graded one stays as it is."""
    require("grade", *TO_REPORT)
    out = options.out or results_to_write(str(options.dir / FOLDER))
    if (out / "results.db").exists() or out.resolve() == options.dir.resolve():
        raise KitError(f"{out}: holds a run that was graded; choose another --out folder, to keep its verdicts")
    before = read_results_json(out).submissions if has_results(out) else ()
    graded = read_results_json(options.dir)
    exercises = project_catalog(project_root()).exercise
    rubric = read_rubric(options.rubric)
    remarks = check_rubric(rubric, graded, exercises, str(options.rubric))
    whole = rescored(graded, rubric, exercises)
    shown = for_students(whole, rubric.messages)
    write_results_json(out, shown)
    write_csv(out, shown)
    for result in shown.submissions:
        write_feedback(out, result, exercises)
    write_class_page(out, whole, exercises)  # the teacher's
    remove_pages(out, {result.id for result in before} - {result.id for result in shown.submissions})
    for remark in remarks:
        talk.print(f"note: {one_line(remark)}", markup=False, highlight=False, soft_wrap=True)
    said = one_line(in_words(rubric)) or "no knob was turned"
    talk.print(f"{len(shown.submissions)} submissions: {said}.", markup=False, highlight=False, soft_wrap=True)
    print(out)
    return 0
