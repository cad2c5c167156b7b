"""The notebook's pictures: what they compute is right, they wait for their exercises, and they never raise."""

import ast
import inspect
import json
import re
import types
from xml.etree import ElementTree

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.catalog import load_catalog
from grader.intake.local import read_here
from grader.notebook import kernel
from grader.notebook.history import read_history
from grader.notebook.html import framed
from grader.notebook.pictures import picture
from grader.notebook.pictures.course import PICTURES
from grader.notebook.pictures.course.attention import heads, weights
from grader.notebook.pictures.course.block import is_gpt2, measured, way_through
from grader.notebook.pictures.course.odds import bend, knobs, next_tokens
from grader.notebook.pictures.course.texts import generated, shaded, side_by_side
from grader.notebook.pictures.course.tokens import four_tokenizers
from grader.notebook.pictures.drawing import WaitingError, colour_of, percent, the, visible
from grader.offline import use_offline_models
from grader.offline.supply import supply
from tools.build import ROOT, read_course, solution_notebook

COURSE = read_course()
CATALOG = load_catalog(ROOT / "exercises" / "catalog.toml")
use_offline_models()  # before anything imports transformers
IDS = [464, 3290, 2497, 262, 3797]


@pytest.fixture
def notebook(monkeypatch):
    """The names of a notebook, and what its checks found; both start empty."""
    state = types.SimpleNamespace(names={}, standings={})
    for module in ("grader.notebook.kernel", "grader.notebook.pictures.drawing"):
        monkeypatch.setattr(f"{module}.names", lambda: state.names)
    monkeypatch.setattr(kernel, "standings", lambda: state.standings)
    return state


@pytest.fixture(scope="module")
def gpt2():
    return supply("gpt2_model")


def well_formed(html):
    """The HTML as a tree; every tag that is opened is closed, and nothing runs or loads."""
    tree = ElementTree.fromstring(re.sub(r"<style>.*?</style>", "", html).replace("<br>", ""))
    assert not re.search(r"<script|\son\w+=|https?://", html)
    return tree


# --- the odds -------------------------------------------------------------------------------

logits_and_knobs = st.tuples(
    st.lists(
        st.integers(-80, 80), min_size=2, max_size=12, unique=True
    ),  # no ties: which one stays is nobody's business
    st.floats(0.2, 3),
    st.integers(0, 12),
    st.floats(0.05, 1),
)


@given(logits_and_knobs)
@settings(max_examples=60, deadline=None)
def test_bent_odds_are_those_of_the_library(case):
    """Oracle: the warpers of transformers, in the order in which `generate` applies them."""
    from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

    values, temperature, k, p = case
    logits = torch.tensor(values) / 10
    scores = TemperatureLogitsWarper(temperature)(None, logits[None])
    if k:
        scores = TopKLogitsWarper(k)(None, scores)
    if p < 1:
        scores = TopPLogitsWarper(p)(None, scores)
    due = scores.softmax(dim=-1)[0]
    got = bend(logits, temperature, k, p)
    # At the very edge of p the two sum in different orders, and one token more or less is right either way.
    ranked = (logits / temperature).softmax(-1).sort(descending=True).values
    if k:
        ranked = ranked[:k] / ranked[:k].sum()
    if (ranked.cumsum(-1) - p).abs().min() > 1e-5:
        torch.testing.assert_close(got, due, atol=1e-5, rtol=1e-4)


def test_top_p_keeps_the_token_that_reaches_p():
    """Odds 0.5, 0.3, 0.2: with p = 0.6 the second is needed to reach it, the third is not. 0.5/0.8 and 0.3/0.8."""
    odds = bend(torch.tensor([0.5, 0.3, 0.2]).log(), 1.0, 0, 0.6)
    torch.testing.assert_close(odds, torch.tensor([0.625, 0.375, 0.0]))


def test_next_tokens_are_the_best_of_the_last_row(notebook):
    logits = torch.zeros(1, 3, 50257)
    logits[0, -1, 262], logits[0, -1, 3290], logits[0, 0, 11] = 20.0, 19.0, 99.0
    notebook.names["logits"] = logits
    drawn = next_tokens(k=2)
    assert re.findall(r"' \w+' \S+ %", drawn.text) == ["' the' 73.1 %", "' dog' 26.9 %"]  # 1 / (1 + exp(-1)) = 0.731
    assert "50,255 other tokens" in drawn.html
    assert well_formed(drawn.html and framed(drawn.html))


