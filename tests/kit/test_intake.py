"""Tests of intake as a whole: which code of an upload answers which exercise, and what is said about odd files."""

import io
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.catalog import Catalog, load_catalog
from grader.intake.local import parse_arguments
from grader.intake.parse import parse
from grader.intake.receive import MAX_NOTE_CHARS, MAX_NOTES, submission_from
from grader.intake.upload import Upload
from grader.model import Exercise

ROOT = Path(__file__).parents[2]
Json = dict[str, Any]
Parse = Callable[..., Json]

DEMOS = {
    "1235110e": 'import torch, transformers, tiktoken\nprint("torch", torch.__version__)',
    "13e5e225": "import torch.nn as nn, torch\n\nlin = nn.Linear(3, 2)\nx = torch.tensor([1.0])\nprint(lin(x))",
    "dbe777ba": 'tests=["Once"]\nfor prompt in tests:\n    print(generate("gpt2", prompt, "greedy", 80))',
}
DEMO_AFTER = {"2.1": "13e5e225", "3.1": "dbe777ba"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(ROOT / "exercises" / "catalog.toml")


@pytest.fixture(scope="module")
def stubs(catalog: Catalog) -> dict[str, str]:
    return {e.id: (ROOT / "exercises" / e.file).read_text("utf-8") for e in catalog.exercise}


@pytest.fixture(scope="module")
def answers(catalog: Catalog) -> dict[str, str]:
    """The reference answers, as a student's cells would hold them."""
    return {e.id: _solution(e) for e in catalog.exercise}


def _solution(exercise: Exercise) -> str:
    code = (ROOT / "solutions" / exercise.file).read_text("utf-8").split("\n# %%\n", 1)[1]
    return "\n".join(line for line in code.splitlines() if line.strip() not in ("# region answer", "# endregion"))


@pytest.fixture(scope="module")
def read(catalog: Catalog, stubs: dict[str, str]) -> Parse:
    arguments = parse_arguments(catalog) | {"stubs": stubs}

    def run(files: bytes | Mapping[str, bytes], kind: str = "") -> Json:
        if isinstance(files, bytes):
            files = {"x.ipynb": files}
        return parse(kind or ("notebook" if "x.ipynb" in files else "folder"), files, **arguments)

    return run


class Course:
    """Builds notebooks like those that students of the course hand in."""

    def __init__(self, catalog: Catalog, stubs: Mapping[str, str]) -> None:
        self.catalog, self.stubs = catalog, stubs

    def cells(
        self,
        answers: Mapping[str, str],
        *,
        ids: bool = True,
        headings: bool = True,
        above: Mapping[str, Sequence[str]] | None = None,
        below: Mapping[str, Sequence[str]] | None = None,
    ) -> list[Json]:
        cells = [code(DEMOS["1235110e"], "1235110e")]
        last = ""
        for exercise in (e for e in self.catalog.exercise if e.course_cell):
            if headings and exercise.heading != last:
                cells.append(markdown("### " + exercise.heading))
            last = exercise.heading
            cells += [code(extra) for extra in (above or {}).get(exercise.id, ())]
            cells.append(code(answers.get(exercise.id, self.stubs[exercise.id]), exercise.course_cell))
            cells += [code(extra) for extra in (below or {}).get(exercise.id, ())]
            if exercise.id in DEMO_AFTER:
                cells.append(code(DEMOS[DEMO_AFTER[exercise.id]], DEMO_AFTER[exercise.id]))
        if not ids:
            for cell in cells:
                cell.pop("id", None)
        return cells

    def __call__(self, answers: Mapping[str, str], **options: Any) -> bytes:
        return notebook(self.cells(answers, **options))


@pytest.fixture(scope="module")
def course(catalog: Catalog, stubs: dict[str, str]) -> Course:
    return Course(catalog, stubs)


def code(source: str, id_: str = "", **metadata: Any) -> Json:
    cell: Json = {"cell_type": "code", "metadata": metadata, "source": source.splitlines(keepends=True), "outputs": []}
    return {**cell, "id": id_} if id_ else cell


def markdown(source: str) -> Json:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def notebook(cells: Sequence[object], **top: Any) -> bytes:
    content = {"cells": cells, "metadata": {"widgets": {"x": {}}}, "nbformat": 4, "nbformat_minor": 5, **top}
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")


def of(parsed: Json, exercise: str | None) -> list[str]:
    return [cell["source"] for cell in parsed["cells"] if cell["exercise"] == exercise]


def kit_cell(exercise: str, source: str, role: str = "exercise") -> Json:
    return code(source, lm_playground={"exercise": exercise, "role": role})


def course_ids(catalog: Catalog) -> list[str]:
    return [e.id for e in catalog.exercise if e.course_cell]


# --- notebooks: finding the cells ---------------------------------------------------------


def test_a_filled_course_notebook_is_found_by_its_cell_ids(
    catalog: Catalog, course: Course, read: Parse, answers: dict[str, str]
) -> None:
    parsed = read(course(answers, headings=False))
    assert parsed["rejected"] is None
    assert parsed["attempted"] == course_ids(catalog)
    for id_ in course_ids(catalog):
        assert [source.strip() for source in of(parsed, id_)] == [answers[id_].strip()]
    assert not parsed["notes"]
    assert not parsed["exercise_notes"]


def test_colab_keeps_the_ids_in_the_metadata(course: Course, read: Parse, answers: dict[str, str]) -> None:
    cells = course.cells(answers, headings=False)
    for cell in cells:
        cell["metadata"]["id"] = cell.pop("id")
    assert len(read(notebook(cells))["attempted"]) == 12


def test_an_untouched_course_notebook_has_no_attempt_and_is_not_rejected(course: Course, read: Parse) -> None:
    for options in ({}, {"ids": False}, {"ids": False, "headings": False}, {"headings": False}):
        parsed = read(course({}, **options))
        assert parsed["attempted"] == []
        assert parsed["rejected"] is None


def test_the_kits_own_notebook_untouched_and_without_metadata(catalog: Catalog, read: Parse) -> None:
    content = (ROOT / "exercises" / "lm_playground.ipynb").read_bytes()
    stripped = json.loads(content)
    for cell in stripped["cells"]:
        cell["metadata"] = {}
    for parsed in (read(content), read(notebook(stripped["cells"]))):
        assert parsed["attempted"] == []
        assert parsed["rejected"] is None
        assert {cell["exercise"] for cell in parsed["cells"]} - {None} == {e.id for e in catalog.exercise}
        assert not any("grader" in source or "check(" in source for source in of(parsed, None))


def test_demo_cells_leave_only_their_imports(course: Course, read: Parse, answers: dict[str, str]) -> None:
    assert of(read(course(answers)), None) == ["import torch, transformers, tiktoken", "import torch.nn as nn, torch"]


def test_a_demo_cell_that_its_student_made_more_of_is_kept_whole(
    course: Course, read: Parse, answers: dict[str, str]
) -> None:
    cells = course.cells(answers)
    cells[0]["source"] += "\ndef helper(x):\n    return x\n"
    assert "def helper" in of(read(notebook(cells)), None)[0]


def test_an_answer_in_the_demo_cell_below_counts(course: Course, read: Parse, answers: dict[str, str]) -> None:
    cells = course.cells({})
    demo = next(cell for cell in cells if cell.get("id") == "13e5e225")
    demo["source"] = answers["2.1"] + "\nlin = Linear(3, 2)"
    parsed = read(notebook(cells))
    assert parsed["attempted"] == ["2.1"]
    assert of(parsed, "2.1")[-1].endswith("lin = Linear(3, 2)")


def test_without_ids_headings_tell(catalog: Catalog, course: Course, read: Parse, answers: dict[str, str]) -> None:
    cells = course.cells(answers, ids=False)
    for cell in cells:
        if cell["cell_type"] == "markdown":
            cell["source"] = cell["source"].replace("-", "\u2013").replace("###", "intro\n\n##").upper() + " ##"
    parsed = read(notebook(cells))
    assert parsed["attempted"] == course_ids(catalog)
    for id_ in course_ids(catalog):
        assert of(parsed, id_)[0].strip() == answers[id_].strip()


def test_without_ids_and_headings_names_tell(
    catalog: Catalog, course: Course, read: Parse, answers: dict[str, str]
) -> None:
    parsed = read(course(answers, ids=False, headings=False))
    # 2.3 asks for no name and ships with no code: there is nothing to know it by.
    assert parsed["attempted"] == [id_ for id_ in course_ids(catalog) if id_ != "2.3"]
    assert parsed["exercise_notes"]["2.1"] == ["found in cell 6, by what it defines"]


def test_without_ids_and_headings_the_demo_lines_tell_when_names_were_changed(
    course: Course, read: Parse, answers: dict[str, str]
) -> None:
    changed = {**answers, "1.3": answers["1.3"].replace("bpe_tok", "my_tokenizer")}
    parsed = read(course(changed, ids=False, headings=False))
    assert of(parsed, "1.3")[0].strip() == changed["1.3"].strip()


def test_names_alone_count_only_when_one_cell_fits(course: Course, read: Parse, answers: dict[str, str]) -> None:
    cells = [code(answers["2.1"]), code(answers["2.1"] + "\nx = 1"), code(answers["1.1"])]
    parsed = read(notebook(cells))
    assert parsed["attempted"] == ["1.1"]
    assert parsed["exercise_notes"]["2.1"] == [
        "cell 1 and cell 2 look like an answer; write it into the cell meant for it"
    ]


def test_headings_in_code_fences_and_small_ones_open_no_section(
    course: Course, read: Parse, answers: dict[str, str]
) -> None:
    cells = course.cells({}, ids=False)
    place = next(i for i, cell in enumerate(cells) if "1.1" in cell["source"])
    cells[place + 1 : place + 1] = [
        markdown("```python\n# 2.1 - A Single `Linear` Layer\n```"),
        markdown("#### my notes"),
    ]
    cells[place + 3] = code(answers["1.1"])
    assert read(notebook(cells))["attempted"] == ["1.1"]


def test_the_marker_above_working_code_does_not_make_it_blank(
    course: Course, read: Parse, answers: dict[str, str]
) -> None:
    source = answers["1.2"].replace("vocab =", '"""\nYOUR CODE HERE\n"""\nvocab =', 1)
    assert read(course({"1.2": source}))["attempted"] == ["1.2"]


# --- notebooks: answers that stand elsewhere ----------------------------------------------


def halves(source: str, mark: str) -> tuple[str, str]:
    return source[: source.index(mark)], source[source.index(mark) :]


def test_an_answer_that_goes_on_in_the_next_cell_counts_whole(
    course: Course, read: Parse, answers: dict[str, str]
) -> None:
    first, second = halves(answers["1.1"], "def encode")
    parsed = read(course({"1.1": first}, below={"1.1": ["print('between')", second]}))
    assert parsed["attempted"] == ["1.1"]
    assert of(parsed, "1.1") == [first, "print('between')", second]
    assert parsed["exercise_notes"]["1.1"] == ["answered in cell 3 and cell 5"]


def test_a_function_that_was_left_blank_and_written_below_counts(
    course: Course, read: Parse, answers: dict[str, str], stubs: dict[str, str]
) -> None:
    blank_decode = "def decode" + stubs["1.1"].split("def decode")[1]
    source = answers["1.1"].split("def decode")[0] + blank_decode
    below = "def decode" + answers["1.1"].split("def decode")[1]
    parsed = read(course({"1.1": source}, below={"1.1": [below]}))
    assert [s.strip() for s in of(parsed, "1.1")] == [source.strip(), below.strip()]


@pytest.mark.parametrize("side", ["above", "below"])
def test_an_answer_next_to_the_blank_counts_with_the_blanks_givens(
    course: Course, read: Parse, answers: dict[str, str], side: str
) -> None:
    answer = answers["1.1"][answers["1.1"].index("def encode") :]
    parsed = read(course({}, **{side: {"1.1": ["vocab = [PAD, UNK]\n" + answer]}}))
    assert parsed["attempted"] == ["1.1"]
    givens, own = of(parsed, "1.1")
    assert "corpus = [" in givens
    assert "PAD, UNK = " in givens
    assert "print" not in givens
    assert "def " not in givens
    assert own.startswith("vocab = [PAD, UNK]")


def test_an_answer_in_another_section_is_found_by_its_names(
    course: Course, read: Parse, answers: dict[str, str]
) -> None:
    parsed = read(course({}, below={"2.1": [answers["1.2"]]}))
    assert parsed["attempted"] == ["1.2"]
    assert parsed["exercise_notes"]["1.2"] == ["found in cell 12, by what it defines"]


def test_exercises_without_names_take_what_stands_below_them(course: Course, read: Parse) -> None:
    parsed = read(
        course({}, below={"2.3": ["print(gpt2)"], "1.4": ["enc = tiktoken.get_encoding('gpt2')", "print(enc)"]})
    )
    assert parsed["attempted"] == ["1.4", "2.3"]
    assert of(parsed, "2.3")[-1] == "print(gpt2)"
    assert of(parsed, "1.4")[-2:] == ["enc = tiktoken.get_encoding('gpt2')", "print(enc)"]


def test_scratch_cells_stay_scratch(course: Course, read: Parse, answers: dict[str, str]) -> None:
    extras = ["print(encode('x'))", "import numpy as np", "sample = 'z'"]
    parsed = read(course(answers, below={"1.1": extras}))
    assert [s for s in of(parsed, None) if s in extras] == extras
    assert len(of(parsed, "1.1")) == 1


def test_byte_pair_encoding_in_a_scratch_cell_is_the_bonus(
    course: Course, read: Parse, answers: dict[str, str]
) -> None:
    parsed = read(course(answers, below={"1.4": [answers["bpe"]]}))
    assert "bpe" in parsed["attempted"]
    assert len(of(parsed, "1.4")) == 1


def test_one_cell_may_answer_both_exercises_of_a_section(course: Course, read: Parse, answers: dict[str, str]) -> None:
    both = answers["2.2a"] + "\n" + answers["2.2b"]
    parsed = read(course({"2.2b": both}))
    assert parsed["attempted"] == ["2.2a", "2.2b"]
    assert of(parsed, "2.2a")[-1].strip() == both.strip()
    # 2.4 loads the model again, which answers nothing that 2.2a asked.
    assert read(course({"2.4": answers["2.4"]}))["attempted"] == ["2.4"]


def test_the_cells_of_an_exercise_always_stand_next_to_each_other(
    course: Course, read: Parse, answers: dict[str, str]
) -> None:
    first, second = halves(answers["1.1"], "def encode")
    cells = [kit_cell("1.1", first), kit_cell("1.2", answers["1.2"]), kit_cell("1.1", second), code("z = 1")]
    parsed = read(notebook(cells))
    owners = [cell["exercise"] for cell in parsed["cells"]]
    assert [o for i, o in enumerate(owners) if o and o not in owners[:i]] == [
        o for i, o in enumerate(owners) if o and (i == 0 or owners[i - 1] != o)
    ]
    assert "far apart" in parsed["exercise_notes"]["1.1"][0]


# --- notebooks: copies --------------------------------------------------------------------


def test_of_two_attempts_the_last_counts(course: Course, read: Parse, answers: dict[str, str]) -> None:
    older = answers["1.2"].replace("vocab", "vocab ", 1) + "\nz = 1\nz"
    cells = [kit_cell("1.2", answers["1.2"]), kit_cell("1.2", older)]
    parsed = read(notebook(cells))
    assert [s.strip() for s in of(parsed, "1.2")] == [older.strip()]
    assert parsed["exercise_notes"]["1.2"] == ["its cell is there more than once; cell 2 counts, cell 1 does not"]


def test_a_tagged_cell_that_is_no_code_cell_any_more_is_named(course: Course, read: Parse) -> None:
    cells = course.cells({})
    next(cell for cell in cells if cell.get("id") == "d784a288")["cell_type"] = "markdown"
    parsed = read(notebook(cells))
    assert (
        parsed["exercise_notes"]["1.1"][0] == "cell 3 is a markdown cell, which does not run; make it a code cell again"
    )


def test_an_exercise_that_is_not_there_is_told_from_a_blank(course: Course, read: Parse) -> None:
    cells = [cell for cell in course.cells({}) if cell.get("id") != "e425948a"]
    assert read(notebook(cells))["exercise_notes"] == {
        "2.1": ["nothing for this exercise was found in what was handed in"]
    }


def test_calls_of_the_notebooks_own_check_do_nothing(read: Parse) -> None:
    cells = json.loads((ROOT / "exercises" / "lm_playground.ipynb").read_bytes())["cells"]
    target = next(cell for cell in cells if cell["metadata"].get("lm_playground", {}).get("role") == "exercise")
    target["source"] = "vocab = [1]\ncheck('1.1')"
    parsed = read(notebook(cells))
    assert parsed["cells"][0]["source"].startswith("def check(")
    assert of(parsed, "1.1") == ["vocab = [1]\ncheck('1.1')"]


@pytest.mark.parametrize("order", [0, 1])
def test_a_blank_copy_never_beats_an_attempt(
    read: Parse, answers: dict[str, str], stubs: dict[str, str], order: int
) -> None:
    pair = [kit_cell("1.2", stubs["1.2"]), kit_cell("1.2", answers["1.2"])]
    parsed = read(notebook(pair[::-1] if order else pair))
    assert [s.strip() for s in of(parsed, "1.2")] == [answers["1.2"].strip()]


def test_both_halves_of_a_split_cell_count_with_or_without_changes(read: Parse, answers: dict[str, str]) -> None:
    for mark in ("PAD, UNK =", "def encode", "def decode"):
        first, second = halves(answers["1.1"], mark)
        parsed = read(notebook([kit_cell("1.1", first), kit_cell("1.1", second)]))
        assert [s.strip() for s in of(parsed, "1.1")] == [first.strip(), second.strip()]


def test_a_second_cell_that_builds_on_the_first_does_not_replace_it(read: Parse) -> None:
    cells = [kit_cell("1.1", "vocab = ['a']"), kit_cell("1.1", "vocab = vocab + ['b']")]
    assert len(of(read(notebook(cells)), "1.1")) == 2


# --- modules and mixtures -----------------------------------------------------------------


def test_modules_are_matched_by_name_in_any_case_and_place(
    catalog: Catalog, read: Parse, answers: dict[str, str]
) -> None:
    files = {
        ("exercises/" if i % 2 else "") + e.file.upper().replace(".PY", ".py"): answers[e.id].encode()
        for i, e in enumerate(catalog.exercise)
    }
    parsed = read(files)
    assert parsed["attempted"] == [e.id for e in catalog.exercise]
    assert [cell["exercise"] for cell in parsed["cells"]] == [e.id for e in catalog.exercise]
    assert parsed["cells"][1]["where"] == "exercises/EX_1_2_CHARACTER_LEVEL.py"


def test_stub_modules_are_no_attempt(catalog: Catalog, read: Parse, stubs: dict[str, str]) -> None:
    assert read({e.file: stubs[e.id].encode() for e in catalog.exercise})["attempted"] == []


def test_solutions_with_header_cells_and_region_marks_are_fine(catalog: Catalog, read: Parse) -> None:
    parsed = read({e.file: (ROOT / "solutions" / e.file).read_bytes() for e in catalog.exercise})
    assert parsed["attempted"] == [e.id for e in catalog.exercise]


def test_of_two_modules_the_one_in_exercises_or_least_deep_counts(read: Parse) -> None:
    name = "ex_1_1_word_level.py"
    parsed = read({f"old/{name}": b"vocab = 1", f"exercises/{name}": b"vocab = 2", f"a/b/{name}": b"vocab = 3"})
    assert of(parsed, "1.1") == ["vocab = 2"]
    assert "exercises/ex_1_1_word_level.py counts for 1.1, old/ex_1_1_word_level.py does not" in parsed["notes"]
    assert of(read({"ex_1_1_word_level (1).py": b"vocab = 5"}), "1.1") == ["vocab = 5"]


def test_only_exercises_are_taken_from_a_folder(read: Parse) -> None:
    files = dict.fromkeys(("conftest.py", "torch.py", "sitecustomize.py"), b"import os") | {
        "ex_2_1_linear.py": b"Linear = 1"
    }
    parsed = read(files)
    assert [cell["where"] for cell in parsed["cells"]] == ["ex_2_1_linear.py"]
    assert parsed["notes"] == ["left out, since no exercise has that name: conftest.py, sitecustomize.py, torch.py"]


def test_a_whole_checkout_says_nothing_about_its_other_files(read: Parse) -> None:
    name = "ex_2_1_linear.py"
    files = {
        f"kit/exercises/{name}": b"Linear = 1",
        f"kit/copy/{name}": b"Linear = 1",
        "kit/grader/cli.py": b"",
        "kit/exercises/conftest.py": b"",
    }
    assert read(files)["notes"] == ["left out, since no exercise has that name: kit/exercises/conftest.py"]


def test_modules_count_where_they_were_worked_on_else_the_notebook(
    catalog: Catalog, course: Course, read: Parse, answers: dict[str, str], stubs: dict[str, str]
) -> None:
    files = {"exercises/" + e.file: stubs[e.id].encode() for e in catalog.exercise}
    files["exercises/ex_1_1_word_level.py"] = b"vocab = ['module']"
    files["lm_playground.ipynb"] = course({"1.1": answers["1.1"], "1.2": answers["1.2"]})
    parsed = read(files)
    assert parsed["attempted"] == ["1.1", "1.2"]
    assert of(parsed, "1.1") == ["vocab = ['module']"]
    assert of(parsed, "1.2")[0].strip() == answers["1.2"].strip()
    owners = [cell["exercise"] for cell in parsed["cells"] if cell["exercise"]]
    assert owners == [e.id for e in catalog.exercise]
    assert parsed["exercise_notes"]["1.1"] == ["exercises/ex_1_1_word_level.py counts, cell 3 of the notebook does not"]


def test_of_several_notebooks_the_fullest_counts(course: Course, read: Parse, answers: dict[str, str]) -> None:
    parsed = read({"a.ipynb": course({}), "b.ipynb": course({"1.1": answers["1.1"]}), "c.ipynb": b"broken"})
    assert parsed["attempted"] == ["1.1"]
    assert parsed["notes"][0].startswith("c.ipynb is not valid JSON")
    assert parsed["notes"][1] == "2 notebooks; b.ipynb counts, it answers most; a.ipynb does not"


def test_untouched_copies_are_not_worth_a_word_and_notebooks_of_something_else_are(course: Course, read: Parse) -> None:
    assert read({"a.ipynb": course({}), "b.ipynb": course({})})["notes"] == []
    other = json.dumps({"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}).encode()
    assert "2 notebooks" in " ".join(read({"a.ipynb": course({}), "b.ipynb": other})["notes"])


def test_parts_of_a_work_in_several_notebooks_are_put_together(
    catalog: Catalog, course: Course, read: Parse, answers: dict[str, str]
) -> None:
    """With the cells of their own that they use; the same answer in both is not worth a word."""
    helper = "def letters():\n    return string.ascii_letters"
    first = {"1.1": answers["1.1"], "1.2": answers["1.2"].replace("string.ascii_letters", "letters()")}
    second = {id_: answers[id_] for id_ in ("1.1", "1.3", "2.1")}
    parsed = read(
        {
            "one.ipynb": course(first, below={"1.1": ["import string", helper, "unused = 1"]}),
            "two.ipynb": course(second),
        }
    )
    assert parsed["attempted"] == ["1.1", "1.2", "1.3", "2.1"]
    assert parsed["notes"] == ["2 notebooks; two.ipynb counts, it answers most; one.ipynb counts for 1.2"]
    assert [source for source in of(parsed, "1.2") if "letters()" in source] == [helper, first["1.2"]]
    assert not any("unused" in cell["source"] for cell in parsed["cells"])
    owners = list(dict.fromkeys(cell["exercise"] for cell in parsed["cells"] if cell["exercise"]))
    assert owners == [exercise.id for exercise in catalog.exercise if exercise.id in owners]
    assert not any("counts" in note for notes in parsed["exercise_notes"].values() for note in notes)


def test_of_two_answers_in_two_notebooks_the_fuller_notebooks_counts_and_a_note_says_so(
    course: Course, read: Parse, answers: dict[str, str]
) -> None:
    parsed = read(
        {"a.ipynb": course({"1.1": "vocab = 1"}), "b.ipynb": course({"1.1": answers["1.1"], "1.2": answers["1.2"]})}
    )
    assert of(parsed, "1.1") == [answers["1.1"]]
    assert re.fullmatch(r"cell \d+ counts, cell \d+ of a\.ipynb does not", parsed["exercise_notes"]["1.1"][0])


@pytest.mark.parametrize(
    "copy", ["ex_1_1_word_level (1).py", "ex_1_1_word_level - Copy.py", "old/ex_1_1_word_level.py"]
)
def test_an_answer_counts_before_the_untouched_stub_beside_it(
    read: Parse, answers: dict[str, str], stubs: dict[str, str], copy: str
) -> None:
    name = "ex_1_1_word_level.py"
    parsed = read({name: stubs["1.1"].encode(), copy: answers["1.1"].encode()})
    assert (parsed["attempted"], of(parsed, "1.1")) == (["1.1"], [answers["1.1"]])
    assert parsed["notes"] == [f"{copy} counts for 1.1, {name} does not"]


def test_a_module_that_is_no_text_is_somebodys_work_and_says_so(read: Parse, stubs: dict[str, str]) -> None:
    parsed = read({"ex_1_1_word_level.py": stubs["1.1"].encode(), "ex_1_1_word_level (1).py": b"vocab = '\xe9'"})
    assert parsed["attempted"] == ["1.1"]
    assert "raise UnicodeError('ex_1_1_word_level (1).py is not UTF-8 text (line 1)" in of(parsed, "1.1")[0]
    assert parsed["notes"][0] == "ex_1_1_word_level (1).py is not UTF-8 text (line 1); save it as UTF-8 text"


def test_a_helper_or_test_of_the_students_own_is_not_taken_for_an_exercise(
    read: Parse, answers: dict[str, str]
) -> None:
    files = {
        "ex_1_1_word_level.py": answers["1.1"].encode(),
        "test_ex_1_1_word_level.py": b"x = 1",
        "vex_1_1_word_level.py": b"x = 1",
        "ex_1_1_word_levels.py": b"x = 1",
    }
    parsed = read(files)
    assert parsed["notes"] == [
        "left out, since no exercise has that name: ex_1_1_word_levels.py, test_ex_1_1_word_level.py, vex_1_1_word_level.py"
    ]


def test_a_whole_class_in_one_zip_is_not_one_student(course: Course, read: Parse) -> None:
    parsed = read({f"s{i}.ipynb": course({}) for i in range(25)})
    assert "25 notebooks are a class" in parsed["rejected"]


def test_a_notebook_exported_as_a_script_is_cut_into_cells(
    course: Course, read: Parse, answers: dict[str, str]
) -> None:
    text = (
        "# %% [markdown]\n# ### 1.1 - Word-level tokenization\n\n# %%\n"
        + answers["1.1"]
        + "\n# In[3]:\n"
        + answers["2.1"]
    )
    parsed = read({"lm_playground.py": text.encode()}, kind="module")
    assert parsed["attempted"] == ["1.1", "2.1"]


def test_a_zip_of_no_use_says_why(read: Parse) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../ex_1_1_word_level.py", "x = 1")
    assert read({"z.zip": buffer.getvalue()}, kind="zip")["rejected"] == (
        "zip has no notebook and no ex_*.py module (../ex_1_1_word_level.py points outside of the zip; left out); "
        "hand in at least one"
    )
    assert read({"z.zip": b""}, kind="zip")["rejected"] == "zip is empty (0 bytes); zip the exercises again"


def test_a_zip_is_read_like_a_folder(read: Parse, answers: dict[str, str]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("kit/exercises/ex_1_1_word_level.py", answers["1.1"])
        archive.writestr("kit/conftest.py", "boom")
    parsed = read({"hand-in.zip": buffer.getvalue()}, kind="zip")
    assert parsed["attempted"] == ["1.1"]
    assert parsed["notes"] == []


def test_ipython_syntax_in_an_answer_does_not_break_it(course: Course, read: Parse, answers: dict[str, str]) -> None:
    parsed = read(
        course(
            {"1.3": "!pip install transformers\n%%html\n" and "!pip install transformers\n" + answers["1.3"]},
            below={"1.1": ["%%bash\nrm -rf /"]},
        )
    )
    assert of(parsed, "1.3")[0].startswith("pass\n")
    assert parsed["notes"] == ["cell 4: `%%bash` cells are not run"]


def test_code_that_does_not_parse_is_left_as_it_is_with_a_note(course: Course, read: Parse) -> None:
    parsed = read(course({"1.1": "def encode(text:\n    return []"}))
    assert parsed["attempted"] == ["1.1"]
    assert of(parsed, "1.1") == ["def encode(text:\n    return []"]
    assert parsed["exercise_notes"]["1.1"][0].startswith("cell 3, line ")


# --- hostile and odd files ----------------------------------------------------------------

GOOD = json.dumps(
    {"cells": [{"cell_type": "code", "id": "d784a288", "metadata": {}, "source": "vocab = [1]"}], "metadata": {}},
    indent=1,
)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "notebook is empty (0 bytes); save it"),
        (b" \n\0", "is empty"),
        (b"\xff\xfe\xff", "is not UTF-16-LE text"),
        (b'{"cells": "\xe9"}', "is not UTF-8 text"),
        (b"null", "notebook holds null and not the cells"),
        (b"[1]", "notebook holds a list and not the cells"),
        (b"{}", "has no list of cells"),
        (b'{"cells": 3}', "has no list of cells"),
        (b'{"cells": []}', "none of the exercises was found"),
        (b'{"worksheets": [3, {"cells": 1}]}', "none of the exercises was found"),
        (
            b'{"cells": [1, null, {"cell_type": 5, "source": "x"}, {"cell_type": "code"}]}',
            "none of the exercises was found",
        ),
        (GOOD[:-30].encode(), "the file ends too early, was the upload cut off"),
        (
            GOOD.replace(' "metadata": {}\n}', "<<<<<<< HEAD\n=======\n>>>>>>> b\n}").encode(),
            "line 10: a git conflict marker",
        ),
        (b'{"cells": [' + b"[" * 100_000, "nested too deeply"),
        (b'{"cells": ' + b"9" * 5000 + b"}", "has no list of cells"),
        (b"%PDF-1.7", "not valid JSON at line 1: this is a PDF; download and hand in the notebook itself"),
        (b"<!DOCTYPE html>\n<html><head><title>x.ipynb</title></head></html>", "this is a web page; download"),
        (b"\xef\xbb\xbf \n<html>", "this is a web page; download"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "this is a pointer of Git LFS"),
        (b"404: Not Found", "this is a server's answer that it was not found"),
    ],
)
def test_a_file_of_no_use_is_rejected_with_one_line(read: Parse, content: bytes, line: str) -> None:
    parsed = read(content)
    assert line in parsed["rejected"]
    assert "\n" not in parsed["rejected"]
    assert parsed["cells"] == []
    assert parsed["attempted"] == []


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        b"\xff\xfe" + GOOD.encode("utf-16-le"),
        b"\xfe\xff" + GOOD.encode("utf-16-be"),
        b"\xff\xfe\0\0" + GOOD.encode("utf-32-le"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace('"vocab = [1]"', '["vocab ", "= [1]"]').encode(),
        GOOD.replace("vocab = [1]", "\\r\\nvocab = [1]\\r\\n").encode(),
        GOOD.replace('"metadata": {}', '"metadata": {"widgets": {"application/x": 1}}').encode(),
        GOOD.replace('"metadata": {}', '"metadata": null').encode(),
        GOOD.replace('"cells": [', '"cells": [{"cell_type": "code", "source": 5}, 7,').encode(),
        json.dumps(
            {
                "worksheets": [
                    {
                        "cells": [
                            {"cell_type": "heading", "level": 3, "source": "1.1 - Word-level tokenization"},
                            {"cell_type": "code", "input": "vocab = [1]"},
                        ]
                    }
                ],
                "nbformat": 3,
            }
        ).encode(),
    ],
)
def test_odd_files_that_hold_an_answer_are_read(read: Parse, content: bytes) -> None:
    parsed = read(content)
    assert parsed["rejected"] is None
    assert parsed["attempted"] == ["1.1"]
    assert of(parsed, "1.1")[0].strip() == "vocab = [1]"


