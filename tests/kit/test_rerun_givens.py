"""Another value for a given reaches the answer wherever the cell assigns it, and touches nothing else."""

import pytest

from grader.model import SourceCell
from grader.sandbox.exercise import run_cells
from grader.sandbox.notebook import Notebook

FORMS = {
    "once": "text = 'a'",
    "twice": "text = 'a'\ntext = 'b'",
    "again below the answer": "text = 'a'\nlength = len(text)\ntext = 'b'",
    "annotated": "text: str = 'a'",
    "in a tuple": "number, text = 1, 'a'",
    "with another name": "text = also = 'a'",
    "in a loop": "for text in ['a']:\n    pass",
    "in a with": "import contextlib\nwith contextlib.nullcontext():\n    text = 'a'",
    "in an if": "if True:\n    text = 'a'",
    "in a try": "try:\n    text = 'a'\nfinally:\n    pass",
    "in main()": "def main():\n    text = 'a'\n    return text\nshown = main()",
    "in an asynchronous main()": "async def main():\n    text = 'a'\nawait main()",
    "by global": "def set_up():\n    global text\n    text = 'a'\nset_up()",
    "behind a name guard": "if __name__ == '__main__':\n    text = 'a'",
    "drawn": "import random\ntext = random.choice('ab')\ntext = random.choice('ab')",
    "not at all": "pass",
}


def rerun(source: str, **givens: object) -> dict[str, object]:
    """The names after a cell that ran with other givens."""
    notebook = Notebook()
    assert run_cells(notebook, "1.1", [SourceCell(source=source)], givens, ("text", "encode")) is None
    return notebook.namespace


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_given_has_the_new_value(form: str) -> None:
    assert rerun(f"{form}\nseen = text", text="new")["seen"] == "new"


OWN = {
    "cleaned": ("text = 'A'\ntext = text.lower()", "NEW", "new"),
    "put together": ("text = 'a'\nparts = text.split()\ntext = ' '.join(parts) + '!'", "new", "new!"),
    "a result": ("text = 'a'\ndef decode(ids):\n    return 'decoded'\ntext = decode([1])", "new", "decoded"),
    "started empty": ("text = 'a'\nparts = [text]\ntext = ''\nfor part in parts:\n    text += part", "new", "new"),
    "a loop over results": ("text = 'a b'\nfor word in text.split():\n    text = word", "x y", "y"),
}


@pytest.mark.parametrize("case", OWN.values(), ids=OWN)
def test_what_the_cell_makes_of_it_stays(case: tuple[str, str, str]) -> None:
    source, new, expected = case
    assert rerun(f"{source}\nseen = text", text=new)["seen"] == expected


def test_functions_keep_their_own_variables() -> None:
    source = """
text = 'a'
def encode(text):
    text = text.strip()
    return text
def decode(ids):
    text = 'start'
    return text
seen = encode(' b '), decode([])
"""
    assert rerun(source, text="new")["seen"] == ("b", "start")


def test_an_answer_in_main_is_found() -> None:
    source = """
def main():
    text = 'a'
    def encode(words):
        return [text, words]
    print(encode('x'))
main()
"""
    encode = rerun(source, text="new")["encode"]
    assert encode("y") == ["new", "y"]  # type: ignore[operator]


@pytest.mark.parametrize(
    "source",
    [
        "def build():\n    text = 'inner'\n    return text + '!'\ntext = build()",
        "text = 'outer'\ndef helper():\n    text = 'inner'\n    return 1\nhelper()",
        "text = 'outer'\ndef helper(word):\n    text = word\nhelper('a')\nhelper('b')",
    ],
)
def test_a_helper_with_a_variable_of_that_name_is_left_alone(source: str) -> None:
    notebook = Notebook()
    assert run_cells(notebook, "1.1", [SourceCell(source=source)], {}, ("text",)) is None
    assert notebook.namespace["text"] in ("inner!", "outer")
