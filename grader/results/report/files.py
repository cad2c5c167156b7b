"""Writes files so that nobody ever meets half of one."""

import os
import secrets
from pathlib import Path, PurePosixPath

from grader.errors import KitError


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Puts the content at the path: a reader sees the old file or the new one.

    Args:
        path: where to; folders on the way are made.
        content: what to write.
        durable: whether that holds after a power cut too. Waiting for the disk takes longer than rendering a page.

    Raises:
        KitError: the file cannot be written.
    """
    draft = path.with_name(f".{path.name[:60]}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with draft.open("xb") as file:
                file.write(content)
                file.flush()
                if durable:
                    os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise KitError(f"{path}: cannot be written ({why}); check the folder and the space on the disk") from error


def student_folder(out: Path, submission_id: str) -> Path:
    """The folder for one student's files: never outside of `out`, even when results.json was written by somebody else.

    Raises:
        KitError: the id is no file name.
    """
    name = PurePosixPath(submission_id)
    if submission_id in ("", ".", "..") or len(name.parts) != 1 or any(c in submission_id for c in "/\\\0"):
        raise KitError(f"results.json: {submission_id!r} cannot be a student's folder; grade again to get safe ids")
    return out / "students" / submission_id
