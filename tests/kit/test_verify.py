"""`tools.verify` finds what it is there to find: too strict, too lax, dead, leaking, stale."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import CatalogError
from grader.model import CheckResult, Exercise, Status
from tools.build import ROOT
from tools.verify.claims import read_claim
from tools.verify.findings import Survivor, dead_checks, mutant_problems, should_be_as_declared, should_win_nothing
from tools.verify.mutants import Mutant, mutants_of
from tools.verify.renamed import renamings_of
from tools.verify.trials import Verdict


def check(name="test_a", status=Status.PASSED, message="", points=0):
    return CheckResult(name=name, title="A", status=status, points=points, max_points=2, message=message)


@pytest.fixture
def reject(tmp_path):
    """A wrong answer that names test_a and what it says."""
    (tmp_path / "1.1").mkdir()
    path = tmp_path / "1.1" / "reject_x.py"
    path.write_text("# reject: test_a: ids are positions\n# says: look the word up\nvocab = []\n")
    return read_claim(path)


def test_a_claim_is_read_from_the_first_lines(reject):
    assert (reject.name, reject.check, reject.says, reject.about) == (
        "1.1/reject_x",
        "test_a",
        "look the word up",
        "ids are positions",
    )
    assert not reject.is_right


@pytest.mark.parametrize(
    ("name", "line"), [("accept_x.py", "# reject: test_a: no"), ("reject_x.py", "# accept: yes"), ("reject_x.py", "")]
)
def test_a_file_that_claims_nothing_is_an_error(tmp_path, name, line):
    (tmp_path / name).write_text(line)
    with pytest.raises(CatalogError, match=name):
        read_claim(tmp_path / name)


@pytest.mark.parametrize(
    ("checks", "problem"),
    [
        ([check(status=Status.FAILED, message="Please look the word up.")], None),
        ([check(points=2)], "should fail"),
        ([check(status=Status.SKIPPED)], "should fail"),
        ([check(status=Status.FAILED, message="wrong")], "should say “look the word up”"),
        ([check("test_b", Status.FAILED)], "there is no such check"),
        (
            [check(status=Status.FAILED, message="look the word up"), check("test_b", Status.KIT_ERROR)],
            "the kit's fault",
        ),
    ],
)
def test_a_reject_fails_its_check_with_its_words(reject, checks, problem):
    found = should_be_as_declared(reject, Verdict(checks=tuple(checks)))
    assert len(found) == (problem is not None) and (problem is None or problem in found[0])


def test_a_stub_that_wins_points_is_found():
    assert should_win_nothing("1.1", Verdict(checks=(check(status=Status.FAILED),))) == []
    assert "test_a" in should_win_nothing("1.1", Verdict(checks=(check(points=2),)))[0]


def test_a_check_that_was_only_skipped_is_dead():
    exercise = Exercise(id="1.1", title="", file="", points=2)
    solution = {"1.1": Verdict(checks=(check(), check("test_b")))}
    verdict = Verdict(checks=(check(status=Status.FAILED), check("test_b", Status.SKIPPED)))
    assert dead_checks([exercise], {"1.1": [verdict]}, solution) == ["1.1: no reject fails test_b"]


SOLUTION = "x = 1\n# region answer\ndef f(a):\n    return a + len('ab')\n# endregion\nprint(x + 1)\n"


def test_mutants_differ_in_the_answer_only():
    found = {mutant.now: mutant for mutant in mutants_of("1.1", SOLUTION, "x.py")}
    assert "return a - len('ab')" in found and "return a + len('XXabXX')" in found
    assert all(mutant.was == "return a + len('ab')" for mutant in found.values())
    assert all("print(x + 1)" in mutant.source for mutant in found.values())


def test_survivors_are_held_against_the_reviewed_list():
    alive, killed = (Mutant(exercise="1.1", was="a", now=now, source=now) for now in "bc")
    listed = [Survivor("1.1", "a", "c", "it was alive once"), Survivor("9.9", "a", "c", "another exercise, not tried")]
    assert mutant_problems([alive], listed, [alive, killed]) == [
        "a mutant gets full marks: 1.1: a -> b",
        "survivors.toml lists a mutant that is killed, or is none: 1.1: a -> c",
    ]
    assert mutant_problems([alive], [Survivor("1.1", "a", "b", "right, too")], [alive]) == []


def test_renaming_leaves_attributes_and_strings_alone():
    exercise = Exercise(id="1.3", title="", file="", points=1)
    renamed = dict(renamings_of(exercise, "def encode(t):\n    return bpe_tok.encode(t, 'encode')\nids = encode('x')"))
    assert renamed["encode"] == "def my_encode(t):\n    return bpe_tok.encode(t, 'encode')\nids = my_encode('x')"
    assert set(renamed) == {"bpe_tok", "encode", "decode", "bpe_tok, encode, decode"}


def verify(folder: Path, *arguments: str, exercise: str = "1.1") -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "tools.verify", "--exercise", exercise, *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False
    )


@pytest.fixture
def checkout(tmp_path):
    """A copy of what `verify` reads, to spoil."""
    for name in ("exercises", "solutions", "tests/hidden", "tests/visible", "tests/answers"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_kind_of_spoilt_check_is_found(checkout):
    """One copy with five faults in it: each is named, and nothing else is"""
    suite = checkout / "tests" / "hidden" / "test_1_1_word_level.py"
    spoilt = suite.read_text(encoding="utf-8")
    spoilt += (
        '\n\n@pytest.mark.points(0)\ndef test_of_nothing(cell):\n    """Never fails"""\n'
        '\n\n@pytest.mark.points(0)\ndef test_too_strict(cell):\n    """Capitals must stay"""\n'
        "    assert 'The' in an_entry_list(cell.vocab, 'it'), feedback('lower-cased')\n"
    )
    suite.write_text(spoilt, encoding="utf-8")
    replace(checkout / "tests" / "answers" / "1.1" / "reject_positions.py", "# says: ", "# says: never said ")
    with (checkout / "exercises" / "ex_1_1_word_level.py").open("a", encoding="utf-8") as stub:
        stub.write("# vocab = list(dict.fromkeys([PAD, UNK, *words]))\n")
    with (checkout / "tests" / "answers" / "survivors.toml").open("a", encoding="utf-8") as survivors:
        survivors.write('\n[[survivor]]\nexercise = "1.1"\nwas = "x"\nnow = ["y"]\nwhy = "gone"\n')
    done = verify(checkout)
    problems = [line for line in done.stdout.splitlines() if line.startswith("problem: ")]
    assert done.returncode == 1, done.stdout + done.stderr
    for words in (
        "no reject fails test_of_nothing",
        "a right answer that does not get full marks",
        "reject_positions: ",
        "ex_1_1_word_level.py holds hidden text",
        "lists a mutant that is killed, or is none: 1.1: x -> y",
    ):
        assert any(words in problem for problem in problems), (words, done.stdout)
    expected = ("test_of_nothing", "full marks", "reject_positions", "hidden text", "x -> y", "counts as attempted")
    assert all(any(words in problem for words in expected) for problem in problems), done.stdout


def test_no_such_exercise_is_said_in_one_line(checkout):
    done = verify(checkout, "--exercise", "9.9")
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "9.9" in done.stderr


def test_listed_mutants_can_be_left_out(checkout):
    """They count as survivors, untried; one that is missing on the list is tried, and found"""
    listed = checkout / "tests" / "answers" / "survivors.toml"
    text = listed.read_text(encoding="utf-8")
    assert text.count("'print(\"token ids :\", token_ids)',") == 1
    listed.write_text(text.replace("    'print(\"token ids :\", token_ids)',\n", ""), encoding="utf-8")
    done = verify(checkout, "--trust-list", exercise="1.4")
    assert "12 of 34 mutants: 12 judged" in done.stderr
    assert done.returncode == 1
    problems = [line for line in done.stdout.splitlines() if line.startswith("problem:")]
    assert len(problems) == 1
    assert (
        'a mutant gets full marks: 1.4: print("Token IDs :", token_ids) -> print("token ids :", token_ids)'
        in problems[0]
    )
