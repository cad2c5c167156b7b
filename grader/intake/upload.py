"""What someone handed in: names and bytes, not yet looked into."""

from pathlib import Path
from typing import Literal

import msgspec

from grader.model import Struct

Kind = Literal["folder", "zip", "notebook", "module", "other"]
"""What an upload is; `other` goes with `rejected` only."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Where one submission lies on the disk; nothing of it has been read."""

    id: str
    """Unique in the run and safe as a file name."""
    path: Path
    kind: Kind
    rejected: str | None = None
    """Why it will not be read."""
    parts: tuple[tuple[str, Path], ...] = ()
    """For a folder that is put together from files: the name in it and the path of each."""
    notes: tuple[str, ...] = ()
    """What its student should know about how it was found."""
    shown_as: str = ""
    """The path for people, where the file itself was copied to another place."""

    @property
    def source(self) -> str:
        """The path as people may see it: always text, whatever bytes the name is made of."""
        return (self.shown_as or str(self.path)).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class Upload(Struct, frozen=True, kw_only=True):
    """The bytes of one submission."""

    id: str
    """Unique in the run and safe as a file name."""
    source: str
    """The original path, for people."""
    sha256: str
    """Over the kind, the names and the bytes."""
    kind: Kind
    files: tuple[tuple[str, bytes], ...] = ()
    """Name inside the upload (`exercises/ex_1_1_word_level.py`) and content; one entry unless it is a folder."""
    notes: tuple[str, ...] = ()
    """What was left out, and why."""
    rejected: str | None = None
    """Why nothing of it can be graded, in one line."""
