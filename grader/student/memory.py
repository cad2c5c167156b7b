"""What the kit remembers for a student between two commands, in `.playground/` beside exercises/.

Nothing in there is needed: whoever deletes the folder starts with the first hint again and waits for fresh verdicts.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from grader import __version__
from grader.model import CheckResult, Struct

FOLDER = ".playground"


class Verdicts(Struct, frozen=True, kw_only=True):
    """The verdicts of an exercise, and of which code they are."""

    fingerprint: str
    results: tuple[CheckResult, ...]


class _Kept(Struct, frozen=True, kw_only=True):
    hints: dict[str, int] = msgspec.field(default_factory=dict)
    """How many hints of an exercise were shown."""
    verdicts: dict[str, Verdicts] = msgspec.field(default_factory=dict)


class Memory:
    """Reads and writes that folder. Where it cannot be written, nothing is remembered and nobody is bothered."""

    def __init__(self, root: Path) -> None:
        self.folder = root / FOLDER
        self._file = self.folder / "memory.json"

    def hints_shown(self, exercise_id: str) -> int:
        """How many hints of that exercise were shown so far."""
        return self._read().hints.get(exercise_id, 0)

    def keep_hints_shown(self, exercise_id: str, count: int) -> None:
        """Remembers how many hints were shown."""
        kept = self._read()
        self._write(_Kept(hints=kept.hints | {exercise_id: count}, verdicts=kept.verdicts))

    def verdicts(self, exercise_id: str, fingerprint: str) -> tuple[CheckResult, ...] | None:
        """The verdicts on exactly this code; None when there are none."""
        known = self._read().verdicts.get(exercise_id)
        return known.results if known is not None and known.fingerprint == fingerprint else None

    def keep_verdicts(self, verdicts: dict[str, Verdicts]) -> None:
        """Remembers the verdicts of these exercises."""
        kept = self._read()
        self._write(_Kept(hints=kept.hints, verdicts=kept.verdicts | verdicts))

    def _read(self) -> _Kept:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=_Kept)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):  # new, damaged, or of another version
            return _Kept()

    def _write(self, kept: _Kept) -> None:
        try:
            self.folder.mkdir(exist_ok=True)
            # Written aside and moved: `watch` and `pytest` may do this at the same time.
            handle, name = tempfile.mkstemp(dir=self.folder, suffix=".tmp")
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(kept))
            Path(name).replace(self._file)
        except OSError:
            return


def fingerprint(sources: Iterable[str], suite: Path) -> str:
    """What stands for this code under these checks; another one means that old verdicts say nothing any more."""
    parts: Sequence[bytes] = [__version__.encode(), suite.read_bytes(), *(source.encode() for source in sources)]
    return hashlib.sha256(b"".join(b"%d:%b" % (len(part), part) for part in parts)).hexdigest()
