"""Hands damaged notebooks and zips to intake, in this process, and counts what becomes of them.

    python fuzz_uploads.py [--notebooks 2000] [--zips 500] [--seed 1]

Each must end in cells or in one clean line, within the time that reading may take; anything else is printed, and makes the
exit code 1. The same seed makes the same uploads.
"""

import argparse
import io
import json
import random
import signal
import struct
import sys
import time
import traceback
import unicodedata
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from grader.catalog import load_catalog  # noqa: E402 - the checkout's own packages are not on the path of a script
from grader.intake.local import parse_arguments  # noqa: E402
from grader.intake.parse import parse  # noqa: E402
from grader.intake.receive import MAX_NOTE_CHARS, submission_from  # noqa: E402
from grader.intake.upload import Upload  # noqa: E402
from grader.model import to_json  # noqa: E402
from tools.build import read_course, solution_notebook  # noqa: E402
from tools.course_notebook import course_notebook  # noqa: E402

HANG_S = 20
"""What the grader gives a reading process; the alarm rings then."""
EVIL = [
    "<script>alert(1)</script>",
    "\x1b]0;x\x07",
    "\u202e",
    "\ud800",
    "\0",
    "=1+1",
    "\u2028",
    "\ufeff",
    "a\nb",
    "'" * 3,
    "{{x}}",
    "%s",
]
VALUES: list[Callable[[random.Random], Any]] = [
    lambda _: None,
    lambda _: True,
    lambda _: -1,
    lambda _: 10**4000,
    lambda _: 1e308,
    lambda _: "",
    lambda _: [],
    lambda _: {},
    lambda rng: rng.choice(EVIL),
    lambda rng: "x" * rng.choice([1, 100, 200_000]),
    lambda rng: [rng.choice(EVIL)] * 50,
    lambda rng: nested(rng.choice([5, 500])),
    lambda rng: {text: text for text in EVIL},
    lambda rng: ["a = 1\n", 7],
]
TOKENS = [
    "\0",
    "\xff\xfe",
    "\ufeff",
    "[" * 3000,
    "]" * 50,
    "{" * 3000,
    '"',
    "\\",
    "\\ud800",
    "NaN",
    "9" * 5000,
    "1e99999",
    ",",
    ",]",
    ":",
    "null",
    "\n<<<<<<< HEAD\n",
    "\\u0000",
    "/*",
    "'",
    "\r",
    "\x1b[2J",
    '"cells":',
    '"source":',
    "\\x",
]
CODE = [
    "(",
    ")",
    "[",
    "'''",
    '"""',
    "f'{",
    "\\\n",
    "\n",
    "\t",
    "\0",
    "#",
    "%%bash\n",
    "%%time\n",
    "!ls \\\n",
    "%matplotlib\n",
    "x?",
    "?x",
    "x = !ls\n",
    "if a:\n ",
    "elif a: 1\n",
    "lambda:",
    "-",
    "not ",
    "a.",
    "await ",
    "\x0c",
    "\u2028",
    "\xa0",
    "def encode(t):\n",
    "vocab = 1\n",
    "from grader import *\n",
    "\ud800",
    "class A(",
    "`",
    "$",
    "match x:\n case ",
    "# %% [markdown]\n",
    "import torch\n",
    "x" * 500,
    "7" * 5000,
    " " * 500,
    "\r",
    ";",
    "**",
    "@",
    "global a\n",
    "=\n",
]


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


# --- notebooks ----------------------------------------------------------------------------


def a_notebook(rng: random.Random, seeds: Sequence[str]) -> bytes:
    """A good notebook, damaged as a value, in its code, or in its bytes, or in all three ways."""
    raw = json.loads(rng.choice(seeds))
    for _ in range(rng.choice([0, 1, 1, 3, 20])):
        change_value(rng, raw)
    for _ in range(rng.choice([0, 1, 1, 5])):
        change_code(rng, raw)
    data = json.dumps(raw, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 1])).encode(
        "utf-8", "surrogatepass"
    )
    for _ in range(rng.choice([0, 0, 0, 0, 0, 1, 3])):
        data = change_bytes(rng, data)
    return rng.choice([b""] * 16 + [b"\xef\xbb\xbf", b"\xff\xfe", b" \n"]) + data


