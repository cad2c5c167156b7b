"""The folder with the laid-out models: built once for each user and each state of the embedded data."""

import hashlib
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from platformdirs import user_cache_path

from grader.errors import KitError

DATA = Path(__file__).parent / "data"
CACHE_VARIABLE = "LM_PLAYGROUND_CACHE"
"""Environment variable that names another place for the folder."""

MARK = "lm-playground-models.txt"
"""A file that only a finished folder has."""

_LAYOUT_MODULES = ("checkpoint.py", "layout.py", "vocabulary.py", "weights.py")
_USED = (".bpe", ".json", ".safetensors", ".tokens")


def models_folder(data: Path = DATA) -> Path:
    """The folder with the laid-out models, built if it is not there yet.

    Raises:
        KitError: the folder cannot be written.
    """
    folder = cache_root() / f"models-{_key(data)}"
    if not (folder / MARK).is_file():
        _build(data, folder)
    return folder


def cache_root() -> Path:
    """Where the laid-out models are kept: $LM_PLAYGROUND_CACHE, else the user's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen).expanduser().absolute() if chosen else user_cache_path("lm-playground")


def _build(data: Path, folder: Path) -> None:
    """Builds beside the folder and renames, so that nobody ever sees half of it."""
    from grader.offline.layout import lay_out  # noqa: PLC0415 - numpy and safetensors only when there is work

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".building-", dir=folder.parent))
    except OSError as error:
        raise KitError(_cannot_write(folder.parent, error)) from error
    try:
        lay_out(data, work)
        (work / MARK).write_text("Made by lm-playground; safe to delete.\n", encoding="ascii")
        work.chmod(0o755)
        _publish(work, folder)
    except OSError as error:
        raise KitError(_cannot_write(folder.parent, error)) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _publish(work: Path, folder: Path) -> None:
    try:
        work.rename(folder)
    except OSError:
        # Another process was faster: what it built from the same data is as good.
        if not (folder / MARK).is_file():
            raise


def _cannot_write(place: Path, error: OSError) -> str:
    return (f"The offline models cannot be written to {place}: {error.strerror or error}. "
            f"Set {CACHE_VARIABLE} to a folder with 150 MB of free space.")


@cache
def _key(data: Path) -> str:
    """Names the content: of the data, and of the modules that lay it out."""
    digest = hashlib.blake2b(digest_size=8)
    code = [Path(__file__).with_name(name) for name in _LAYOUT_MODULES]
    used = sorted(path for path in data.rglob("*") if path.suffix in _USED)
    for path in [*code, *used]:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
