"""The card below an exercise: what passes, what to try, points, hints one by one, and the whole notebook as a strip."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grader.model import CheckResult, Exercise, Status
from grader.notebook.html import framed, words
from grader.notebook.kernel import Standing
from grader.wording import MARKS, printable

_KINDS = {Status.PASSED: "passed", Status.SKIPPED: "skipped", Status.NOT_ATTEMPTED: "skipped"}
_RUNGS = ("a nudge", "the idea", "almost the answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One exercise in the strip."""

    id: str
    title: str
    points: int
    max_points: int
    bonus: bool = False
    begun: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What there is to say about one exercise."""

    head: str
    """One line that stands on its own: the exercise and how it is going."""
    results: Sequence[CheckResult] = ()
    tail: str = ""
    hints: Sequence[str] = ()
    """Empty when nobody needs one."""
    here: str = ""
    """The exercise's id; empty when the card is about something else."""
    strip: Sequence[Step] = field(default_factory=tuple)


def steps(exercises: Sequence[Exercise], standings: Mapping[str, Standing]) -> list[Step]:
    """How the whole notebook stands. Points are what the visible checks promise."""
    found = []
    for exercise in exercises:
        passed, total = standings.get(exercise.id, (0, 1))
        points = exercise.points * passed // total
        found.append(
            Step(
                id=exercise.id,
                title=exercise.title,
                points=points,
                max_points=exercise.points,
                bonus=exercise.bonus,
                begun=exercise.id in standings,
            )
        )
    return found


def as_text(card: Card) -> str:
    """The card for places that show text alone."""
    lines = [card.head]
    for result in card.results:
        lines.append(f"  {MARKS[result.status]} {result.title}")
        lines += [f"      {line}" for line in printable(result.message).splitlines()]
    if card.tail:
        lines.append(card.tail)
    if card.hints:
        lines.append(f"Stuck? In a terminal, `playground hint {card.here}` gives a nudge.")
    if card.strip:
        lines.append(f"Progress: {_progress(card.strip)}.")
    return "\n".join(lines)


def as_html(card: Card) -> str:
    """The card for a notebook."""
    step = next((step for step in card.strip if step.id == card.here), None)
    kind = "" if step is None or not step.begun else "lmp-done" if step.points == step.max_points else "lmp-begun"
    parts = [f'<div class="lmp-head"><b>{html.escape(card.head)}</b>{_badge(step)}</div>']
    if card.results:
        parts.append(f'<ul class="lmp-checks">{"".join(map(_row, card.results))}</ul>')
    if card.tail:
        parts.append(f'<div class="lmp-soft">{words(card.tail)}</div>')
    parts += [_ladder(card.hints), _strip(card.strip, card.here)]
    return framed(f'<div class="lmp-card {kind}" role="status">{"".join(parts)}</div>')


def _badge(step: Step | None) -> str:
    if step is None:
        return ""
    bonus = " bonus" if step.bonus else ""
    return f'<span class="lmp-badge">{step.points} of {step.max_points}{bonus} points</span>'


def _row(result: CheckResult) -> str:
    kind = _KINDS.get(result.status, "failed")
    message = printable(result.message)
    said = f'<pre class="lmp-say {kind}">{html.escape(message)}</pre>' if message else ""
    mark = f'<span class="lmp-mark {kind}" role="img" aria-label="{result.status}">{MARKS[result.status]}</span>'
    return f"<li>{mark}<span>{words(result.title)}</span>{said}</li>"


def _ladder(hints: Sequence[str]) -> str:
    """Each hint holds the button for the next, so that nobody sees more than they asked for. Needs no script."""
    inner = ""
    for number in range(len(hints), 0, -1):
        label = _RUNGS[min(number, len(_RUNGS)) - 1] if len(hints) == len(_RUNGS) else "next"
        word = "Hint" if number == 1 else "Next hint"
        inner = (
            f"<details><summary>{word} ({label})</summary>"
            f'<div class="lmp-hint">{words(hints[number - 1])}{inner}</div></details>'
        )
    return inner


def _strip(strip: Sequence[Step], here: str) -> str:
    if not strip:
        return ""
    cells = []
    for step in strip:
        kind = "" if not step.begun else "lmp-full" if step.points == step.max_points else "lmp-some"
        at = " lmp-here" if step.id == here else ""
        said = html.escape(f"{step.id} {step.title}: {step.points} of {step.max_points} points")
        cells.append(f'<span class="{kind}{at}" title="{said}" aria-hidden="true">{html.escape(step.id)}</span>')
    label = f"Progress: {_progress(strip)}"
    total = f"<b>{sum(s.points for s in strip if not s.bonus)} of {sum(s.max_points for s in strip if not s.bonus)}</b>"
    return f'<div class="lmp-strip" role="img" aria-label="{html.escape(label)}">{"".join(cells)}{total}</div>'


def _progress(strip: Sequence[Step]) -> str:
    points, most = (sum(getattr(s, name) for s in strip if not s.bonus) for name in ("points", "max_points"))
    extra = sum(s.points for s in strip if s.bonus)
    done = [s.id for s in strip if s.begun and s.points == s.max_points]
    begun = [s.id for s in strip if s.begun and s.points < s.max_points]
    parts = [f"{points} of {most} points" + (f" and {extra} bonus" if extra else "")]
    parts += [f"done: {' '.join(done)}"] if done else []
    parts += [f"begun: {' '.join(begun)}"] if begun else []
    return ", ".join(parts)
