"""Reads the notebook's template, one Markdown text, into prose and places for code cells."""

import re
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import jinja2

from grader.errors import CatalogError

Role = Literal["prose", "cell", "check", "demo"]

_MARK = re.compile(r"\x02(cell|check|demo):(.+?)\x03")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One stretch of prose, or one place for a code cell."""

    role: Role
    text: str
    """The Markdown of the prose; otherwise the id of the exercise, or the name of the demo."""


def read_template(  # noqa: PLR0913 - what a template may name comes from four places
    text: str,
    where: str,
    *,
    exercises: Collection[str],
    demos: Collection[str],
    facts: Mapping[str, object] | None = None,
    others: Mapping[str, str] | None = None,
) -> list[Piece]:
    """The template's pieces from top to bottom.

    Args:
        text: Markdown with `{{ cell("1.1") }}`, `{{ check("1.1") }}` and `{{ demo("greedy") }}` on lines of their own.
        where: the template's name, for messages.
        exercises: the ids that `cell` and `check` know.
        demos: the names that `demo` knows.
        facts: what else the template may name.
        others: texts of the templates that it may import, by name.

    Raises:
        CatalogError: the template is not valid, names something unknown or has it twice; or an exercise is missing.
    """
    known = {"cell": exercises, "check": exercises, "demo": demos}
    rendered = _render({**(others or {}), where: text}, where, known, facts or {})
    pieces = [piece for line in _paragraphs(rendered) if (piece := _piece(line)) is not None]
    placed = [piece.text for piece in pieces if piece.role == "cell"]
    missing = [exercise_id for exercise_id in exercises if exercise_id not in placed]
    if missing:
        raise CatalogError(f"{where}: exercise {missing[0]!r} has no place; add a line {{{{ cell({missing[0]!r}) }}}}")
    return pieces


def _render(
    texts: Mapping[str, str], where: str, known: dict[str, Collection[str]], facts: Mapping[str, object]
) -> str:
    """The text with a mark in place of every call."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (texts[name], name, None) if name in texts else None),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - Markdown, not HTML
    )
    seen: set[tuple[str, str]] = set()
    calls = {role: _placing(role, names, seen) for role, names in known.items()}
    try:
        return environment.get_template(where).render(calls | dict(facts))
    except jinja2.TemplateSyntaxError as error:
        raise CatalogError(f"{error.name or where}:{error.lineno}: {error.message}") from None
    except jinja2.TemplateNotFound as error:
        there = ", ".join(name for name in texts if name != where) or "nothing to import"
        raise CatalogError(f"{where}:{_line_of(error, where)}: no template {error.name!r}; there is {there}") from None
    except (jinja2.UndefinedError, CatalogError, TypeError) as error:
        raise CatalogError(f"{where}:{_line_of(error, where)}: {error}") from None


def _placing(role: str, names: Collection[str], seen: set[tuple[str, str]]) -> Callable[[str], str]:
    def place(name: str) -> str:
        if name not in names:
            raise CatalogError(f"unknown {role} {name!r}; there is {' '.join(names)}")
        if (role, name) in seen:
            raise CatalogError(f"{role} {name!r} has a place above already; take one of them out")
        seen.add((role, name))
        return f"\x02{role}:{name}\x03"

    return place


def _line_of(error: Exception, where: str) -> int:
    """The line of the template that raised; Jinja maps its tracebacks back to the template."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == where]
    return lines[-1] or 1 if lines else 1


def _paragraphs(rendered: str) -> list[str]:
    """The text cut around every mark and in front of every heading."""
    return re.split(r"(\x02.+?\x03)|\n(?=#{1,6} )", rendered)


def _piece(text: str | None) -> Piece | None:
    if text is None or not text.strip():
        return None
    mark = _MARK.fullmatch(text)
    if mark:
        return Piece(role=mark[1], text=mark[2])  # type: ignore[arg-type]
    return Piece(role="prose", text=text.strip())
