"""What the visible and hidden suites are written with: `feedback`, and typed looks at a student's value.

A suite asks the student's code through the `cell` fixture and judges the plain values that come back. Every
look at a value here fails the check with advice when the value has the wrong type, so that a strange answer is
a wrong answer and never an accident of the test.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

from grader.proxy import Handle, MissingAnswerError, StudentError, supply

if TYPE_CHECKING:
    import torch

__all__ = [
    "Handle", "MissingAnswerError", "StudentError", "Wrong", "a_float", "a_mapping", "a_tensor", "a_text", "an_id_list",
    "either", "fail", "feedback", "is_handle", "supply", "type_name",
]


class Feedback(str):
    """Words for a learner. Hidden checks show `problem` and `hint` only; visible ones show everything."""

    __slots__ = ("asked", "expected", "got", "hint", "problem")

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
        return f"{self.problem}. {self.hint}".rstrip(". ") + "." if self.hint else self.problem


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


def fail(problem: str, **details: Any) -> NoReturn:  # noqa: ANN401 - passed on to feedback
    """Fails the check with this feedback."""
    raise Wrong(feedback(problem, **details))


def an_id_list(value: object, what: str) -> list[int]:
    """The value as a flat list of ints; a list, a tuple, or an integer tensor or array with one row will do.

    Args:
        value: what the student's code returned.
        what: what it is, for the message: "`encode(...)`".
    """
    if _is_tensor(value):
        value = value.reshape(-1).tolist() if value.ndim <= 2 and value.numel() == max(value.shape, default=1) else value  # type: ignore[attr-defined]
    if isinstance(value, (list, tuple)) and all(type(item) is int for item in value):
        return list(value)
    fail(f"{what} is not a list of token ids", expected="a flat list of whole numbers", got=value,
         hint="Return one int per token, in a list.")


def a_text(value: object, what: str) -> str:
    """The value as a string."""
    if isinstance(value, str):
        return value
    none = value is None
    fail(f"{what} {'returned None' if none else 'is not text'}", expected="a string", got=value,
         hint="Did you forget a `return`?" if none else "Join the pieces into one string.")


def a_mapping(value: object, what: str) -> dict[Any, Any]:
    """The value as a dict."""
    if isinstance(value, dict):
        return value
    fail(f"{what} is not a dictionary", expected="a dict", got=value, hint="Build it as `{key: value}`.")


def a_float(value: object, what: str) -> float:
    """The value as a finite number; a tensor with one element will do."""
    if _is_tensor(value) and value.numel() == 1:  # type: ignore[attr-defined]
        value = value.item()  # type: ignore[attr-defined]
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value == value and abs(value) != float("inf"):
        return float(value)
    fail(f"{what} is not a number", expected="a finite number", got=value)


def a_tensor(value: object, what: str, shape: tuple[int, ...] | None = None) -> "torch.Tensor":
    """The value as a tensor of finite numbers, checked for shape when one is given.

    A one-element tuple or list around the tensor is opened: older transformers return `(hidden_states,)`.
    """
    while isinstance(value, (list, tuple)) and len(value) >= 1 and _is_tensor(value[0]):
        value = value[0]
    if not _is_tensor(value):
        fail(f"{what} is not a tensor", expected="a torch.Tensor", got=value,
             hint="Did you forget a `return`?" if value is None else "Keep the tensor that the library returned.")
    tensor: torch.Tensor = value  # type: ignore[assignment]
    if shape is not None and tuple(tensor.shape) != shape:
        fail(f"{what} has the wrong shape", expected=shape, got=tuple(tensor.shape))
    if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
        fail(f"{what} holds NaN or infinity", expected="finite numbers", hint="A NaN often comes from memory that was never filled.")
    return tensor


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


def _is_tensor(value: object) -> bool:
    # By name: a suite that meets no tensor must not import torch.
    return type(value).__module__ == "torch" and type(value).__name__ == "Tensor"


def _short(value: object, limit: int = 300) -> str:
    if value == "":
        return ""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
