"""Answers that are alike beyond what a class of independent people brings about: a reason to look, never a verdict.

The class is its own yardstick. What the stub gave away is taken out, names that people choose are made equal, short
answers are left out, and what many answers of the class resemble says nothing about any two of them.
"""

import builtins
import keyword
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product

from grader.model import Exercise, RunResult

ALIKE = 0.95
"""The part of two answers' tokens that is the same, in the same order, from which on they count as alike."""
SHORT, LONG = 60, 200
"""Tokens of one's own: below the first an answer is too short to tell anything, one of the second tells by itself."""
_COMMON = 10
"""One pair for so many answers is allowed to be alike; where there are more, the exercise asks for it."""
_COUNTERS = 256
_TOKEN = re.compile(r"""[^\W\d]\w*|\d[\w.]*|"[^"\n]*"|'[^'\n]*'|[^\w\s]""")
_KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins))


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeGroup:
    """Students whose answers are alike, each with at least one other of the group."""

    students: tuple[str, ...]
    exercises: tuple[str, ...]
    least: float
    """The smallest similarity among the pairs that count, 0 to 1."""


def alike_groups(run: RunResult, exercises: Sequence[Exercise]) -> list[AlikeGroup]:
    """Groups with two alike answers, or a long one; those with the most exercises first.

    Args:
        run: verdicts with the code that was judged.
        exercises: the catalogue; what its stubs say is nobody's own.

    Raises:
        KitError: the library that compares texts is not installed.
    """
    stubs = {exercise.id: exercise.stub for exercise in exercises}
    alike: dict[tuple[str, str], dict[str, tuple[float, int]]] = defaultdict(dict)
    for id_ in dict.fromkeys(id_ for result in run.submissions for id_ in result.exercises):
        answers = {
            result.id: own_tokens("\n".join(piece.source for piece in result.exercises[id_].code), stubs.get(id_, ""))
            for result in run.submissions
            if id_ in result.exercises
        }
        for one, other, part, length in _alike_pairs(answers):
            alike[one, other][id_] = (part, length)
    telling = {
        pair: found
        for pair, found in alike.items()
        if len(found) > 1 or any(length >= LONG for _, length in found.values())
    }
    groups = [_group(students, telling) for students in _connected(telling)]
    return sorted(groups, key=lambda group: (-len(group.exercises), -group.least, group.students))


def own_tokens(source: str, stub: str = "") -> tuple[str, ...]:
    """The tokens that are the student's own, with chosen names and texts made equal."""
    given = {line.strip() for line in stub.splitlines()}
    lines = (line.strip() for line in source.splitlines())
    text = "\n".join(line for line in lines if line not in given and not line.startswith("#"))
    tokens, before = [], ""
    for token in _TOKEN.findall(text):
        is_name = token[0].isalpha() or token[0] == "_"
        chosen = is_name and before != "." and token not in _KEPT
        tokens.append("name" if chosen else "text" if token[0] in "\"'" else token)
        before = token
    return tuple(tokens)


def _alike_pairs(answers: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str, float, int]]:
    """Pairs of students with the part that is alike and the tokens of the shorter answer; none where it is common."""
    by_tokens: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for student, tokens in answers.items():
        if len(tokens) >= SHORT:
            by_tokens[tokens].append(student)
    texts = list(by_tokens)
    allowed = max(3, sum(map(len, by_tokens.values())) // _COMMON)
    pairs: list[tuple[str, str, float, int]] = []
    for one, other, part in _alike(texts):
        first, second = by_tokens[texts[one]], by_tokens[texts[other]]
        more = product(first, second) if one != other else combinations(first, 2)
        length = min(len(texts[one]), len(texts[other]))
        for pair in islice(more, allowed + 1 - len(pairs)):
            a, b = sorted(pair)  # the same two are the same pair in each exercise
            pairs.append((a, b, part, length))
        if len(pairs) > allowed:
            return []
    return pairs


def _alike(texts: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int, float]]:
    """Places of texts that are alike, with the part; each is alike to itself.

    How often each token occurs tells most pairs apart already, at a hundredth of what comparing them costs.
    """
    import numpy as np
    from rapidfuzz.distance.Indel import normalized_similarity

    number: dict[str, int] = {}
    words = [[number.setdefault(token, len(number)) for token in text] for text in texts]
    places = sorted(range(len(words)), key=lambda place: len(words[place]))
    lengths = np.array([len(words[place]) for place in places])
    # Tokens share a few hundred counters, however many somebody makes up: the bound holds for sums, too.
    spread = (np.bincount(np.array(words[place]) % _COUNTERS, minlength=_COUNTERS) for place in places)
    counts = np.array(list(spread), np.int32)
    for row, place in enumerate(places):
        yield place, place, 1.0
        end = int(np.searchsorted(lengths, lengths[row] * (2 / ALIKE - 1), side="right"))
        others = slice(row + 1, end)  # longer ones have too many tokens more
        apart = np.abs(counts[others] - counts[row]).sum(axis=1)
        for near in np.flatnonzero(apart <= (1 - ALIKE) * (lengths[others] + lengths[row])).tolist():
            other = places[row + 1 + near]
            part = normalized_similarity(words[place], words[other], score_cutoff=ALIKE)
            if part >= ALIKE:
                yield place, other, part


def _connected(pairs: Mapping[tuple[str, str], object]) -> list[list[str]]:
    """The students of the pairs, in groups that no pair crosses."""
    group_of: dict[str, list[str]] = {}
    for pair in pairs:
        one, other = (group_of.setdefault(student, [student]) for student in pair)
        if one is not other:
            one += other
            group_of.update(dict.fromkeys(other, one))
    return list({id(group): group for group in group_of.values()}.values())


def _group(students: Sequence[str], pairs: Mapping[tuple[str, str], Mapping[str, tuple[float, int]]]) -> AlikeGroup:
    found = [exercises for (one, _), exercises in pairs.items() if one in students]
    return AlikeGroup(
        students=tuple(sorted(students)),
        exercises=tuple(dict.fromkeys(id_ for exercises in found for id_ in exercises)),
        least=min(part for exercises in found for part, _ in exercises.values()),
    )
