"""Changes that leave a right answer right change no verdict, by the real command; and scripts of other tools are read."""

import json
from collections import Counter
from pathlib import Path

import pytest

from grader.intake.blank import statements
from grader.intake.local import parse_arguments
from grader.intake.parse import parse
from grader.project import project_catalog
from tools.build import read_course
from tools.course_notebook import course_notebook
from tools.disturb.__main__ import all_changes, compare, disturbed, kit_notebook, main
from tools.disturb.code import CODE_CHANGES, changed
from tools.disturb.exports import EXPORTS

ROOT = Path(__file__).parents[2]
CATALOG = project_catalog(ROOT)
COURSE = read_course(ROOT)
SOLUTIONS = {id_: source.solution for id_, source in COURSE.sources.items()}
OF_COURSE = {id_: text for id_, text in SOLUTIONS.items() if COURSE.sources[id_].exercise.course_cell}
ARGUMENTS = parse_arguments(CATALOG)


@pytest.fixture(scope="module")
def notebooks():
    return {
        "kit": (kit_notebook(COURSE, SOLUTIONS), SOLUTIONS),
        "course": (course_notebook(OF_COURSE, COURSE), OF_COURSE),
    }


def lost(found: dict, answers: dict[str, str]) -> dict[str, list[str]]:
    """Statements of each answer that none of its exercise's cells has."""
    gone = {}
    for exercise_id, source in answers.items():
        cells = [cell["source"] for cell in found["cells"] if cell["exercise"] == exercise_id]
        have = sum((statements(cell) or Counter() for cell in cells), Counter())
        missing = (statements(source) or Counter()) - have - statements(CATALOG.get(exercise_id).stub)
        gone[exercise_id] = [text for text in missing if not text.startswith(("Import(", "ImportFrom("))]
    return {exercise_id: texts for exercise_id, texts in gone.items() if texts}


@pytest.mark.parametrize("base", ["kit", "course"])
@pytest.mark.parametrize("tool", EXPORTS)
@pytest.mark.parametrize("kind", ["module", "folder"])
def test_a_script_of_another_tool_is_read_like_the_notebook(tool, base, kind, notebooks):
    notebook, answers = notebooks[base]
    script = EXPORTS[tool](notebook).encode()
    found = parse(kind, {"my_work.py": script}, **ARGUMENTS)
    assert not found["rejected"]
    assert found["attempted"] == list(answers)
    assert not lost(found, answers)


@pytest.mark.parametrize("tool", EXPORTS)
def test_an_untouched_notebook_is_untouched_as_a_script(tool):
    script = EXPORTS[tool](kit_notebook(COURSE, {})).encode()
    assert parse("module", {"my_work.py": script}, **ARGUMENTS)["attempted"] == []


def test_a_module_of_ones_own_travels_with_the_answer_that_imports_it():
    files = {
        "ex_1_1_word_level.py": b"from utils import split\nvocab = split('a b')\n",
        "utils.py": b"import deep.words\ndef split(text):\n    return text.split()\n",
        "deep/words.py": b"x = 1\n",
        "deep/unused.py": b"x = 2\n",
        "extra.py": b"x = 3\n",
    }
    found = parse("folder", files, **ARGUMENTS)
    own = [(cell["module"], cell["exercise"]) for cell in found["cells"]]
    assert own == [("utils", "1.1"), ("deep.words", "1.1"), ("", "1.1")]
    assert found["notes"] == ["left out, since no exercise has that name: extra.py"]


def test_a_large_module_does_not_travel():
    files = {"ex_1_1_word_level.py": b"import big\nvocab = big.x\n", "big.py": b"x = 1\n" + b"#" * 200_000}
    found = parse("folder", files, **ARGUMENTS)
    assert [cell["module"] for cell in found["cells"]] == [""]


EDITIONS = {
    "by the id of a cell": ("b735a7b5", "x = 1"),
    "by two names": ("0a0b0c0d", "class MyLinear:\n    pass\nname = 'Qwen/Qwen3-0.6B'"),
    "by how generate is called": ("", "class MyLinear:\n    pass\ndef generate(model, tokenizer, prompt):\n    pass"),
}


