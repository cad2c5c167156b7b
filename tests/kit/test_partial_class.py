"""A part of a class: one student again, a roster, who is missing, what a log gets."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from grader.cli import main
from grader.errors import KitError
from grader.model import RunResult
from grader.results.report.results import read_results_json
from grader.run.pipeline import Options, grade

ROOT = Path(__file__).parents[2]
ROSTER = "login,name\nana,Ana Ames\nben,Ben Bos\ncho,Cho Chen\ndee,Dee Dole\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A class of three, one of them wrong; the roster has a fourth."""
    folder = tmp_path_factory.mktemp("partial")
    for name in ("ana", "ben", "cho"):
        (folder / "class" / name).mkdir(parents=True)
        shutil.copy(ROOT / "solutions" / "ex_1_1_word_level.py", folder / "class" / name)
    (folder / "roster.csv").write_text(ROSTER)
    return folder


def options(place: Path, **more) -> Options:
    return Options(paths=(place / "class",), out=place / "out", exercises=("1.1",), **more)


def scores(run: RunResult) -> dict[str, int]:
    return {result.id: result.score for result in run.submissions}


def test_one_student_first_the_class_later_one_again(place, capsys):
    first = grade(options(place, students=("ben",)))
    assert (scores(first.run), first.fresh) == ({"ben": 8}, 1)
    assert "2 more submissions have no verdict yet" in first.notes[-1]

    (place / "class" / "cho" / "ex_1_1_word_level.py").write_text("vocab = ['a']\n")
    command = ["grade", str(place / "class"), "--out", str(place / "out"), "--exercise", "1.1"]
    assert main([*command, "--roster", str(place / "roster.csv"), "--progress", "json"]) == 0
    said = capsys.readouterr()
    lines = [json.loads(line) for line in said.err.splitlines() if line.startswith("{")]
    assert [line["done"] for line in lines] == [1, 2, 3]
    assert {line["id"]: line["outcome"] for line in lines} == {
        "ana": "all points",
        "ben": "all points",
        "cho": "no points",
    }
    assert "Nothing handed in (1): dee" in said.err
    assert "3 submissions, 2 graded now" in said.err
    assert read_results_json(place / "out").absent == ("dee",)
    with (place / "out" / "results.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["score"]) for row in rows] == [("ana", "8"), ("ben", "8"), ("cho", "0"), ("dee", "")]
    assert "dee" in (place / "out" / "report.html").read_text()

    shutil.copy(ROOT / "solutions" / "ex_1_1_word_level.py", place / "class" / "cho")
    again = grade(options(place, students=("cho",), resume=False))
    assert (scores(again.run), again.fresh) == ({"ana": 8, "ben": 8, "cho": 8}, 1)
    assert again.run.submissions[2].exercises["1.1"].taken_from == ("ex_1_1_word_level.py",)

    assert main([*command, "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_name_that_is_not_there_is_told_with_the_closest(place):
    with pytest.raises(KitError, match=r"no submission 'bem' in these paths; did you mean ben\?"):
        grade(options(place, students=("bem",)))


def test_a_roster_that_is_not_there_stops_before_anything_is_graded(place, capsys):
    command = ["grade", str(place / "class"), "--out", str(place / "other"), "--roster", str(place / "nowhere.csv")]
    assert main(command) == 2
    assert "nowhere.csv: no such file" in capsys.readouterr().err
