"""The gradebook CSV of `nbgrader export`: one row for each submission."""

import csv
import io

from grader.model import RunResult, SubmissionResult
from grader.results.exports.lines import score_of, unsettled
from grader.results.exports.request import Export, Request
from grader.wording import spreadsheet_text

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


def export(run: RunResult, request: Request) -> Export:
    """`grades.csv`. Those whose points are not settled are left out, and named in a remark."""
    open_ = unsettled(run.submissions)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n", restval="")
    writer.writeheader()
    writer.writerows(_row(result, request) for result in run.submissions if result.id not in open_)
    remarks = [f"{one}: left out, a kit_error left its points open; grade it again" for one in open_]
    return Export(files={"grades.csv": text.getvalue().encode("utf-8", "replace")}, remarks=tuple(remarks))


def _row(result: SubmissionResult, request: Request) -> dict[str, object]:
    score = score_of(result, request)
    return {
        "assignment": spreadsheet_text(request.assignment),
        "student_id": spreadsheet_text(result.id),
        "raw_score": score + result.penalty,
        "late_submission_penalty": result.penalty,
        "score": score,
        "max_score": result.max_score,
    }
