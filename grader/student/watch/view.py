"""Draws the state of `watch`: head and foot stay, what is between them scrolls."""

import re
import textwrap
from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from grader.model import CheckResult, Status
from grader.student.progress import Progress
from grader.student.scoreboard import bar
from grader.student.watch.state import State
from grader.wording import MARKS, printable

_PLAIN_MARKS = {Status.PASSED: "ok", Status.NOT_ATTEMPTED: "..", Status.SKIPPED: "--"}
_STYLES = {Status.PASSED: "green", Status.SKIPPED: "dim", Status.NOT_ATTEMPTED: "dim"}
_KEYS = [("h", "hint"), ("n", "next"), ("p", "previous"), ("l", "list"), ("r", "again"), ("q", "quit")]
_WIDE, _BAR, _SHORT_BAR = 76, 20, 8
_INDENT, _MIN_WIDTH = 4, 20
_LIST_KEYS = [("up/down", "choose"), ("enter", "go there"), ("q", "quit")]


class Screen:
    """One frame of exactly the size of the terminal."""

    def __init__(self, state: State, console: Console, offset: int, *, warm: bool) -> None:
        self._state, self._console, self.offset, self._warm = state, console, offset, warm

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Head, as much of the body as there is room for, foot."""
        width, height = options.max_width, options.height or console.height
        state = self._state
        head = console.render_lines(_head(state, console), options.update(height=None))
        body = _list(state, console) if state.lists else Group(*_body(state, console, warm=self._warm))
        lines = console.render_lines(body, options.update(height=None))
        room = max(height - len(head) - 2, 1)
        self.offset = max(min(self.offset, len(lines) - room), 0)
        if state.lists:
            self.offset = max(min(state.desk.catalog.ids.index(state.current.id) - room // 2, len(lines) - room), 0)
        shown = Segment.set_shape(lines[self.offset : self.offset + room], width, room)
        more = len(lines) > room
        foot = console.render_lines(_foot(state, more=more), options.update(height=None))[:2]
        for place, line in enumerate([*head, *shown, *foot][:height]):
            if place:
                yield Segment.line()
            yield from line


def _head(state: State, console: Console) -> RenderableType:
    all_of_them = [one for one in state.progress() if not one.exercise.bonus]
    points, most = sum(one.points for one in all_of_them), sum(one.exercise.points for one in all_of_them)
    done = sum(one.is_done for one in all_of_them)
    width = _BAR if console.width >= _WIDE else _SHORT_BAR
    first = Text.assemble(("LM Playground ", "bold"), bar(points / most, console, width), f" {points}/{most} points")
    lines: list[RenderableType] = [_apart(first, Text(f"{done} of {len(all_of_them)} done"))]
    if not state.lists:
        exercise = state.current
        one = state.standings[exercise.id] or Progress(exercise=exercise)
        worth = f"{one.points}/{exercise.points}" if one.total else f"{exercise.points}"
        where = f"exercises/{exercise.file}" if state.remembers else state.path.name
        bonus = ", bonus" if exercise.bonus else ""
        lines.append(_apart(Text(f"{exercise.id} {exercise.title}", "bold"), Text(f"{worth} points{bonus}")))
        lines.append(_apart(Text(where, "dim"), Text(_when(state, one), "dim")))
    return Group(*lines, Rule(style="dim", characters="─" if console.encoding.startswith("utf") else "-"))


def _apart(left: Text, right: Text) -> Table:
    """One line with words at both ends; those on the left give way."""
    line = Table.grid(expand=True)
    line.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    line.add_column(justify="right", no_wrap=True)
    line.add_row(left, right)
    return line


def _when(state: State, one: Progress) -> str:
    if state.busy:
        return "checking…"
    if state.seconds is not None:
        return f"{one.word}, checked in {state.seconds:.2f} s"
    return one.word


def _body(state: State, console: Console, *, warm: bool) -> Iterator[RenderableType]:
    if state.busy and not warm:
        yield Text("Loading PyTorch and the models, once; after that each check takes a blink.", "dim")
        yield Text("")
    if state.problem:
        yield Text(printable(state.problem), "red")
        yield Text("")
    one = state.standings[state.current.id]
    if one is not None and one.is_started:
        for result in one.results:
            yield from _check(result, console)
        if one.is_done:
            yield Text("")
            yield Text(f"{state.current.id} is done. Press n for the next one.", "bold green")
    elif one is not None:
        yield Text("Not started. Put your code where it says YOUR CODE HERE, and save the file.")
        if state.current.teaches:
            yield Text("")
            yield Text(f"What it is about: {state.current.teaches}", "dim")
    elif not state.busy and not state.problem:
        yield Text("Not checked yet. Save the file, or press r.")
    for note in (*state.notes, *state.found()):
        yield Text(f"{printable(note)}", "italic")
    if state.hint and not (one is not None and one.is_done):
        yield Text("")
        yield Text(f"Hint {state.hint} of {len(state.current.hints)}", "bold")
        yield Padding(Text(state.current.hints[state.hint - 1]), (0, 0, 0, 2))


def _check(result: CheckResult, console: Console) -> Iterator[RenderableType]:
    quiet = "dim" if result.status is Status.SKIPPED else ""
    line = Table.grid(padding=(0, 1, 0, 0))
    line.add_row(Text(_mark(result.status, console), _STYLES.get(result.status, "red")), Text(result.title, quiet))
    yield line
    if result.message and result.status is not Status.PASSED:
        yield Padding(Text(_hanging(printable(result.message), console.width - _INDENT), quiet), (0, 0, 0, _INDENT))


def _hanging(text: str, width: int) -> str:
    """The text in lines of that width; what is broken goes on below the words, not below a label such as `try:`."""
    lines = []
    for line in text.splitlines():
        label = re.match(r"\s*(?:\w+:\s+)?", line)
        indent = " " * min(len(label[0]) if label else 0, width // 2)
        lines += textwrap.wrap(line, max(width, _MIN_WIDTH), subsequent_indent=indent, break_on_hyphens=False) or [""]
    return "\n".join(lines)


def verdict_lines(state: State, console: Console) -> Iterator[str]:
    """The exercise in view as plain lines."""
    one = state.standings[state.current.id] or Progress(exercise=state.current)
    took = f" in {state.seconds:.2f} s" if state.seconds is not None and one.is_started else ""
    yield f"{state.current.id} {state.current.title}: {one.word}, {one.passed} of {one.total} checks pass{took}"
    if state.problem:
        yield f"  {printable(state.problem)}"
    for result in one.results if one.is_started else ():
        yield f"  {_mark(result.status, console)} {result.title}"
        if result.status is not Status.PASSED:
            yield from (f"      {line}" for line in printable(result.message).splitlines())
    yield from (f"  {printable(note)}" for note in (*state.notes, *state.found()))


def _mark(status: Status, console: Console) -> str:
    return MARKS[status] if console.encoding.startswith("utf") else _PLAIN_MARKS.get(status, "XX")


def _list(state: State, console: Console) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    for one in state.progress():
        exercise = one.exercise
        here = exercise.id == state.current.id
        part = one.passed / one.total if one.total else 0.0
        title = exercise.title + (" (bonus)" if exercise.bonus else "")
        name = Text(title, "bold" if here else "", no_wrap=True, overflow="ellipsis")
        table.add_row(">" if here else " ", Text(exercise.id, "bold"), name, bar(part, console), one.word)
    return table


def _foot(state: State, *, more: bool) -> RenderableType:
    pairs = [*(_LIST_KEYS if state.lists else _KEYS), *([("j k", "scroll")] if more and not state.lists else [])]
    words = Text("  ", no_wrap=True, overflow="crop")
    for key, what in pairs:
        words.append(key, "bold").append(f" {what}  ")
    return Group(Text(""), words)