def a_notebook(*cells: tuple[str, str]) -> bytes:
    """Code cells with these ids and sources."""
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
            "cells": [
                {"cell_type": "code", "id": id_, "metadata": {}, "outputs": [], "execution_count": None, "source": text}
                for id_, text in cells
            ],
        }
    ).encode()


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_another_edition_is_said_and_not_graded(edition):
    vocab = ("ffffffff", "vocab = ['a']\nword2id = {}\nid2word = {}\ndef encode(text):\n    return [0]")
    found = parse("notebook", {"x.ipynb": a_notebook(edition, vocab)}, **ARGUMENTS)
    assert "is of another edition of the course" in found["rejected"]


def test_a_name_of_another_edition_in_a_notebook_of_ours_is_only_a_name(notebooks):
    notebook, answers = notebooks["course"]
    cells = [*notebook["cells"], json.loads(a_notebook(("", EDITIONS["by two names"][1])))["cells"][0]]
    found = parse("notebook", {"x.ipynb": json.dumps(notebook | {"cells": cells}).encode()}, **ARGUMENTS)
    assert found["attempted"] == list(answers)
    one_mark = a_notebook(("", "class MyLinear:\n    pass"), ("", OF_COURSE["1.1"]))
    assert parse("notebook", {"x.ipynb": one_mark}, **ARGUMENTS)["attempted"] == ["1.1"]


def test_there_are_many_changes_and_each_does_something(notebooks):
    notebook, answers = notebooks["course"]
    assert len(all_changes()) >= 40
    before = disturbed(notebook, answers, "as it was")
    assert [change for change in all_changes() if disturbed(notebook, answers, change) == before] == []


def test_a_verdict_that_changed_is_found():
    def verdict(score: int, status: str) -> dict:
        return {"1.1": {"score": score, "status": status, "checks": [], "notes": []}}

    results = {
        "submissions": [
            {"id": "kit--as-it-was", "exercises": verdict(8, "passed")},
            {"id": "kit--await", "exercises": verdict(8, "passed")},
            {"id": "kit--cuda", "exercises": verdict(6, "partial")},
        ]
    }
    names = [("kit", "as it was"), ("kit", "await"), ("kit", "cuda"), ("kit", "progress")]
    found = compare(names, results)
    assert not found["kit", "await"]
    assert found["kit", "cuda"] and found["kit", "progress"]


def test_an_answer_that_is_no_plain_python_stays_as_it_is():
    assert changed("%%time\nx = 1", "given again") == "%%time\nx = 1"


SAMPLE = (*CODE_CHANGES, "ids_lost", "own_cells_42", "helpers_written", "own module beside", "nbconvert", "marimo")


@pytest.mark.heavy
def test_no_change_costs_the_light_exercises_anything(tmp_path):
    """By the real command; `python -m tools.disturb` tries all changes on all exercises."""
    only = [word for change in SAMPLE for word in ("--only", change)]
    exercises = [word for exercise in ("1.1", "1.2", "bpe") for word in ("--exercise", exercise)]
    assert main([*only, *exercises, "--out", str(tmp_path)]) == 0


def test_a_few_changes_cost_the_lightest_exercise_nothing(tmp_path):
    """By the real command, too."""
    only = [word for change in SAMPLE[::8] for word in ("--only", change)]
    assert main([*only, "--exercise", "1.1", "--out", str(tmp_path)]) == 0


@pytest.mark.parametrize("name", ["torch", "random", "conftest", "own"])
def test_a_module_never_stands_in_for_one_that_is_there(name):
    """Neither beside the notebook nor written by it; others travel."""
    cell = f"%%writefile {name}.py\nraise SystemExit('imported')"
    answer = f"import {name}\n{OF_COURSE['1.1']}"
    for kind, files in (
        ("notebook", {"x.ipynb": a_notebook(("", cell), ("d784a288", answer))}),
        ("folder", {"x.ipynb": a_notebook(("d784a288", answer)), f"{name}.py": b"raise SystemExit('imported')"}),
    ):
        found = parse(kind, files, **ARGUMENTS)
        travels = {cell["module"] for cell in found["cells"]} - {""}
        assert travels == (set() if name in ("torch", "random") else {name})