def test_a_slider_redraws_the_odds(notebook):
    notebook.names |= {"models": supply("models_gpt2"), "tokenizers": supply("tokenizers_gpt2")}
    drawn = knobs(prompt="The dog", bars=5)
    heat, most, share, view = drawn.widget.children
    before = view.value
    most.value = 1
    assert view.value != before and "1 of 50,257 tokens may be drawn; the first with 100 %" in view.value
    heat.value, share.value = 2.0, 0.5
    assert "temperature 2, k 1, p 0.5" in view.value
    assert drawn.html.count("<table") == 5 and "temperature 0.5" in drawn.text


# --- inside the block -----------------------------------------------------------------------


def test_attention_is_what_the_model_says_itself(gpt2):
    """Oracle: `output_attentions` of transformers."""
    model = supply("gpt2_model")
    model.set_attn_implementation("eager")
    with torch.no_grad():
        due = model(torch.tensor([IDS]), output_attentions=True).attentions[0][0]
    got = weights(gpt2, IDS)
    torch.testing.assert_close(got, due, atol=1e-5, rtol=1e-4)
    assert not got.triu(1).any()


def test_heat_maps_have_a_square_for_each_look_back(gpt2, notebook):
    """A text of n tokens has n (n + 1) / 2 of them in each head."""
    notebook.names["gpt2"] = gpt2
    drawn = heads("The dog saw the cat")
    tree = well_formed(framed(drawn.html))
    maps = list(tree.iter("svg"))
    assert len(maps) == gpt2.config.n_head
    assert all(len(list(svg.iter("rect"))) == 15 and svg.get("role") == "img" and svg.get("aria-label") for svg in maps)
    assert "head 1: ' cat' looks most at" in drawn.text


def test_shapes_are_measured_not_written_down(gpt2, notebook):
    notebook.names |= {"gpt2": gpt2, "dummy_tokens": torch.zeros(2, 5, dtype=torch.long)}
    n_embd = gpt2.config.n_embd
    shapes = measured(gpt2, notebook.names["dummy_tokens"])
    assert shapes["ids"] == "(2, 5)" and shapes["out"] == shapes["attn"] == f"(2, 5, {n_embd})"
    assert shapes["c_attn"] == f"(2, 5, {3 * n_embd})" and shapes["c_fc"] == f"(2, 5, {4 * n_embd})"
    drawn = way_through()
    assert all(shape.replace(" ", "") in drawn.html.replace(" ", "") for shape in shapes.values())
    assert well_formed(framed(drawn.html)) is not None
    assert not gpt2.transformer.h[0]._forward_hooks, "hooks are taken off again"


# --- texts ----------------------------------------------------------------------------------


def test_shade_is_the_probability_that_each_step_of_generating_saw(gpt2):
    """Oracle: the model asked anew for each token, with what stands before it."""
    tokenizer = supply("gpt2_tokenizer")
    text = "Once upon a time the dog saw the cat"
    ids = tokenizer(text)["input_ids"]
    with torch.no_grad():
        due = [gpt2(torch.tensor([ids[:n]])).logits[0, -1].softmax(-1)[ids[n]].item() for n in range(4, len(ids))]
    shades = shaded(gpt2, tokenizer, "Once upon a time", text)
    assert "".join(piece for piece, _ in shades) == text
    assert [share for _, share in shades[:4]] == [None] * 4
    assert [share for _, share in shades[4:]] == pytest.approx(due, rel=1e-3)


def test_texts_are_those_of_the_students_function(notebook):
    asked = []

    def generate(*arguments):
        asked.append(arguments)
        return f"{arguments[1]} <b>and</b> more"

    notebook.names |= {"generate": generate, "models": supply("models_gpt2"), "tokenizers": supply("tokenizers_gpt2")}
    drawn = generated(prompt="Hello", strategies=["greedy", "top-p"], max_new_tokens=3)
    assert asked == [("gpt2", "Hello", "greedy", 3), ("gpt2", "Hello", "top-p", 3)]
    assert "&lt;" in drawn.html and "<b>and" not in drawn.html
    pair = side_by_side(prompts=["Hi"], models=["gpt2", "qwen"], max_new_tokens=2)
    assert asked[2:] == [("gpt2", "Hi", "greedy", 2), ("qwen", "Hi", "greedy", 2)]
    assert well_formed(framed(pair.html)) is not None and "Qwen (chat): Hi" in pair.text


# --- finding, waiting, failing ----------------------------------------------------------------


def test_an_object_under_another_name_is_taken_if_it_is_the_only_one(notebook, gpt2):
    notebook.names |= {"my_model": gpt2, "again": gpt2, "number": 3}
    assert the("gpt2", "2.2a", is_gpt2) is gpt2
    notebook.names["second"] = supply("gpt2_model")
    with pytest.raises(WaitingError, match=r"needs `gpt2` of 2\.2a"):
        the("gpt2", "2.2a", is_gpt2)


