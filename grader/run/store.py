"""Keeps each verdict the moment it is there, so that a run that was cut off goes on where it stopped.

One SQLite file per results folder, one transaction per submission. It uses SQLite's ordinary rollback journal and not
WAL: results folders lie on network drives, where WAL does not work. Two runs may write to the same folder; each waits
for the other.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from grader.errors import KitError
from grader.model import SubmissionResult

FORMAT = 1
_WAIT_S = 30.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS results (
    key TEXT PRIMARY KEY,
    submission TEXT NOT NULL,
    saved_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    result BLOB NOT NULL
) WITHOUT ROWID
"""


def resume_key(  # noqa: PLR0913 - the list of what matters is the point
    *,
    submission_id: str,
    sha256: str,
    suite: str,
    kit_version: str,
    models: str,
    exercises: Iterable[str],
    limits: object,
    walls: Iterable[str],
    proven: bool,
    seed: str = "",
) -> str:
    """The name of a verdict in the store: anything that could change the verdict changes the name.

    Args:
        submission_id: two identical uploads differ in it, and both get an entry.
        sha256: the submission's content.
        suite: a hash of the hidden checks.
        kit_version: the version of the grader.
        models: a hash or name of the models that were used.
        exercises: the ids that were chosen, in any order.
        limits: the limits that were set; plain data or a Struct.
        walls: the walls that stood, in any order.
        proven: whether the verdict can be trusted against a hostile submission.
        seed: what the hidden inputs were drawn from.
    """
    parts = {
        "format": FORMAT,
        "submission_id": submission_id,
        "sha256": sha256,
        "suite": suite,
        "kit_version": kit_version,
        "models": models,
        "exercises": sorted(exercises),
        "limits": msgspec.to_builtins(limits),
        "walls": sorted(walls),
        "proven": proven,
        "seed": seed,
    }
    return hashlib.sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()


class Store:
    """The verdicts of a results folder, by resume key. Each process opens its own."""

    def __init__(self, path: Path) -> None:
        """Opens the file, or makes it.

        Raises:
            KitError: it is damaged, of a newer kit, or cannot be opened.
        """
        self._path = path
        self._lock = threading.Lock()
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def save(self, key: str, result: SubmissionResult) -> None:
        """Keeps a verdict; one that is there under this key is replaced. On the disk when this returns.

        Raises:
            KitError: the file cannot be written.
        """
        row = (key, result.id.encode("utf-8", "replace").decode(), msgspec.json.encode(result))
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO results (key, submission, result) VALUES (?, ?, ?)", row)

    def load(self, key: str) -> SubmissionResult | None:
        """The verdict under this key, or None.

        Raises:
            KitError: the file is damaged, or what it holds is no verdict.
        """
        with self._lock, self._explained():
            row = self._db.execute("SELECT result FROM results WHERE key = ?", (key,)).fetchone()
        return self._decoded(row[0]) if row else None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keeps other runs from writing to the folder: they wait, for half a minute at most.

        Raises:
            KitError: another run has kept the file busy.
        """
        with self._transaction():
            yield

    def __len__(self) -> int:
        """How many verdicts are kept."""
        with self._lock, self._explained():
            return int(self._db.execute("SELECT count(*) FROM results").fetchone()[0])

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the file."""
        self.close()

    def _prepare(self) -> None:
        found = self._db.execute("PRAGMA user_version").fetchone()[0]
        if found > FORMAT:
            raise KitError(f"{self._path}: written by a newer kit; update this one, or grade into another folder")
        # A full read once per run; what is damaged shows up here and not in the middle of the night.
        verdict = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        self._db.execute("PRAGMA synchronous = FULL")
        if found < FORMAT:
            self._db.execute("BEGIN IMMEDIATE")  # another run may be making the same file; the second one finds it made
            self._make()
            self._db.execute("COMMIT")

    def _make(self) -> None:
        made = self._db.execute("PRAGMA user_version").fetchone()[0]
        if not made and self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise KitError(f"{self._path}: a database of another program; move it away, or choose another --out folder")
        self._db.execute(_SCHEMA)
        self._db.execute(f"PRAGMA user_version = {FORMAT}")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._explained():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turns SQLite's errors into ones that say what to do."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise KitError(f"{self._path}: {_advice(error)}") from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(str(error)) from error
        except OSError as error:
            raise KitError(f"{self._path}: cannot be opened ({error.strerror}); choose another --out folder") from error

    def _decoded(self, blob: Any) -> SubmissionResult:
        try:
            return msgspec.json.decode(blob, type=SubmissionResult)
        except (msgspec.MsgspecError, TypeError, UnicodeDecodeError) as error:
            raise self._damaged(f"an entry is no verdict: {error}") from error

    def _damaged(self, why: str) -> KitError:
        return KitError(
            f"{self._path}: damaged ({why}). Nothing was deleted: move the file away to keep it, "
            "or bring it back from a backup, and grade again; without it all submissions are graded anew"
        )


def _advice(error: sqlite3.OperationalError) -> str:
    text = str(error)
    if "locked" in text or "busy" in text:
        return f"another run has kept it busy for {_WAIT_S:.0f} s; wait for that run, or choose another --out folder"
    if "full" in text:
        return "the disk is full; make room and start again, what was graded so far is kept"
    if "readonly" in text or "unable to open" in text:
        return "cannot be written; check the folder's permissions, or choose another --out folder"
    return f"the database cannot be used ({text}); choose another --out folder"
