"""Whatever happens while one submission is judged concerns that one: the class is graded to its end, and told of."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RIGHT = (ROOT / "solutions" / "ex_1_1_word_level.py").read_text(encoding="utf-8")
WRONG_IDS = "\n\nright = encode\ndef encode(text):\n    ids = right(text)\n    return [2**40 + ids[0]] if len(ids) == {length} else ids\n"

PROVOKED = '''
@pytest.mark.points(8)
def test_ids_are_places(cell):
    """Ids are places"""
    words = ["fox", "dog"]
    for number in ask(cell, "encode", "the lazy dog"):
        words[0 if number < 1000 else number]
'''
"""An IndexError that only an id beyond any vocabulary provokes."""

OURS = '''
@pytest.mark.points(4)
def test_sound(cell):
    """Sound"""
    assert ask(cell, "encode", "the lazy dog")


@pytest.mark.points(4)
def test_trips(cell):
    """Trips whatever the answer is"""
    if ask(cell, "encode", "the") and len(ask(cell, "encode", "a b c d e f g h")) == 8:
        [][0]
'''

PLUGIN = '''
@pytest.mark.points(8)
def test_sound(cell):
    """Sound"""
    assert ask(cell, "encode", "the lazy dog")


from grader.checks import plugin as checking
from grader.run import score

real = checking.points_of
def points_of(item):
    """A fault in our own hook, for one submission only."""
    bench = item.config.stash.get(checking.BENCH, None)
    if bench is not None and "trip_me" in bench._words:
        raise LookupError("a hook of ours fails")
    return real(item)
checking.points_of = points_of
'''


def kit(folder, suite):
    """A checkout whose only hidden checks are these of 1.1."""
    for name in ("exercises", "solutions", "grader"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (folder / "solutions").glob("ex_*.py"):
        if path.name != "ex_1_1_word_level.py":
            path.unlink()
    catalog = folder / "exercises" / "catalog.toml"
    head, first, *_ = re.split(r"^(?=\[\[exercise\]\])", catalog.read_text(encoding="utf-8"), flags=re.MULTILINE)
    catalog.write_text(head + first, encoding="utf-8")
    (folder / "tests" / "hidden").mkdir(parents=True)
    start = "import pytest\nfrom grader.checks.answers import ask\npytestmark = pytest.mark.exercise('1.1')\n"
    (folder / "tests" / "hidden" / "test_1_1_word_level.py").write_text(start + suite, encoding="utf-8")
    return folder


def grade(root, answers):
    """What `playground grade` makes of these answers, by name: exit code, verdicts, what it says."""
    for name, source in answers.items():
        (root / "class" / name).mkdir(parents=True)
        (root / "class" / name / "ex_1_1_word_level.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "grader.cli", "grade", "class", "--out", "out", "--format", "json"]
    done = subprocess.run(
        command,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.stdout, done.stderr
    assert all((root / "out" / report).is_file() for report in ("report.html", "results.csv", "results.json"))
    assert {path.name.removesuffix(".html") for path in (root / "out" / "students").iterdir()} == set(answers)
    verdicts = {result["id"]: result["exercises"]["1.1"] for result in json.loads(done.stdout)["submissions"]}
    return done.returncode, verdicts, done.stderr


def test_what_an_answer_provokes_in_a_check_fails_that_check(tmp_path):
    code, verdicts, told = grade(
        kit(tmp_path, PROVOKED), {"a": RIGHT, "b": RIGHT + WRONG_IDS.format(length=3), "c": RIGHT}
    )
    assert {name: (verdict["score"], verdict["status"]) for name, verdict in verdicts.items()} == {
        "a": (8, "passed"),
        "b": (0, "failed"),
        "c": (8, "passed"),
    }
    (check,) = verdicts["b"]["checks"]
    assert check["message"].startswith("the check could not use what your code answered")
    assert code == 0
    assert "1.1 test_ids_are_places could not use the answers of 1 submission: b." in told


def test_what_the_reference_provokes_as_well_is_ours(tmp_path):
    answers = {"a": RIGHT, "b": RIGHT + WRONG_IDS.format(length=8), "c": RIGHT}
    code, verdicts, told = grade(kit(tmp_path, OURS), answers)
    assert {name: (verdict["score"], verdict["status"]) for name, verdict in verdicts.items()} == {
        "a": (4, "kit_error"),
        "b": (8, "passed"),
        "c": (4, "kit_error"),
    }
    assert code == 3
    assert re.search(
        r"kit error: IndexError \(test_1_1_word_level\.py:\d+\) in 1\.1 test_trips, 2 submissions: a, c$",
        told,
        re.MULTILINE,
    )


def test_without_a_reference_an_accident_is_ours(tmp_path):
    root = kit(tmp_path, PROVOKED)
    shutil.rmtree(root / "solutions")
    code, verdicts, told = grade(root, {"a": RIGHT, "b": RIGHT + WRONG_IDS.format(length=3)})
    assert {name: verdict["status"] for name, verdict in verdicts.items()} == {"a": "passed", "b": "kit_error"}
    assert code == 3
    assert "IndexError" in told


@pytest.mark.heavy
def test_a_fault_of_ours_outside_of_checks_ends_one_submission_and_no_class(tmp_path):
    code, verdicts, told = grade(kit(tmp_path, PLUGIN), {"a": RIGHT, "b": RIGHT + "\ntrip_me = 1\n", "c": RIGHT})
    assert {name: (verdict["score"], verdict["status"]) for name, verdict in verdicts.items()} == {
        "a": (8, "passed"),
        "b": (0, "kit_error"),
        "c": (8, "passed"),
    }
    assert code == 3
    assert re.search(r"kit error: LookupError \(test_1_1_word_level\.py:\d+\), 1 submission: b$", told, re.MULTILINE)


@pytest.mark.heavy
def test_a_class_of_submissions_that_provoke_faults_is_graded_to_its_end(tmp_path):
    """Without a reference each of them is a kit_error."""
    root = kit(tmp_path, PROVOKED)
    answers = {f"{number:02}": RIGHT + WRONG_IDS.format(length=3) for number in range(25)} | {"good": RIGHT}
    shutil.rmtree(root / "solutions")
    code, verdicts, told = grade(root, answers)
    assert [name for name, verdict in verdicts.items() if verdict["status"] != "kit_error"] == ["good"]
    assert verdicts["good"]["score"] == 8
    assert code == 3
    assert "in 1.1 test_ids_are_places, 25 submissions: 00, 01," in told


@pytest.mark.heavy
def test_faults_one_after_the_other_end_no_class_that_the_reference_shows_to_be_gradable(tmp_path):
    """Each of them trips our own hook; the kit's own answers are graded in between, and the run goes on."""
    answers = {f"{number:02}": RIGHT + "\ntrip_me = 1\n" for number in range(5)} | {"good": RIGHT}
    code, verdicts, _ = grade(kit(tmp_path, PLUGIN), answers)
    assert [name for name, verdict in verdicts.items() if verdict["status"] != "kit_error"] == ["good"]
    assert code == 3
    assert "reference-answers" not in verdicts


