"""Classroom 50's `result/v1`, one for each submission: whole points, a test for each check."""

from typing import Any

from grader.model import RunResult, Status, SubmissionResult, to_json
from grader.results.exports.lines import Line, counted, lines, score_of
from grader.results.exports.request import Export, Request


def export(run: RunResult, request: Request) -> Export:
    """`<id>.json` for each submission."""
    return Export(files={f"{result.id}.json": to_json(as_result(result, request)) for result in run.submissions})


def as_result(result: SubmissionResult, request: Request) -> dict[str, Any]:
    """One submission; the format allows no other keys at the top."""
    return {
        "score": score_of(result, request),
        "max-score": result.max_score,
        "datetime": request.graded_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "tests": [_test(line, request) for line in lines(result, request)],
    }


def _test(line: Line, request: Request) -> dict[str, Any]:
    won, worth = counted(line, request)
    passed = line.status is Status.PASSED
    return {"test-name": f"{line.number} {line.title}", "passed": passed, "score": won, "max-score": worth}
