"""Tests of grader/sandbox/course/screen.py and of the probes around it: what a person at the screen does and sees."""

import time
from types import SimpleNamespace

import pytest

from grader.sandbox.course import probes, screen
from grader.sandbox.notebook import Notebook

CONTROLS = """
import ipywidgets as widgets
from IPython.display import display
prompt = widgets.Text(description="Prompt")
model = widgets.Dropdown(options=[("GPT-2", "gpt2"), ("Qwen", "qwen")])
strategy = widgets.RadioButtons(options=["greedy", "top-k"])
heat = widgets.FloatSlider(min=0.2, max=1.5, value=1.0, description="Temperature")
length = widgets.IntSlider(min=1, max=200, value=100, description="New tokens")
button = widgets.Button(description="Start")
said = lambda: f"{model.value} {strategy.value} {heat.value} {prompt.value} {length.value}"
"""
ROW = "[prompt, model, strategy, heat, length, button"


def pressed(source, temperature=2.0):
    """What appears after a press, printed or in widgets."""
    notebook = Notebook()
    assert notebook.run(CONTROLS + source, "5.1") is None
    choices = {"model": ["qwen"], "strategy": ["top_k"]}
    value, trouble, printed = notebook.call(lambda: probes.press(notebook, "hello", choices, temperature, 1))
    assert trouble is None, trouble
    return printed + value


@pytest.mark.parametrize(
    "source",
    [
        f"button.on_click(lambda b: print(said()))\ndisplay(widgets.VBox({ROW}]))",
        f"html = widgets.HTML()\nbutton.on_click(lambda b: setattr(html, 'value', said()))\nwidgets.VBox({ROW}, html])",
        f"out = widgets.Output()\nbutton.on_click(lambda b: out.append_stdout(said()))\ndisplay(*{ROW}, out])",
        f"box = widgets.VBox()\nbutton.on_click(lambda b: setattr(box, 'children', [widgets.Label(said())]))\ndisplay(*{ROW}, box])",
        f"import threading\nbutton.on_click(lambda b: threading.Thread(target=lambda: print(said())).start())\ndisplay(*{ROW}])",
        f"clear = widgets.Button(description='Clear')\nbutton.on_click(lambda b: print(said()))\ndisplay(clear, *{ROW}])",
        f"dumb = widgets.Button(description='Los')\nbutton.on_click(lambda b: print(said()))\ndisplay(dumb, *{ROW}])",
        "go = widgets.ToggleButton(description='Go')\ngo.observe(lambda c: print(said()), 'value')\ndisplay(prompt, model, strategy, heat, length, go)",
    ],
)
def test_what_is_chosen_and_typed_arrives(source):
    """However the handler is hung up and wherever the text goes; the temperature stays within its limits."""
    assert "qwen top-k 1.5 hello 8" in pressed(source)


def test_an_output_that_is_not_displayed_shows_nothing():
    """What is printed into it is lost, as in a notebook."""
    handler = "out = widgets.Output()\n@button.on_click\ndef _(b):\n    with out:\n        print(said())\n"
    assert "hello" in pressed(f"{handler}display(*{ROW}, out])")
    assert "hello" not in pressed(f"{handler}display(*{ROW}])")


def test_the_same_text_is_seen_again():
    """A second press that leaves the same text in a widget shows it, too, and once."""
    notebook = Notebook()
    handler = "out, html = widgets.Output(), widgets.HTML()\n@button.on_click\ndef _(b):\n    out.append_stdout('one'); html.value = 'two'\n"
    notebook.run(f"{CONTROLS}{handler}display(*{ROW}, out, html])", "5.1")
    shown = [
        notebook.call(lambda: probes.press(notebook, "x", {"model": [], "strategy": []}, None, 1))[0] for _ in range(2)
    ]
    assert shown[0].split() == shown[1].split() == ["one", "two"]