def change_value(rng: random.Random, raw: Any) -> None:
    """Puts something in the place of a value, takes one out, doubles one, or renames a key."""
    cells = raw.get("cells") if isinstance(raw, dict) and rng.random() < 0.9 else None
    holder, key = cells if isinstance(cells, list) else raw, None
    for _ in range(rng.randrange(1, 6)):
        keys: Sequence[Any] = (
            list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        )
        if not keys:
            break
        key, parent = rng.choice(keys), holder
        if rng.random() < 0.3 or not isinstance(holder[key], (dict, list)):
            break
        holder = holder[key]
        key = None
    if key is None:
        return
    move = rng.randrange(4)
    if move == 0:
        parent[key] = rng.choice(VALUES)(rng)
    elif move == 1:
        del parent[key]
    elif isinstance(parent, list):
        parent[key:key] = [parent[key]] * rng.choice([1, 2, 300]) if move == 2 else [rng.choice(VALUES)(rng)]
    else:
        parent[rng.choice([*EVIL, "cells", "source", "id", "cell_type", "worksheets", "input"])] = parent[key]


def change_code(rng: random.Random, raw: Any) -> None:
    """Puts pieces of Python, and of what is none, into a cell."""
    cells = raw.get("cells") if isinstance(raw, dict) else None
    cells = (
        [c for c in cells if isinstance(c, dict) and isinstance(c.get("source"), (str, list))]
        if isinstance(cells, list)
        else []
    )
    if cells:
        cell = rng.choice(cells)
        text = cell["source"] if isinstance(cell["source"], str) else "".join(map(str, cell["source"]))
        cell["source"] = changed_text(rng, text)


def changed_text(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text) + 1)
    piece = "".join(rng.choice(CODE) for _ in range(rng.choice([1, 2, 6]))) * rng.choice([1, 1, 2, 50, 3000])
    return text[:place] + piece[:140_000] + text[place + rng.choice([0, 0, 1, 40]) :]


def change_bytes(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data) + 1)
    end = min(len(data), start + rng.choice([1, 10, 1000]))
    token = rng.choice(TOKENS).encode("utf-8", "surrogatepass")
    moves = [
        data[:start] + token + data[start:],
        data[:start] + data[end:],
        data[:start],
        data[:end] + data[start:],
        data[:start] + bytes(rng.randrange(256) for _ in range(min(20, end - start))) + data[end:],
        data.replace(b'"', b"'", 1),
    ]
    return rng.choice(moves)


# --- zips ---------------------------------------------------------------------------------

NAMES = [
    "ex_1_1_word_level.py",
    "exercises/ex_1_2_character_level.py",
    "nb.ipynb",
    "a/b/c.ipynb",
    "../up.py",
    "/abs.py",
    "C:/x.py",
    "x.zip",
    "\u674e.py",
    "e.txt",
    "<b>.py",
    "=1.py",
    "x" * 600 + ".py",
    "__MACOSX/._a.py",
    ".ipynb",
    "...ipynb",
    "d/",
    "a\nb.ipynb",
    "EX_2_1_LINEAR.PY",
]
FIELDS = [1, 6, 8, 9, 10, 20, 24, 28, 30, 32, 34, 38, 42]
"""Where the numbers of a central header stand."""


