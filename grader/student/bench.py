"""The answers of one student, run in this process and asked by the visible checks."""

import os
import zlib
from collections.abc import Iterable, Sequence

from grader.catalog import Catalog
from grader.checks import plugin
from grader.checks.cell import RaisedError
from grader.model import SourceCell, Status
from grader.student.loopback import LoopbackSession, LoopbackStudent

_MODEL_WORDS = ("tiktoken", "transformers", "from_pretrained")
"""Words of cells that load a model or a tokenizer."""
_HEAVY_WORDS = (*_MODEL_WORDS, "torch", "numpy", "ipywidgets", "IPython")
"""Words of cells that import something slow."""


class StudentBench(plugin.Bench):
    """The answers in exercises/, run in this process."""

    show_values = True

    def __init__(self, catalog: Catalog, cells: list[SourceCell], attempted: frozenset[str]) -> None:
        super().__init__()
        self.catalog, self.cells, self.attempted = catalog, cells, attempted
        self.fingerprints: dict[str, str] = {}
        """By exercise: what its verdicts are remembered by."""
        self._session = LoopbackSession(catalog.exercise, cells)

    def student(self, exercise_id: str) -> LoopbackStudent:
        """The one student of this process."""
        self._prepare_models(exercise_id)
        return self._session.student(exercise_id)

    def seed(self, check: str) -> int:
        """Always the same for one check, so that a student sees the same question again."""
        return zlib.crc32(check.encode())

    def known(self, exercise_id: str) -> tuple[Status, str] | None:
        """Not attempted, while the blank is as it was shipped."""
        if exercise_id in self.attempted:
            return None
        return (
            Status.NOT_ATTEMPTED,
            f"{exercise_id} is not started: fill in the blank in {self.catalog.get(exercise_id).file}",
        )

    def raised(self, error: RaisedError, exercise_id: str) -> str:
        """The error with its line, what was in play there, and what it usually means."""
        from grader.student.explain import explained

        places = {cell.where for cell in self.cells if cell.exercise == error.where}
        return explained(error, exercise_id, self.catalog.exercise, places.pop() if len(places) == 1 else "")

    def _prepare_models(self, exercise_id: str) -> None:
        """The offline models, before the first cell runs that may load one."""
        last = max((i for i, cell in enumerate(self.cells) if cell.exercise == exercise_id), default=-1)
        if _has_word(self.cells[: last + 1], _MODEL_WORDS):
            from grader.offline.choice import use_wanted_models

            use_wanted_models()


def use_one_thread() -> None:
    """Lets torch compute with one thread, unless the environment says otherwise. Call it before torch is imported.

    The models are so small that threads gain nothing, and on a busy laptop threads that wait for each other cost a lot.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def is_heavy(cells: Iterable[SourceCell]) -> bool:
    """Whether running these cells imports something slow."""
    return _has_word(cells, _HEAVY_WORDS)


def _has_word(cells: Iterable[SourceCell], words: Sequence[str]) -> bool:
    return any(word in cell.source for cell in cells for word in words)