@pytest.mark.parametrize(("end", "line"), [("  }\n ],", 8), (' "metadata": {}\n}', 10)])
def test_a_trailing_comma_is_named_and_read_over(read: Parse, end: str, line: int) -> None:
    inside = GOOD.replace("vocab = [1]", "vocab = ['a,}', 'b,]']")
    broken = inside.replace(end, end.replace("}\n", "},\n"))
    assert broken != inside
    parsed = read(broken.encode())
    assert of(parsed, "1.1") == ["vocab = ['a,}', 'b,]']"]
    assert f"not valid JSON at line {line}: trailing comma before the closing bracket" in parsed["notes"][0]


def test_half_a_surrogate_pair_and_nul_come_out_as_text(read: Parse) -> None:
    parsed = read(GOOD.replace("vocab = [1]", "vocab = ['\\\\ud83d'] # \\ud83d \\u0000").encode())
    json.dumps(parsed).encode()
    for cell in parsed["cells"]:
        cell["source"].encode()


def test_huge_cells_are_left_out_and_the_rest_is_read(read: Parse) -> None:
    cells = [code("#" * 300_000), code("vocab = [1]", "d784a288"), markdown("x" * 5_000_000)]
    parsed = read(notebook(cells))
    assert parsed["attempted"] == ["1.1"]
    assert parsed["notes"] == ["cell 1 is too large (300,000 characters); left out"]


