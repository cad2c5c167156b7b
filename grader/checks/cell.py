"""The `cell` that suites talk to: a proxy for one exercise's cell as it stood right after it ran.

It holds no student object, only a way to ask. The same proxy serves the student's own `pytest`, where the answers
come from this process, and the grader, where they come across the wall.
"""

from collections.abc import Iterator
from typing import Any

from grader.model import Limits, Status
from grader.protocol.messages import Trouble
from grader.protocol.student import NO_ANSWER, LostError, Student
from grader.protocol.values import MAX_NODES, WireError, from_tree, to_tree


class MissingAnswerError(Exception):
    """The cell does not define `name`; or, with no name, a value cannot be looked at as data."""

    def __init__(self, message: str, name: str | None = None) -> None:
        super().__init__(message)
        self.name = name


class RaisedError(Exception):
    """The student's code raised: an error of its own, or one that says a limit was reached."""

    def __init__(self, trouble: Trouble, limits: Limits) -> None:
        super().__init__(f"{trouble.type}: {trouble.message}")
        self.limit = limits.in_words(trouble.kind)
        """What it ran out of, in words; empty for most errors."""
        self.type_name, self.message, self.line, self.where = trouble.type, trouble.message, trouble.line, trouble.where
        self.text, self.values, self.near = trouble.text, trouble.values, trouble.near
        self.status = Status.OUT_OF_MEMORY if trouble.kind == "memory" else Status.ERRORED


class StudentError(RaisedError):
    """The student's code raised an error of its own."""


class OverLimitError(RaisedError):
    """The student's code ran out of something. A suite that makes words of errors must not take it for one."""


class StudentAttributeError(StudentError, AttributeError):
    """The object on the student's side has no such attribute."""


