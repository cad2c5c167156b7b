"""tools.build: one source in, stubs, catalogue and notebook out, and a clear word where the source is wrong."""

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.catalog import load_catalog
from grader.errors import CatalogError
from tools.build import ROOT, Course, exercise_files, main, read_course, solution_notebook
from tools.course_notebook import course_notebook
from tools.regions import cut_answers, drop_markers
from tools.source import read_source
from tools.template import read_template

COURSE_CELLS = {
    "1.1": "d784a288",
    "1.2": "4ac29144",
    "1.3": "4675e67a",
    "1.4": "7704c470",
    "2.1": "e425948a",
    "2.2a": "47c87f6e",
    "2.2b": "92df06df",
    "2.3": "a78ddee1",
    "2.4": "f98b7b34",
    "3.1": "2f2cb953",
    "4.1": "57b73e7a",
    "5.1": "1a67a884",
}

# What the course's cells hold apart from comments and blanks: an untouched one must be recognised as such.
COURSE_CODE = {
    "1.1": """
corpus = [
    "The quick brown fox jumps over the lazy dog",
    "Tokenization converts text to numbers",
    "Large language models predict the next token"
]
PAD, UNK = "[PAD]", "[UNK]"
vocab = []
word2id = {}
id2word = {}
print(f"Vocabulary size: {len(vocab)} words")
print("First 15 vocab entries:", vocab[:15])
def encode(text):
    pass
def decode(ids):
    pass
sample = "The brown unicorn jumps"
ids = encode(sample)
recovered = decode(ids)
print("\\nInput text :", sample)
print("Token IDs  :", ids)
print("Decoded    :", recovered)
""",
    "1.3": """
from transformers import AutoTokenizer
def encode(text): pass
def decode(ids): pass
sample = "Unbelievable tokenization powers! 🚀"
ids = encode(sample)
recovered = decode(ids)
print("\\nInput text :", sample)
print("Token IDs  :", ids)
print("Tokens     :", bpe_tok.convert_ids_to_tokens(ids))
print("Decoded    :", recovered)
""",
    "1.4": 'import tiktoken\nsentence = "The 🌟 star-player scored 40 points!"',
    "2.1": """
import torch.nn as nn
class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super(Linear, self).__init__()
    def forward(self, x):
        pass
""",
    "2.2b": """
seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    pass
print("\\nOutput shape :", out.shape)
""",
    "2.3": "",
    "2.4": """
import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast
text = "Hello my name"
print("Logits shape :", logits.shape)
print("\\nTop-5 predictions for the next token:")
""",
    "3.1": """
from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {"gpt2": "gpt2"}
tokenizers, models = {}, {}
def generate(model_key, prompt, strategy="greedy", max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
""",
    "5.1": """
import ipywidgets as widgets
from IPython.display import display, Markdown
try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")
def generate_playground(model_key, prompt, strategy="greedy", temperature=1.0, max_new_tokens=100):
    pass
""",
}

TEMPLATE = "tools/templates/lm_playground.md.j2"
ORDER = re.findall(r'^\{\{ cell\("(.+)"\) \}\}$', (ROOT / TEMPLATE).read_text(encoding="utf-8"), re.MULTILINE)
SOLUTION = """\
# %% [raw]
# [[exercise]]
# id = "1.1"
# title = "A title"
# points = 8

# %%
x = 1
# region answer
y = x + 1
# endregion
print(y)
"""


@pytest.fixture(scope="module")
def course() -> Course:
    return read_course()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of all that the build reads and writes."""
    shutil.copy(ROOT / "README.md", tmp_path)
    for name in ("solutions", "exercises", "tools/templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def skeleton(code: str) -> str:
    """The code without comments, string statements and `pass`, in one spelling."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                setattr(node, field, [statement for statement in block if not _says_nothing(statement)])
    return ast.dump(tree, indent=1)


def _says_nothing(statement: ast.stmt) -> bool:
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass) or (is_text and isinstance(statement.value.value, str))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# --- what is built ------------------------------------------------------------------------