def test_the_worst_notebook_that_fits_is_read_in_seconds(read: Parse, answers: dict[str, str]) -> None:
    start = time.perf_counter()
    read(notebook([kit_cell("1.1", f"vocab = {i}\nx{i} = 1") for i in range(1500)]))
    read(notebook([code(f"vocab = {i}\nword2id = id2word = 1") for i in range(1500)]))
    read(notebook([code(answers["1.1"], "d784a288"), *(code("x = 1\n" * 150) for i in range(1500))]))
    read(
        notebook(
            [markdown("# a" + "#" * 9000 + "b\n" + "```\n~~~\n" * 500) for _ in range(300)] + [code("x=1", "d784a288")]
        )
    )
    assert time.perf_counter() - start < 40  # some 5 s here


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_notebooks_never_raise(data: st.DataObject, read: Parse) -> None:
    content = bytearray(GOOD.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    _is_plain(read(bytes(content)))


JSONS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["code", "markdown", "d784a288", "1.1", "exercise"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "cells",
                    "cell_type",
                    "source",
                    "id",
                    "metadata",
                    "lm_playground",
                    "role",
                    "exercise",
                    "level",
                    "input",
                    "worksheets",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(cells=st.lists(JSONS, max_size=5))
@settings(max_examples=150, deadline=None)
def test_any_json_in_the_place_of_cells_never_raises(cells: list[object], read: Parse) -> None:
    _is_plain(read(notebook(cells)))


SOURCES = st.sampled_from(
    [
        "vocab = [1]",
        "def encode(t):\n  return 1",
        "def decode(i): pass",
        "x = vocab",
        "print(1)",
        "(",
        "%%bash\nx",
        "!ls",
        "word2id = id2word = {}",
        "gpt2 = 1",
        "out = 2",
        "import torch",
        "",
        "char2id = id2char = 1",
    ]
)
TAGS = st.sampled_from(["", "1.1", "1.2", "2.2a", "2.2b", "1.4"])


@given(cells=st.lists(st.tuples(SOURCES, TAGS, st.sampled_from(["", "### 1.1 - W", "## 2.2 - A", "# x"])), max_size=12))
@settings(max_examples=200, deadline=None)
def test_however_cells_are_shuffled_each_exercise_is_one_stretch(
    cells: list[tuple[str, str, str]], read: Parse
) -> None:
    content = [c for source, tag, head in cells for c in ([markdown(head)] if head else []) + [kit_cell(tag, source)]]
    parsed = read(notebook(content))
    _is_plain(parsed)
    owners = [cell["exercise"] for cell in parsed["cells"]]
    starts = [o for i, o in enumerate(owners) if o and (i == 0 or owners[i - 1] != o)]
    assert len(starts) == len(set(starts))
    assert set(parsed["attempted"]) <= set(owners)


def _is_plain(parsed: Json) -> None:
    assert set(parsed) == {"cells", "attempted", "notes", "exercise_notes", "rejected"}
    json.dumps(parsed).encode()
    assert submission_from(UPLOAD, parsed).id == "x"


# --- the wall and what comes back ---------------------------------------------------------

UPLOAD = Upload(id="x", source="class/x.ipynb", sha256="00", kind="notebook", notes=("left out",))
PLAIN: Json = {
    "cells": [
        {"source": "x = 1", "exercise": "1.1", "where": "cell 1"},
        {"source": "y", "exercise": None, "where": ""},
    ],
    "attempted": ["1.1"],
    "notes": ["a"],
    "exercise_notes": {"1.1": ["b"]},
    "rejected": None,
}


def test_the_parser_needs_the_standard_library_only() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import grader.intake.parse\n"
        "foreign = {n.partition('.')[0] for n in sys.modules} - set(sys.stdlib_module_names) - {'grader', '__main__', 'sitecustomize'}\n"
        "print(sorted(n for n in foreign if not n.startswith('_')))"
    )
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, str(ROOT)], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_what_the_parser_says_becomes_a_submission() -> None:
    submission = submission_from(UPLOAD, PLAIN)
    assert (submission.id, submission.source, submission.sha256) == ("x", "class/x.ipynb", "00")
    assert [(c.source, c.exercise, c.where) for c in submission.cells] == [("x = 1", "1.1", "cell 1"), ("y", None, "")]
    assert submission.attempted == {"1.1"}
    assert submission.notes == ("left out", "a")
    assert submission.exercise_notes == {"1.1": ("b",)}
    assert submission.rejected is None