class Supply:
    """Stands for a library object that is built on the student's side, by its name in `grader.offline.supply`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


def supply(name: str) -> Supply:
    """A given that cannot travel as data, such as a model: `cell.rerun(gpt2=supply("gpt2_model:7"))`."""
    return Supply(name)


class _Line:
    """Asks one student, packs arguments and unpacks values."""

    def __init__(self, student: Student) -> None:
        self.student = student
        self.printed = ""

    def ask(self, op: str, **args: object) -> Any:
        try:
            reply = self.student.ask(op, {name: self.pack(value) for name, value in args.items()})
        except WireError:  # what the suites themselves send always fits, so this is a value that came from there
            raise MissingAnswerError("a value cannot be handed back to your code") from None
        self.printed = reply.printed
        if reply.trouble is not None:
            raise _error(reply.trouble, self.student.limits)
        try:
            return from_tree(reply.value, self._open)
        except WireError:  # its text may hold what the process sent: not for anybody's eyes
            raise LostError(Status.CRASHED, NO_ANSWER) from None

    def pack(self, value: object) -> Any:
        return to_tree(value, self._keep)

    def _keep(self, value: object) -> dict[str, Any] | None:
        if isinstance(value, Supply):
            return {"supply": value.name}
        if isinstance(value, Handle) and value._line is self:
            return {"handle": value._number}
        return None

    def _open(self, tag: str, content: object) -> object:
        if tag != "handle" or not isinstance(content, dict) or set(content) != {"id", "type"}:
            raise WireError("unknown tag")
        number, type_name = content["id"], content["type"]
        if type(number) is not int or type(type_name) is not str:
            raise WireError("handle: a number and a class name were due")
        return Handle(self, number, type_name[:200])


def _error(trouble: Trouble, limits: Limits) -> Exception:
    if trouble.kind in ("missing", "not_plain"):
        return MissingAnswerError(trouble.message)
    if trouble.type == "AttributeError":
        return StudentAttributeError(trouble, limits)
    return OverLimitError(trouble, limits) if limits.in_words(trouble.kind) else StudentError(trouble, limits)


class Handle:
    """An object that stayed on the student's side: call it, index it, ask for attributes, iterate."""

    __slots__ = ("_line", "_number", "_type_name")

    def __init__(self, line: _Line, number: int, type_name: str) -> None:
        self._line, self._number, self._type_name = line, number, type_name

    def __call__(self, /, *args: object, **kwargs: object) -> Any:
        """What the object gives when it is called."""
        return self._line.ask("call", target=self, args=list(args), kwargs=kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return self._line.ask("attr", target=self, name=name)

    def __getitem__(self, key: object) -> Any:
        return self._line.ask("item", target=self, key=key)

    def __len__(self) -> int:
        return _a_size(self._line.ask("len", target=self))

    def __iter__(self) -> Iterator[Any]:
        values = self._line.ask("iter", target=self)
        return iter(values if isinstance(values, list) else [])

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<{self._type_name} on the student's side>"


def _a_size(value: object) -> int:
    # `list(handle)` reserves memory by this number before the first item comes
    return value if type(value) is int and 0 <= value <= MAX_NODES else 0


class Cell:
    """The names of one exercise's cell, and the cell itself to run again with other givens."""

    def __init__(self, student: Student, other_names: dict[str, str] | None = None) -> None:
        self._line = _Line(student)
        self.other_names = other_names if other_names is not None else {}
        """Names that the student chose in place of the notebook's own, by the latter."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name == "output":  # Python comes here when the property's own question ended in an AttributeError
            raise MissingAnswerError("what the cell printed cannot be read")
        return self.get(name)

    def get(self, name: str) -> Any:
        """The value of a global name, or a handle to it.

        Raises:
            MissingAnswerError: the cell does not define it.
            StudentError: the cell raised before it came to define it.
        """
        try:
            return self._line.ask("get", name=self.other_names.get(name, name))
        except MissingAnswerError as error:
            stopped = self._line.student.trouble
            if stopped is not None:
                raise _error(stopped, self._line.student.limits) from None
            raise MissingAnswerError(str(error), None if self.has(name) else name) from None

    def has(self, name: str) -> bool:
        """Whether the name is defined."""
        return self._line.ask("has", name=self.other_names.get(name, name)) is True

    def names(self, *, own: bool = False) -> dict[str, str]:
        """Every global that the student's cells defined so far, with its class name; or those of this cell alone."""
        found = self._line.ask("names", own=own)
        if not isinstance(found, dict):
            return {}
        return {k: v for k, v in found.items() if isinstance(k, str) and isinstance(v, str)}

    @property
    def output(self) -> str:
        """What the exercise's cell printed and displayed."""
        text = self._line.ask("output")
        return text if isinstance(text, str) else ""

    @property
    def last_output(self) -> str:
        """What the student's code printed during the latest question."""
        return self._line.printed

    @property
    def stopped(self) -> str:
        """Where and why the cell stopped before its end, in words for its author; empty when it did not."""
        trouble = self._line.student.trouble
        if trouble is None:
            return ""
        place = f"in line {trouble.line} " if trouble.line else ""
        return f"{place}with {trouble.type}: {trouble.message}"

    @property
    def stop(self) -> RaisedError | None:
        """The error that stopped the cell before its end; None when it came there."""
        trouble = self._line.student.trouble
        error = _error(trouble, self._line.student.limits) if trouble is not None else None
        return error if isinstance(error, RaisedError) else None

    def seed(self, number: int) -> None:
        """Seeds torch, random and numpy on the student's side."""
        self._line.ask("seed", number=number)

    def probe(self, name: str, /, *args: object, **kwargs: object) -> Any:
        """The result of `grader.sandbox.course.probes.<name>`, run on the student's side."""
        return self._line.ask("probe", name=name, args=list(args), kwargs=kwargs)

    def rerun(self, /, **givens: object) -> "Cell":
        """A fresh cell: this one run again, from the state before it, with other givens.

        The first top-level assignment of each given takes the new value; a given that the cell does not assign
        is defined before it runs.
        """
        student = self._line.student.rerun({name: self._line.pack(value) for name, value in givens.items()})
        return Cell(student, self.other_names)
