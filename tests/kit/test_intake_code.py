"""Tests of the looks at one cell: what counts as an attempt, and how IPython's syntax becomes Python."""

import ast
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.intake.blank import is_attempted
from grader.intake.code import read_code
from grader.intake.magics import plain_python

STUB = '''
# 1. A corpus
corpus = ["a b", "c"]
vocab = []

"""
YOUR CODE HERE
"""

def encode(text):
    # ids
    """
    YOUR CODE HERE
    """

def decode(ids):
    """
    YOUR CODE HERE
    """
    pass

print(encode("a"))
'''


# --- blank or attempt ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "same",
    [
        STUB,
        STUB.replace("YOUR CODE HERE", "my thoughts"),
        STUB.replace("    pass\n", ""),
        STUB.replace("    pass\n", "    ...\n"),
        STUB.replace("# ids", "# TODO: think"),
        STUB.replace('"""\nYOUR CODE HERE\n"""', "pass", 1),
        STUB.replace('["a b", "c"]', '[\n  "a b",\n  "c",\n]'),
        STUB.replace('"a b"', "'a b'"),
        STUB.replace('print(encode("a"))', ""),
        "",
        "# only a comment",
    ],
)
def test_a_stub_with_other_layout_comments_or_less_is_blank(same: str) -> None:
    assert not is_attempted([same], STUB)


@pytest.mark.parametrize(
    "tried",
    [
        STUB.replace('"""\nYOUR CODE HERE\n"""\n', '"""\nYOUR CODE HERE\n"""\nvocab = list("abc")\n', 1),
        STUB.replace("    pass\n", "    return ids\n"),
        STUB.replace("    # ids\n", "    x = 1\n"),
        STUB + "vocab = []\n",
        STUB.replace("def encode(text):", "def encode(text, more=1):"),
        STUB.replace("vocab = []", "for word in corpus: pass"),
        STUB.replace("vocab = []", "if corpus: vocab = []"),
        STUB.replace("vocab = []", "with open('x'): pass"),
        STUB + "try:\n    pass\nexcept ValueError:\n    pass\n",
        STUB + "match corpus:\n    case []:\n        pass\n",
        STUB + "lambda: 3\n",
        "1",
    ],
)
def test_any_statement_that_the_stub_lacks_is_an_attempt(tried: str) -> None:
    assert is_attempted([tried], STUB)


def test_the_halves_of_a_split_blank_are_blank_together() -> None:
    cut = STUB.index("def encode")
    assert not is_attempted([STUB[:cut], STUB[cut:]], STUB)
    assert is_attempted([STUB, STUB], STUB)


def test_code_that_does_not_parse_is_an_attempt_when_its_text_is_new() -> None:
    assert is_attempted([STUB.replace("    pass\n", "    return [\n")], STUB)
    # Somebody only took the quotes around the marker away.
    assert not is_attempted([STUB.replace('"""\nYOUR CODE HERE\n"""', "YOUR CODE HERE", 1)], STUB)


@pytest.mark.parametrize(
    "code", ["+".join(["1"] * 50_000), "(" * 5_000, "x\0y", "\ud800", "-" * 5_000 + "1", "a." * 50_000 + "b"]
)
def test_monstrous_code_is_an_attempt_and_no_accident(code: str) -> None:
    assert is_attempted([code], STUB)
    read = read_code(code)
    assert read is not None
    assert read.tree is None
    assert read.problem


# --- names --------------------------------------------------------------------------------


def test_the_names_that_a_cell_binds_and_uses() -> None:
    code = read_code(
        "import torch.nn as nn, os.path\nfrom a import b as c\nx, (y, *z) = 1, (2, 3)\nw: int = 4\nv += 1\n"
        "with open(f) as g:\n    inner = 5\nfor i in r:\n    loop = i\ntry:\n    t = 1\nexcept E:\n    e = 1\nelse:\n    l = 1\n"
        "def fun(a):\n    hidden = a\nclass Cls:\n    attr = 1\nobj.field = 1\nd['k'] = 1\n"
    )
    assert code is not None
    assert code.imports == {"nn", "os", "c"}
    assert code.defines == {"fun", "Cls"}
    assert code.binds - code.imports - code.defines == {"x", "y", "z", "w", "v", "inner", "loop", "t", "e", "l"}
    assert {"f", "r", "E", "obj", "d", "a"} <= code.uses


def test_names_are_guessed_from_code_that_does_not_parse() -> None:
    code = read_code("vocab = []\ndef encode(text):\n    return [\nclass Linear:\n    x == 3\n")
    assert code is not None
    assert code.binds == {"vocab", "encode", "Linear"}


def test_a_problem_says_the_line_and_what_to_do() -> None:
    def problem(source: str) -> str:
        code = read_code(source)
        assert code is not None
        assert code.source == source
        return code.problem

    assert problem("x = 1\ny = = 2") == "line 2: Python cannot read this (invalid syntax)"
    assert problem("def f():\nx = 1").startswith("line 2: the indentation does not fit")
    assert "line 2: a git conflict marker" in problem("x = 1\n<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> theirs\n")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python reads such f-strings")
@pytest.mark.parametrize("line", ['print(f"{d["a"]}")', "f'{', '.join(x)}'", "f\"{'\\n'.join(x)}\""])
def test_an_f_string_of_python_3_12_is_named_as_such(line: str) -> None:
    code = read_code("x = 1\n" + line)
    assert code is not None
    assert code.source == "x = 1\n" + line
    assert "line 2" in code.problem
    assert "needs Python 3.12" in code.problem


# --- IPython ------------------------------------------------------------------------------


