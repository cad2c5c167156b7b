"""Explains an error of a student's own code: where it came out, what was in play, and what it usually means."""

import re
from collections.abc import Callable, Sequence

from grader.checks.cell import RaisedError
from grader.model import Exercise

_IMPORTS = {
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


def explained(error: RaisedError, exercise_id: str, exercises: Sequence[Exercise], cell: str = "") -> str:
    """The error in words for its author.

    Args:
        error: what their code raised.
        exercise_id: the exercise that was checked.
        exercises: the catalogue.
        cell: where the code of `error.where` stands: a file, a cell of a notebook.
    """
    place = f"in line {error.line} of {error.where}" if error.line else "in a library, called by none of your lines"
    rows = [f"your code stopped {place}{f' ({cell})' if cell and error.line else ''}"]
    rows += [f"    {error.text}"] if error.text else []
    rows += [f"  {error.type_name}: {error.message}" if error.message else f"  {error.type_name}"]
    for number, (name, value) in enumerate(error.values.items()):
        rows.append(f"  {'' if number else 'here:':<9} {name} is {value}")
    advice = error.limit or advice_on(error, exercise_id, exercises)
    rows += [f"  try:      {advice}"] if advice else []
    return "\n".join(rows)


def advice_on(error: RaisedError, exercise_id: str, exercises: Sequence[Exercise]) -> str:
    """What such an error usually comes from; empty for one that is not typical."""
    if error.type_name in ("NameError", "UnboundLocalError"):
        return _on_name(error, exercise_id, exercises)
    if "NoneType" in error.message:
        return _on_none(error)
    if error.type_name == "AttributeError" and any(value.endswith("BatchEncoding") for value in error.values.values()):
        return _ENTRY_OF_IDS
    for pattern, words in _TYPICAL:
        found = re.search(pattern, f"{error.type_name}: {error.message}", re.DOTALL)
        if found:
            return words(found) if callable(words) else words
    return f"Did you mean `{error.near}`?" if error.near else ""


def _on_name(error: RaisedError, exercise_id: str, exercises: Sequence[Exercise]) -> str:
    found = re.search(r"'(\w+)'", error.message)
    name = found[1] if found else ""
    if error.type_name == "UnboundLocalError":
        return (
            f"This function gives `{name}` a value further down, which makes it a name of the function's own. "
            "Give it one before this line, or take another name."
        )
    if name in _IMPORTS:
        return f"Put `{_IMPORTS[name]}` into this cell."
    owner = next((e for e in exercises if name in e.answers and e.id != exercise_id), None)
    if error.near:
        return f"Did you mean `{error.near}`?"
    if owner is not None:
        return (
            f"`{name}` is an answer of {owner.id} ({owner.file}). That cell runs before this one: finish it first, "
            "or define the name here."
        )
    return f"No cell that runs before this line defines `{name}`. A cell that you deleted or renamed does not count."


def _on_none(error: RaisedError) -> str:
    empty = [name for name, value in error.values.items() if value == "None"]
    what = f"`{empty[0]}` is None" if empty else "Something in this line is None"
    return f"{what}. A function without `return` gives None: does the one that made it end in a `return`?"


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
_TYPICAL: Sequence[tuple[str, str | Callable[[re.Match[str]], str]]] = [
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
    (r"KeyError: ", "The dictionary has no such key. Print its keys; `.get(key, default)` gives a default instead."),
    (r"list indices must be integers or slices, not str", "A list is asked by place, a dictionary by name."),
    (
        r"(missing \d+ required positional|takes \d+ positional arguments? but|unexpected keyword argument)",
        "Compare the parameters in the `def` with this call; a method has `self` before all others.",
    ),
    (
        r"'(dict|list|str|int|tuple|Tensor|float)' object is not callable",
        "Round brackets call a function; square brackets look something up. Or does a variable hide a function?",
    ),
    (r"RecursionError", "A function calls itself without end. Does it mean another one of the same name?"),
    (
        r"ModuleNotFoundError: No module named '([\w.]+)'",
        lambda found: f"`pip install {found[1].partition('.')[0]}` in this environment, or do without it.",
    ),
    (r"expected an indented block", "The line above needs something indented below it; `pass` will do for now."),
    (r"IndentationError|TabError", "The lines of one block start in the same column: blanks only, no tabs."),
    (r"SyntaxError", "Python cannot read this line. Look for a bracket, a quote or a colon, here or one line above."),
    (
        r"not a local folder and is not a valid model|couldn't connect to|"
        r"cannot find the requested files|LocalEntryNot",
        "Only the models of the exercises are here. Is the name spelled as in the exercise?",
    ),
]
