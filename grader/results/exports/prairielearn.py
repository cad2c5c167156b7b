"""PrairieLearn's `results.json` for external graders, one for each submission, at most 1 MB."""

from typing import Any

import msgspec

from grader.model import RunResult, SubmissionResult
from grader.results.exports.lines import UNSETTLED, lines, score_of, summary
from grader.results.exports.request import Export, Request
from grader.wording import one_line

MAX_BYTES = 1_000_000
_CUT = "\n[cut off]"


def export(run: RunResult, request: Request) -> Export:
    """`<id>/results.json` for each submission."""
    files = {f"{one.id}/results.json": _fitting(results(one, run, request)) for one in run.submissions}
    return Export(files=files)


def results(result: SubmissionResult, run: RunResult, request: Request) -> dict[str, Any]:
    """One submission as PrairieLearn reads it; not gradable where it could not be read or where our fault touched it.

    What is not gradable costs the student no attempt.
    """
    problem = _problem(result)
    share = score_of(result, request) / result.max_score if result.max_score else 0.0
    return {
        "gradable": not problem,
        "score": 0.0 if problem else min(1.0, max(0.0, share)),
        "format_errors": [problem] if problem else [],
        "message": summary(result, run),
        "output": "",
        "tests": [
            {
                "name": f"{line.number} {line.title}",
                "description": line.status.value.replace("_", " "),
                "points": line.points,
                "max_points": line.max_points,
                "message": line.message,
                "output": "",
            }
            for line in lines(result, request)
        ],
    }


def _problem(result: SubmissionResult) -> str:
    if result.has_kit_error:
        return UNSETTLED
    if result.is_rejected:
        return one_line(result.notes[0])
    return ""


def _fitting(results: dict[str, Any]) -> bytes:
    """As JSON, with the texts shortened as far as the size asks for."""
    content = msgspec.json.encode(results)
    longest = max([len(results["message"]), *(len(test["message"]) for test in results["tests"])])
    while len(content) > MAX_BYTES:
        longest //= 2
        if not longest:
            return msgspec.json.encode({**results, "message": _CUT.strip(), "tests": []})
        results["message"] = _shortened(results["message"], longest)
        for test in results["tests"]:
            for field in ("name", "message"):
                test[field] = _shortened(test[field], longest)
        content = msgspec.json.encode(results)
    return content


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest].removesuffix(_CUT) + _CUT
