"""Answers that are alike: copies are found whatever they were renamed to, and independent work is left in peace."""

import random
import tracemalloc

import pytest

from grader.model import ExerciseResult, JudgedCode, RunResult, Status, SubmissionResult
from grader.project import project_catalog, project_root
from grader.results.report import similar
from grader.results.report.similar import LONG, SHORT, alike_groups, own_tokens
from tools.verify.claims import read_bank

ROOT = project_root()
CATALOG = project_catalog(ROOT)
RIGHT = [claim for claim in read_bank(ROOT / "tests" / "answers", CATALOG) if claim.is_right]
BIG, OTHER = "3.1", "bpe"


def a_run(codes: dict[str, dict[str, str]]) -> RunResult:
    """A class whose students wrote this, by exercise."""
    return RunResult(
        format_version=1,
        kit_version="1",
        walls=(),
        submissions=tuple(
            SubmissionResult(
                id=who,
                source=who,
                sha256=who,
                proven=True,
                score=0,
                max_score=1,
                bonus=0,
                seconds=0.0,
                exercises={
                    id_: ExerciseResult(
                        score=0, max_score=1, status=Status.FAILED, code=(JudgedCode(where="cell 1", source=source),)
                    )
                    for id_, source in written.items()
                },
            )
            for who, written in codes.items()
        ),
    )


def answer(exercise: str, place: int = 0) -> str:
    """A long right answer of the bank."""
    sources = sorted((claim.source for claim in RIGHT if claim.exercise == exercise), key=len, reverse=True)
    return "\n".join(line for line in sources[place].splitlines() if not line.startswith("#"))


def renamed(source: str) -> str:
    """What somebody makes of a copy who does not want it to be seen."""
    source = (
        source.replace("prompt", "sentence").replace("tok", "t_k").replace("ids", "numbers").replace("pairs", "twos")
    )
    return "# my own work\n\n" + source.replace("\n", "\n\n")


def test_a_renamed_copy_of_a_long_answer_is_found() -> None:
    assert len(own_tokens(answer(OTHER), CATALOG.get(OTHER).stub)) >= LONG
    run = a_run(
        {"ann": {OTHER: answer(OTHER)}, "ben": {OTHER: renamed(answer(OTHER))}, "cem": {OTHER: answer(OTHER, 1)}}
    )
    groups = alike_groups(run, CATALOG.exercise)
    assert [(group.students, group.exercises) for group in groups] == [(("ann", "ben"), (OTHER,))]
    assert groups[0].least >= similar.ALIKE


def test_the_bank_has_independent_answers_that_are_not_alike() -> None:
    """Every right answer of an exercise is somebody's: so different authors are kept apart by what they wrote."""
    codes: dict[str, dict[str, str]] = {}
    for id_ in ("1.2", "bpe", "3.1", "5.1"):
        for place, claim in enumerate(claim for claim in RIGHT if claim.exercise == id_):
            codes.setdefault(f"s{place:02}", {})[id_] = claim.source
    assert all(len(group.students) < len(codes) / 3 for group in alike_groups(a_run(codes), CATALOG.exercise))


def test_what_the_stub_gave_and_short_answers_tell_nothing() -> None:
    stubs = {exercise.id: exercise.stub for exercise in CATALOG.exercise}
    run = a_run({"ann": stubs, "ben": stubs})
    assert alike_groups(run, CATALOG.exercise) == []
    short = {"1.4": "a = 1", "2.3": "print(gpt2)"}
    assert alike_groups(a_run({"ann": short, "ben": short}), CATALOG.exercise) == []


def test_what_many_wrote_says_nothing_of_two() -> None:
    everybody = {f"s{number}": {OTHER: answer(OTHER)} for number in range(30)}
    assert alike_groups(a_run(everybody), CATALOG.exercise) == []


def test_two_middling_answers_tell_what_one_does_not() -> None:
    one, two = (
        "\n".join(f"x{i} = f{i}(y) + {i}" for i in range(14)),
        "\n".join(f"for x{i} in y: print({i})" for i in range(12)),
    )
    assert SHORT <= len(own_tokens(one)) < LONG and SHORT <= len(own_tokens(two)) < LONG
    assert alike_groups(a_run({"ann": {"1.1": one}, "ben": {"1.1": one}}), ()) == []
    found = alike_groups(a_run({"ann": {"1.1": one, "1.2": two}, "ben": {"1.1": one, "1.2": two}}), ())
    assert [(group.students, group.exercises) for group in found] == [(("ann", "ben"), ("1.1", "1.2"))]


def test_three_who_share_are_one_group() -> None:
    rng = random.Random(0)
    text = "\n".join(f"a{i} = {rng.randint(0, 10**9)}" for i in range(90))
    run = a_run({name: {"1.1": text} for name in ("ann", "ben", "cem")} | {"dua": {"1.1": text[::-1]}})
    assert [group.students for group in alike_groups(run, ())] == [("ann", "ben", "cem")]


@pytest.mark.parametrize(
    "source", ["'" * 5000, "\ud800" * 99, "\0" * 99, "def " * 3000, "(" * 9000, "", "ünï = '🚀'\n" * 50]
)
def test_odd_text_is_compared_like_any_other(source: str) -> None:
    alike_groups(
        a_run({"ann": {"1.1": source, "1.2": source}, "ben": {"1.1": source, "1.2": source}}), CATALOG.exercise
    )


def test_the_same_two_are_one_pair_whoever_wrote_more() -> None:
    one, two = (
        "\n".join(f"x{i} = f{i}(y) + {i}" for i in range(14)),
        "\n".join(f"for x{i} in y: print({i})" for i in range(12)),
    )
    run = a_run({"ann": {"1.1": one, "1.2": two + "\nz = 1"}, "ben": {"1.1": one + "\nz = 1", "1.2": two}})
    assert [(group.students, group.exercises) for group in alike_groups(run, ())] == [(("ann", "ben"), ("1.1", "1.2"))]


@pytest.mark.heavy
def test_a_class_that_copies_or_makes_up_words_costs_little_memory() -> None:
    """Two thousand equal answers are two million pairs, and hundred answers of made-up words have a million of them."""
    equal = {f"s{number}": {OTHER: answer(OTHER)} for number in range(2000)}
    words = {f"w{number}": {"1.1": " ".join(f".w{number}_{i}" for i in range(10_000))} for number in range(100)}
    tracemalloc.start()
    try:
        assert alike_groups(a_run(equal | words), CATALOG.exercise) == []
        assert tracemalloc.get_traced_memory()[1] < 400 * 2**20
    finally:
        tracemalloc.stop()
