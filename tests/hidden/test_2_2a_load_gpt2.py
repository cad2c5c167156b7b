"""Hidden checks of 2.2a: the model is there, with its trained weights, ready to be used."""

import pytest

from grader import reference
from grader.suite import a_handle, a_mapping, a_tensor, fail, feedback, fresh_words, type_name

pytestmark = pytest.mark.exercise("2.2a")


def the_model(cell):
    """The model under the name `gpt2`, or the only one that there is."""
    names = [name for name, kind in cell.names().items() if kind.startswith("GPT2") and kind.endswith("Model")]
    if "gpt2" not in names and len(names) != 1:
        fail("there is no GPT-2 model under the name `gpt2`",
             hint="Keep what `from_pretrained` returns as `gpt2`: the model, not the class and not its tokenizer.")
    return a_handle(cell.get("gpt2" if "gpt2" in names else names[0]), "`gpt2`")


def stem_of(model):
    """The part with embeddings and blocks."""
    return a_handle(model.transformer if type_name(model) != "GPT2Model" else model, "`gpt2.transformer`")


@pytest.mark.points(1)
def test_a_gpt2_with_twelve_blocks_is_loaded(cell):
    """A GPT-2 with its twelve blocks is loaded"""
    blocks = a_handle(stem_of(the_model(cell)).h, "`gpt2.transformer.h`")
    assert len(blocks) == 12, feedback("the model does not have 12 blocks", hint="The smallest GPT-2 is the one called gpt2.")


@pytest.mark.points(2)
def test_the_weights_are_the_trained_ones(cell, rng):
    """Embeddings and blocks hold the trained weights, not random ones"""
    import torch

    stem, true = stem_of(the_model(cell)), reference.library("gpt2_model").transformer
    tokens = torch.tensor([[rng.randrange(50_000) for _ in range(5)]])
    rows = a_tensor(a_handle(stem.wte, "`wte`")(tokens), "token embeddings", (1, 5, true.wte.embedding_dim))
    same = [torch.allclose(rows.float(), true.wte(tokens).detach(), atol=1e-2)]
    for number in (0, rng.randrange(1, 11), 11):
        block = a_handle(a_handle(stem.h, "`h`")[number], "a block")
        weight = a_tensor(a_handle(a_handle(block.mlp, "`mlp`").c_fc, "`c_fc`").weight, "a weight")
        due = true.h[number].mlp.c_fc.weight.detach()
        same.append(weight.shape == due.shape and torch.allclose(weight.float(), due, atol=1e-2))
    assert all(same), feedback(
        "the weights are not those of the pretrained GPT-2",
        hint="A model built from a configuration starts with random weights; `from_pretrained` fetches the trained ones.")


@pytest.mark.points(1)
def test_the_model_computes_like_gpt2(cell, rng):
    """The model computes what GPT-2 computes for a text, the same on every call"""
    import torch

    model, text = the_model(cell), "The " + " ".join(fresh_words(rng, 1))
    ids = torch.tensor([reference.ids_of("gpt2", text)])
    outputs = [a_mapping(model(ids), "the model's output") for _ in range(2)]
    key = "logits" if "logits" in outputs[0] else "last_hidden_state"
    first, second = (a_tensor(output.get(key), f"the model's {key}") for output in outputs)
    assert first.shape == second.shape and torch.equal(first, second), feedback(
        "two calls with the same text give different results", hint="`eval()` switches dropout off; `from_pretrained` does so.")
    if key == "logits":
        due = reference.logits_of(text)
    else:
        with torch.no_grad():
            due = reference.library("gpt2_model").transformer(ids).last_hidden_state[0]
    assert reference.is_close(first, due), feedback(
        "the model does not compute what GPT-2 computes", hint="Load it with `from_pretrained` and leave its weights alone.")
