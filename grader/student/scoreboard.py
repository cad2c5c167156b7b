"""The table of points and what comes next, for the terminal: the same under `pytest` and `playground status`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.student.progress import Progress, next_up
from grader.wording import printable

BAR_WIDTH = 10
_TITLE, _MIN_TITLE, _GAP = 1, 8, 2
_STYLES = {"done": "green", "keep going": "yellow", "fine so far": "yellow"}


def scoreboard(standings: Sequence[Progress], console: Console, *, whole: bool = True) -> RenderableType:
    """The table, the next exercise below it, and what the points are worth.

    Args:
        standings: the exercises to show.
        console: where it will be shown; decides which characters are safe.
        whole: these are all the exercises, so what comes next can be said.
    """
    worth = Text("Points are what the visible checks promise; the grader's own checks look closer.", "dim")
    return Group(_table(standings, console), *(next_lines(standings) if whole else []), worth)


def found_lines(remarks: Iterable[str], notes: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """How the answers were found, a line each: what concerns all of them, then what concerns an exercise."""
    yield from map(printable, remarks)
    yield from (printable(f"{exercise_id}: {note}") for exercise_id, lines in notes.items() for note in lines)


def bar(part: float, console: Console, width: int = BAR_WIDTH) -> str:
    """A bar of that many characters, filled as far as `part` of 1; full only when all of it is."""
    full, empty = "█░" if console.encoding.startswith("utf") else "#."
    filled = min(int(part * width), width)
    return full * filled + empty * (width - filled)


def next_lines(standings: Sequence[Progress]) -> list[Text]:
    """What to do next, in words."""
    step = next_up(standings)
    if step is None:
        return [Text("All done, the bonus exercises too. Well done!", "bold green")]
    lines = []
    if step.exercise.bonus:
        lines.append(Text("Every exercise is done. Well done! What is left is for the joy of it:", "bold green"))
    exercise = step.exercise
    name = (f"{exercise.id} {exercise.title}", "bold")
    lines.append(Text.assemble("Next: ", name, f", in exercises/{exercise.file}"))
    lines.append(Text(f"      Stuck? `playground hint {exercise.id}` gives a nudge."))
    return lines


def _table(standings: Sequence[Progress], console: Console) -> RenderableType:
    rows = [_row(one, console) for one in standings]
    if len(rows) > 1:
        rows.append([Text(""), Text("total", "bold"), *_total(standings, console)])
    sizes = [max(cell_len(row[column].plain) for row in rows) for column in range(len(rows[0]))]
    # Only the title gives way on a narrow terminal; points that are cut off would be wrong points.
    room = max(console.width - sum(sizes) + sizes[_TITLE] - _GAP * len(sizes), _MIN_TITLE)
    table = Table.grid(padding=(0, _GAP, 0, 0))
    for justify in ("left", "left", "left", "right", "right", "left"):
        table.add_column(justify=justify, no_wrap=True)
    for row in rows:
        row[_TITLE].truncate(room, overflow="ellipsis" if console.encoding.startswith("utf") else "crop")
        table.add_row(*row)
    return Padding(table, (1, 0), expand=False)


def _row(one: Progress, console: Console) -> list[Text]:
    exercise, style = one.exercise, _STYLES.get(one.word, "dim")
    title = Text(exercise.title + (" (bonus)" if exercise.bonus else ""))
    part = one.passed / one.total if one.total else 0.0
    checks = Text(f"{one.passed} of {one.total or len(one.results)}" if one.total or one.is_started else "")
    points = Text(f"{one.points}/{exercise.points}" if one.total or not one.is_started else f"-/{exercise.points}")
    return [Text(exercise.id, "bold"), title, Text(bar(part, console), style), checks, points, Text(one.word, style)]


def _total(standings: Sequence[Progress], console: Console) -> list[Text]:
    points = sum(one.points for one in standings if not one.exercise.bonus)
    most = sum(one.exercise.points for one in standings if not one.exercise.bonus)
    extra = sum(one.points for one in standings if one.exercise.bonus)
    return [
        Text(bar(points / most if most else 0.0, console)),
        Text(""),
        Text(f"{points}/{most}", "bold"),
        Text(f"+{extra} bonus" if extra else ""),
    ]
