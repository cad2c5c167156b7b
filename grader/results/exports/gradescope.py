"""Gradescope's `results.json`, one for each submission: a test for each check."""

from typing import Any

from grader.model import RunResult, Status, SubmissionResult, to_json
from grader.results.exports.lines import Line, lines, score_of, summary
from grader.results.exports.request import Export, Request


def export(run: RunResult, request: Request) -> Export:
    """`<id>/results.json` for each submission."""
    files = {f"{result.id}/results.json": to_json(results(result, run, request)) for result in run.submissions}
    return Export(files=files)


def results(result: SubmissionResult, run: RunResult, request: Request) -> dict[str, Any]:
    """One submission as Gradescope reads it."""
    return {
        "score": score_of(result, request),  # overrides the sum of the tests, which has the bonus in it
        "execution_time": round(result.seconds, 3),
        "output": summary(result, run),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(line) for line in lines(result, request)],
        "extra_data": {
            "kit_version": run.kit_version,
            "sha256": result.sha256,
            "proven": result.proven,
            "walls": list(run.walls),
            "missing_walls": list(run.missing_walls),
            "bonus": result.bonus,
        },
    }


def broken(problem: str) -> dict[str, Any]:
    """What to hand to Gradescope when nothing could be graded; valid, and loud about whose fault it is.

    Args:
        problem: for the student too: no path, nothing of a hidden check.
    """
    return {
        "score": 0,
        "output": f"The autograder could not finish: {problem} This says nothing about your answers. "
        "Submit again, or tell your teacher; your file is kept.",
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
        "extra_data": {"kit_error": True},
    }


def _test(line: Line) -> dict[str, Any]:
    return {
        "name": f"{line.exercise} {line.title}" if line.title != line.exercise else line.title,
        "name_format": "text",
        "number": line.number,
        "score": line.points,
        "max_score": line.max_points,
        "status": "passed" if line.status is Status.PASSED else "failed",
        "output": line.message,
        "output_format": "text",
        "tags": [line.exercise, line.status.value],
        "visibility": "visible",
    }