def test_committed_exercises_are_in_step(capsys: pytest.CaptureFixture[str]) -> None:
    """exercises/ holds what the solutions and the template say."""
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_same_source_gives_same_bytes(course: Course) -> None:
    """Two builds, the second one in another process with other hashes, agree byte for byte."""
    script = "import sys; from tools.build import *; sys.stdout.write(repr(exercise_files(read_course())))"
    built = [
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert built[0] == built[1]
    assert built[0].decode() == repr(exercise_files(course))


def test_windows_line_ends_give_the_same_bytes(checkout: Path, course: Course) -> None:
    """A checkout with CRLF builds what everyone else builds."""
    for path in [*checkout.glob("solutions/*.py"), *checkout.glob("tools/templates/*.*")]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert exercise_files(read_course(checkout)) == exercise_files(course)


def test_catalogue_keeps_the_contract() -> None:
    """Order, points, course cells and three hints each, as the design fixes them."""
    catalog = load_catalog(ROOT / "exercises" / "catalog.toml")
    assert list(catalog.ids) == ORDER
    assert sum(e.points for e in catalog.exercise if not e.bonus) == 100
    assert {e.id: e.course_cell for e in catalog.exercise if e.course_cell} == COURSE_CELLS
    for exercise in catalog.exercise:
        assert len(exercise.hints) == 3, exercise.id
        assert exercise.teaches and exercise.heading, exercise.id
        assert (ROOT / "exercises" / exercise.file).is_file()


def test_answers_are_defined_by_the_solution_and_not_given_by_the_stub(course: Course) -> None:
    """Each name in `answers` is assigned, defined or filled in the solution."""
    for source in course.sources.values():
        names = {node.id for node in ast.walk(ast.parse(source.solution)) if isinstance(node, ast.Name)}
        names |= {n.name for n in ast.walk(ast.parse(source.solution)) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        assert set(source.exercise.answers) <= names, source.exercise.id


def test_stub_holds_no_line_of_the_answer(course: Course) -> None:
    """No line of an answer stands in the exercise's stub, nor in the notebook's prose, checks and demos."""
    cells = json.loads(exercise_files(course)["lm_playground.ipynb"])["cells"]
    around = "\n".join("".join(cell["source"]) for cell in cells if role_of(cell) != "exercise")
    for source in course.sources.values():
        answers = answer_lines((ROOT / "solutions" / source.exercise.file).read_text(encoding="utf-8"))
        assert answers, source.exercise.id
        for line in answers:
            assert line not in source.stub, f"{source.exercise.file}: {line}"
            assert line not in around, f"lm_playground.ipynb: {line}"
        assert "YOUR CODE HERE" in source.stub
        assert "region" not in source.stub + source.solution


def answer_lines(text: str) -> list[str]:
    """The lines that stand between markers and say something of their own."""
    inside, lines = False, []
    for line in text.splitlines():
        if "# region answer" in line or "# endregion" in line:
            inside = "# region answer" in line
        elif inside and len(line.strip()) > 15:  # a lone `else:` or `i += 2` gives nothing away
            lines.append(line.strip())
    return lines


@pytest.mark.parametrize("exercise_id", COURSE_CODE)
def test_stub_has_the_code_of_the_course(course: Course, exercise_id: str) -> None:
    """An untouched cell of the original course equals our stub, so it counts as not attempted."""
    assert skeleton(course.sources[exercise_id].stub) == skeleton(COURSE_CODE[exercise_id])


def test_notebook_is_valid_and_empty_of_outputs(course: Course) -> None:
    """The notebook is nbformat 4.5, has no outputs, and each id once."""
    for text in (exercise_files(course)["lm_playground.ipynb"], solution_notebook(course)):
        notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
        assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
        ids = [cell.id for cell in notebook.cells]
        assert len(set(ids)) == len(ids)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert not any(cell.outputs or cell.execution_count for cell in code)


def test_notebook_cell_is_the_stub_module(course: Course) -> None:
    """A cell and its stub module are the same text, in the order of the catalogue, each followed by its check."""
    files = exercise_files(course)
    cells = json.loads(files["lm_playground.ipynb"])["cells"]
    exercises = [(at, cell) for at, cell in enumerate(cells) if role_of(cell) == "exercise"]
    assert [cell["metadata"]["lm_playground"]["exercise"] for _, cell in exercises] == ORDER
    for at, cell in exercises:
        exercise_id = cell["metadata"]["lm_playground"]["exercise"]
        assert "".join(cell["source"]) + "\n" == files[course.sources[exercise_id].exercise.file]
        assert cell["id"] == f"ex-{exercise_id.replace('.', '-')}"
        assert cells[at + 1]["source"] == [f'check("{exercise_id}")']
        assert role_of(cells[at + 1]) == "check"


def role_of(cell: dict) -> str | None:
    return cell["metadata"].get("lm_playground", {}).get("role")


def test_learning_objectives_are_those_of_the_catalogue(course: Course) -> None:
    """The list at the top says what each exercise teaches, and how many points there are."""
    cells = json.loads(exercise_files(course)["lm_playground.ipynb"])["cells"]
    text = next("".join(cell["source"]) for cell in cells if cell["id"] == "md-what-you-will-learn")
    for source in course.sources.values():
        exercise = source.exercise
        assert f"| {exercise.id} | {exercise.title} | {exercise.teaches} | {exercise.points}" in text
    assert "100 points in all" in text


def test_callouts_stay_in_one_quote(course: Course) -> None:
    """Every line of a callout begins with the mark of a quote, or its second half would fall out."""
    cells = json.loads(exercise_files(course)["lm_playground.ipynb"])["cells"]
    quotes = ["".join(cell["source"]).split("\n\n") for cell in cells if cell["cell_type"] == "markdown"]
    callouts = [part for parts in quotes for part in parts if part.startswith("> **")]
    assert len(callouts) >= 4
    assert all(line.startswith("> ") for part in callouts for line in part.splitlines())


def test_solution_notebook_differs_in_exercise_cells_only(course: Course) -> None:
    """Both notebooks come from one template."""
    student = json.loads(exercise_files(course)["lm_playground.ipynb"])["cells"]
    answered = json.loads(solution_notebook(course))["cells"]
    for blank, full in zip(student, answered, strict=True):
        assert (blank == full) == (role_of(blank) != "exercise"), blank["id"]


def run_setup(course: Course, folder: Path, then: str) -> str:
    """What the setup cell says in a Python with nothing but the standard library; what pip is told is printed."""
    pip = "import subprocess; subprocess.run = lambda command: print(*command[1:])\n"
    script = f"{pip}{course.demos['setup'].source}\n{then}"
    command = [sys.executable, "-S", "-E", "-c", script]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_first_code_cell_is_harmless_without_the_kit(course: Course, tmp_path: Path) -> None:
    """Where grader/ cannot be imported the setup cell runs, and so do the check cells."""
    said = run_setup(course, tmp_path, "check('1.1')")
    assert "The kit is not installed here, so nothing is checked." in said
    assert "pip install -q torch" in said
    cells = json.loads(exercise_files(course)["lm_playground.ipynb"])["cells"]
    assert next(role_of(cell) for cell in cells if cell["cell_type"] == "code") == "setup"


def test_first_code_cell_unpacks_the_zip_where_the_kit_is_missing_and_installs_what_it_needs(
    course: Course, tmp_path: Path
) -> None:
    """As on Colab: a Python without the kit, and its zip beside the notebook. Run again, it leaves what was unpacked alone."""
    kit = {
        "exercises/catalog.toml": "",
        "grader/__init__.py": "",
        "grader/notebook.py": "check = print",
        "grader/pictures.py": "picture = print",
        "grader/offline/__init__.py": "",
        "grader/offline/choice.py": "def choose_models(): return 'small ones'",
    }
    with zipfile.ZipFile(tmp_path / "lm_playground_students.zip", "w") as archive:
        for name, text in kit.items():
            archive.writestr(f"lm-playground/{name}", text)
    place = tmp_path / "lm_playground_students" / "lm-playground"
    for then in ("check('1.1')", "check('1.1'); import os; print(os.path.samefile(os.getcwd(), '.'))"):
        said = run_setup(course, tmp_path, then).splitlines()
        assert said[:3] == [f"-m pip install -q -e {place}", "small ones", "1.1"]
        (place / "exercises" / "mine.txt").write_text("work")
    assert (place / "exercises" / "mine.txt").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lm_playground_students", "lm_playground_students.zip"]


def test_first_code_cell_asks_for_all_that_the_kit_needs(course: Course) -> None:
    """What is there on Colab is not installed again, so the cell has to know the list."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[<>=]", requirement)[0] for requirement in project["dependencies"]}
    words = ast.walk(ast.parse(course.demos["setup"].source))
    lists = [
        {one.value for one in node.elts if isinstance(one, ast.Constant)}
        for node in words
        if isinstance(node, ast.List)
    ]
    assert needed in lists


def test_ids_outlive_an_edit_elsewhere(checkout: Path, course: Course) -> None:
    """New prose and a new cell leave the ids of all other cells alone."""
    before = notebook_ids(course)
    template = checkout / "tools/templates/lm_playground.md.j2"
    edit(template, "# 2 What is a language model?", "# 1.6 A new section\n\nWords.\n\n# 2 What is a language model?")
    edit(template, "Greedy**: the most", "Greedy**: always the most")
    after = notebook_ids(read_course(checkout))
    assert [cell_id for cell_id in after if cell_id in before] == before
    assert set(after) - set(before) == {"md-1-6-a-new-section"}


def notebook_ids(course: Course) -> list[str]:
    return [cell["id"] for cell in json.loads(exercise_files(course)["lm_playground.ipynb"])["cells"]]


# --- the course's own format --------------------------------------------------------------


def test_course_notebook_has_the_ids_and_order_of_the_course(course: Course) -> None:
    """Code cells come as in the course, demos included, with no metadata of ours."""
    notebook = course_notebook({"1.1": "mine = 1"}, course)
    nbformat.validate(nbformat.from_dict(notebook))
    code = {cell["id"]: cell for cell in notebook["cells"] if cell["cell_type"] == "code"}
    assert list(code) == [
        "1235110e",
        "d784a288",
        "4ac29144",
        "4675e67a",
        "7704c470",
        "e425948a",
        "13e5e225",
        "47c87f6e",
        "92df06df",
        "a78ddee1",
        "f98b7b34",
        "2f2cb953",
        "dbe777ba",
        "0633d4a3",
        "57b73e7a",
        "0c78a508",
        "1a67a884",
    ]
    assert code["d784a288"]["source"] == ["mine = 1"]
    assert "".join(code["4ac29144"]["source"]) == course.sources["1.2"].stub
    assert not any(cell["metadata"] for cell in notebook["cells"])


def test_course_notebook_has_every_heading_of_the_catalogue(course: Course) -> None:
    """A notebook that lost its ids can be matched by the headings that the catalogue names."""
    texts = ["".join(c["source"]) for c in course_notebook(None, course)["cells"] if c["cell_type"] == "markdown"]
    for source in course.sources.values():
        if source.exercise.course_cell:
            assert f"### {source.exercise.heading}" in texts


def test_course_notebook_takes_bonus_answers_and_refuses_unknown_ones(course: Course) -> None:
    """A bonus answer gets a cell of its own; a name that nobody knows is an error."""
    cells = course_notebook({"bpe": "merges = []"}, course)["cells"]
    assert ["merges = []"] in [cell["source"] for cell in cells]
    with pytest.raises(KeyError, match=r"no exercise '9\.9'"):
        course_notebook({"9.9": ""}, course)


# --- the command --------------------------------------------------------------------------


def test_build_mends_what_check_reports(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed, a missing and an extra file are a drift; building mends the first two and names the third."""
    edit(checkout / "exercises/ex_1_1_word_level.py", "vocab = []", "vocab = [1]")
    (checkout / "exercises/ex_2_1_linear.py").unlink()
    (checkout / "exercises/ex_9_9_extra.py").write_text("x = 1\n")
    before = {path.name: path.read_bytes() for path in (checkout / "exercises").iterdir()}

    assert main(["--check"], checkout) == 1
    out = capsys.readouterr().out
    assert "-vocab = [1]" in out and "+vocab = []" in out
    assert "+++ ex_2_1_linear.py (built)" in out
    assert "remove it" in out and "-x = 1" in out
    assert {path.name: path.read_bytes() for path in (checkout / "exercises").iterdir()} == before

    assert main([], checkout) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == ["wrote exercises/ex_1_1_word_level.py", "wrote exercises/ex_2_1_linear.py"]
    assert "ex_9_9_extra.py" in said.err
    (checkout / "exercises/ex_9_9_extra.py").unlink()
    assert main(["--check"], checkout) == 0


def test_build_keeps_the_table_of_the_readme(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed title and a lost row are a drift that a build mends, in that table and nowhere else."""
    readme = checkout / "README.md"
    shipped = readme.read_text(encoding="utf-8")
    edit(readme, "| `1.2` | Character-level tokenization | 8 |\n", "")
    edit(readme, "| Generate text |", "| Make text |")
    assert main(["--check"], checkout) == 1
    said = capsys.readouterr()
    assert "+| `1.2` | Character-level tokenization | 8 |" in said.out
    assert said.err == "README.md is out of step with its sources; run `python -m tools.build`\n"
    assert main([], checkout) == 0
    assert capsys.readouterr().out == "wrote README.md\n"
    assert readme.read_text(encoding="utf-8") == shipped
    readme.write_bytes(shipped.encode().replace(b"\n", b"\r\n"))  # a checkout on Windows
    assert main(["--check"], checkout) == 0
    readme.write_text("# A kit of exercises\n")  # one of tools.new has no such table
    assert main(["--check"], checkout) == 0


def test_check_sees_empty_extra_files_and_line_ends(checkout: Path) -> None:
    """A drift that has no lines to show is a drift."""
    empty = checkout / "exercises/notes.txt"
    empty.touch()
    assert main(["--check"], checkout) == 1
    empty.unlink()
    stub = checkout / "exercises/ex_1_1_word_level.py"
    stub.write_bytes(stub.read_bytes().replace(b"\n", b"\r\n"))
    assert main(["--check"], checkout) == 1


def test_check_overlooks_caches(checkout: Path) -> None:
    """What Jupyter and Python leave behind is no drift."""
    for name in ("exercises/.ipynb_checkpoints/x.ipynb", "exercises/__pycache__/x.pyc"):
        (checkout / name).parent.mkdir()
        (checkout / name).touch()
    assert main(["--check"], checkout) == 0


def test_solution_notebook_goes_where_asked(checkout: Path) -> None:
    """Only that file is written."""
    (checkout / "exercises/ex_1_1_word_level.py").write_text("stale\n")
    assert main(["--solution-notebook", str(checkout / "out/answers.ipynb")], checkout) == 0
    assert "word2id[UNK]" in (checkout / "out/answers.ipynb").read_text(encoding="utf-8")
    assert (checkout / "exercises/ex_1_1_word_level.py").read_text() == "stale\n"


# --- a wrong source -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("solutions/ex_1_1_word_level.py", "# endregion\n\nprint(f", "\nprint(f", r"word_level.py:\d+: .*still open"),
        ("solutions/ex_2_3_inside_gpt2.py", "# endregion\n", "", r"ex_2_3_inside_gpt2.py:\d+: .*never closed"),
        ("solutions/ex_2_3_inside_gpt2.py", "# region answer\n", "", r"ex_2_3_inside_gpt2.py:\d+: .*closes nothing"),
        ("solutions/ex_2_3_inside_gpt2.py", "# region answer", "#region answer", r"py:\d+: unknown marker"),
        ("solutions/ex_2_3_inside_gpt2.py", "# region answer", "# region anwser", r"py:\d+: unknown marker"),
        ("solutions/ex_1_1_word_level.py", "# points = 8", "# points = ", r"word_level.py:5: .*not valid TOML"),
        ("solutions/ex_1_1_word_level.py", "# points = 8", "# points = -8", r"word_level.py:2: .*positive integer"),
        ("solutions/ex_1_1_word_level.py", "# points = 8", '# points = "8"', r"word_level.py:2: .*points"),
        ("solutions/ex_1_1_word_level.py", "# points = 8", "# point = 8", r"word_level.py:2: .*points"),
        ("solutions/ex_1_1_word_level.py", "# teaches", "# preaches", r"word_level.py:2: unknown field 'preaches'"),
        ("solutions/ex_1_1_word_level.py", "# [[exercise]]", "# [[exercises]]", r"word_level.py:2: .*must begin with"),
        ("solutions/ex_1_2_character_level.py", '# id = "1.2"', '# id = "1.1"', r"character_level.py:2: .*is taken by"),
        ("solutions/ex_1_1_word_level.py", "# %% [raw]", "# %% [markdown]", r"word_level.py:1: expected a"),
        ("solutions/ex_1_1_word_level.py", "vocab = []", "vocab = [", r"word_level.py:\d+: not valid Python"),
        (TEMPLATE, '{{ cell("1.1") }}', '{{ cell("9.9") }}', r"j2:\d+: unknown cell '9.9'"),
        (TEMPLATE, '{{ cell("1.1") }}', "", r"j2: exercise '1.1' has no place"),
        (TEMPLATE, '{{ cell("1.1") }}', '{{ cell("1.2") }}', r"j2:\d+: .*place above already"),
        (TEMPLATE, '{{ cell("1.1") }}', "{{ cell() }}", r"j2:\d+: .*missing 1 required"),
        (TEMPLATE, '{{ cell("1.1") }}', '{{ sell("1.1") }}', r"j2:\d+: 'sell' is undefined"),
        (TEMPLATE, '{{ cell("1.1") }}', '{{ cell("1.1" }}', r"j2:\d+: "),
        (
            TEMPLATE,
            'from "macros.md.j2"',
            'from "micros.md.j2"',
            r"j2:\d+: no template 'micros.md.j2'; there is macros",
        ),
        (TEMPLATE, "objectives(exercises)", "objectives()", r"j2:\d+: .*not provided"),
        ("tools/templates/macros.md.j2", "{%- endmacro %}", "", r"macros.md.j2:\d+: "),
        (TEMPLATE, "### 2.5 What", "### 1.5 What", r"id 'md-1-5-what-to-remember'"),
        ("tools/templates/demos.py", "# %% greedy", "# %% versions", r"demos.py: every demo needs a name of its own"),
    ],
)
def test_wrong_source_gives_one_line_with_file_and_line(
    checkout: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, message: str
) -> None:
    """The author reads where it is and what to do, and nothing is written."""
    edit(checkout / file, old, new)
    before = {path.name: path.read_bytes() for path in (checkout / "exercises").iterdir()}
    assert main([], checkout) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1, said
    with pytest.raises(CatalogError, match=message):
        exercise_files(read_course(checkout))
    assert {path.name: path.read_bytes() for path in (checkout / "exercises").iterdir()} == before


def test_message_names_the_very_line() -> None:
    """The line in the message is the line in the author's editor."""
    with pytest.raises(CatalogError, match=r"^solutions/x\.py:9: this region is never closed"):
        read_source(SOLUTION.replace("# endregion\n", ""), "x.py")
    with pytest.raises(CatalogError, match=r"^solutions/x\.py:4: the entry is not valid TOML"):
        read_source(SOLUTION.replace('"A title"', "A title"), "x.py")
    with pytest.raises(CatalogError, match=r"^solutions/x\.py:8: not valid Python"):
        read_source(SOLUTION.replace("x = 1", "x = = 1"), "x.py")
    with pytest.raises(CatalogError, match=r"^t:3: unknown cell"):
        read_template('{{ cell("1.1") }}\n\n{{ cell("1.2") }}\n', "t", exercises=["1.1"], demos=[])


def test_solution_that_leaves_nothing_blank_is_refused() -> None:
    """A stub equal to its solution would be a gift."""
    text = SOLUTION.replace("# region answer\n", "").replace("# endregion\n", "")
    with pytest.raises(CatalogError, match="no answer to cut out"):
        read_source(text, "x.py")


def test_files_that_are_not_there_or_not_text(checkout: Path) -> None:
    """A missing template and a file in another encoding are named."""
    (checkout / "solutions/ex_1_1_word_level.py").write_bytes(b"# \xff\n")
    with pytest.raises(CatalogError, match=r"ex_1_1_word_level\.py: not UTF-8"):
        read_course(checkout)
    shutil.copy(ROOT / "solutions/ex_1_1_word_level.py", checkout / "solutions")
    (checkout / "tools/templates/lm_playground.md.j2").unlink()
    with pytest.raises(CatalogError, match=r"lm_playground\.md\.j2: not found"):
        read_course(checkout)


# --- regions ------------------------------------------------------------------------------


def test_blank_stands_at_the_indentation_of_its_region() -> None:
    """The blank has the shape of the course's blanks."""
    text = "def f():\n    # region answer\n    return 1\n    # endregion\n"
    assert cut_answers(text, "x") == 'def f():\n    """\n    YOUR CODE HERE\n    """\n'
    assert drop_markers(text, "x") == "def f():\n    return 1\n"


code_line = st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=20).filter(
    lambda line: "region" not in line.lower()
)


@given(before=st.lists(code_line), answer=st.lists(code_line), after=st.lists(code_line), depth=st.integers(0, 3))
def test_cutting_touches_the_region_and_nothing_else(
    before: list[str], answer: list[str], after: list[str], depth: int
) -> None:
    """What stands outside comes through as it is; of the answer nothing is left."""
    indent = "    " * depth
    text = "\n".join([*before, f"{indent}# region answer", *answer, f"{indent}# endregion", *after])
    blank = [f'{indent}"""', f"{indent}YOUR CODE HERE", f'{indent}"""']
    assert cut_answers(text, "x") == "\n".join([*before, *blank, *after])
    assert drop_markers(text, "x") == "\n".join([*before, *answer, *after])


# --- the solutions run --------------------------------------------------------------------


@pytest.mark.heavy
def test_solutions_run_in_order_in_one_namespace(course: Course, capfd: pytest.CaptureFixture[str]) -> None:
    """Every cell of the solution notebook runs after those above it, in silence on stderr; answers are there."""
    from grader.offline import use_offline_models

    use_offline_models()
    namespace: dict[str, object] = {"__name__": "__main__"}
    for piece in course.pieces:
        if piece.role == "cell":
            source = course.sources[piece.text]
            exec(compile(source.solution, source.exercise.file, "exec"), namespace)
            assert set(source.exercise.answers) <= namespace.keys(), piece.text
        elif piece.role == "demo":
            exec(compile(course.demos[piece.text].source, piece.text, "exec"), namespace)
    assert capfd.readouterr().err == ""


@pytest.mark.heavy
def test_untouched_bonus_leaves_generate_alone(course: Course) -> None:
    """Whoever skips 3.3 goes on with the `generate` of 3.1, however often the cell runs."""
    from grader.offline import use_offline_models

    use_offline_models()
    namespace: dict[str, object] = {}
    exec(course.sources["3.1"].solution, namespace)
    simple = namespace["generate"]
    for _ in range(2):
        exec(course.sources["3.3"].stub, namespace)
        assert namespace["generate"] is simple
    exec(course.sources["3.3"].solution, namespace)
    assert namespace["generate"] is not simple
