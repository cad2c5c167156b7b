"""Mutants of a solution: its answer with one small fault in it, by the operators of mutmut."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

from tools.regions import answer_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One changed line of a solution."""

    exercise: str
    was: str
    """The line as the solution has it."""
    now: str
    source: str
    """The whole cell with the fault in it."""

    @property
    def name(self) -> str:
        """How people tell it from others: `2.1: y = x @ W.T + b -> y = x @ W.T - b`."""
        return f"{self.exercise}: {self.was} -> {self.now}"


def mutants_of(exercise: str, text: str, where: str) -> list[Mutant]:
    """All mutants of the answer regions of a solution, each once.

    Args:
        exercise: its id.
        text: the solution's text, with its region markers.
        where: the file's name, for messages.
    """
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    positions, inside = wrapper.resolve(PositionProvider), answer_lines(text, where)
    found: dict[str, Mutant] = {}
    for node, place in positions.items():
        if place.start.line not in inside:
            continue
        for changed in _changed(node):
            source = wrapper.module.deep_replace(node, changed).code
            if source != text and source not in found:
                was, now = _difference(text, source)
                found[source] = Mutant(exercise=exercise, was=was, now=now, source=source)
    return list(found.values())


def _changed(node: Any) -> Iterator[Any]:
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            yield from operator(node)


def _difference(text: str, source: str) -> tuple[str, str]:
    """The lines that differ, as one line each."""
    before, after = text.splitlines(), source.splitlines()
    start = _same(before, after)
    end = min(_same(before[::-1], after[::-1]), min(len(before), len(after)) - start)
    return _joined(before[start : len(before) - end]), _joined(after[start : len(after) - end])


def _same(first: Iterable[str], second: Iterable[str]) -> int:
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count


def _joined(lines: Iterable[str]) -> str:
    return " ".join(" ".join(line.split()) for line in lines)
