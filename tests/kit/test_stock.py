"""What the stock hands out is what the library would have loaded, once, and only where nothing else was asked for."""

import pytest

from grader.offline import use_offline_models

CHAT = "Qwen/Qwen1.5-1.8B-Chat"


@pytest.fixture(scope="module")
def library():
    """transformers with a stock of one of each, put back as it was afterwards."""
    use_offline_models()
    import transformers
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from grader.offline import stock

    bases = (PreTrainedModel, PreTrainedTokenizerBase)
    before = [base.__dict__["from_pretrained"] for base in bases]
    loaded = {name: load(transformers) for name, load in CALLS.items()}
    stock.lay_in({"gpt2": 2, "qwen": 1}, {"gpt2": 2, "qwen": 1})
    yield transformers, loaded
    for base, method in zip(bases, before, strict=True):
        base.from_pretrained = method


CALLS = {
    "gpt2 tokenizer": lambda t: t.AutoTokenizer.from_pretrained("gpt2"),
    "gpt2 tokenizer by class": lambda t: t.GPT2TokenizerFast.from_pretrained("gpt2"),
    "chat tokenizer": lambda t: t.AutoTokenizer.from_pretrained(CHAT),
    "gpt2": lambda t: t.AutoModelForCausalLM.from_pretrained("gpt2"),
    "gpt2 by class": lambda t: t.GPT2LMHeadModel.from_pretrained("gpt2"),
    "chat": lambda t: t.AutoModelForCausalLM.from_pretrained(CHAT),
}


def inside(thing):
    """Everything that makes a tokenizer or a model what it is, as text."""
    parts = {name: repr(value) for name, value in vars(thing).items() if name != "_tokenizer"}
    if hasattr(thing, "_tokenizer"):
        parts["core"] = thing._tokenizer.to_str()
    else:
        parts |= {name: repr(value.double().sum().item()) for name, value in thing.state_dict().items()}
        parts["generation"] = repr(thing.generation_config.to_dict())
    return parts


@pytest.mark.parametrize("name", CALLS)
def test_what_is_handed_out_is_what_would_be_loaded(library, name):
    """No attribute, token or weight differs, and it is another object"""
    transformers, loaded = library
    handed_out = CALLS[name](transformers)
    assert handed_out is not loaded[name] and type(handed_out) is type(loaded[name])
    assert inside(handed_out) == inside(loaded[name])


def test_nothing_is_handed_out_twice(library):
    """An empty stock is no trouble: the library loads"""
    transformers, _ = library
    three = [transformers.GPT2LMHeadModel.from_pretrained("gpt2") for _ in range(3)]
    assert len({id(model) for model in three}) == 3
    three[0].transformer.wte.weight.data.zero_()
    assert three[1].transformer.wte.weight.abs().sum() > 0 and three[2].transformer.wte.weight.abs().sum() > 0


def test_a_call_that_asks_for_more_is_loaded_as_asked(library):
    """Half precision, a changed configuration, other arguments: none of these comes from the stock"""
    transformers, _ = library
    import torch

    from grader.offline import stock

    stock.lay_in({"gpt2": 1}, {"gpt2": 1})
    half = transformers.AutoModelForCausalLM.from_pretrained("gpt2", dtype=torch.float16)
    assert half.dtype == torch.float16
    config = transformers.AutoConfig.from_pretrained("gpt2")
    config.n_layer = 3
    assert len(transformers.GPT2LMHeadModel.from_pretrained("gpt2", config=config).transformer.h) == 3
    tokenizer = transformers.AutoTokenizer.from_pretrained("gpt2", pad_token="<|endoftext|>")
    assert tokenizer.pad_token == "<|endoftext|>"
    assert transformers.AutoTokenizer.from_pretrained("gpt2").pad_token is None
