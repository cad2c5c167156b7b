"""`playground convert`: answers survive the way from the notebook into files and back, and nothing is lost unasked."""

import json

import nbformat
import pytest

from grader.catalog import load_catalog
from grader.cli import main
from tools.build import ROOT, exercise_files, read_course, solution_notebook

COURSE = read_course()
CATALOG = load_catalog(ROOT / "exercises" / "catalog.toml")
FILES = exercise_files(COURSE)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A student's folder: exercises/ as shipped."""
    (tmp_path / "exercises").mkdir()
    for name, text in FILES.items():
        (tmp_path / "exercises" / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def solution(exercise_id):
    return COURSE.sources[exercise_id].solution


def notebook_with(sources, extra=()):
    """The student notebook with these cells filled in, and extra cells in front of them."""
    notebook = json.loads(FILES["lm_playground.ipynb"])
    for cell in notebook["cells"]:
        exercise_id = cell["metadata"].get("lm_playground", {}).get("exercise")
        if cell["id"].startswith("ex-") and exercise_id in sources:
            cell["source"] = sources[exercise_id]
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "old"}]
    for number, source in enumerate(extra):
        notebook["cells"].insert(
            3,
            {
                "cell_type": "code",
                "id": f"own{number}",
                "metadata": {},
                "source": source,
                "outputs": [],
                "execution_count": None,
            },
        )
    return json.dumps(notebook)


def cells_of(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return {cell.id: cell for cell in notebook.cells}


def test_the_round_trip_keeps_every_answer(home):
    """Notebook to files to a fresh notebook: every cell is what it was, apart from outputs."""
    (home / "all.ipynb").write_text(solution_notebook(COURSE), encoding="utf-8")
    assert main(["convert", "all.ipynb", "files"]) == 0
    for source in COURSE.sources.values():
        assert (home / "files" / source.exercise.file).read_text(encoding="utf-8") == source.solution + "\n"
    assert main(["convert", "files", "back.ipynb"]) == 0
    assert (home / "back.ipynb").read_text(encoding="utf-8") == solution_notebook(COURSE)


def test_only_what_was_worked_on_is_written(home, capsys):
    (home / "mine.ipynb").write_text(notebook_with({"1.2": solution("1.2")}), encoding="utf-8")
    assert main(["convert", "mine.ipynb", "exercises"]) == 0
    assert capsys.readouterr().out == "wrote exercises/ex_1_2_character_level.py\n"
    changed = [name for name, text in FILES.items() if (home / "exercises" / name).read_text(encoding="utf-8") != text]
    assert changed == ["ex_1_2_character_level.py"]
    assert main(["convert", "mine.ipynb", "exercises"]) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_helpers_in_cells_of_their_own_come_along(home, capsys):
    answer = solution("1.2").replace("string.ascii_letters", "letters()")
    own = ["def letters():\n    import string\n    return string.ascii_letters", "unused = 1"]
    (home / "mine.ipynb").write_text(notebook_with({"1.1": solution("1.1"), "1.2": answer}, own), encoding="utf-8")
    assert main(["convert", "mine.ipynb", "files"]) == 0
    text = (home / "files" / "ex_1_2_character_level.py").read_text(encoding="utf-8")
    namespace = {"PAD": "[PAD]", "UNK": "[UNK]"}
    exec(text, namespace)
    assert len(namespace["vocab"]) == 54
    assert "letters" not in (home / "files" / "ex_1_1_word_level.py").read_text(encoding="utf-8")
    assert "left out, since no exercise uses it" in capsys.readouterr().err


@pytest.mark.parametrize("target", ["exercises", "other.ipynb"])
def test_another_answer_is_not_overwritten_unasked(home, target, capsys):
    """And where one is in the way, nothing at all is written."""
    mine = {"1.1": solution("1.1"), "1.2": solution("1.2")}
    (home / "mine.ipynb").write_text(notebook_with(mine), encoding="utf-8")
    (home / "exercises" / "ex_1_2_character_level.py").write_text("vocab = ['precious']\n", encoding="utf-8")
    (home / "other.ipynb").write_text(notebook_with({"1.2": "vocab = ['precious']"}), encoding="utf-8")
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert main(["convert", "mine.ipynb", target]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "another answer to 1.2 is there already; --force overwrites it" in said
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    assert main(["convert", "mine.ipynb", target, "--force"]) == 0
    place = home / target if target.endswith(".ipynb") else home / target / "ex_1_2_character_level.py"
    assert "precious" not in place.read_text(encoding="utf-8") and "char2id.get" in place.read_text(encoding="utf-8")


def test_half_an_answer_that_is_not_even_python_is_not_overwritten_either(home, capsys):
    (home / "mine.ipynb").write_text(notebook_with({"1.2": solution("1.2")}), encoding="utf-8")
    (home / "exercises" / "ex_1_2_character_level.py").write_text("vocab = [\n", encoding="utf-8")
    assert main(["convert", "mine.ipynb", "exercises"]) == 2
    assert (home / "exercises" / "ex_1_2_character_level.py").read_text(encoding="utf-8") == "vocab = [\n"


def test_a_notebook_keeps_all_that_is_not_an_answer(home):
    """Own cells, prose and outputs elsewhere stay; the outputs of a cell that changed would be a lie and go."""
    (home / "mine.ipynb").write_text(notebook_with({"1.3": solution("1.3")}, ["# notes\nx = 5"]), encoding="utf-8")
    (home / "exercises" / "ex_1_1_word_level.py").write_text(solution("1.1") + "\n", encoding="utf-8")
    (home / "exercises" / "lm_playground.ipynb").unlink()
    before = cells_of(home / "mine.ipynb")
    assert main(["convert", "exercises", "mine.ipynb"]) == 0
    after = cells_of(home / "mine.ipynb")
    assert after["ex-1-1"].source == solution("1.1") and after["ex-1-1"].outputs == []
    assert after["ex-1-3"].outputs and after["own0"] == before["own0"]
    assert {id_ for id_ in before if before[id_] != after[id_]} == {"ex-1-1"}


def test_a_notebook_of_the_course_takes_answers_too(home):
    from tools.course_notebook import course_notebook

    (home / "course.ipynb").write_text(json.dumps(course_notebook(None, COURSE)), encoding="utf-8")
    (home / "exercises" / "ex_1_1_word_level.py").write_text(solution("1.1"), encoding="utf-8")
    (home / "exercises" / "lm_playground.ipynb").unlink()
    assert main(["convert", "exercises", "course.ipynb"]) == 0
    assert cells_of(home / "course.ipynb")["d784a288"].source == solution("1.1")


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("exercises", "x.ipynb", "no exercise has been worked on"),
        ("nowhere.ipynb", "files", "nowhere.ipynb"),
        ("good.ipynb", "broken.ipynb", "broken.ipynb: not a notebook"),
        ("good.ipynb", "empty.ipynb", "no cell for 1.1"),
        ("good.ipynb", "good.txt", "good.txt is a file"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(home, source, target, words, capsys):
    (home / "good.ipynb").write_text(notebook_with({"1.1": solution("1.1")}), encoding="utf-8")
    (home / "broken.ipynb").write_text("{", encoding="utf-8")
    (home / "empty.ipynb").write_text(
        '{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', encoding="utf-8"
    )
    (home / "good.txt").touch()
    assert main(["convert", source, target]) == 2
    assert words in " ".join(capsys.readouterr().err.split())
