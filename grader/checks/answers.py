"""What the visible and hidden suites are written with: `feedback`, and typed looks at a student's value.

A suite asks the student's code through the `cell` fixture and judges the plain values that come back. Every
look at a value here fails the check with advice when the value has the wrong type, so that a strange answer is
a wrong answer and never an accident of the test.
"""

import random
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

from grader.checks.cell import Cell, Handle, MissingAnswerError, StudentError, supply

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "Cell",
    "Handle",
    "MissingAnswerError",
    "StudentError",
    "Wrong",
    "a_float",
    "a_handle",
    "a_list",
    "a_mapping",
    "a_table",
    "a_tensor",
    "a_text",
    "a_text_list",
    "a_token_list",
    "an_id_list",
    "ask",
    "either",
    "fail",
    "feedback",
    "fresh_words",
    "has_fractions",
    "is_handle",
    "is_tensor",
    "shape_of",
    "spoken_text",
    "supply",
    "type_name",
]


class Feedback(str):
    """Words for a learner. Hidden checks show `problem` and `hint` only; visible ones show everything."""

    problem: str
    asked: str
    expected: str
    got: str
    hint: str

    def __new__(cls, problem: str, asked: str, expected: str, got: str, hint: str) -> "Feedback":
        rows = [problem]
        rows += [f"  asked:    {asked}"] if asked else []
        rows += [f"  expected: {expected}"] if expected else []
        rows += [f"  got:      {got}"] if got else []
        rows += [f"  try:      {hint}"] if hint else []
        self = super().__new__(cls, "\n".join(rows))
        self.problem, self.asked, self.expected, self.got, self.hint = problem, asked, expected, got, hint
        return self

    @property
    def fixed(self) -> str:
        """The part that depends on nothing the student's code returned."""
        if not self.hint:
            return self.problem
        return f"{self.problem}. {self.hint}" + ("" if self.hint.endswith(("?", "!", ".")) else ".")


class Wrong(AssertionError):  # noqa: N818 - reads as a verdict: `raise Wrong(feedback(...))`
    """A wrong answer, with the feedback that says why."""


def feedback(problem: str, *, asked: object = "", expected: object = "", got: object = "", hint: str = "") -> Feedback:
    """The message of a failed check.

    Args:
        problem: what is wrong, in fixed words: no value that came from the student's code, no hidden input.
        asked: the question, for visible checks (`encode("hello")`).
        expected: what a right answer looks like.
        got: what came; shown by visible checks only, since a hidden one would leak its input through it.
        hint: what to try, in fixed words; never the answer itself.
    """
    return Feedback(problem, _short(asked), _short(expected), _short(got), hint)


def fail(problem: str, **details: Any) -> NoReturn:
    """Fails the check with this feedback."""
    raise Wrong(feedback(problem, **details))


def ask(whom: Cell | Handle, name: str, *args: object, **kwargs: object) -> Any:
    """What the function, class or method of that name gives; a failed check where the name holds something else.

    Args:
        whom: the cell, or an object on the student's side.
        name: of the function or method.
        *args: for the call.
        **kwargs: for the call.
    """
    found = whom.get(name) if isinstance(whom, Cell) else getattr(whom, name)
    return a_handle(found, f"`{name}`", hint=f"Keep `{name}` something that can be called.")(*args, **kwargs)


def a_handle(value: object, what: str, hint: str = "") -> Handle:
    """The value as a handle: something on the student's side that can be called or asked for attributes."""
    if isinstance(value, Handle):
        return value
    fail(
        f"{what} is plain data where a function, class or module was due",
        expected="an object to call or look into",
        got=value,
        hint=hint,
    )


MAX_ID = 1 << 62
"""No vocabulary comes near; a larger id fits into no tensor."""


def an_id_list(value: object, what: str) -> list[int]:
    """The value as a flat list of ints; a list, a tuple, an iterator, or an integer tensor with one row will do.

    Args:
        value: what the student's code returned.
        what: what it is, for the message: "`encode(...)`".
    """
    if is_tensor(value) and value.size == max(value.shape, default=1):  # type: ignore[attr-defined]
        value = value.reshape(-1).tolist()  # type: ignore[attr-defined]
    value = _opened(value)
    if isinstance(value, (list, tuple)) and all(type(item) is int and abs(item) < MAX_ID for item in value):
        return list(value)
    fail(
        f"{what} is not a list of token ids",
        expected="a flat list of whole numbers",
        got=value,
        hint="Return one int per token, in a list.",
    )


def a_text(value: object, what: str) -> str:
    """The value as a string."""
    if isinstance(value, str):
        return value
    none = value is None
    fail(
        f"{what} {'returned None' if none else 'is not text'}",
        expected="a string",
        got=value,
        hint="Did you forget a `return`?" if none else "Join the pieces into one string.",
    )


def spoken_text(value: object, printed: str, what: str) -> str:
    """What a function said: the string it returned (alone in a list, or as Markdown, will do), else what it printed.

    For checks that judge the words; one check of its own asks whether they were returned.
    """
    if isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict) and isinstance(value.get("generated_text"), str):
        value = value["generated_text"]
    if type_name(value) in ("Markdown", "HTML", "Pretty") and isinstance(value, Handle):
        value = value.data
    return printed if value is None and printed.strip() else a_text(value, what)


def a_list(value: object, what: str) -> list[Any]:
    """The value as a list; a tuple will do."""
    if isinstance(value, (list, tuple)):
        return list(value)
    fail(f"{what} is not a list", expected="a list", got=value)


def a_text_list(value: object, what: str) -> list[str]:
    """The value as a list of strings."""
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return list(value)
    fail(f"{what} is not a list of strings", expected="a list of strings", got=value)


