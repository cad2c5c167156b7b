"""Renders the class page and each student's feedback page. Everything that came from people is escaped."""

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.command_line.files import write_whole
from grader.model import Exercise, RunResult, Status, SubmissionResult
from grader.results.report.figures import (
    UNSEEN,
    exercise_figures,
    judged,
    kit_faults,
    score_bins,
    score_summary,
    title_of,
)
from grader.results.report.files import student_folder
from grader.results.report.gradebook import exercise_ids
from grader.results.report.heat import heat_map
from grader.results.report.items import doubts, items, limits_hit, misconceptions
from grader.results.report.similar import alike_groups
from grader.wording import LABELS, MARKS, printable

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"
MAX_FAULTS = 50
MAX_MISCONCEPTIONS = 200
_CODE = re.compile(r"`([^`\n]+)`")
AT_FIRST = 12
"""Misconceptions that are shown unasked."""
FEW = 6
"""Uploads that could not be read and are shown unasked."""
NAMED = 40
"""Students that are named in one place; of more their number is told."""


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
    write_whole(student_folder(out, result.id) / "feedback.html", page, within=out, durable=False)


def class_page(run: RunResult, exercises: Sequence[Exercise] = ()) -> str:
    """The class page as HTML. Its one script is ours, and the page's own policy lets no other run."""
    faults = kit_faults(run)
    checks = items(run)
    script = (TEMPLATES / "class.js").read_text(encoding="utf-8")
    return _render(
        "class.html.j2",
        run=run,
        ids=exercise_ids(run),
        faults=faults[:MAX_FAULTS],
        fault_count=len(faults),
        faulty={fault.submission for fault in faults},
        unproven=sum(not result.proven for result in run.submissions),
        rejected=[result for result in run.submissions if result.is_rejected],
        summary=score_summary(run),
        bins=score_bins(run),
        left_out=len(run.submissions) - len(judged(run)),
        exercises=exercise_figures(run, exercises),
        items=checks,
        misconceptions=misconceptions(run)[:MAX_MISCONCEPTIONS],
        doubts=doubts(run),
        limits=limits_hit(run),
        alike=alike_groups(run, exercises),
        heat=heat_map(run, checks),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        at_first=AT_FIRST,
        named=NAMED,
        few=FEW,
    )


def student_page(result: SubmissionResult, exercises: Sequence[Exercise] = ()) -> str:
    """One student's page as HTML. It names no path of the machine that graded."""
    titles = {id_: title_of(id_, exercises) for id_ in result.exercises}
    bonus = {exercise.id for exercise in exercises if exercise.bonus}
    lost = [id_ for id_, verdict in result.exercises.items() if verdict.status not in (*UNSEEN, Status.PASSED)]
    blank = [id_ for id_, verdict in result.exercises.items() if verdict.status is Status.NOT_ATTEMPTED]
    return _render(
        "student.html.j2",
        result=result,
        titles=titles,
        bonus=bonus,
        rejected=result.is_rejected,
        next=next(iter(lost or [id_ for id_ in blank if id_ not in bonus]), ""),
    )


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,  # for every template, whatever its name
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["with_code"] = _with_code
    environment.globals.update(labels=LABELS, marks=MARKS)
    return environment


def _shown(value: object) -> object:
    """Every text that a template shows goes through here, before it is escaped; what is escaped already is ours."""
    return printable(value) if type(value) is str else value


def _with_code(text: str) -> "Markup":
    """The text, escaped, with what stands between backticks set as code."""
    from markupsafe import Markup, escape

    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(printable(text)))))  # noqa: S704 - escaped just now
