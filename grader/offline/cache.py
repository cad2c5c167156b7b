"""The folder with the laid-out models: built once for each user and each state of the embedded data."""

import hashlib
import os
import shutil
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from platformdirs import user_cache_path

from grader.errors import KitError

DATA = Path(__file__).parent / "data"
CACHE_VARIABLE = "LM_PLAYGROUND_CACHE"
"""Environment variable that names another place for the folder."""

MARK = "lm-playground-models.txt"
"""A file that only a finished folder has: what else is in it, one `size path` a line."""

_LAYOUT_MODULES = ("checkpoint.py", "layout.py", "vocabulary.py", "weights.py")
_ABANDONED_S = 3600
_UNUSED_S = 30 * 24 * 3600
_USED = (".bpe", ".json", ".safetensors", ".tokens")


def models_folder(data: Path = DATA) -> Path:
    """The folder with the laid-out models, built if it is not there yet.

    Raises:
        KitError: the folder cannot be written, or the embedded data cannot be read.
    """
    folder = cache_root() / f"models-{_key(data)}"
    if not is_complete(folder):
        _build(data, folder)
    with suppress(OSError):
        os.utime(folder)  # says "in use" to `_sweep`
    return folder


def is_complete(folder: Path) -> bool:
    """Whether the folder holds all that was laid out; systems that clean caches may take single files."""
    try:
        lines = (folder / MARK).read_text(encoding="utf-8").splitlines()
        return lines == [_line(folder, folder / line.partition(" ")[2]) for line in lines]
    except OSError:
        return False


def cache_root() -> Path:
    """Where the laid-out models are kept: $LM_PLAYGROUND_CACHE, else the user's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen).expanduser().absolute() if chosen else user_cache_path("lm-playground")


def _build(data: Path, folder: Path) -> None:
    """Builds beside the folder and renames, so that nobody ever sees half of it."""
    from grader.offline.layout import lay_out

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder.parent)
        work = Path(tempfile.mkdtemp(prefix=".building-", dir=folder.parent))
    except OSError as error:
        raise KitError(_cannot_write(folder.parent, error)) from error
    try:
        lay_out(data, work)
        finish(work, folder)
    except OSError as error:
        missing = error.filename and Path(error.filename).is_relative_to(data)
        raise KitError(_cannot_read(error) if missing else _cannot_write(folder.parent, error)) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def finish(work: Path, folder: Path) -> None:
    """Marks what was built in `work` as whole and gives it its name.

    Raises:
        OSError: it cannot be renamed, and nobody else has built it in the meantime.
    """
    files = [path for path in sorted(work.rglob("*")) if path.is_file()]
    (work / MARK).write_text("\n".join(_line(work, path) for path in files), encoding="utf-8")
    work.chmod(0o755)
    _publish(work, folder)


def _sweep(place: Path) -> None:
    """Removes what killed builders left, and what older versions of the kit built and nobody used for long."""
    ages = [(path, _ABANDONED_S) for path in place.glob(".building-*")]
    ages += [(path, _UNUSED_S) for path in place.glob("models-*")]
    for path, age_s in ages:
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > age_s:
                shutil.rmtree(path, ignore_errors=True)


def _line(folder: Path, path: Path) -> str:
    return f"{path.stat().st_size} {path.relative_to(folder).as_posix()}"


def _publish(work: Path, folder: Path) -> None:
    try:
        if folder.exists() and not is_complete(folder):
            damaged = folder.rename(work.with_name(f"{work.name}-damaged"))
            shutil.rmtree(damaged, ignore_errors=True)
        work.rename(folder)
    except OSError:
        # Another process was faster: what it built from the same data is as good.
        if not is_complete(folder):
            raise


def _cannot_read(error: OSError) -> str:
    return f"The kit is incomplete: {error.filename} cannot be read ({error.strerror}). Unpack and install it again."


def _cannot_write(place: Path, error: OSError) -> str:
    return (
        f"The offline models cannot be written to {place}: {error.strerror or error}. "
        f"Set {CACHE_VARIABLE} to a folder with 150 MB of free space."
    )


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
