"""What errors around tensors, tokenizers and models usually mean in the exercises of this course."""

import re
from collections.abc import Callable, Sequence

from grader.checks.cell import RaisedError

IMPORTS = {
    "torch": "import torch",
    "nn": "import torch.nn as nn",
    "F": "import torch.nn.functional as F",
    "np": "import numpy as np",
    "numpy": "import numpy",
    "math": "import math",
    "string": "import string",
    "random": "import random",
    "re": "import re",
    "tiktoken": "import tiktoken",
    "AutoTokenizer": "from transformers import AutoTokenizer",
    "AutoModelForCausalLM": "from transformers import AutoModelForCausalLM",
    "GPT2LMHeadModel": "from transformers import GPT2LMHeadModel",
    "GPT2TokenizerFast": "from transformers import GPT2TokenizerFast",
    "Counter": "from collections import Counter",
    "defaultdict": "from collections import defaultdict",
    "widgets": "import ipywidgets as widgets",
}
"""By name: how the exercises import it."""


def advice_by_values(error: RaisedError) -> str:
    """What the values in play say where the message says nothing; mostly empty."""
    is_entry = any(value.endswith("BatchEncoding") for value in error.values.values())
    return _ENTRY_OF_IDS if is_entry and error.type_name == "AttributeError" else ""


def _on_product(found: re.Match[str]) -> str:
    rows, inner, other, columns = found.groups()
    turned = f" ({rows}, {inner}) @ ({columns}, {other}) would: `.T` turns a matrix around." if inner == columns else ""
    return (
        f"({rows}, {inner}) @ ({other}, {columns}) does not fit: the last size of the left one, {inner}, has to be "
        f"the first size of the right one, {other}.{turned}"
    )


def _on_sizes(found: re.Match[str]) -> str:
    left, right, place = found.groups()
    return (
        f"Counted from 0, dimension {place} has {left} entries in one tensor and {right} in the other; they can be "
        "combined where both are equal or one is 1. Print both shapes."
    )


_TEXT_FOR_IDS = "A text stands where token ids belong. Turn it into ids first: `encode`, or the tokenizer."
_ENTRY_OF_IDS = 'The tokenizer gives something like a dictionary; the ids are its entry `["input_ids"]`.'
TYPICAL: Sequence[tuple[str, str | Callable[[re.Match[str]], str]]] = [
    (r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)", _on_product),
    (r"tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)", _on_sizes),
    (
        r"size mismatch, got input \((\d+)\), mat \(\d+x(\d+)\)",
        lambda found: f"The matrix has {found[2]} columns, so the vector needs as many entries.",
    ),
    (r"argument '(indices|input)' .*must be Tensor, not str", _TEXT_FOR_IDS),
    (r"'str' object has no attribute '(shape|size|to|dim|ndim|device|long|unsqueeze|numel)'", _TEXT_FOR_IDS),
    (
        r"argument 'ids'.*str|Can't extract `str`|(dimensions|data type) 'str'|'str' object cannot be interpreted",
        _TEXT_FOR_IDS,
    ),
    (
        r"argument '(indices|input)' .*must be Tensor, not list|'list' object has no attribute '(shape|size|to|dim)'",
        'A list stands where a tensor is due: `torch.tensor([ids])`, or ask the tokenizer with `return_tensors="pt"`.',
    ),
    (r"must be Tensor, not BatchEncoding", _ENTRY_OF_IDS),
    (r"scalar types: Long, Int; but got", "Token ids are whole numbers: make the tensor with dtype `torch.long`."),
    (
        r"IndexError: index out of range in self",
        "An id is larger than the table has rows: is it another tokenizer's, or a position behind the last one?",
    ),
    (r"cannot assign .* before Module\.__init__\(\) call", "Call `super().__init__()` first thing in `__init__`."),
    (
        r"not a local folder and is not a valid model|couldn't connect to|"
        r"cannot find the requested files|LocalEntryNot",
        "Only the models of the exercises are here. Is the name spelled as in the exercise?",
    ),
]
"""Patterns of `Type: message`, each with the advice, or with what makes the advice of the match."""
