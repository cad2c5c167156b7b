"""Visible checks of 4.1."""

import pytest

from grader.checks.answers import a_handle, a_mapping, an_id_list, ask, feedback

pytestmark = pytest.mark.exercise("4.1")


def test_both_keys_are_filled(cell):
    """`tokenizers` and `models` have entries for gpt2 and qwen"""
    for name in ("tokenizers", "models"):
        table = a_mapping(cell.get(name), f"`{name}`")
        assert {"gpt2", "qwen"} <= set(table), feedback(
            f"`{name}` lacks an entry", expected=["gpt2", "qwen"], got=list(table)
        )


@pytest.mark.parametrize(
    ("key", "ids"), [("gpt2", [15496, 995, 17031, 2231]), ("qwen", [9707, 1879, 220, 16, 17, 18, 19, 20])]
)
def test_each_tokenizer_gives_its_own_ids(cell, key, ids):
    """Each model has its own tokenizer, which cuts “Hello world 12345” in its own way"""
    tokenizer = a_handle(a_mapping(cell.tokenizers, "`tokenizers`").get(key), f"`tokenizers[{key!r}]`")
    got = an_id_list(ask(tokenizer, "encode", "Hello world 12345"), "the ids")
    assert got == ids, feedback(
        "these are another tokenizer's ids",
        asked=f"tokenizers[{key!r}].encode('Hello world 12345')",
        expected=ids,
        got=got,
    )
