"""What a notebook counts on where it was written and does not find here costs no answer that does not need it."""

import pytest

from grader.model import SourceCell
from grader.sandbox.exercise import passed_over, run_cells
from grader.sandbox.notebook import CappedText, Notebook


def ran(source: str, **givens: object) -> Notebook:
    """A notebook after a cell that came to its end."""
    notebook = Notebook()
    trouble = notebook.run(source, "1.1", givens)
    assert trouble is None
    return notebook


MISSING = {
    "a package": "import no_such_package",
    "a package among others": "import no_such_package, re",
    "a name of a package": "from re import no_such_name, sub",
    "a drive": "from google.colab import drive\ndrive.mount('/content/drive')",
    "a secret that goes on": "import os\nfrom google.colab import userdata\nos.environ['T'] = userdata.get('T')",
    "a value made of it": "import no_such_package as p\nvalue = p.load()\nother = value + 1\nprint(other)",
    "a folder": "import os\nos.chdir('/content/drive/MyDrive')",
    "a file": "text = open('/no/such/file').read()",
    "a decorator": "from no_such_package import jit\n@jit\ndef fast():\n    pass",
    "a block": "import no_such_package as p\nwith p.figure() as f:\n    f.plot([1])",
}


@pytest.mark.parametrize("lines", MISSING.values(), ids=MISSING)
def test_what_is_missing_is_passed_over_with_a_word(lines: str) -> None:
    notebook = ran(f"{lines}\ndef encode(text):\n    return [len(text)]\nprint(encode('abc'))")
    assert notebook.output.endswith("[3]\n")
    assert notebook.passed_over


def test_what_is_needed_and_missing_says_so_when_it_is_used() -> None:
    notebook = ran("import no_such_package as p\ndef encode(text):\n    return p.encode(text)")
    _, trouble, _ = notebook.call(lambda: notebook.namespace["encode"]("a"))
    assert trouble is not None
    assert (trouble.type, trouble.message) == ("ModuleNotFoundError", "No module named 'no_such_package'")
    assert passed_over(notebook) == ["line 1 needs what is not here and was passed over (ModuleNotFoundError)"]


def test_other_names_of_an_import_are_there() -> None:
    notebook = ran("import no_such_package, re\nfrom os import no_such_name, sep")
    assert [name for name, _ in notebook.items() if name in ("re", "sep")] == ["re", "sep"]
    assert "no_such_package" not in dict(notebook.items())


@pytest.mark.parametrize(
    "source", ["1 / 0\nx = 2", "undefined\nx = 2", "assert False\nx = 2", "raise ValueError\nx = 2"]
)
def test_an_error_of_the_code_itself_stops_the_cell(source: str) -> None:
    notebook = Notebook()
    assert notebook.run(source, "1.1") is not None
    assert "x" not in notebook.namespace


SHELL = {
    "its shell": "get_ipython().system('pip install x')",
    "a line magic": "get_ipython().run_line_magic('matplotlib', 'inline')",
    "output of a command": "assert get_ipython().getoutput('nvidia-smi') == []",
    "await": "import asyncio\nawait asyncio.sleep(0)",
    "an asynchronous for": "async def f():\n    yield 1\nasync for x in f():\n    pass",
    "commands that parse": "ls\nls -la\npwd",
}


@pytest.mark.parametrize("lines", SHELL.values(), ids=SHELL)
def test_a_cell_may_use_what_ipython_offers(lines: str) -> None:
    assert ran(f"{lines}\nx = 3\nx").output == "3\n"


def test_a_timed_cell_of_a_script_is_run() -> None:
    assert ran("get_ipython().run_cell_magic('time', '', 'y = 4\\n')\ny").output == "4\n"


DEVICES = ("cuda", "cuda:0", "mps")


@pytest.mark.parametrize("device", DEVICES)
def test_a_device_that_is_not_there_is_the_processor(device: str) -> None:
    source = f"""
import torch
device = torch.device("{device}")
x = torch.ones(2, device=device).to("{device}")
x = x.cuda()
"cpu" if device == "{device}" else x.device
"""
    assert ran(source).output == "cpu\n"


def test_a_choice_of_device_goes_as_it_does_anywhere() -> None:
    source = (
        'import torch\ndevice = "cuda" if torch.cuda.is_available() else "cpu"\nif device == "cuda":\n    1 / 0\ndevice'
    )
    assert ran(source).output == "cpu\n"


def test_what_asks_for_a_device_in_another_way_is_passed_over() -> None:
    assert ran("import torch\ntorch.cuda.synchronize()\nprint('on')").output == "on\n"


def test_options_of_a_download_make_no_difference() -> None:
    source = """
class Loader:
    @classmethod
    def from_pretrained(cls, name, **options):
        return name, options

Loader.from_pretrained("gpt2", cache_dir="x", force_download=True, token="t", revision="main")
"""
    assert ran(source).output == "('gpt2', {'revision': 'main'})\n"


def test_the_start_and_the_end_of_much_output_are_kept() -> None:
    stream = CappedText(20)
    for number in range(1000):
        stream.write(f"{number}\n")
    text = stream.text()
    assert text.startswith("0\n1\n2\n3\n4\n")
    assert text.endswith("998\n999\n")
    assert "more was printed" in text
    exact = CappedText(6)
    exact.write("abcdef")
    assert exact.text() == "abcdef"


def test_a_module_of_the_students_own_is_imported_from_memory() -> None:
    notebook = Notebook()
    cells = [
        SourceCell(source="from own_words import split\nparts = split('a b')", where="tools.py", module="own_tools"),
        SourceCell(source="def split(text):\n    return text.split()", where="words.py", module="own_words"),
        SourceCell(source="import own_tools\nfrom own_words import split\n(own_tools.parts, split('c d'))"),
    ]
    assert run_cells(notebook, "1.1", cells, {}) is None
    assert notebook.output == "(['a', 'b'], ['c', 'd'])\n"


def test_another_module_of_the_same_name_is_another_module() -> None:
    for value in (1, 2):
        notebook = Notebook()
        cells = [
            SourceCell(source=f"value = {value}", module="own_value"),
            SourceCell(source="import own_value\nown_value.value"),
        ]
        assert run_cells(notebook, "1.1", cells, {}) is None
        assert notebook.output == f"{value}\n"


def test_an_earlier_answer_does_not_stand_in_for_one_that_was_never_reached() -> None:
    notebook = Notebook()
    earlier = [SourceCell(source="def encode(text):\n    return [1]\ntable = {}")]
    assert run_cells(notebook, "1.2", earlier, {}, ("encode", "table")) is None
    stopped = [SourceCell(source="1 / 0\ndef encode(text):\n    return [2]")]
    assert run_cells(notebook, "1.3", stopped, {}, ("encode", "table")) is not None
    assert "encode" not in notebook.namespace
    assert "table" in notebook.namespace


def test_a_cell_may_await_where_a_loop_runs_already() -> None:
    """As in a notebook's kernel."""
    import asyncio

    async def check() -> str:
        return ran("import asyncio\nawait asyncio.sleep(0)\nx = 3\nx").output

    assert asyncio.run(check()) == "3\n"