def plain(source: str) -> str:
    code = read_code(source)
    assert code is not None
    return code.source


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("!pip install x\ny = 1", "pass\ny = 1"),
        ("%matplotlib inline\nimport a", "pass\nimport a"),
        ("if x:\n    !ls -l\n    %cd ..\nelse:\n\t!pwd", "if x:\n    pass\n    pass\nelse:\n\tpass"),
        ("encode?\n?decode\nencode??\nx = 1", "pass\npass\npass\nx = 1"),
        ("files = !ls *.py\nprint(files)", "files = []\nprint(files)"),
        ("a = %who_ls\nb = 2", "a = None\nb = 2"),
        ("%time x = f(1)\nprint(x)", "x = f(1)\nprint(x)"),
        ("x = %time f(1)\n%timeit f(1)", "x = f(1)\npass"),
        ("%%time\nx = 1", "\nx = 1"),
        ("\n%%capture out\n!ls\nx = 1", "\n\npass\nx = 1"),
        ("!pip install a \\\n  b \\\n  c\nx = 1", "pass\n\n\nx = 1"),
        ("!echo \"it's\nx = 'y'", "pass\nx = 'y'"),
        ("%env KEY='(['\nx = 1", "pass\nx = 1"),
        ("%load_ext autoreload", "pass"),
    ],
)
def test_ipython_lines_become_python_in_their_place(cell: str, expected: str) -> None:
    assert plain(cell) == expected
    ast.parse(expected)


@pytest.mark.parametrize(
    "inside",
    [
        's = """\n!ls\n%time\nencode?\n"""',
        "s = '''\n%%bash\n!rm\n'''",
        "s = 'a\\\n!b'",
        "x = (7\n% 3)",
        "x = [7\n# it's a comment with ( and '\n% 4]",
        "x = 7 \\\n% 4",
        "f('''it's''', \"\"\"\n%x\n\"\"\")",
    ],
)
def test_strings_and_brackets_are_left_alone_even_next_to_real_magics(inside: str) -> None:
    ast.parse(inside)
    assert plain(inside) == inside
    assert plain("!pip install x\n" + inside) == "pass\n" + inside
    assert plain(inside + "\n%matplotlib inline\n") == inside + "\npass\n"


def test_cells_in_other_languages_are_none() -> None:
    for magic in ("bash", "html", "javascript", "writefile x.py", "!"):
        assert read_code(f"%%{magic}\necho hi") is None
    assert plain_python("%%bash\necho hi") == (None, "`%%bash` cells are not run")


def test_an_unknown_cell_magic_loses_its_line_with_a_note() -> None:
    code = read_code("%%my_magic -x\nx = 1")
    assert code is not None
    assert code.source == "\nx = 1"
    assert code.note == "`%%my_magic` was dropped, the rest of the cell is run as Python"


def test_code_that_stays_broken_is_shown_as_it_was_written() -> None:
    source = "!pip install x\ndef f(:\n    pass"
    assert plain(source) == source


LINES = st.sampled_from(
    [
        "!ls 'a",
        "%time f()",
        "x = 1",
        "    y = 2",
        '"""',
        "'''",
        "s = 'a\\",
        "(",
        ")",
        "# it's",
        "a = !b",
        "f?",
        "",
        "%%time",
        "if x:",
        "\\",
        "{",
        "]",
        "x = f'{a}'",
        "%",
        "!",
        "?",
    ]
)


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_whatever_the_cell_its_lines_keep_their_numbers(cell: str) -> None:
    result, _ = plain_python(cell)
    assert result is not None
    assert result.count("\n") == cell.count("\n")
    code = read_code(cell)
    assert code is not None
    if code.source != cell:
        ast.parse(code.source)


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_python_is_never_changed(cell: str) -> None:
    try:
        ast.parse(cell)
    except SyntaxError:
        return
    assert plain(cell) == cell


def test_the_scan_is_linear() -> None:
    start = time.perf_counter()
    for evil in ('"' * 200_000, "'" * 199_999, '"\\' * 100_000, "(" * 200_000, '"""' + "a\n" * 90_000, "x?" * 100_000):
        plain_python("!\n" + evil)
    assert time.perf_counter() - start < 10  # each takes some 0.1 s; quadratic work would take minutes


WORKING = st.sampled_from(
    [
        "x = 1",
        "y = [1,\n  2]",
        "!pip install -q torch",
        "%matplotlib inline",
        "files = !ls",
        "a = %who_ls",
        "encode?",
        "?decode",
        "s = '''\n!ls\n%x\n'''",
        "if x:\n    !ls\n    y = 2",
        "z = 7 \\\n % 4",
        "# % c",
        "print(x)",
        "%cd ..  # why",
        "def f():\n    %timeit g()\n    return 1",
        "!echo \"it's",
        'w = f"{x!r}"',
        "b, c = !ls",
        "%load_ext autoreload",
        "x.y??",
    ]
)


class _WithoutMagic(ast.NodeTransformer):
    """Leaves out what IPython would hand to a shell or a magic, and what stands in its place here."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        return None if "get_ipython" in ast.unparse(node) else node

    def visit_Pass(self, node: ast.Pass) -> None:
        return None

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        if "get_ipython" in ast.unparse(node.value) or ast.unparse(node.value) in ("[]", "None"):
            node.value = ast.Constant("magic")
        return node


@given(st.lists(WORKING, max_size=8).map("\n".join))
def test_what_stays_of_a_cell_is_what_ipython_runs_as_python(cell: str) -> None:
    from IPython.core.inputtransformer2 import TransformerManager

    theirs = ast.parse(TransformerManager().transform_cell(cell))
    ours = ast.parse(plain(cell))
    assert ast.dump(_WithoutMagic().visit(ours)) == ast.dump(_WithoutMagic().visit(theirs))