HOSTILE = {
    "large": "\n\nimport torch\nright = encode\ndef encode(text):\n    ids = right(text)\n    calls.append(1)\n"
    "    return [2**70 for _ in ids] if len(calls) > 3 else torch.tensor(ids)\ncalls = []\n",
    "short": "\n\nright, back = encode, decode\ndef encode(text):\n    return right(text)[:5] if len(text.split()) == 6 else right(text)\n"
    "said = []\n_e = encode\ndef encode(text):\n    said.append(text)\n    return _e(text)\n"
    "def decode(ids):\n    return next((t for t in said if _e(t) == list(ids)), back(ids))\n",
}


def test_ids_that_fit_nowhere_fail_the_real_checks(tmp_path):
    """Ids beyond 64 bits, and fewer ids than words from an `encode` that `decode` knows how to read."""
    root = tmp_path
    for name, more in HOSTILE.items():
        (root / "class" / name).mkdir(parents=True)
        (root / "class" / name / "ex_1_1_word_level.py").write_text(RIGHT + more, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "grader.cli",
        "grade",
        str(root / "class"),
        "--out",
        str(root / "out"),
        "--exercise",
        "1.1",
        "--format",
        "json",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert "could not use the answers" not in done.stderr  # no check had to be saved by the reference
    found = {result["id"]: result["exercises"]["1.1"]["status"] for result in json.loads(done.stdout)["submissions"]}
    assert found.keys() == HOSTILE.keys()
    assert set(found.values()) <= {"partial", "failed"}


def test_hidden_checks_come_to_a_verdict_whatever_they_are_answered():
    """A sample; `python -m tools.fuzz_answers` asks 20,000 times."""
    quick = [word for id_ in ("1.1", "1.2", "bpe", "2.1", "2.4", "5.1") for word in ("--exercise", id_)]
    command = [sys.executable, "-m", "tools.fuzz_answers", "--answers", "2000", "--seed", "4", *quick]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert ", 0 kit errors" in done.stdout


def test_a_shape_that_is_no_shape_is_no_answer_under_another_name():
    """`logits` is looked for under other names, where a class called Tensor has a tensor of two rows for a shape."""
    from grader.checks.cell import Cell
    from grader.checks.course.renamed import find_other_names
    from grader.model import SourceCell
    from grader.project import project_catalog
    from grader.student.loopback import LoopbackSession

    source = "import torch\nclass Tensor:\n    shape = torch.ones(3, 2)\nscores = Tensor()\n"
    session = LoopbackSession(
        [project_catalog(ROOT).get("2.4")], [SourceCell(source=source, exercise="2.4", where="x")]
    )
    assert find_other_names(Cell(session.student("2.4")), "2.4", lambda: Cell(session.student("2.4"))) == {}