def a_token_list(value: object, what: str) -> list[bytes]:
    """The value as a list of tokens, each as bytes: bytes objects, or strings that stand for their UTF-8."""
    value = _opened(value)
    if isinstance(value, (list, tuple)) and all(isinstance(item, (str, bytes)) for item in value):
        return [item if isinstance(item, bytes) else item.encode("utf-8", "replace") for item in value]
    fail(
        f"{what} is not a list of tokens",
        expected="a flat list of bytes objects",
        got=value,
        hint="Return the tokens themselves, one bytes object each.",
    )


def a_table(value: object, what: str, keys: type, items: type) -> dict[Any, Any]:
    """The value as a dict with keys and items of exactly these types; for int keys a list will do, too."""
    if isinstance(value, (list, tuple)) and keys is int:
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        fail(f"{what} is not a dictionary", expected="a dict", got=value, hint="Build it as `{key: value}`.")
    if not all(type(key) is keys and type(item) is items for key, item in value.items()):
        fail(
            f"{what} does not map {_WORDS[keys]} to {_WORDS[items]}",
            got=value,
            expected=f"a dict from {_WORDS[keys]} to {_WORDS[items]}",
            hint="Which way round is this dictionary read?",
        )
    return value


_WORDS = {int: "whole numbers", str: "strings"}


def a_mapping(value: object, what: str) -> dict[Any, Any]:
    """The value as a dict."""
    if isinstance(value, dict):
        return value
    fail(f"{what} is not a dictionary", expected="a dict", got=value, hint="Build it as `{key: value}`.")


def a_float(value: object, what: str) -> float:
    """The value as a finite number; a tensor with one element will do."""
    if is_tensor(value) and value.size == 1:  # type: ignore[attr-defined]
        value = value.item()  # type: ignore[attr-defined]
    if type(value) in (int, float) and abs(value) < sys.float_info.max:  # type: ignore[arg-type] # false for NaN, too
        return float(value)  # type: ignore[arg-type]
    fail(f"{what} is not a number", expected="a finite number", got=value)


def a_tensor(value: object, what: str, shape: tuple[int, ...] | None = None) -> "np.ndarray[Any, Any]":
    """The value as an array of finite numbers, checked for shape when one is given.

    A one-element tuple or list around the tensor is opened: older transformers return `(hidden_states,)`.
    """
    while isinstance(value, (list, tuple)) and len(value) >= 1 and is_tensor(value[0]):
        value = value[0]
    if not is_tensor(value):
        fail(
            f"{what} is not a tensor",
            expected="a torch.Tensor",
            got=value,
            hint="Did you forget a `return`?" if value is None else "Keep the tensor that the library returned.",
        )
    tensor: np.ndarray[Any, Any] = value  # type: ignore[assignment]
    if shape is not None and tensor.shape != shape:
        fail(f"{what} has the wrong shape", expected=shape, got=tensor.shape)
    if has_fractions(tensor) and not _is_finite(tensor):
        fail(
            f"{what} holds NaN or infinity",
            expected="finite numbers",
            hint="A NaN often comes from memory that was never filled.",
        )
    return tensor


def shape_of(value: object) -> tuple[int, ...]:
    """The shape of a tensor. Anything else has none, whatever an attribute of that name holds."""
    return tuple(value.shape) if is_tensor(value) else ()  # type: ignore[attr-defined]


def is_handle(value: object) -> bool:
    """Whether the value stayed on the student's side (a function, class, module, model) and came as a handle."""
    return isinstance(value, Handle)


def type_name(value: object) -> str:
    """The class name of a value; of the object behind it for a handle."""
    return value._type_name if isinstance(value, Handle) else type(value).__name__


def either(*attempts: Callable[[], object]) -> Iterator[object]:
    """The results of those attempts that neither raised nor came to nothing, in order.

    For spellings that vary from answer to answer: `for text in either(lambda: generate(k, p, "top_k"), ...)`.
    """
    for attempt in attempts:
        try:
            value = attempt()
        except (StudentError, MissingAnswerError):
            continue
        if value is not None:
            yield value


def fresh_words(rng: random.Random, count: int) -> list[str]:
    """So many different made-up words of lower-case letters, 6 to 9 letters long, that no corpus holds."""
    words: dict[str, None] = {}
    while len(words) < count:
        syllables = (rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(rng.randint(3, 4)))
        words["".join(syllables) + rng.choice(["", "x", "k"])] = None
    return list(words)


def is_tensor(value: object) -> bool:
    """Whether the value is an array: a student's tensor or array crosses as one."""
    # By name: a suite that meets no tensor must not import NumPy.
    return any(kind.__module__ == "numpy" and kind.__name__ == "ndarray" for kind in type(value).__mro__)


def has_fractions(value: object) -> bool:
    """Whether the value is an array of floating-point numbers."""
    return is_tensor(value) and value.dtype.kind == "f"  # type: ignore[attr-defined]


def _is_finite(array: "np.ndarray[Any, Any]") -> bool:
    import numpy as np

    return bool(np.isfinite(array).all())


def _opened(value: object) -> object:
    """The items of an iterator that stayed on the student's side; anything else as it is."""
    # By `iter` first: `list` would ask an iterator for its length, which it does not have.
    return list(iter(value)) if isinstance(value, Handle) and type_name(value) in _ITERATORS else value


_ITERATORS = {"generator", "map", "filter", "chain", "islice", "deque", "array"}


def _short(value: object, limit: int = 300) -> str:
    if isinstance(value, str) and not value:
        return ""
    # Tensors are arrays here; their authors know them by the other name.
    text = value if isinstance(value, str) else repr(value).replace("array(", "tensor(").replace(", dtype=float32", "")
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    # Half an emoji cannot be written to a terminal, and a control character may do anything there.
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)
