"""`tools.verify` finds what it is there to find: too strict, too lax, dead, leaking, stale."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import CatalogError
from grader.model import CheckResult, Exercise, Status
from grader.project import project_catalog
from tools.build import ROOT
from tools.regions import answer_lines, cut_answers, fill_blanks
from tools.verify.claims import read_bank, read_claim
from tools.verify.findings import Survivor, dead_checks, mutant_problems, should_be_as_declared, should_win_nothing
from tools.verify.mutants import Mutant, mutants_of
from tools.verify.renamed import renamings_of
from tools.verify.trials import Verdict

CATALOG = project_catalog(ROOT)
STUB = """# 1.1 A title

text = '''
# no comment
'''

# 1. The table
table = {}

\"\"\"
YOUR CODE HERE
\"\"\"

def encode(text):  # of a word
    # One id
    \"\"\"
    YOUR CODE HERE
    \"\"\"

print(table)
"""
FIRST = '# region answer\n# mine\ntable = {1: "\\1"}\n# endregion\n'
SECOND = "    # region answer\n    for word in text:\n        return 1\n    # endregion\n"
AS_SHIPPED = cut_answers(SECOND, "").join(["    # region answer\n", "    # endregion\n"])


def check(name="test_a", status=Status.PASSED, message="", points=0):
    return CheckResult(name=name, title="A", status=status, points=points, max_points=2, message=message)


@pytest.fixture
def reject(tmp_path):
    """A wrong answer that names test_a and what it says."""
    (tmp_path / "1.1").mkdir()
    path = tmp_path / "1.1" / "reject_x.py"
    path.write_text("# reject: test_a: ids are positions\n# says: look the word up\nvocab = []\n")
    return read_claim(path, STUB)


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
        read_claim(tmp_path / name, STUB)


def written(tmp_path: Path, answer: str) -> Path:
    (tmp_path / "1.1").mkdir()
    path = tmp_path / "1.1" / "accept_x.py"
    path.write_text(f"# accept: a loop\n\n{answer}")
    return path


def test_regions_stand_in_place_of_the_blanks_as_they_are(tmp_path):
    """In their order, with their own indentation, in the stub without its comments and below the claim"""
    claim = read_claim(written(tmp_path, f"{FIRST}\n{SECOND}"), STUB)
    assert claim.about == "a loop"
    assert claim.source == (
        "# accept: a loop\n\n"
        "text = '''\n# no comment\n'''\n\ntable"
        ' = {}\n\n# mine\ntable = {1: "\\1"}\n\ndef encode(text):  # of a word\n'
        "    for word in text:\n        return 1\n\nprint(table)\n"
    )


def test_a_text_without_regions_is_the_whole_cell(tmp_path):
    path = written(tmp_path, "x = 1  # no stub around it\n\n\n")
    assert read_claim(path, STUB).source == path.read_text()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (FIRST, "1 regions for 2 blanks; write one for each blank"),
        (FIRST + SECOND + FIRST, "3 regions for 2 blanks; write one for each blank"),
        (FIRST + "x = 1\n" + SECOND, r":7: text outside of the regions; move it into one"),
        ("import re\n" + FIRST + SECOND, r":3: text outside of the regions; move it into one"),
        (FIRST + SECOND.replace("    # endregion\n", ""), r":7: this region is never closed; put `# endregion` below"),
        (FIRST + SECOND.replace("region", "Region", 1), "unknown marker `# Region answer`; write `# region answer`"),
        (FIRST + AS_SHIPPED, ":11: the region above is the blank as shipped; write an answer there"),
    ],
)
def test_regions_that_fit_no_stub_are_an_error_in_one_line(tmp_path, answer, words):
    with pytest.raises(CatalogError, match=f"accept_x.py.*{words}") as error:
        read_claim(written(tmp_path, answer), STUB)
    assert "\n" not in str(error.value)


def test_every_answer_of_the_bank_is_a_cell_of_python():
    for claim in read_bank(ROOT / "tests" / "answers", CATALOG):
        assert not re.search("# (end)?region", claim.source), claim.name
        ast.parse(claim.source)


@pytest.mark.parametrize("exercise", CATALOG.exercise, ids=lambda exercise: exercise.id)
def test_the_regions_of_a_solution_in_its_stub_are_the_solution(exercise):
    text = (ROOT / "solutions" / exercise.file).read_text(encoding="utf-8")
    inside = answer_lines(text, "")
    regions = [
        line
        for number, line in enumerate(text.split("\n"), start=1)
        if number in inside or line.strip() in ("# region answer", "# endregion")
    ]
    filled = fill_blanks("\n".join(regions), exercise.stub, "")
    assert ast.dump(ast.parse(filled)) == ast.dump(ast.parse(text))


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


@pytest.mark.heavy
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


def test_an_answer_that_does_not_fit_its_stub_is_said_in_one_line(checkout):
    with (checkout / "tests" / "answers" / "1.1" / "reject_positions.py").open("a", encoding="utf-8") as answer:
        answer.write("# region answer\nx = 1\n# endregion\n")
    done = verify(checkout)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "reject_positions.py: 4 regions for 3 blanks" in done.stderr


@pytest.mark.heavy
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
