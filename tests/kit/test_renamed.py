"""An answer under another name is taken where there is no doubt, and the result says so."""

from grader.checks.cell import Cell, MissingAnswerError, StudentError
from grader.checks.course.renamed import find_other_names
from grader.checks.plugin import Bench, _cause, verdict_of
from grader.model import Exercise, Limits, SourceCell, Status
from grader.protocol.messages import Trouble
from grader.sandbox.notebook import Notebook
from grader.student.loopback import LoopbackStudent

WORDS = """
entries = "[PAD] [UNK] the lazy dog jumps over a quick brown fox".split()
stoi = {w: i for i, w in enumerate(entries)}
itos = {i: w for w, i in stoi.items()}
def to_ids(text): return [stoi.get(w, 1) for w in text.split()]
def to_text(ids): return " ".join(itos[i] for i in ids)
"""


def found_in(source, exercise="1.1", before=""):
    """The other names that are found in a cell, after another one."""
    notebook = Notebook()
    notebook.run(before, "before")
    cells = [SourceCell(source=source, exercise=exercise)]

    def fresh():
        return Cell(LoopbackStudent(Exercise(id=exercise, title="", file="", points=1), cells, notebook, {}))

    return find_other_names(fresh(), exercise, fresh)


def test_all_answers_are_found_under_other_names():
    """Tables and functions are told apart by what they hold and do"""
    assert found_in(WORDS) == {
        "vocab": "entries",
        "word2id": "stoi",
        "id2word": "itos",
        "encode": "to_ids",
        "decode": "to_text",
    }


def test_the_notebooks_name_counts_first():
    """Where the name is there, nothing else is looked at, even if it is wrong"""
    found = found_in(WORDS + "\ndef encode(text): return None\n")
    assert "encode" not in found and found["vocab"] == "entries"


def test_two_that_fit_are_a_guess_and_none_is_taken():
    """Of two functions that make ids from text neither is taken"""
    assert "encode" not in found_in(WORDS + "\ndef ids_backwards(text): return to_ids(text)[::-1]\n")


def test_a_name_of_an_earlier_cell_does_not_stand_in_the_way():
    """1.2 without an `encode` of its own is not judged by that of 1.1"""
    letters = """
import string
vocab = list(string.ascii_letters) + ["<PAD>", "<UNK>"]
char2id = {c: i for i, c in enumerate(vocab)}
id2char = dict(enumerate(vocab))
def encode_chars(text): return [char2id.get(c, 53) for c in text]
def decode(ids): return "".join(id2char[i] for i in ids)
"""
    assert found_in(letters, "1.2", before="def encode(text): return [1, 2]") == {"encode": "encode_chars"}


def test_trying_a_function_that_ends_the_process_is_survived():
    """A function that never returns is no answer, and no accident either"""
    source = "def forever(text):\n    while True: pass\n"
    cells = [SourceCell(source=source, exercise="1.1")]

    def fresh():
        exercise = Exercise(id="1.1", title="", file="", points=1, limits=Limits(ask_s=0.2))
        return Cell(LoopbackStudent(exercise, cells, Notebook(), {}))

    assert find_other_names(fresh(), "1.1", fresh) == {}


class FakeBench(Bench):
    """No student."""

    def student(self, exercise_id):
        """None."""

    def seed(self, check):
        """None."""

    def known(self, exercise_id):
        """None."""


def test_the_result_says_which_name_was_taken():
    """The note names both"""
    bench = FakeBench()
    bench.other_names["1.1"] = {"encode": "to_ids"}
    assert bench.notes("1.1") == ["`encode` is not defined in this cell; your `to_ids` was taken for it"]
    assert bench.notes("1.2") == []


def an_error(message="'unicorn'", line=3):
    return StudentError(Trouble(kind="raised", type="KeyError", message=message, line=line, where="1.1"), Limits())


def test_the_same_error_at_the_same_place_is_one_cause():
    """Other words, other lines and wrong values are causes of their own"""
    assert _cause(an_error()) == _cause(an_error())
    assert _cause(an_error()) != _cause(an_error("'dragon'"))
    assert _cause(an_error()) != _cause(an_error(line=4))
    assert _cause(AssertionError("x")) != _cause(AssertionError("x"))
    assert _cause(MissingAnswerError("no", "encode")) == _cause(MissingAnswerError("no", "encode"))


SUITE = """
import pytest
from grader.checks.answers import ask
pytestmark = pytest.mark.exercise("1.1")
def test_one(cell):
    "First"
    ask(cell, "encode", "x")
def test_two(cell):
    "Second"
    ask(cell, "encode", "x")
def test_three(cell):
    "Third"
    assert cell.vocab == [1]
"""


def test_a_function_that_raises_fails_once(tmp_path):
    """The checks that meet the same error are not judged, with the first one as the reason"""
    (tmp_path / "test_suite.py").write_text(SUITE)
    exercise = Exercise(id="1.1", title="", file="", points=1)
    source = "vocab = [1]\ndef encode(text):\n    raise ValueError('no')\n"

    class Told(FakeBench):
        def student(self, exercise_id):
            return LoopbackStudent(exercise, [SourceCell(source=source, exercise="1.1")], Notebook(), {})

        def seed(self, check):
            return 1

    from grader.student.desk import run_suites

    bench = Told()
    run_suites(sorted(tmp_path.glob("test_*.py")), bench)
    first, second, third = bench.results["1.1"]
    assert (first.status, second.status, third.status) == (Status.ERRORED, Status.SKIPPED, Status.PASSED)
    assert "“First”" in second.message


def test_a_check_that_passes_has_no_cause():
    """Nothing to say about what went well"""
    assert verdict_of(None, show_values=False) == (Status.PASSED, "")