def test_a_handler_that_raises_is_no_secret():
    """Its error comes out."""
    notebook = Notebook()
    notebook.run(f"{CONTROLS}button.on_click(lambda: 1)\ndisplay(*{ROW}])", "5.1")
    trouble = notebook.call(lambda: probes.press(notebook, "x", {"model": [], "strategy": []}, None, 1))[1]
    assert trouble.type == "TypeError"


def test_the_box_of_an_interact_without_a_name_is_found():
    """`interact` displays it, whoever keeps it."""
    notebook = Notebook()
    notebook.run("import ipywidgets\nipywidgets.interact_manual(lambda x: x, x=['gpt2', 'qwen'])\nprint(1)", "5.1")
    seen = notebook.call(lambda: probes.look(notebook))[0]
    assert seen["models"] == ["gpt2", "qwen"]
    assert seen["button"] is True


def test_texts_are_short_while_a_person_waits():
    """`generate` stops after a few tokens, also for a loop that goes by its default; afterwards all is as it was."""
    import torch

    from grader.offline.supply import supply

    model, ids = supply("gpt2_model"), torch.tensor([[10, 11, 12]])
    notebook = Notebook()
    notebook.run(
        "def f(a, max_new_tokens=100, b=2): return max_new_tokens\ndef g(*, max_new_tokens=100): return max_new_tokens",
        "5.1",
    )
    f, g = notebook.namespace["f"], notebook.namespace["g"]
    with probes.short_texts(notebook.namespace):
        greedy = model.generate(ids, max_new_tokens=40, do_sample=False)
        beams = model.generate(ids, max_new_tokens=40, num_beams=3)
        assert (f(1), g()) == (8, 8)
    assert greedy.shape[1] == 3 + 8
    assert beams.shape[1] <= 3 + 9
    assert (f(1), g()) == (100, 100)
    whole = model.generate(ids, max_new_tokens=20, do_sample=False)
    assert whole.shape[1] == 3 + 20
    assert torch.equal(whole[:, :11], greedy)


def test_the_odds_of_a_draw_are_seen():
    """From the function and from the method, and nothing stays behind."""
    import torch

    notebook = Notebook()
    notebook.run(
        "import torch\ndef f(p): return torch.multinomial(torch.tensor([[.5, 0, .25, .25]]), 1)\n"
        "def g(p): return torch.tensor([1., 3.]).multinomial(1)\ndef h(p): return 1",
        "3.1",
    )
    before = torch.multinomial, torch.Tensor.multinomial
    seen = [
        notebook.call(lambda name=name: probes.odds(notebook, notebook.namespace[name], ["x"], 1))[0] for name in "fgh"
    ]
    assert seen == [[3, [0.5, 0.25, 0.25, 0.0]], [2, [0.75, 0.25]], []]
    assert (torch.multinomial, torch.Tensor.multinomial) == before


WRITER = """
import threading, time
html = widgets.HTML()
def write():
    for piece in ("one ", "two ", "three"):
        html.value += piece
        time.sleep({pause})
{after}
button.on_click(lambda b: threading.Thread(target=write, daemon=True).start())
"""


def test_a_text_that_comes_in_pieces_is_waited_for_on_a_machine_where_seconds_fly(monkeypatch):
    """A process that hardly gets to run sees seconds pass in which nothing was done."""
    flying = SimpleNamespace(monotonic=lambda: 6 * time.monotonic(), sleep=time.sleep)
    monkeypatch.setattr(screen, "time", flying)
    shown = pressed(WRITER.format(pause=0.4, after="") + f"display(*{ROW}, html])")
    assert "one two three" in shown


def test_work_that_never_ends_is_not_waited_for_once_its_text_stands_still():
    later = f"    time.sleep({screen.PATIENCE_S - 5})\n    html.value += ' late'"
    shown = pressed(WRITER.format(pause=0.05, after=later) + f"display(*{ROW}, html])")
    assert "one two three" in shown and "late" not in shown