def a_zip(rng: random.Random, seeds: Sequence[str], modules: Sequence[str]) -> bytes:
    """A zip of modules and notebooks, damaged in its headers, in its bytes, or by what is put around it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for _ in range(rng.choice([1, 2, 5, 30])):
            content = (
                changed_text(rng, rng.choice(modules)).encode("utf-8", "surrogatepass")
                if rng.random() < 0.6
                else a_notebook(rng, seeds)
            )
            info = zipfile.ZipInfo(rng.choice(NAMES[:4] if rng.random() < 0.6 else NAMES))
            info.external_attr = rng.choice(
                [0, 0, 0o100644 << 16, 0o100644 << 16, 0o120777 << 16, 0o020666 << 16, 0xFFFFFFFF]
            )
            info.compress_type = rng.choice(
                [zipfile.ZIP_DEFLATED] * 12 + [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
            )
            archive.writestr(info, content)
    data = bytearray(buffer.getvalue())
    for _ in range(rng.choice([0, 0, 1, 1, 2, 8])):
        change_header(rng, data)
    made = bytes(data)
    for _ in range(rng.choice([0, 0, 0, 0, 0, 1])):
        made = change_bytes(rng, made)
    return rng.choice([made] * 12 + [b"MZ" * 500 + made, made + b"\0" * 70_000, made + made, made[: len(made) // 2]])


def change_header(rng: random.Random, data: bytearray) -> None:
    """Writes an extreme number into a field of a header, or a zero into a name."""
    mark, width = rng.choice([(b"PK\x01\x02", 50)] * 4 + [(b"PK\x03\x04", 34)] * 2 + [(b"PK\x05\x06", 20)])
    places = [place for place in range(len(data) - width) if data[place : place + 4] == mark] if mark in data else []
    if not places:
        return
    place = rng.choice(places) + (rng.choice(FIELDS) + 4 if width == 50 else rng.randrange(4, width))
    packed = struct.pack("<I", rng.choice([0, 1, 8, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, rng.randrange(1 << 32)]))
    size = rng.choice([1, 1, 2, 4])
    data[place : place + size] = packed[: min(size, len(data) - place)]


# --- what must hold -----------------------------------------------------------------------


class HangError(Exception):
    """Reading took longer than it may."""


def _ring(_: int, frame: FrameType | None) -> None:
    where = traceback.extract_stack(frame)[-1] if frame else "?"
    raise HangError(f"still reading after {HANG_S} s, at {where}")


def outcome(kind: str, content: bytes, arguments: dict[str, Any], known: Sequence[str]) -> str:
    """What became of an upload, in a word.

    Raises:
        AssertionError: it is neither cells nor a clean line.
    """
    upload = Upload(id="x", source="x", sha256="x", kind=kind, files=((f"x.{kind}", content),))  # type: ignore[arg-type]
    parsed = parse(kind, dict(upload.files), **arguments)
    submission = submission_from(upload, parsed, known)
    to_json(submission)  # what cannot be written is found here
    for line in (
        submission.rejected or "",
        *submission.notes,
        *(n for notes in submission.exercise_notes.values() for n in notes),
    ):
        assert not [c for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")], ascii(line)
        assert len(line) <= MAX_NOTE_CHARS, ascii(line)
    if submission.rejected:
        assert "the reader" not in submission.rejected, submission.rejected
        return "turned away with a line"
    assert submission.cells
    return "read, with attempts" if submission.attempted else "read, all blank"


def fuzz(
    kind: str,
    count: int,
    make: Callable[[random.Random], bytes],
    seed: int,
    arguments: dict[str, Any],
    known: Sequence[str],
) -> int:
    """Prints the counts for one kind of upload; returns how many broke something."""
    counts: Counter[str] = Counter()
    slowest, total = (0.0, 0), 0.0
    for number in range(count):
        content = make(random.Random(f"{kind} {seed} {number}"))
        start = time.monotonic()
        signal.alarm(HANG_S)
        try:
            counts[outcome(kind, content, arguments, known)] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            counts[f"BROKE {type(error).__name__}"] += 1
            print(f"{kind} {number}, seed {seed}: {traceback.format_exc()}", file=sys.stderr)
        finally:
            signal.alarm(0)
        took = time.monotonic() - start
        total, slowest = total + took, max(slowest, (took, number))
    broke = sum(n for what, n in counts.items() if what.startswith("BROKE"))
    print(
        f"{kind}: {count} damaged, {broke} broke something; mean {total / max(count, 1):.3f} s, slowest {slowest[0]:.2f} s (number {slowest[1]})",
        flush=True,
    )
    for what, number in counts.most_common():
        print(f"  {number:5} {what}")
    return broke


def main() -> int:
    """Fuzzes both kinds; the exit code is 1 when something broke."""
    options = argparse.ArgumentParser(description="Hands damaged notebooks and zips to intake.")
    options.add_argument("--notebooks", type=int, default=2000)
    options.add_argument("--zips", type=int, default=500)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    catalog = load_catalog(ROOT / "exercises" / "catalog.toml")
    arguments = parse_arguments(catalog)
    modules = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "solutions").glob("ex_*.py"))]
    seeds = [
        solution_notebook(read_course(ROOT)),
        (ROOT / "exercises" / "lm_playground.ipynb").read_text(encoding="utf-8"),
        json.dumps(course_notebook()),
    ]
    warnings.simplefilter("ignore")  # zipfile's, about names that stand in a zip twice
    signal.signal(signal.SIGALRM, _ring)
    broke = fuzz("notebook", given.notebooks, lambda rng: a_notebook(rng, seeds), given.seed, arguments, catalog.ids)
    broke += fuzz("zip", given.zips, lambda rng: a_zip(rng, seeds, modules), given.seed, arguments, catalog.ids)
    return 1 if broke else 0


if __name__ == "__main__":
    sys.exit(main())
