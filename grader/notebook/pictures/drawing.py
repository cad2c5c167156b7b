"""What a picture is, and what its drawers share: finding the student's objects, colours, odds."""

import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.notebook.kernel import names

_GOLDEN_ANGLE = 137.508
"""Degrees; steps of it go round the colour wheel without ever coming close to an earlier stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One thing to show."""

    text: str
    """The same in words, for screen readers and terminals."""
    html: str
    widget: object = None
    """The picture with controls, for frontends that have widgets."""


class WaitingError(Exception):
    """Something that the picture shows is not there yet; the text says what to run."""


def the(name: str, exercise_id: str, fits: Callable[[Any], bool]) -> Any:
    """The object of that name in the notebook; under another name the only one that fits.

    Raises:
        WaitingError: there is none.
    """
    found = names()
    if name in found and fits(found[name]):
        return found[name]
    others = {id(value): value for key, value in list(found.items()) if not key.startswith("_") and fits(value)}
    if len(others) != 1:
        raise WaitingError(f"This picture needs `{name}` of {exercise_id}; run that cell again, then this one.")
    return next(iter(others.values()))


def colour_of(token_id: int) -> str:
    """A pale colour for the id, the same everywhere; dark text can be read on it in any theme."""
    return f"hsl({token_id * _GOLDEN_ANGLE % 360:.0f} 75% 82%)"


def visible(piece: str) -> str:
    """The piece as HTML, with blanks and line breaks that can be seen."""
    marked = piece.replace(" ", "\u2423").replace("\n", "\u21b5").replace("\t", "\u21e5")
    return html.escape(marked) or "\u2205"


def percent(share: float) -> str:
    """A probability for people: never 0 for what is possible, never 100 for what is not certain."""
    if share <= 0 or share >= 1:
        return f"{100 * min(max(share, 0), 1):.0f} %"
    if share < 0.001:
        return "under 0.1 %"
    return f"{min(100 * share, 99.9):.1f} %"
