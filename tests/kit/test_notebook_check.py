"""`check("1.1")` in a notebook: which cells count, what is shown, and that nothing ever raises."""

import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from grader.catalog import load_catalog
from grader.intake.order import cells_for
from grader.model import CheckResult, Status
from grader.notebook import check
from grader.notebook.card import Card, as_html, as_text, steps
from grader.notebook.history import exercise_of, read_history
from grader.pictures import picture
from tools.build import ROOT, read_course

COURSE = read_course()
CATALOG = load_catalog(ROOT / "exercises" / "catalog.toml")
SETUP = "from grader.notebook import check"


def solution(exercise_id):
    return COURSE.sources[exercise_id].solution


def stub(exercise_id):
    return COURSE.sources[exercise_id].stub


def without_header(source):
    return source.split("\n", 1)[1]


def sources_for(exercise_id, history):
    return [cell.source for cell in cells_for(exercise_id, read_history(history, CATALOG).cells, CATALOG)]


def run_notebook(*cells):
    """The texts that a real kernel shows for each of these cells."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    NotebookClient(notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": str(ROOT)}}).execute()
    nbformat.validate(notebook)
    return [
        "\n".join(str(o.get("text") or o.get("data", {}).get("text/plain") or o.get("ename")) for o in cell.outputs)
        for cell in notebook.cells
    ]


# --- which cells count ----------------------------------------------------------------------


@pytest.mark.parametrize("exercise_id", CATALOG.ids)
def test_a_cell_is_known_by_its_first_line(exercise_id):
    assert exercise_of(stub(exercise_id), CATALOG) == exercise_id
    assert exercise_of(solution(exercise_id), CATALOG) == exercise_id


@pytest.mark.parametrize("exercise_id", [id_ for id_ in CATALOG.ids if id_ != "2.3"])  # its cell holds no code
def test_a_cell_without_its_first_line_is_known_by_what_is_left_of_it(exercise_id):
    assert exercise_of(without_header(solution(exercise_id)), CATALOG) == exercise_id


@pytest.mark.parametrize(
    "source", ["encode('hello')", "# 1.1 my notes\nprint(encode('x'))", "import torch", "x = (", ""]
)
def test_a_scratch_cell_is_nobodys_answer(source):
    assert exercise_of(source, CATALOG) == ""


def test_the_latest_version_counts_even_when_its_first_line_is_gone():
    history = [solution("1.1"), stub("1.1")]
    assert "1.1" not in read_history(history, CATALOG).attempted
    history.append(without_header(solution("1.1")))
    assert "1.1" in read_history(history, CATALOG).attempted


def test_a_rewritten_cell_is_found_by_the_names_that_it_defines():
    history = [stub("2.1"), "import torch\nclass Linear(torch.nn.Module):\n    def forward(self, x):\n        return x"]
    assert "2.1" in read_history(history, CATALOG).attempted


def test_check_cells_and_the_setup_cell_never_run_again():
    history = [SETUP, solution("1.1"), 'check("1.1")']
    assert sources_for("1.1", history) == [solution("1.1")]


def test_only_cells_that_define_a_name_in_use_come_along():
    helper = "def letters():\n    return alphabet"
    alphabet = "import string\nalphabet = string.ascii_letters"
    answer = solution("1.2").replace("string.ascii_letters", "letters()")
    history = ["import torch", solution("1.1"), answer, helper, "unused = 1", alphabet, answer, solution("1.3")]
    assert sources_for("1.2", history) == [solution("1.1"), alphabet, helper, answer]


def test_earlier_exercises_run_in_the_order_of_the_notebook():
    history = [solution("2.2b"), solution("2.2a")]
    assert sources_for("2.2b", history) == [solution("2.2a"), solution("2.2b")]


def test_helpers_that_need_each_other_come_to_an_end():
    history = ["def even(n):\n    return odd(n)", "def odd(n):\n    return even(n)", solution("1.1") + "\nodd(1)"]
    assert len(sources_for("1.1", history)) == 3


# --- what is shown, outside of a notebook ----------------------------------------------------


def test_outside_of_a_notebook_the_files_are_checked(capsys):
    check("1.1")
    assert capsys.readouterr().out.startswith("1.1 Word-level tokenization: not started.")


@pytest.mark.parametrize(("exercise_id", "said"), [("9.9", "no exercise '9.9'"), (None, "no exercise 'None'")])
def test_an_unknown_exercise_is_named_and_nothing_raises(exercise_id, said, capsys):
    check(exercise_id)
    assert said in capsys.readouterr().out


def test_without_the_visible_checks_it_says_where_they_are(tmp_path, monkeypatch, capsys):
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "catalog.toml").write_bytes((ROOT / "exercises" / "catalog.toml").read_bytes())
    monkeypatch.chdir(tmp_path)
    check("1.1")
    said = capsys.readouterr().out
    assert "tests/visible/test_1_1_word_level.py" in said
    assert "Open the notebook inside the folder of the kit" in said


def test_a_fault_of_the_kit_does_not_raise_into_the_notebook(monkeypatch, capsys):
    monkeypatch.setattr("grader.notebook.check_cell.history", lambda: 1 / 0)
    check("1.1")
    assert "The check itself failed, not your code" in capsys.readouterr().out


def test_nothing_heavy_is_imported_for_a_check_of_plain_python(tmp_path):
    for name in ("exercises", "tests/visible"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).mkdir()
    for name in ("exercises/catalog.toml", "tests/visible/test_1_1_word_level.py"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "exercises" / "ex_1_1_word_level.py").write_text(solution("1.1"), encoding="utf-8")
    program = f"{SETUP}; import sys; check('1.1'); assert not {{'torch', 'transformers'}} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 of 3 checks pass" in done.stdout


# --- in a real notebook ----------------------------------------------------------------------


@pytest.mark.heavy
def test_a_student_works_through_an_exercise():
    wrong = solution("1.1").replace("word2id.get(word, word2id[UNK])", "word2id.get(word, 5)")
    shown = run_notebook(
        SETUP,
        'check("1.1")',
        stub("1.1"),
        'check("1.1")',
        wrong,
        'check("1.1")',
        solution("1.1"),
        'check("1.1")',
        'check("1.2")',
        "%time\n!true\n" + solution("1.2"),
        'check("1.2")',
    )
    assert "has not been run yet" in shown[1]
    assert "not started" in shown[3]
    assert "2 of 3 checks pass" in shown[5]
    assert "got:" in shown[5]
    assert "playground hint 1.1" in shown[5]
    assert "3 of 3 checks pass" in shown[7]
    assert "has not been run yet" in shown[8]
    assert "3 of 3 checks pass" in shown[10]


@pytest.mark.heavy
def test_a_check_leaves_the_notebook_as_it_was():
    shown = run_notebook(
        SETUP,
        solution("1.1"),
        "import random; random.seed(5); first = random.random(); vocab = 'mine'; random.seed(5)",
        'check("1.1")',
        "print(random.random() == first, vocab, 'torch' in __import__('sys').modules)",
    )
    assert "3 of 3 checks pass" in shown[3]
    assert shown[4].strip() == "True mine False"


@pytest.mark.heavy
@pytest.mark.parametrize("odd", ["def encode(:", "raise SystemExit", "1 / 0", "print('<b>' * 9)"])
def test_odd_cells_end_in_words(odd):
    shown = run_notebook(SETUP, stub("1.1") + "\n" + odd, 'check("1.1")')
    assert "1.1 Word-level tokenization: 0 of 3 checks pass." in shown[2]


# --- the card -------------------------------------------------------------------------------


def a_card(**changes):
    fields = {
        "head": "1.1 Words: 0 of 1 checks pass.",
        "here": "1.1",
        "hints": ["look", "think", "type"],
        "strip": steps(CATALOG.exercise, {"1.1": (1, 2), "1.2": (3, 3)}),
    }
    return Card(**fields | changes)


def test_what_students_wrote_is_never_markup():
    result = CheckResult(
        name="n", title="<i>t</i>", status=Status.FAILED, points=0, max_points=0, message="<script>\x1b[2J"
    )
    page = as_html(a_card(head="<u>h</u>", results=[result], tail="<s>", hints=["<q>"]))
    assert not any(mark in page for mark in ("<i>", "<script>", "<u>", "<s>", "<q>", "\x1b"))


def test_hints_come_one_by_one():
    """The button for the second hint lies inside of the first, so it cannot be opened before it."""
    page = as_html(a_card())
    first, second, third = (page.index(word) for word in (">look", ">think", ">type"))
    assert first < second < third
    assert page.count("<details>", 0, first) == 1 and page.count("<details>", 0, second) == 2
    assert page.count("</details>", 0, third) == 0
    assert "<details" not in as_html(a_card(hints=()))


def test_the_strip_counts_points_and_says_so_in_words():
    card = a_card()
    words = "Progress: 12 of 100 points, done: 1.2, begun: 1.1"
    assert f'aria-label="{words}"' in as_html(card)
    assert words in as_text(card)
    assert '<span class="lmp-badge">4 of 8 points</span>' in as_html(card)


def test_bonus_points_are_counted_by_themselves():
    assert "Progress: 0 of 100 points and 10 bonus, done: bpe" in as_text(
        a_card(strip=steps(CATALOG.exercise, {"bpe": (2, 2)}))
    )


def test_a_card_that_cannot_be_shown_is_no_exception(monkeypatch, capsys):
    monkeypatch.setattr("grader.notebook.check_cell.as_html", lambda card: 1 / 0)
    check("1.1")
    assert "The check itself failed, not your code (ZeroDivisionError" in capsys.readouterr().out


@pytest.mark.heavy
def test_progress_grows_from_check_to_check():
    shown = run_notebook(
        SETUP, solution("1.1"), 'check("1.1")', solution("1.2"), 'check("1.2")', stub("1.1"), 'check("1.1")'
    )
    assert "Progress: 8 of 100 points, done: 1.1." in shown[2]
    assert "Progress: 16 of 100 points, done: 1.1 1.2." in shown[4]
    assert "Progress: 8 of 100 points, done: 1.2." in shown[6]


def test_a_check_without_an_id_says_what_to_write(capsys):
    check()
    said = capsys.readouterr().out
    assert said.startswith('Say which exercise, such as check("1.1"); there is 1.1 1.2 ')


def test_several_ids_are_checked_one_after_the_other(capsys):
    check("0.1", "0.2")
    assert [line.split(";")[0] for line in capsys.readouterr().out.splitlines()] == [
        "no exercise '0.1'",
        "no exercise '0.2'",
    ]


def test_a_picture_without_a_name_says_what_to_write(capsys):
    picture()
    assert capsys.readouterr().out.startswith('Say which picture, such as picture("tokens"); there is tokens, ')
