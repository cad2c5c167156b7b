"""Renders the class page and each student's feedback page. Everything that came from people is escaped."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import KitError
from grader.model import Exercise, RunResult, SubmissionResult
from grader.report.figures import (
    exercise_figures,
    hardest_checks,
    is_rejected,
    kit_faults,
    score_bins,
    score_summary,
    title_of,
)
from grader.report.files import student_folder, write_whole
from grader.report.gradebook import exercise_ids
from grader.report.words import LABELS, MARKS, printable

if TYPE_CHECKING:
    from jinja2 import Environment

HARDEST = 12
MAX_FAULTS = 50


def write_html(out: Path, run: RunResult, exercises: Sequence[Exercise] = ()) -> None:
    """Writes `out/report.html` and `out/students/<id>/feedback.html` for every submission.

    Args:
        out: the results folder.
        run: what to show.
        exercises: the catalogue, for titles.
    """
    for result in run.submissions:
        write_feedback(out, result, exercises)
    write_class_page(out, run, exercises)


def write_class_page(out: Path, run: RunResult, exercises: Sequence[Exercise] = ()) -> None:
    """Writes `out/report.html`: the class in figures, and a row for each student."""
    write_whole(out / "report.html", class_page(run, exercises).encode("utf-8", "replace"), durable=False)


def write_feedback(out: Path, result: SubmissionResult, exercises: Sequence[Exercise] = ()) -> None:
    """Writes `out/students/<id>/feedback.html`: one student's checks with advice."""
    page = student_page(result, exercises).encode("utf-8", "replace")
    write_whole(student_folder(out, result.id) / "feedback.html", page, durable=False)


def class_page(run: RunResult, exercises: Sequence[Exercise] = ()) -> str:
    """The class page as HTML."""
    faults = kit_faults(run)
    return _render(
        "class.html.j2",
        run=run,
        ids=exercise_ids(run),
        faults=faults[:MAX_FAULTS],
        fault_count=len(faults),
        faulty={fault.submission for fault in faults},
        unproven=sum(not result.proven for result in run.submissions),
        rejected=[result for result in run.submissions if is_rejected(result)],
        summary=score_summary(run),
        bins=score_bins(run),
        exercises=exercise_figures(run, exercises),
        hardest=hardest_checks(run, HARDEST),
    )


def student_page(result: SubmissionResult, exercises: Sequence[Exercise] = ()) -> str:
    """One student's page as HTML. It names no path of the machine that graded."""
    titles = {id_: title_of(id_, exercises) for id_ in result.exercises}
    bonus = {exercise.id for exercise in exercises if exercise.bonus}
    return _render("student.html.j2", result=result, titles=titles, bonus=bonus, rejected=is_rejected(result))


def _render(template: str, **values: Any) -> str:  # noqa: ANN401 - whatever the template shows
    return _environment().get_template(template).render(**values)


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise KitError("the HTML report needs Jinja2; install the kit with its `grade` extra") from None
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,  # for every template, whatever its name
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(labels=LABELS, marks=MARKS)
    return environment


def _shown(value: object) -> object:
    """Every text that a template shows goes through here, before it is escaped; what is escaped already is ours."""
    return printable(value) if type(value) is str else value
