"""Which values that earlier cells left behind can be worked with, and which are replaced by the library's own."""

import pytest

from grader.model import Given
from grader.offline import use_offline_models
from grader.project import project_catalog, project_root
from grader.sandbox.exercise import missing_givens
from grader.sandbox.notebook import Notebook


@pytest.fixture(scope="module")
def supply():
    use_offline_models()
    from grader.offline.supply import supply as real

    return real


def replaced(name: str, value: object, supply, source: str = "gpt2_model") -> bool:
    """Whether the value of a given is replaced."""
    notebook = Notebook()
    notebook.namespace[name] = value
    return name in missing_givens([Given(name=name, source="2.2a", supply=source)], notebook, supply)


class Raises:
    def state_dict(self):
        raise RuntimeError("no")


class Leaves:
    def state_dict(self):
        raise SystemExit(3)


class Odd:
    state_dict = 7


class OddTensors:
    def state_dict(self):
        return {"transformer.wte.weight": "words", "lm_head.weight": None}


def changed(model, change):
    import torch

    with torch.no_grad():
        change(model)
    return model


RIGHT = {
    "as loaded": lambda m: m,
    "in half precision": lambda m: m.half(),
    "in bfloat16": lambda m: m.bfloat16(),
    "with frozen weights": lambda m: m.requires_grad_(False),
    "with added tokens": lambda m: (m.resize_token_embeddings(50_300), m)[1],
    "without its output layer": lambda m: m.transformer,
    "in double precision": lambda m: m.double(),
}
WRONG = {
    "the class": type,
    "nothing": lambda _: None,
    "a text": lambda _: "gpt2",
    "in train mode": lambda m: m.train(),
    "with weights of zero": lambda m: changed(m, lambda m: [p.zero_() for p in m.parameters()]),
    "with random embeddings": lambda m: changed(m, lambda m: m.transformer.wte.weight.normal_()),
    "with other random weights": lambda m: type(m)(m.config).eval(),
    "on no device": lambda m: m.to("meta"),
    "an object that raises": lambda _: Raises(),
    "an object that leaves": lambda _: Leaves(),
    "an object with an odd attribute": lambda _: Odd(),
    "an object with odd tensors": lambda _: OddTensors(),
}


@pytest.mark.parametrize("kind", RIGHT)
def test_a_model_that_is_gpt2_in_any_form_stays(kind, supply):
    assert not replaced("gpt2", RIGHT[kind](supply("gpt2_model")), supply)


@pytest.mark.parametrize("kind", WRONG)
def test_what_no_later_cell_can_work_with_is_replaced(kind, supply):
    assert replaced("gpt2", WRONG[kind](supply("gpt2_model")), supply)


def test_a_table_of_models_is_as_good_as_what_is_in_it(supply):
    table = supply("models_gpt2")
    assert not replaced("models", table, supply, "models_gpt2")
    assert not replaced("models", {**table, "mine": 3}, supply, "models_gpt2")
    assert replaced("models", {}, supply, "models_gpt2")
    assert replaced("models", {"gpt2": WRONG["with other random weights"](supply("gpt2_model"))}, supply, "models_gpt2")


def test_a_students_own_tokenizer_stays(supply):
    own = {"gpt2": object()}
    assert not replaced("tokenizers", own, supply, "tokenizers_gpt2")


def test_2_4_may_count_on_the_model_of_2_2a():
    assert ("gpt2", "2.2a") in {(g.name, g.source) for g in project_catalog(project_root()).get("2.4").givens}
