"""Writes results.csv: one row per student, those of the roster who handed in nothing last."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from grader.command_line.files import write_whole
from grader.model import RunResult, SubmissionResult
from grader.wording import spreadsheet_text

FIRST = ("id", "score", "max_score", "bonus")
LAST = ("proven", "kit_error", "seconds", "sha256", "source", "notes")


def write_csv(out: Path, run: RunResult) -> None:
    """Writes `out/results.csv`."""
    write_whole(out / "results.csv", csv_bytes(run))


def csv_bytes(run: RunResult) -> bytes:
    """The content of results.csv, in UTF-8 without a mark in front, since programs read it as often as people do."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")  # as RFC 4180 has it
    exercises = exercise_ids(run)
    writer.writerow([*FIRST, *(column for id_ in exercises for column in (id_, f"{id_} status")), *LAST])
    writer.writerows(list(_row(result, exercises)) for result in run.submissions)
    blank = [""] * (2 * len(exercises) + len(FIRST) - 1 + len(LAST) - 1)
    writer.writerows([spreadsheet_text(name), *blank, "nothing handed in"] for name in run.absent)
    return text.getvalue().encode("utf-8", "replace")


def exercise_ids(run: RunResult) -> list[str]:
    """The exercises of a run in the order of its submissions."""
    return list(dict.fromkeys(id_ for result in run.submissions for id_ in result.exercises))


def _row(result: SubmissionResult, exercises: list[str]) -> Iterator[object]:
    yield from (spreadsheet_text(result.id), result.score, result.max_score, result.bonus)
    for id_ in exercises:
        verdict = result.exercises.get(id_)
        yield from (verdict.score, verdict.status.value) if verdict else ("", "")
    faults = [id_ for id_, verdict in result.exercises.items() if verdict.status == "kit_error"]
    yield from ("yes" if result.proven else "no", " ".join(faults), f"{result.seconds:.1f}", result.sha256)
    yield from (spreadsheet_text(result.source), spreadsheet_text(" | ".join(result.notes)))
