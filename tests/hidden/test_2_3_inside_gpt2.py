"""Hidden checks of 2.3: what was printed or displayed names the parts of the model that the cell was given."""

import re

import pytest

from grader.checks.answers import feedback, supply
from oracles import wording

pytestmark = pytest.mark.exercise("2.3")

NAMES = ("transformer", "lm_head", "wte", "wpe", "drop", "ln_f", "attn", "mlp", "ln_1", "ln_2")
CLASSES = (
    "GPT2Model",
    "Embedding",
    "Dropout",
    "ModuleList",
    "GPT2Block",
    "LayerNorm",
    "GPT2Attention",
    "GPT2MLP",
    "Conv1D",
    "Linear",
)


def modules_in(output):
    """The output without the names of parameters, which end in `.weight` or `.bias`."""
    return re.sub(r"[\w.]+\.(weight|bias)\b", " ", output)


@pytest.mark.points(1)
def test_modules_of_the_model_are_printed(cell):
    """The output shows modules of the model, by name or by class"""
    output = cell.output
    assert output.strip(), feedback(
        "nothing is printed", hint="Print each name, or make the model the cell's last line."
    )
    named, classes = wording.count_words(output, NAMES), wording.count_words(output, CLASSES)
    assert named >= 2 or classes >= 3 or "generator object" not in output, feedback(
        "a generator was printed instead of what it yields", hint="Loop over `named_modules()` and print each pair."
    )
    assert named >= 2 or classes >= 3, feedback(
        "the output shows no modules of the model",
        hint="`named_modules()` yields names and modules, `named_children()` one level of them.",
    )


@pytest.mark.points(1)
def test_the_parts_of_the_model_are_named(cell):
    """The output names the parts of the Transformer: embeddings, blocks, final norm"""
    assert wording.count_words(cell.output, ["wte", "wpe", "h", "ln_f"]) == 4, feedback(
        "not all parts of the model are named", hint="Go on inside `gpt2.transformer`, and print each part's name."
    )


@pytest.mark.points(1)
def test_the_parts_of_a_block_are_named(cell):
    """The output shows what a block is made of, modules and not only parameters"""
    parts, output = ["attn", "mlp", "ln_1", "ln_2"], cell.output
    assert wording.count_words(output, parts) == 4, feedback(
        "the output does not show what is inside a block", hint="Go down to the modules inside each block, too."
    )
    assert wording.count_words(modules_in(output), parts) == 4, feedback(
        "the output lists parameters, not modules", hint="`named_modules()` walks through modules."
    )


@pytest.mark.points(1)
@pytest.mark.needs("test_modules_of_the_model_are_printed")
def test_the_output_follows_the_model(cell):
    """With a smaller model the output is another"""
    names = model_names(cell)
    short = cell.rerun(**{name: supply("gpt2_short") for name in names}).output if names else ""
    assert short.strip() != cell.output.strip(), feedback(
        "the output does not depend on the model",
        hint="Print what the model in `gpt2` says about itself, not a text of your own.",
    )


def model_names(cell):
    """The names that hold the model. A model without its head is left alone: its parts have other names."""
    kinds = cell.names()
    names = [name for name, kind in kinds.items() if kind == "GPT2LMHeadModel"]
    return names or ([] if "GPT2Model" in kinds.values() else ["gpt2"])
