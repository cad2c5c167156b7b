"""Feedback as plain text, one for each submission: for a terminal, or to send by mail."""

import textwrap
from itertools import groupby

from grader.model import RunResult, Status, SubmissionResult
from grader.results.exports.lines import Line, lines, summary
from grader.results.exports.request import Export, Request
from grader.results.report.figures import title_of
from grader.wording import LABELS, MARKS, one_line

WIDTH = 78
_LEFT_OUT = (Status.NOT_ATTEMPTED,)
"""Exercises that are told in one line."""


def export(run: RunResult, request: Request) -> Export:
    """`<id>.txt` for each submission."""
    files = {f"{one.id}.txt": feedback(one, run, request).encode("utf-8", "replace") for one in run.submissions}
    return Export(files=files)


def feedback(result: SubmissionResult, run: RunResult, request: Request) -> str:
    """One submission in words, with no line longer than a mail should have; it ends with a line break."""
    head = f"{one_line(request.assignment)}: {one_line(result.id)}"
    parts = [_wrapped(line) for line in (head, *summary(result, run).split("\n"))]
    if not result.is_rejected:
        for id_, group in groupby(lines(result, request), key=lambda line: line.exercise):
            parts += ["", _exercise(id_, result, request), *_checks(list(group))]
    return "\n".join(parts) + "\n"


def _exercise(id_: str, result: SubmissionResult, request: Request) -> str:
    verdict = next(verdict for name, verdict in result.exercises.items() if one_line(name) == id_)
    name = f"{id_} {one_line(title_of(id_, request.exercises))}".rstrip()
    return _wrapped(f"{name}: {verdict.score} of {verdict.max_score}, {LABELS[verdict.status]}")


def _checks(group: list[Line]) -> list[str]:
    if all(line.status in _LEFT_OUT for line in group):
        return []
    return [text for line in group for text in _check(line)]


def _check(line: Line) -> list[str]:
    points = f" ({line.points} of {line.max_points})" if line.max_points else ""
    head = _wrapped(f"{MARKS[line.status]} {line.title}{points}", "  ", "    ")
    return [head, *(_wrapped(said, "    ", "    ") for said in line.message.split("\n") if said.strip())]


def _wrapped(text: str, first: str = "", later: str = "  ") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)
