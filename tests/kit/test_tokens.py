"""Tests of grader/checks/course/tokens.py: ids in the form that a student's functions use, and what stands around them."""

import numpy as np
import pytest

from grader.checks.cell import Cell, StudentError
from grader.checks.course.tokens import (
    ask_decode,
    corpus_words,
    entries,
    frame_of,
    ids_by_entry,
    stands_for_unknown,
    without_frame,
)
from grader.model import Exercise, SourceCell
from grader.sandbox.notebook import Notebook
from grader.student.loopback import LoopbackStudent


def cell_of(source):
    """A cell that ran in this process."""
    exercise = Exercise(id="1.1", title="", file="", points=1)
    return Cell(LoopbackStudent(exercise, [SourceCell(source=source, exercise="1.1", where="x")], Notebook(), {}))


@pytest.mark.parametrize(
    ("source", "like"),
    [
        ("decode = lambda ids: str([i + 0 for i in ids])", [1]),
        ("decode = lambda ids: str(ids.tolist())", np.array([1])),
        ("decode = lambda ids: str(ids[0].tolist())", np.array([[1]])),
        ("decode = lambda ids: str(list(ids[0:0] + (4, 0, 5)))", (1,)),
    ],
)
def test_ids_arrive_in_the_form_that_encode_gives(source, like):
    """A list, or what the decode beside that encode can read."""
    assert ask_decode(cell_of(source), [4, 0, 5], like) == "[4, 0, 5]"


def test_a_decode_that_reads_no_form_is_at_fault():
    """The last error is the student's own."""
    with pytest.raises(StudentError):
        ask_decode(cell_of("decode = lambda ids: ids.nothing"), [1], np.array([1]))


@pytest.mark.parametrize(
    ("first", "second", "frame"),
    [
        ([5], [6], ([], [])),
        ([1, 5, 2], [1, 6, 2], ([1], [2])),
        ([1, 5], [1, 6], ([1], [])),
        ([5, 5], [6, 7], ([], [])),
        ([5], [6, 7], ([], [])),
        ([], [], ([], [])),
    ],
)
def test_a_frame_is_what_stands_around_every_text(first, second, frame):
    """It is found where two rows differ in one place only."""
    assert frame_of(first, second) == frame


@pytest.mark.parametrize(("ids", "bare"), [([1, 7, 8, 2], [7, 8]), ([1, 2], []), ([1], [1]), ([7, 8], [7, 8])])
def test_a_frame_is_taken_off_where_it_is(ids, bare):
    """And nothing is lost where it is not."""
    assert without_frame(ids, ([1], [2])) == bare


@pytest.mark.parametrize(
    ("token", "known", "right"),
    [
        ("[UNK]", ["[PAD]", "[UNK]", "a"], True),
        ("[PAD]", ["[PAD]", "[UNK]", "a"], False),
        ("<unk>", ["<unk>", "<pad>"], True),
        ("a", ["a", "<oov>"], False),
        ("?", ["a", "?"], True),
        ("<pad>", ["a", "<pad>"], False),
    ],
)
def test_the_unknown_token_is_told_from_others(token, known, right):
    """By the name UNK, by its letters, or because nothing else will do."""
    assert stands_for_unknown(token, known, cell_of('PAD, UNK = "[PAD]", "[UNK]"')) is right


def test_a_missing_or_empty_table_is_made_up_for():
    """Only the check that asks for it should mind."""
    assert entries(cell_of("word2id = {'a': 3}"), "word2id") == ["a"]
    assert ids_by_entry(cell_of("vocab = ['a', 'b']; word2id = {}"), "word2id") == {"a": 0, "b": 1}


def test_a_corpus_may_be_cut_already():
    """Into lists of words, or joined to one text."""
    assert corpus_words(cell_of("corpus = [['The', 'dog'], 'a dog!', 'look-up']")) == ["the", "dog", "a"]
