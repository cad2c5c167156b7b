"""The output of the classic autograding actions of GitHub Classroom: one line of base64 for each submission."""

import base64
from typing import Any

import msgspec

from grader.model import RunResult, Status, SubmissionResult
from grader.results.exports.lines import Line, counted, lines, score_of
from grader.results.exports.request import Export, Request
from grader.wording import one_line

VERSION = 1
_NO_ANSWER = (Status.ERRORED, Status.TIMED_OUT, Status.OUT_OF_MEMORY, Status.CRASHED, Status.KIT_ERROR)


def export(run: RunResult, request: Request) -> Export:
    """`<id>.b64` for each submission: what the step's output `result` is set to.

    The reporter reads it from the environment as `<STEP-ID>_RESULTS`. Base64 has no character that the runner, a shell
    or a file of outputs could take for more than text.
    """
    files = {f"{one.id}.b64": base64.b64encode(msgspec.json.encode(output(one, request))) for one in run.submissions}
    return Export(files=files)


def output(result: SubmissionResult, request: Request) -> dict[str, Any]:
    """One submission as the reporter reads it; it sums the scores of the tests.

    The checks of bonus exercises are told of, but worth nothing unless bonus points count.
    """
    status = "error" if result.has_kit_error else "pass" if result.score >= result.max_score else "fail"
    tests = [_test(line, request) for line in lines(result, request)]
    return {
        "version": VERSION,
        "status": status,
        "max_score": result.max_score,
        "tests": [*tests, *_rest(result, tests, request)],
    }


def _test(line: Line, request: Request) -> dict[str, Any]:
    won, worth = counted(line, request)
    return {
        "name": f"{line.number} {line.title}",
        "status": "pass" if line.status is Status.PASSED else "error" if line.status in _NO_ANSWER else "fail",
        "score": won,
        "max_score": worth,
        "message": line.message,
    }


def _rest(result: SubmissionResult, tests: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    """What a rubric added or took away, so that the sum is the score."""
    rest = score_of(result, request) - sum(test["score"] for test in tests)
    if not rest:
        return []
    said = "\n".join(one_line(note) for note in result.notes)
    return [{"name": "Rubric", "status": "pass", "score": rest, "max_score": 0, "message": said}]
