"""Hidden checks of 2.3: what was printed or displayed names the parts of the model that the cell was given."""

import re

import pytest

from grader import wording
from grader.suite import feedback, supply

pytestmark = pytest.mark.exercise("2.3")


def printed_for(cell, model):
    """What the cell prints for that model."""
    return cell.rerun(**{name: supply(model) for name in model_names(cell)}).output


def model_names(cell):
    """The names that hold the model. A model without its head is left alone: its parts have other names."""
    kinds = cell.names()
    names = [name for name, kind in kinds.items() if kind == "GPT2LMHeadModel"]
    return names or ([] if "GPT2Model" in kinds.values() else ["gpt2"])


@pytest.mark.points(2)
def test_the_parts_of_the_model_are_named(cell):
    """The output names the parts of GPT-2: embeddings, blocks, final norm"""
    output = printed_for(cell, "gpt2_model")
    assert output.strip(), feedback("nothing is printed", hint="Print each name, or make the model the cell's last line.")
    assert "generator object" not in output, feedback(
        "a generator was printed instead of what it yields", hint="Loop over `named_modules()` and print each pair.")
    assert wording.count_words(output, ["wte", "wpe", "h", "ln_f"]) == 4, feedback(
        "not all parts of the model are named", hint="Walk through all modules: `named_modules()` yields names and modules.")


@pytest.mark.points(1)
def test_the_parts_of_a_block_are_named(cell):
    """The output shows what a block is made of, modules and not only parameters"""
    output = printed_for(cell, "gpt2_model")
    assert wording.count_words(output, ["attn", "mlp", "ln_1", "ln_2"]) == 4, feedback(
        "the output does not show what is inside a block", hint="Go down to the modules inside each block, too.")
    # Modules without weights, and modules as such: a list of parameters has neither.
    assert re.search(r"dropout|\bact\b|Block|\bh\.\d+\s*($|[^\w.\s]|\s\S)", output, re.MULTILINE), feedback(
        "the output lists parameters, not modules", hint="`named_modules()` walks through modules.")


@pytest.mark.points(1)
@pytest.mark.needs("test_the_parts_of_the_model_are_named")
def test_the_output_follows_the_model(cell):
    """With a smaller model the output shows fewer blocks"""
    if not model_names(cell):
        return
    full, short = printed_for(cell, "gpt2_model"), printed_for(cell, "gpt2_short")
    assert full != short and wording.count_words(short, ["wte", "wpe", "h", "ln_f"]) == 4, feedback(
        "the output does not depend on the model", hint="Print what the model in `gpt2` says about itself, not a text of your own.")
