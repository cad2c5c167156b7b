"""Errors of a student's own code: their line, what was in play there, what such an error usually means."""

import pytest

from grader.catalog import load_catalog
from grader.checks.cell import Cell
from grader.model import SourceCell
from grader.sandbox.variables import described
from grader.student.bench import StudentBench
from tests.students import ROOT

CATALOG = load_catalog(ROOT / "exercises" / "catalog.toml")


def words(source, exercise_id="1.1", where="ex_1_1_word_level.py"):
    """What a student reads whose cell this is."""
    bench = StudentBench(
        CATALOG, [SourceCell(source=source, exercise=exercise_id, where=where)], frozenset({exercise_id})
    )
    stop = Cell(bench.student(exercise_id)).stop
    assert stop is not None
    return bench.raised(stop, exercise_id)


def test_the_line_the_file_and_the_values_are_told():
    said = words("corpus = ['a b']\nfirst = None\nfor place in range(3):\n    word = corpus[place]  # 'corpus' first\n")
    assert said.splitlines() == [
        "your code stopped in line 4 of 1.1 (ex_1_1_word_level.py)",
        "    word = corpus[place]  # 'corpus' first",
        "  IndexError: list index out of range",
        "  here:     word is 'a b'",
        "            corpus is a list of 1: ['a b']",
        "            place is 1",
    ]


def test_no_line_of_ours_is_told():
    said = words("import json\njson.loads('{')")
    assert "in line 2 of 1.1" in said
    assert "grader" not in said
    assert "/" not in said


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        ("print(torch)", "Put `import torch` into this cell."),
        ("sentence = 'a'\nprint(sentense)", "Did you mean `sentence`?"),
        ("print(char2id)", "`char2id` is an answer of 1.2 (ex_1_2_character_level.py). That cell runs before this one"),
        ("print(wibble)", "No cell that runs before this line defines `wibble`."),
        ("n = 1\ndef f():\n    n += 1\nf()", "a name of the function's own"),
        (
            "def f(): 'no return'\nids = f()\nfor i in ids: pass",
            "`ids` is None. A function without `return` gives None",
        ),
        ("def f(): 'no return'\nprint(f()[0])", "Something in this line is None."),
        ("word2id = {'a': 1}\nword2id['b']", "`.get(key, default)`"),
        ("vocab = {}\nvocab('a')", "square brackets look something up"),
        ("def f(a, b): pass\nf(1)", "Compare the parameters"),
        ("x = ['a']\nx['a']", "A list is asked by place"),
        ("def encode(text): return encode(text)\nencode('a')", "A function calls itself without end"),
        ("import nonesuch.part", "`pip install nonesuch`"),
        ("x = 'a'.uper()", "Did you mean `upper`?"),
        ("def f():\nreturn 1", "The line above needs something indented below it"),
        ("x = (1,", "Python cannot read this line."),
    ],
)
def test_typical_errors_are_explained(source, advice):
    said = words(source)
    assert f"  try:      {advice}" in said or advice in said.partition("  try:      ")[2], said


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        ("torch.ones(1, 3) @ torch.ones(2, 3)", "(1, 3) @ (2, 3) does not fit"),
        ("torch.ones(1, 3) @ torch.ones(2, 3)", "(1, 3) @ (3, 2) would: `.T` turns"),
        (
            "torch.ones(4, 3) @ torch.ones(5, 6)",
            "the last size of the left one, 3, has to be the first size of the right one, 5.",
        ),
        ("torch.ones(2, 3) + torch.ones(2, 4)", "dimension 1 has 3 entries in one tensor and 4 in the other"),
        ("torch.ones(2, 3) @ torch.ones(2)", "The matrix has 3 columns"),
        ("table = torch.nn.Embedding(9, 2)\ntable('hello')", "A text stands where token ids belong."),
        ("table = torch.nn.Embedding(9, 2)\ntable([1, 2])", "A list stands where a tensor is due"),
        ("table = torch.nn.Embedding(9, 2)\ntable(torch.ones(2))", "dtype `torch.long`"),
        ("table = torch.nn.Embedding(9, 2)\ntable(torch.tensor([9]))", "An id is larger than the table has rows"),
        ("torch.tensor('hello')", "A text stands where token ids belong."),
        ("'hello'.shape", "A text stands where token ids belong."),
        (
            "class L(torch.nn.Module):\n    def __init__(self):\n        self.w = torch.nn.Parameter(torch.ones(1))\nL()",
            "Call `super().__init__()` first",
        ),
    ],
)
def test_typical_errors_with_tensors_are_explained(source, advice):
    said = words(f"import torch\n{source}", "2.1", "ex_2_1_linear.py")
    assert advice in said.partition("  try:      ")[2], said


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        ("tok.decode('hello')", "A text stands where token ids belong."),
        ("AutoTokenizer.from_pretrained('gpt-2')", "Is the name spelled as in the exercise?"),
        ("ids = tok('hello')\nids.shape", "the ids are its entry"),
    ],
)
def test_typical_errors_with_tokenizers_are_explained(source, advice):
    said = words(
        f"from transformers import AutoTokenizer\ntok = AutoTokenizer.from_pretrained('gpt2')\n{source}", "1.3"
    )
    assert advice in said.partition("  try:      ")[2], said


def test_shapes_are_told_instead_of_numbers():
    import torch

    assert described(torch.ones(2, 3, 4)) == "a tensor of shape (2, 3, 4), float32"
    assert described(torch.tensor([1, 2])) == "a tensor of shape (2,), int64: [1, 2]"
    assert described(list(range(1000))) == "a list of 1000: [0, 1, 2, 3, 4, 5, ...]"
    assert len(described("a" * 10**6)) < 100
    assert described({}) == "a dict of 0: {}"


class Loud:
    """Answers nothing without an exception."""

    def __repr__(self):
        raise ValueError

    def __getattr__(self, name):
        raise ValueError


@pytest.mark.parametrize("within", [lambda loud: loud, lambda loud: [loud], lambda loud: {"a": loud}])
def test_objects_that_refuse_to_be_looked_at_are_passed_over(within):
    assert described(within(Loud()))


def test_an_object_that_raises_from_its_attributes_costs_nothing_but_itself():
    said = words(
        "class A:\n    def __getattr__(self, name): raise OSError\n    def f(self): return self.x + self.y\nA().f()"
    )
    assert "OSError" in said


def test_nothing_of_this_crosses_the_wall():
    from grader.sandbox.notebook import Notebook

    trouble = Notebook().run("secret = 7\nsecret / 0", "1.1")
    assert (trouble.text, trouble.values, trouble.near) == ("", {}, "")
    assert Notebook(explains=True).run("secret = 7\nsecret / 0", "1.1").values == {"secret": "7"}
