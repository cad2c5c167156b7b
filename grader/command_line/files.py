"""Writes files so that nobody ever meets half of one."""

import os
import secrets
import stat
from pathlib import Path

from grader.errors import KitError


def write_whole(path: Path, content: bytes, *, within: Path | None = None, durable: bool = True) -> None:
    """Puts the content at the path: a reader sees the old file or the new one.

    Args:
        path: where to; folders on the way are made.
        content: what to write.
        within: the folder that must not be left: no folder on the way from there may be a link.
        durable: whether that holds after a power cut too. Waiting for the disk takes longer than rendering a page.

    Raises:
        KitError: the file cannot be written, or something else than an ordinary file is there.
    """
    check_place(path, within or path.parent)
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


def check_place(path: Path, within: Path) -> None:
    """Makes sure that a file at the path is one, and lies in the folder `within`.

    Raises:
        KitError: a link, a FIFO or the like is there, or on the way from `within`.
    """
    way = [path, *(folder for folder in path.parents if folder.is_relative_to(within) and folder != within)]
    for place in way:
        try:
            mode = place.lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            continue
        if not (stat.S_ISREG(mode) if place == path else stat.S_ISDIR(mode)):
            wanted = "file" if place == path else "folder"
            raise KitError(f"{place}: not an ordinary {wanted}; move it away, or choose another folder")
