"""Shows a run, or one student, in the terminal. Text from people is never read as markup or as terminal commands."""

from collections.abc import Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.model import CheckResult, Exercise, ExerciseResult, RunResult, Status, SubmissionResult
from grader.results.report.figures import kit_faults, title_of
from grader.results.report.gradebook import exercise_ids
from grader.wording import LABELS, MARKS, one_line, printable

STYLES = {
    Status.PASSED: "green",
    Status.PARTIAL: "yellow",
    Status.FAILED: "red",
    Status.ERRORED: "red",
    Status.TIMED_OUT: "magenta",
    Status.OUT_OF_MEMORY: "magenta",
    Status.CRASHED: "magenta",
    Status.NOT_ATTEMPTED: "dim",
    Status.SKIPPED: "dim",
    Status.KIT_ERROR: "bold white on red",
}
MAX_ROWS = 60
MAX_PLACES = 6
_MAX_NAME = 32
_MIN_NAME = 8


def table(run: RunResult, *, max_rows: int = MAX_ROWS, width: int | None = None) -> Table:
    """The class, a row for each student; kit errors and unproven scores are named below.

    Args:
        run: what to show.
        max_rows: how many students; the caption says how many more there are.
        width: columns of the terminal; the single exercises are left out where there is no room for them.
    """
    totals = {result.max_score for result in run.submissions}
    total = totals.pop() if len(totals) == 1 else None
    has_bonus = any(result.bonus for result in run.submissions)
    columns = [("score" if total is None else f"/{total}", 5 if total is not None else 8)] + [("bonus", 5)] * has_bonus
    exercises = [(one_line(id_), max(2, cell_len(one_line(id_)))) for id_ in exercise_ids(run)]
    room = (width or Console().width) - _MIN_NAME - sum(size + 1 for _, size in columns)
    ids = exercise_ids(run) if sum(size + 1 for _, size in exercises) <= room else []
    view = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=0,
        caption_justify="left",
        caption=_caption(run, max_rows, shortened=not ids and bool(exercises)),
    )
    # Only the name gives way on a narrow terminal; points that are cut off would be wrong points.
    view.add_column("student", min_width=_MIN_NAME, overflow="fold")
    for heading, size in [*columns, *(exercises if ids else [])]:
        view.add_column(Text(heading), justify="right", no_wrap=True, min_width=size)
    for result in run.submissions[:max_rows]:
        bonus = [Text(f"+{result.bonus}" if result.bonus else "")] * has_bonus
        view.add_row(_name(result), _score(result, total), *bonus, *(_verdict(result.exercises.get(i)) for i in ids))
    return view


def show(result: SubmissionResult, exercises: Sequence[Exercise] = ()) -> RenderableType:
    """One student: every exercise with its checks and what to try."""
    head = Text.assemble((one_line(result.id), "bold"), f"  {result.score} of {result.max_score} points")
    if result.bonus:
        head.append(f", {result.bonus} bonus")
    if not result.proven:
        head.append("  unproven: ran without a sandbox", "yellow")
    parts: list[RenderableType] = [head, *_notes(result.notes)]
    for id_, verdict in result.exercises.items():
        parts += ["", _exercise_line(id_, verdict, title_of(id_, exercises)), *_notes(verdict.notes)]
        parts += [line for check in verdict.checks for line in _check_lines(check)]
    return Group(*parts)


def _caption(run: RunResult, max_rows: int, *, shortened: bool) -> Text | None:
    lines = [Text("a wider window shows the exercises", "dim")] if shortened else []
    hidden = len(run.submissions) - max_rows
    if hidden > 0:
        lines.append(Text(f"… and {hidden:,} more in report.html and results.csv", "dim"))
    unproven = sum(not result.proven for result in run.submissions)
    if unproven:
        lines.append(Text(f"{unproven:,} unproven: graded without a sandbox", "yellow"))
    faults = kit_faults(run)
    if faults:
        what = "1 kit error" if len(faults) == 1 else f"{len(faults):,} kit errors"
        lines.append(Text(f"{what}, our fault and not the students'; see report.html", "bold red"))
    return Text("\n").join(lines) if lines else None


def _name(result: SubmissionResult) -> Text:
    name = Text(one_line(result.id))
    name.truncate(_MAX_NAME, overflow="ellipsis")
    return name


def _score(result: SubmissionResult, total: int | None) -> Text:
    """The points, with what there was to win unless it is the same for all and stands above."""
    text = Text(str(result.score) if total is not None else f"{result.score}/{result.max_score}", "bold")
    return text if result.proven else text.append("?", "yellow")


def _verdict(verdict: ExerciseResult | None) -> Text:
    """The points where they tell all, else the mark of what happened."""
    if verdict is None:
        return Text("")
    style = STYLES[verdict.status]
    if verdict.status in (Status.PASSED, Status.PARTIAL, Status.FAILED):
        return Text(str(verdict.score), style)
    return Text(MARKS[verdict.status], style)


def _exercise_line(id_: str, verdict: ExerciseResult, title: str) -> Text:
    line = Text.assemble(
        (one_line(id_), "bold"), f" {title} " if title else " ", f"{verdict.score}/{verdict.max_score} "
    )
    line.append(LABELS[verdict.status], STYLES[verdict.status])
    if verdict.taken_from and verdict.status is not Status.NOT_ATTEMPTED:
        line.append(f"  from {one_line(', '.join(verdict.taken_from[:MAX_PLACES]))}", "dim")
    return line


def _check_lines(check: CheckResult) -> list[RenderableType]:
    points = f" {check.points}/{check.max_points}" if check.max_points else ""
    mark = Text.assemble(
        "  ", (MARKS[check.status], STYLES[check.status]), " ", one_line(check.title or check.name), points
    )
    if check.status in (Status.PASSED, Status.NOT_ATTEMPTED) or not check.message:
        return [mark]
    return [
        mark,
        Padding(Text(printable(check.message), "dim" if check.status is Status.SKIPPED else ""), (0, 0, 0, 6)),
    ]


def _notes(notes: Sequence[str]) -> list[RenderableType]:
    return [Padding(Text(one_line(note), "italic"), (0, 0, 0, 4)) for note in notes]