@pytest.mark.parametrize("name", [name for name, (_, needed) in PICTURES.items() if needed])
def test_a_picture_waits_for_its_exercises(name, notebook, capsys):
    picture(name)
    said = capsys.readouterr().out
    assert "comes alive once everything passes" in said
    assert all(f'check("{exercise_id}")' in said for exercise_id in PICTURES[name][1])
    notebook.standings |= dict.fromkeys(PICTURES[name][1], (1, 2))
    picture(name)
    assert "comes alive" in capsys.readouterr().out, "half is not enough"


def test_each_row_of_tokens_waits_for_itself(notebook):
    notebook.standings["1.4"] = (3, 3)
    drawn = four_tokenizers("Hi <b> 🚀")
    assert 'Words: waits for check("1.1")' in drawn.text
    assert "cl100k_base, 7 tokens: Hi| <|b|>|" in drawn.text
    assert "<b>" not in drawn.html and well_formed(framed(drawn.html)) is not None


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("token", {}, "did you mean tokens?"),
        (None, {}, "There is no picture 'None'"),
        ("tokens", {"txet": "x"}, "could not be drawn (TypeError"),
        ("attention", {}, "needs gpt2 of 2.2a; run that cell again"),
        ("generated", {}, "needs generate of 3.1"),
    ],
)
def test_nothing_ever_raises(name, options, words, notebook, capsys):
    notebook.standings |= dict.fromkeys(["1.1", "2.2a", "2.2b", "2.4", "3.1", "4.1"], (1, 1))
    notebook.standings.pop("1.1")
    picture(name, **options)
    assert words in capsys.readouterr().out


def test_a_student_function_that_raises_is_named(notebook, capsys):
    notebook.standings["3.1"] = (1, 1)
    notebook.names |= {"generate": lambda *_: 1 / 0, "models": {"gpt2": 1}, "tokenizers": {"gpt2": 1}}
    picture("generated")
    assert "could not be drawn (ZeroDivisionError" in capsys.readouterr().out


# --- in the notebook, and in what is handed in --------------------------------------------------


def test_every_picture_has_a_place_in_the_notebook_and_is_given_options_it_knows():
    cells = [source.source for source in COURSE.demos.values() if source.source.startswith("picture(")]
    calls = [ast.parse(cell).body[0].value for cell in cells]
    assert {ast.literal_eval(call.args[0]) for call in calls} == set(PICTURES)
    for call in calls:
        known = inspect.signature(PICTURES[ast.literal_eval(call.args[0])][0]).parameters
        assert {keyword.arg for keyword in call.keywords} <= set(known)


def test_picture_cells_are_no_part_of_a_submission(tmp_path):
    (tmp_path / "answers.ipynb").write_text(solution_notebook(COURSE), encoding="utf-8")
    submission = read_here(tmp_path / "answers.ipynb", CATALOG)
    assert submission.attempted == set(CATALOG.ids)
    assert not any("picture(" in cell.source or "grader" in cell.source for cell in submission.cells)


def test_a_picture_in_a_cell_of_the_students_own_does_no_harm(tmp_path):
    notebook = json.loads(solution_notebook(COURSE))
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "ex-1-1")
    cell["source"] += ["\npicture('tokens', text='mine')\ncheck('1.1')"]
    (tmp_path / "answers.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    namespace = {}
    for part in read_here(tmp_path / "answers.ipynb", CATALOG).cells:
        exec(part.source, namespace)
        if part.exercise == "1.1":
            break
    assert namespace["word2id"]


def test_picture_cells_are_no_answers_in_a_kernel_either():
    answer = COURSE.sources["1.1"].solution
    history = ["# look\n\n  picture('tokens')", "from grader.pictures import picture", answer]
    assert [cell.source for cell in read_history(history, CATALOG).cells] == [answer]


# --- small things -----------------------------------------------------------------------------


def test_the_same_id_has_the_same_colour_and_neighbours_differ():
    assert colour_of(464) == colour_of(464)
    assert len({colour_of(token_id) for token_id in range(50)}) == 50


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0 %"), (1e-9, "under 0.1 %"), (0.1234, "12.3 %"), (0.99999, "99.9 %"), (1, "100 %"), (1.0000001, "100 %")],
)
def test_no_chance_is_rounded_to_never_or_always(share, words):
    assert percent(share) == words


def test_blanks_are_made_visible_and_markup_is_not_markup():
    assert visible(" a\n<i>") == "\u2423a\u21b5&lt;i&gt;"
    assert visible("") == "\u2205"
