"""Tests of grader/checks/course/shown.py: which tokens and texts a cell shows, in print or under its names."""

import pytest

from grader.checks.cell import Cell
from grader.checks.course.shown import decoded_copies, shown_as, shown_by, shown_with, shows_pieces, shows_tokens
from grader.model import Exercise, SourceCell
from grader.sandbox.notebook import Notebook
from grader.student.loopback import LoopbackStudent

IDS, PIECES, TEXT = [101, 202, 303, 404], [b"The", b" un", b"belie", b"vable"], "The unbelievable"
OTHER = [b"The", b" unbel", b"iev", b"able"]


def cell_of(source):
    """A cell that ran in this process."""
    exercise = Exercise(id="1.4", title="", file="", points=1)
    return Cell(LoopbackStudent(exercise, [SourceCell(source=source, exercise="1.4", where="x")], Notebook(), {}))


@pytest.mark.parametrize(
    "source",
    [
        "print([101, 202, 303, 404])",
        "kept = {'a': (1, [101, 202, 303, 404])}",
        "print(*['The', ' un', 'belie', 'vable'], sep=' | ')",
        "print(['The', ' un', 'belie', 'vable'])",
        "pieces = [b'The', b' un', b'belie', b'vable']",
        "for n, piece in enumerate(['The', ' un', 'belie', 'vable']): print(n, 7, piece)",
        "print('[The][ un][belie][vable]')",
    ],
)
def test_tokens_are_found_in_many_forms(source):
    """Printed or kept, as ids or as pieces, in one line or in many."""
    shown = shown_by(cell_of(source), "sentence")
    assert shows_tokens(shown, IDS, PIECES)
    assert not shows_tokens(shown, IDS[::-1], OTHER)


@pytest.mark.parametrize(
    "source", ["print('The unbelievable')", "print('The', 'un', '...')", "print(); print('The un belie able')", ""]
)
def test_the_text_itself_is_no_tokens(source):
    """Nor are some of them, or none."""
    assert not shows_pieces(shown_by(cell_of(source), "sentence"), PIECES)


def test_copies_are_counted_once():
    """What is kept and printed is one copy; the given is none; pieces are one."""
    cell = cell_of(f"sentence = text = {TEXT!r}\nprint(text)")
    assert decoded_copies(shown_by(cell, "sentence"), TEXT, [PIECES]) == 1
    assert (
        decoded_copies(
            shown_by(cell_of(f"a = b = {TEXT!r}; print(['The', ' un', 'belie', 'vable'])"), "x"), TEXT, [PIECES, OTHER]
        )
        == 3
    )


@pytest.mark.parametrize(
    "source",
    [
        "sentence = 'old'\nprint(sentence)",
        "text = 'old'\nprint(text)",
        "texts = ['old', 'older']\nprint(texts[0])",
        "texts = {'a': 'old'}\nfor text in texts.values():\n    print(text)",
        "for line in ['old', 'older']:\n    print(line)",
    ],
)
def test_another_text_reaches_the_cell_by_any_name(source):
    """Under `sentence` or another name, in a list or a dict, in the head of a loop."""
    assert "new" in shown_with(cell_of(source), "new", lambda shown: "new" in shown.output).output


def test_a_text_takes_the_form_of_what_was_there():
    """The only one of a list where a list was."""
    assert shown_as(cell_of("texts = ('a', 'b')\nprint(len(texts))"), "texts", "new").output == "1\n"
