"""Composed classes: what happens to a notebook on its way leaves every answer where intake finds it."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from grader.intake.blank import statements
from grader.intake.local import parse_arguments
from grader.intake.parse import parse
from grader.model import ExerciseResult, RunResult, Status, SubmissionResult
from grader.project import project_catalog
from tools.course_notebook import course_notebook
from tools.disturb.notebooks import BROKEN, HARMLESS, SPELLINGS, as_file, disordered
from tools.mixed_class import FIELD, composer
from tools.stress import differences, main

ROOT = Path(__file__).parents[2]
CATALOG = project_catalog(ROOT)
ARGUMENTS = parse_arguments(CATALOG)


@pytest.fixture(scope="module")
def compose():
    return composer(ROOT, CATALOG)


@pytest.fixture(scope="module")
def solved():
    """The course's notebook with the solutions in it, and their code by exercise."""
    sources = {
        e.id: (ROOT / "solutions" / e.file).read_text(encoding="utf-8").partition("# %%\n")[2]
        for e in CATALOG.exercise
        if e.course_cell
    }
    return course_notebook(sources), sources


def missing(found, sources) -> dict[str, list[str]]:
    """Statements of each answer that none of its exercise's cells has.

    Imports may have moved to another cell, and what the stub has as well may go where the answer stands elsewhere.
    """
    lost = {}
    for exercise_id, source in sources.items():
        cells = [cell["source"] for cell in found["cells"] if cell["exercise"] == exercise_id]
        have = sum((statements(cell) or Counter() for cell in cells), Counter())
        gone = (statements(source) or Counter()) - have - statements(CATALOG.get(exercise_id).stub)
        lost[exercise_id] = [text for text in gone if not text.startswith(("Import(", "ImportFrom("))]
    return {exercise_id: gone for exercise_id, gone in lost.items() if gone}


@pytest.mark.parametrize("name", [name for name in HARMLESS if name != "last_line_alone"])
def test_each_disorder_alone_loses_nothing(name, solved):
    """But for one change: a line that prints, in a cell of its own, is a scratch cell where nobody judges it."""
    notebook, sources = solved
    changed = disordered(notebook, name)
    assert changed != notebook, "it must do something"
    found = parse("notebook", {"x.ipynb": as_file(changed)}, **ARGUMENTS)
    assert not found["rejected"]
    assert set(found["attempted"]) == sources.keys()
    assert not missing(found, sources)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_each_spelling_of_the_file_is_read(spelling, solved):
    notebook, sources = solved
    assert as_file(notebook, spelling) != as_file(notebook)
    found = parse("notebook", {"x.ipynb": as_file(notebook, spelling)}, **ARGUMENTS)
    assert set(found["attempted"]) == sources.keys()
    assert not missing(found, sources)


@pytest.mark.parametrize("spelling", BROKEN)
def test_what_is_broken_is_one_line(spelling, solved):
    found = parse("notebook", {"x.ipynb": as_file(solved[0], spelling)}, **ARGUMENTS)
    assert found["rejected"] and "\n" not in found["rejected"]
    assert not found["attempted"]


def test_twenty_notebooks_of_the_course_keep_their_answers(compose):
    members = list(compose.field_notebooks())
    assert len(members) == len(FIELD) == 20
    for member in members:
        (content,) = member.files.values()
        found = parse("notebook", {"x.ipynb": content}, **ARGUMENTS)
        assert set(found["attempted"]) == member.expected.keys(), member.story
        rights = Counter(member.expected.values())
        assert rights[True] and rights[False], "a notebook of right answers only would show less"


def test_a_class_is_the_same_every_time_and_holds_every_form(compose):
    first, again = list(compose.members(120)), list(compose.members(120))
    assert first == again
    assert [m.name for m in first if m.is_broken] == ["s00025", "s00050", "s00075", "s00100"]
    kinds = Counter(Path(name).suffix for member in first for name in member.files)
    assert min(kinds[".py"], kinds[".zip"], kinds[".ipynb"]) > 10
    assert not any(b"# accept:" in content or b"# reject:" in content for m in first for content in m.files.values())


def test_what_is_answered_is_found_in_every_disorder_and_no_more(compose):
    """The same holds for a class of any size; this much is read in seconds, and graded in hours."""
    read = 0
    for member in compose.members(250):
        if member.is_broken or not member.story.startswith("course notebook"):
            continue
        (content,) = member.files.values()
        found = parse("notebook", {"x.ipynb": content}, **ARGUMENTS)
        assert set(found["attempted"]) ^ member.expected.keys() <= member.unclear, (member.name, member.story)
        read += 1
    assert read > 80


def as_expected(member) -> SubmissionResult:
    status = {True: Status.PASSED, False: Status.PARTIAL, None: Status.NOT_ATTEMPTED}
    exercises = {
        e.id: ExerciseResult(score=0, max_score=e.points, status=status[member.expected.get(e.id)])
        for e in CATALOG.exercise
    }
    notes = ("Not graded: broken",) if member.is_broken else ()
    return SubmissionResult(
        id=member.name,
        source="",
        sha256="",
        proven=True,
        score=0,
        max_score=100,
        bonus=0,
        seconds=1.0,
        is_rejected=member.is_broken,
        notes=notes,
        exercises=exercises,
    )


def test_any_other_verdict_than_the_expected_one_is_a_problem(compose):
    members = list(compose.members(25))
    right = [as_expected(member) for member in members]
    run = RunResult(format_version=1, kit_version="", walls=(), submissions=tuple(right))
    assert differences(members, run) == []
    assert differences(members, msgspec.structs.replace(run, submissions=tuple(right[1:]))) == ["s00001: no result"]
    for place in (0, 24):
        for status in Status:
            verdicts = {name: msgspec.structs.replace(v, status=status) for name, v in right[place].exercises.items()}
            changed = msgspec.structs.replace(right[place], exercises=verdicts, notes=())
            others = [changed if i == place else one for i, one in enumerate(right)]
            assert differences(members, msgspec.structs.replace(run, submissions=tuple(others))), (place, status)


@pytest.mark.heavy
def test_a_small_class_and_two_kills_end_as_they_must(tmp_path, capsys):
    """The commands that print the figures, at the smallest size that shows them work."""
    assert main(["class", "--count", "6", "--out", str(tmp_path / "class"), "--seed", "3"]) == 0, capsys.readouterr()
    assert "6 submissions" in capsys.readouterr().out
    assert main(["kills", "--count", "2", "--out", str(tmp_path / "kills")]) == 0, capsys.readouterr()
    assert "kills in" in capsys.readouterr().out
