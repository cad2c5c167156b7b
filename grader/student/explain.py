"""Explains an error of a student's own code: where it came out, what was in play, and what it usually means."""

import re
from collections.abc import Callable, Sequence

from grader.checks.cell import RaisedError
from grader.model import Exercise
from grader.student.course.errors import IMPORTS, TYPICAL, advice_by_values


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
    if advice := advice_by_values(error):
        return advice
    for pattern, words in (*TYPICAL, *_GENERAL):
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
    if name in IMPORTS:
        return f"Put `{IMPORTS[name]}` into this cell."
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


_GENERAL: Sequence[tuple[str, str | Callable[[re.Match[str]], str]]] = [
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
]
