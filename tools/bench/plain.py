"""The hidden checks as plain calls: the same functions and asserts, in the process of the code that they check.

No fork, no wire, no wall: what a check asks for is called right away. This is what other graders run in the benchmark,
so that all of them judge the same, and what the floor is made of.
"""

import importlib.util
import inspect
import random
import zlib
from collections.abc import Callable, MutableMapping, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.catalog import Catalog
from grader.checks.cell import Cell, Handle, Supply, _error, _Line
from grader.errors import KitError
from grader.model import Exercise, Limits, SourceCell
from grader.offline import use_offline_models
from grader.offline.supply import supply
from grader.project import project_catalog, project_root
from grader.protocol.arrays import BFloat16Array
from grader.protocol.messages import Trouble
from grader.run.judge import reach_oracles
from grader.sandbox.answer import Answerer
from grader.sandbox.exercise import missing_givens, run_cells
from grader.sandbox.notebook import Notebook

_NUMBERS = ("torch.Tensor", "numpy.ndarray", "numpy.generic", "torch.dtype", "torch.device")


class PlainStudent:
    """A notebook right after an exercise's cells, and what is needed to run these again."""

    def __init__(self, exercise: Exercise, cells: Sequence[SourceCell], before: Notebook, notebook: Notebook) -> None:
        self.exercise, self.cells, self.before, self.notebook = exercise, cells, before, notebook
        self.limits: Limits = exercise.limits
        self.trouble: Trouble | None = None

    def ask(self, op: str, args: dict[str, Any]) -> Any:
        """Not for plain students."""
        raise NotImplementedError(op, args)

    def rerun(self, givens: dict[str, Any]) -> "PlainStudent":
        """The cells again, on a copy of the state before them."""
        notebook = self.before.copy()
        own = missing_givens(self.exercise.givens, notebook, supply)
        student = PlainStudent(self.exercise, self.cells, self.before, notebook)
        student.trouble = run_cells(notebook, self.exercise.id, self.cells, own | givens, self.exercise.names)
        return student


class PlainCell(Cell):
    """A cell whose objects are called in this process."""

    def __init__(self, student: PlainStudent) -> None:
        super().__init__(student)
        self._line = _PlainLine(student)

    def rerun(self, /, **givens: object) -> "PlainCell":
        """As behind the wall."""
        student: Any = self._line.student
        return PlainCell(student.rerun({name: self._line.pack(value) for name, value in givens.items()}))


class _PlainLine(_Line):
    """Asks without a wire; what is no plain data is still wrapped, since suites tell by that what it is."""

    def __init__(self, student: PlainStudent) -> None:
        super().__init__(student)
        self._notebook = student.notebook
        self._answerer = Answerer(student.notebook, supply)
        self._objects: list[object] = []

    def ask(self, op: str, **args: object) -> Any:
        action: Callable[..., object] = Answerer._ACTIONS[op]
        given = {name: self.pack(value) for name, value in args.items()}
        value, trouble, self.printed = self._notebook.call(lambda: action(self._answerer, **given))
        if trouble is not None:
            if trouble.type == "_MissingError":
                trouble = Trouble(kind="missing", message=trouble.message)
            raise _error(trouble, self.student.limits)
        return self._wrapped(value)

    def pack(self, value: object) -> Any:
        if isinstance(value, Handle):
            return self._objects[value._number]
        if isinstance(value, Supply):
            return supply(value.name)
        if type(value) in (list, tuple):
            return type(value)(self.pack(part) for part in value)  # type: ignore[call-arg,attr-defined]
        if type(value) is dict:
            return {key: self.pack(part) for key, part in value.items()}
        return _as_student_has_it(value)

    def _wrapped(self, value: Any) -> Any:  # noqa: PLR0911 - one return per kind of data
        if value is None or isinstance(value, (bool, int, float, str, bytes)):
            return value
        if isinstance(value, (list, range, type({}.keys()), type({}.values()), type({}.items()))):
            return list(map(self._wrapped, value))
        if isinstance(value, tuple):
            return tuple(map(self._wrapped, value))
        if isinstance(value, dict):
            return {self._wrapped(key): self._wrapped(part) for key, part in list(value.items())}
        if isinstance(value, (set, frozenset)):
            return set(value)
        kinds = {f"{cls.__module__}.{cls.__qualname__}" for cls in type(value).__mro__}
        if kinds.intersection(_NUMBERS):
            return _as_it_crosses(value)
        self._objects.append(value)
        return Handle(self, len(self._objects) - 1, type(value).__name__)


def _as_it_crosses(value: Any) -> Any:
    import torch

    if isinstance(value, torch.Tensor):
        plain = value.detach()
        return plain.float().numpy().view(BFloat16Array) if plain.dtype is torch.bfloat16 else plain.numpy()
    if hasattr(value, "tolist") and hasattr(value, "shape"):
        return value if value.shape else value.item()
    return str(value)


def _as_student_has_it(value: object) -> object:
    """Arrays as tensors."""
    if not isinstance(value, np.ndarray):
        return value
    import torch

    tensor = torch.from_numpy(np.array(value))
    return tensor.bfloat16() if isinstance(value, BFloat16Array) else tensor


class Plain:
    """One submission in this process: runs cells in order and checks each exercise right after its own."""

    def __init__(self) -> None:
        use_offline_models()
        self._notebook = Notebook()

    def run(self, source: str, exercise_id: str) -> PlainStudent:
        """The student after this cell of an exercise."""
        exercise, before = _catalog().get(exercise_id), self._notebook.copy()
        cells = [SourceCell(source=source)]
        student = PlainStudent(exercise, cells, before, self._notebook)
        givens = missing_givens(exercise.givens, before, supply)
        student.trouble = run_cells(self._notebook, exercise_id, cells, givens, exercise.names)
        return student


def check_student(student: PlainStudent, key: str = "") -> int:
    """Runs all hidden checks of the student's exercise; how many there were.

    Raises:
        AssertionError: one did not pass.
    """
    tests = tests_of(student.exercise)
    for name, test in tests.items():
        cell = PlainCell(student)
        cell.seed(zlib.crc32(f"cell {name} {key}".encode()))
        needed = inspect.signature(test).parameters
        rng = random.Random(zlib.crc32(f"{name} {key}".encode()))
        test(**{word: {"cell": cell, "rng": rng}[word] for word in needed})
    return len(tests)


@cache
def _catalog() -> Catalog:
    return project_catalog(project_root())


@cache
def _suite(file: str) -> ModuleType:
    name = f"test_{Path(file).stem.removeprefix('ex_')}"
    # By its place: the visible suite has the same name, and may be loaded already.
    suites = project_root() / "tests" / "hidden"
    reach_oracles(suites)
    spec = importlib.util.spec_from_file_location(f"hidden_{name}", suites / f"{name}.py")
    if spec is None or spec.loader is None:
        raise KitError(f"the hidden suite {name} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tests_of(exercise: Exercise) -> dict[str, Callable[..., None]]:
    """The hidden checks of an exercise by name."""
    return {name: test for name, test in vars(_suite(exercise.file)).items() if name.startswith("test_")}


class KernelNotebook(Notebook):
    """The namespace of a kernel that runs the cells itself, with what the latest one printed and displayed."""

    def __init__(self, namespace: MutableMapping[str, Any]) -> None:
        super().__init__()
        self.namespace = namespace  # type: ignore[assignment]