def test_an_attempt_without_code_is_none() -> None:
    assert submission_from(UPLOAD, {**PLAIN, "attempted": ["1.1", "2.1"]}).attempted == {"1.1"}


def test_an_exercise_that_the_catalogue_does_not_have_is_not_believed() -> None:
    assert submission_from(UPLOAD, PLAIN, known={"1.1"}).rejected is None
    assert "an exercise that cannot be" in str(submission_from(UPLOAD, PLAIN, known={"2.1"}).rejected)


def test_what_was_rejected_stays_rejected() -> None:
    upload = Upload(id="x", source="x", sha256="0", kind="other", rejected="is a\nsymbolic link")
    assert submission_from(upload, PLAIN).rejected == "is a symbolic link"
    assert submission_from(upload, None).cells == ()
    assert submission_from(UPLOAD, {**PLAIN, "rejected": "no\x1b[31m JSON"}).rejected == "no JSON"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        3,
        "x",
        [],
        {},
        b"",
        {**PLAIN, "cells": None},
        {**PLAIN, "cells": [{"source": 5}]},
        {**PLAIN, "attempted": "1.1"},
        {**PLAIN, "attempted": [1]},
        {**PLAIN, "notes": [None]},
        {**PLAIN, "exercise_notes": {"1.1": "b"}},
        {**PLAIN, "rejected": 0},
        {**PLAIN, "attempted": ["../../x"]},
        {**PLAIN, "exercise_notes": {"<b>": []}},
        {**PLAIN, "rejected": ""},
        {**PLAIN, "cells": [{"source": "x", "exercise": "\n"}]},
        {**PLAIN, "cells": [{"source": "x" * 700_000}]},
        {**PLAIN, "cells": [{"source": "x"}] * 5_000},
        {**PLAIN, "cells": [{"source": "x" * 500_000}] * 30},
    ],
)
def test_an_answer_of_the_wrong_shape_or_size_is_a_rejected_submission(answer: object) -> None:
    submission = submission_from(UPLOAD, answer)
    assert submission.rejected
    assert submission.cells == ()
    assert submission.attempted == frozenset()


def test_notes_are_cut_cleaned_and_counted() -> None:
    submission = submission_from(UPLOAD, {**PLAIN, "notes": ["x\u202e\x1b]0;t\x07\ny" + "z" * 9999] * 500})
    assert len(submission.notes) == MAX_NOTES
    assert submission.notes[-1] == "… and 462 more notes"
    assert all(len(note) <= MAX_NOTE_CHARS and note.isprintable() for note in submission.notes)


@given(answer=JSONS | st.dictionaries(st.sampled_from(list(PLAIN)), JSONS))
def test_nothing_that_comes_back_can_raise(answer: object) -> None:
    submission_from(UPLOAD, answer)
