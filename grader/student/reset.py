"""Puts an exercise back to how it came, after keeping the student's version aside."""

import hashlib
from datetime import datetime
from pathlib import Path

from grader.errors import KitError
from grader.model import Exercise
from grader.student.memory import FOLDER, Memory


def reset(exercise: Exercise, root: Path) -> Path | None:
    """Writes the stub, and starts the ladder of hints anew.

    Returns:
        Where the version before lies now; the file itself where there was none, None where there was nothing to reset.

    Raises:
        KitError: the file or its copy cannot be written; then the student's version stays as it is.
    """
    path = root / "exercises" / exercise.file
    stub = exercise.stub.lstrip("\n")
    before = path.read_bytes() if path.is_file() else None
    if before is not None and before.replace(b"\r\n", b"\n") == stub.encode():
        return None
    try:
        kept = _keep(path, before, root) if before is not None else path
        path.write_text(stub, encoding="utf-8")
    except OSError as error:
        raise KitError(f"{error.filename}: cannot be written ({error.strerror}); nothing was reset") from None
    Memory(root).keep_hints_shown(exercise.id, 0)
    return kept


def _keep(path: Path, before: bytes, root: Path) -> Path:
    folder = root / FOLDER / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    moment = datetime.now().astimezone().strftime("%Y-%m-%d_%H-%M-%S")
    # Two resets in one second must not share a name.
    kept = folder / f"{path.stem}.{moment}.{hashlib.sha256(before).hexdigest()[:6]}.py"
    kept.write_bytes(before)
    return kept
