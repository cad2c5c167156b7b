"""Uploads that are hostile as files, each with what must come of it. Run by itself, it makes them all in a folder:

python tests/red_team/uploads.py FOLDER
"""

import io
import json
import os
import random
import socket
import stat
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

MODULE = "ex_1_1_word_level.py"
ANSWER = (Path(__file__).parents[2] / "solutions" / MODULE).read_text(encoding="utf-8")
FULL = "full marks"
NOTHING = "none of the exercises was found"
NO_FILE = "symbolic link|no regular file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """One upload."""

    name: str
    """Of the file; the id is made of it."""
    says: str
    """A pattern in the line that turns it away, or `FULL` when what is good in it counts."""
    build: Callable[[Path], None]
    """Makes it at this path."""

    @property
    def id(self) -> str:
        """What the run calls it."""
        return self.name.removesuffix(".ipynb").removesuffix(".zip")


ALL: list[Hostile] = []


def upload(name: str, says: str) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    """Adds a builder to the list."""

    def add(build: Callable[[Path], None]) -> Callable[[Path], None]:
        ALL.append(Hostile(name=name, says=says, build=build))
        return build

    return add


def content(name: str, says: str, make: Callable[[], bytes]) -> None:
    """Adds a file that is nothing but these bytes."""
    upload(name, says)(lambda path: _write(path, make()))


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


# --- zips ---------------------------------------------------------------------------------


def zipped(entries: Iterable[tuple[str | zipfile.ZipInfo, str | bytes]], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def good_zip(*more: tuple[str | zipfile.ZipInfo, str | bytes]) -> bytes:
    return zipped([*more, (MODULE, ANSWER)])


def special(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o777) << 16
    return info


def local_header(name: bytes, packed: int, size: int, crc: int, flags: int = 0, method: int = 8) -> bytes:
    return struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, flags, method, 0, 33, crc, packed, size, len(name), 0) + name


def central_header(
    name: bytes, packed: int, size: int, crc: int, offset: int, flags: int = 0, method: int = 8
) -> bytes:
    return (
        struct.pack(
            "<4s6H3I5H2I",
            b"PK\x01\x02",
            20,
            20,
            flags,
            method,
            0,
            33,
            crc,
            packed,
            size,
            len(name),
            0,
            0,
            0,
            0,
            0,
            offset,
        )
        + name
    )


def ending(count: int, size: int, offset: int) -> bytes:
    return struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, min(count, 0xFFFF), min(count, 0xFFFF), size, offset, 0)


def quoted_overlap(count: int = 150, megabytes: int = 12) -> bytes:
    """A bomb without nesting: each entry's stream quotes the headers of all later ones, and ends in the same kernel."""
    rng = random.Random(1)
    line = b"".join(bytes([rng.randrange(32, 127)]) * 40 for _ in range(200))
    data = line * (megabytes * (1 << 20) // len(line))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = packer.compress(data) + packer.flush()
    entries: list[tuple[bytes, int, int, int]] = []
    blob = stream
    crc, size = zlib.crc32(data), len(data)
    for number in reversed(range(count)):
        name = b"%03d.ipynb" % number
        header = local_header(name, len(blob), size, crc)
        entries.insert(0, (name, len(blob), size, crc))
        if number:
            quoted = struct.pack("<BHH", 0, len(header), 0xFFFF ^ len(header)) + header
            crc, size = zlib.crc32(data, zlib.crc32(header)), size + len(header)
            data = header + data
            blob = quoted + blob
        else:
            blob = header + blob
    # Each header stands right before the stream that begins with the next quote; their offsets follow from the sizes.
    directory, offset = b"", 0
    for name, packed, size, crc in entries:
        directory += central_header(name, packed, size, crc, offset)
        offset += len(local_header(name, 0, 0, 0)) + 5
    return blob + directory + ending(count, len(directory), len(blob))


def many_entries(count: int = 800_000) -> bytes:
    directory = central_header(b"a.py", 0, 0, 0, 0, method=0) * count
    first = local_header(b"a.py", 0, 0, 0, method=0)
    return first + directory + ending(count, len(directory), len(first))


def encrypted() -> bytes:
    data = bytearray(zipped([(MODULE, ANSWER)]))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def latin_name_called_utf8() -> bytes:
    """A name that says it is UTF-8 and is not, beside a good module."""
    data = bytearray(good_zip(("Jose-notes.txt", "")))
    for start in (data.index(b"PK\x03\x04") + 30, data.index(b"PK\x01\x02") + 46):
        data[start + 3] = 0xE9
    data[7] |= 8
    data[data.index(b"PK\x01\x02") + 9] |= 8
    return bytes(data)


def zip64_that_lies(field: int) -> bytes:
    """The 64-bit ending with a number that no file can have: 0 count, 1 size of the directory, 2 its place."""
    data = zipped([(MODULE, ANSWER)])
    place = data.index(b"PK\x05\x06")
    start = data.index(b"PK\x01\x02")
    numbers = [1, place - start, start]
    numbers[field] = (1 << 63) + 5
    record = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, numbers[0], *numbers)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, place, 1)
    return (
        data[:place]
        + record
        + locator
        + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, *[0xFFFF] * 2, *[0xFFFFFFFF] * 2, 0)
    )


def zip64_sizes() -> bytes:
    """An entry of 16 exabytes by its extra field, beside a good module."""
    extra = struct.pack("<2H2Q", 1, 16, (1 << 64) - 1, (1 << 64) - 1)
    name = b"huge.ipynb"
    data = good_zip()
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    header = bytearray(central_header(name, 0xFFFFFFFF, 0xFFFFFFFF, 0, 0))
    header[30:32] = struct.pack("<H", len(extra))
    directory = data[start:end] + bytes(header) + extra
    return data[:start] + directory + ending(2, len(directory), start)


def honest_zip64() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open(MODULE, "w", force_zip64=True) as file:
        file.write(ANSWER.encode())
    return buffer.getvalue()


def wrapped(data: bytes, times: int) -> bytes:
    for number in range(times):
        data = zipped([(f"{number}.zip", data)])
    return data


def lying_size(claim: int, real: int) -> bytes:
    """A notebook that unpacks to more, or less, than both of its headers say, beside a good module."""
    data = bytearray(good_zip(("nb.ipynb", b" " * real)))
    data[22:26] = struct.pack("<I", claim)
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<I", claim)
    return bytes(data)


def twice() -> bytes:
    data = good_zip((MODULE.replace("level", "leveX"), "vocab = []\n"))
    return data.replace(b"word_leveX", b"word_level")


content("zip_nested.zip", "a zip inside the zip", lambda: wrapped(good_zip(), 8))
content("zip_flat_bomb.zip", "too large", lambda: zipped((f"{n}/{MODULE}", b" " * (20 << 20)) for n in range(20)))
content("zip_overlap.zip", r"000\.ipynb is not UTF-8 text", quoted_overlap)
content("zip_claims_less.zip", FULL, lambda: lying_size(100, 20 << 20))
content("zip_claims_more.zip", FULL, lambda: lying_size(20 << 20, 100))
content("zip_claims_4gb.zip", FULL, lambda: lying_size(0xFFFFFFFE, 100))
content(
    "zip_escapes.zip",
    FULL,
    lambda: good_zip(
        *(
            (name, "BREACH = 1")
            for name in (
                f"../../{MODULE}",
                f"/{MODULE}",
                f"C:\\{MODULE}",
                f"a/../../{MODULE}",
                f"\\\\host\\{MODULE}",
                "/etc/cron.d/x.py",
            )
        )
    ),
)
content(
    "zip_specials.zip",
    FULL,
    lambda: good_zip(
        *(
            (special(f"{kind}/{MODULE}", kind), "/etc/passwd")
            for kind in (stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK)
        )
    ),
)
content("zip_twice.zip", FULL, twice)
content("zip_million.zip", "more than 5,000 entries", many_entries)
content("zip_latin.zip", FULL, latin_name_called_utf8)
content("zip_encrypted.zip", "encrypted", encrypted)
content("zip_64_count.zip", FULL, lambda: zip64_that_lies(0))
content("zip_64_size.zip", "is no zip file", lambda: zip64_that_lies(1))
content("zip_64_place.zip", "damaged in the zip", lambda: zip64_that_lies(2))
content("zip_64_huge.zip", FULL, zip64_sizes)
content("zip_64.zip", FULL, honest_zip64)
content("zip_prepended.zip", FULL, lambda: b"MZ" + bytes(100_000) + good_zip())
content("zip_comment.zip", FULL, lambda: good_zip()[:-2] + struct.pack("<H", 65_535) + b"x" * 65_535)
content(
    "zip_endings.zip", "is no zip file", lambda: good_zip()[:-2] + struct.pack("<H", 65_532) + b"PK\x05\x06" * 16_383
)
content("zip_cut.zip", "is no zip file, or only a part", lambda: good_zip()[:-40])
content("zip_empty.zip", "no notebook and no ex_", lambda: ending(0, 0, 0))
content("zip_rar.zip", "is no zip file", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(range(256)) * 40)
content("zip_zero.zip", r"empty \(0 bytes\)", lambda: b"")
content("zip_bzip2.zip", "packed in an unusual way", lambda: zipped([(MODULE, ANSWER)], zipfile.ZIP_BZIP2))
content("zip_lzma.zip", "packed in an unusual way", lambda: zipped([(MODULE, ANSWER)], zipfile.ZIP_LZMA))
content(
    "zip_names.zip",
    FULL,
    lambda: good_zip(
        *(
            (name, "x = 1")
            for name in (
                "<script>alert(1)</script>.py",
                "=cmd|x.py",
                "\x1b[2J.py",
                "a\nb.py",
                "\u202egnp.py",
                "x" * 3000 + ".py",
                "y/" * 1000 + "z.py",
                "..",
                "/",
                "Z.py",
            )
        )
    ).replace(b"Z.py", b"\0.py"),
)
content("zip_folder_as_file.zip", FULL, lambda: good_zip((f"a/{MODULE}/", ""), (f"{MODULE}/inner.txt", "")))


# --- notebooks ----------------------------------------------------------------------------


def code_cell(source: object = ANSWER, **more: object) -> dict[str, object]:
    return {
        "cell_type": "code",
        "id": "d784a288",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": source,
        **more,
    }


def notebook(*cells: object, **more: object) -> bytes:
    return json.dumps({"cells": [*cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}).encode()


def with_raw(raw: str, key: str = "x") -> bytes:
    """A good notebook whose metadata holds this JSON."""
    return notebook(code_cell(), metadata={key: "RAW"}).replace(b'"RAW"', raw.encode("utf-8", "surrogatepass"))


EVIL = "</script><script>alert(1)</script>\x1b]0;x\x07=1+1\u202e\ud800"

content(
    "nb_metadata.ipynb",
    FULL,
    lambda: notebook(
        None,
        7,
        [],
        {"cell_type": ["code"]},
        {"cell_type": "code", "source": {"a": 1}},
        {"cell_type": EVIL, "source": EVIL},
        code_cell(
            metadata={"lm_playground": EVIL, "id": [EVIL], "collapsed": {"a": [None] * 1000}, "tags": EVIL},
            attachments={"../x": EVIL},
        ),
        metadata={"kernelspec": {"name": "../../bin/sh", "argv": ["sh"], "language": EVIL}, "widgets": "no"},
        nbformat=EVIL,
    ),
)
content("nb_big_cell.ipynb", NOTHING, lambda: notebook(code_cell("#" * (24 << 20))))
content("nb_deep.ipynb", "nested too deeply", lambda: b'{"cells":' + b"[" * 10_000_000)
content("nb_deep_closed.ipynb", f"nested too deeply|{FULL}", lambda: with_raw("[" * 500_000 + "]" * 500_000))
content("nb_deep_objects.ipynb", f"nested too deeply|{FULL}", lambda: with_raw('{"a":' * 500_000 + "1" + "}" * 500_000))
content("nb_many_lists.ipynb", NOTHING, lambda: b'{"cells":[' + b"[]," * 8_000_000 + b"[]]}")
content("nb_many_objects.ipynb", FULL, lambda: with_raw("[" + "{}," * 8_000_000 + "{}]"))
content("nb_many_keys.ipynb", FULL, lambda: with_raw("{" + ",".join(f'"{n}":0' for n in range(1_500_000)) + "}"))
content("nb_nul.ipynb", "is empty", lambda: b"\0" * (20 << 20))
content("nb_nul_inside.ipynb", "not valid JSON", lambda: notebook(code_cell()).replace(b'"outputs"', b'"out\0puts"'))
content("nb_nul_code.ipynb", FULL, lambda: notebook(code_cell("x = 1\0\0", id="other"), code_cell()))
content("nb_huge_int.ipynb", FULL, lambda: with_raw("7" * 5_000_000))
content("nb_huge_negative.ipynb", FULL, lambda: with_raw("-" + "9" * 5000))
content("nb_huge_float.ipynb", FULL, lambda: with_raw("1." + "3" * 5_000_000 + "e99999999"))
content("nb_infinite.ipynb", FULL, lambda: with_raw("[NaN, Infinity, -Infinity, 1e999]"))
content(
    "nb_keys_twice.ipynb",
    FULL,
    lambda: notebook(code_cell()).replace(b'"nbformat": 4', b'"nbformat": 4, "nbformat": 4, "metadata": 3'),
)
content("nb_cells_twice.ipynb", NOTHING, lambda: notebook(code_cell())[:-1] + b', "cells": []}')
content(
    "nb_surrogates.ipynb",
    FULL,
    lambda: notebook(code_cell(f"{ANSWER}\nodd = '\ud800 \udfff'\n"), metadata={"a": "\udc80", "\ud83d": 1}),
)
content("nb_raw_surrogates.ipynb", "is not UTF-8 text", lambda: with_raw('"\ud800"'))
content("nb_bom_8.ipynb", FULL, lambda: b"\xef\xbb\xbf" + notebook(code_cell()))
content("nb_bom_16.ipynb", FULL, lambda: notebook(code_cell()).decode().encode("utf-16"))
content("nb_bom_32.ipynb", FULL, lambda: b"\x00\x00\xfe\xff" + notebook(code_cell()).decode().encode("utf-32-be"))
content("nb_bom_twice.ipynb", "not valid JSON", lambda: b"\xef\xbb\xbf" * 2 + notebook(code_cell()))
content("nb_bom_only.ipynb", "is empty|not valid JSON", lambda: b"\xef\xbb\xbf")
content("nb_16_odd.ipynb", "is not UTF-16", lambda: b"\xff\xfe" + b"\xd8" * 1001)
content("nb_latin.ipynb", "is not UTF-8 text", lambda: with_raw('"JosE"').replace(b"JosE", b"Jos\xe9"))
content("nb_scalar.ipynb", "holds a number", lambda: b"1")
content("nb_null.ipynb", "holds null", lambda: b"null")
content("nb_no_cells.ipynb", "no list of cells", lambda: b'{"cells": {"0": {}}}')
content("nb_cut.ipynb", "ends too early", lambda: notebook(code_cell())[:-30])
content("nb_elf.ipynb", "is not UTF-8 text", lambda: Path(sys.executable).resolve().read_bytes()[: 1 << 20])
content("nb_html.ipynb", "not valid JSON", lambda: b"<!doctype html><script>alert(1)</script>")
content(
    "nb_pickle.ipynb",
    "is not UTF-8 text|not valid JSON",
    lambda: b"\x80\x04\x95cos\nsystem\n(S'touch /tmp/breach'\ntR.",
)
content("nb_crowd.ipynb", FULL, lambda: notebook(code_cell(), *[code_cell("x = 1", id=f"c{n}") for n in range(60_000)]))
content("nb_copies.ipynb", FULL, lambda: notebook(*[code_cell(f"{ANSWER}\nn = {n}") for n in range(400)]))
content("nb_open_string.ipynb", "not valid JSON", lambda: b'{"cells":[1,],"x":"' + b'\\"' * 4_000_000)
content("nb_help_spaces.ipynb", FULL, lambda: notebook(code_cell("x?" + " " * 140_000 + "y", id="other"), code_cell()))
content("nb_shell_lines.ipynb", FULL, lambda: notebook(code_cell("!" + "\\\n" * 70_000 + "(", id="other"), code_cell()))
content("nb_parens.ipynb", FULL, lambda: notebook(code_cell("x = " + "(" * 100_000, id="other"), code_cell()))
content("nb_minus.ipynb", FULL, lambda: notebook(code_cell("x = " + "-" * 100_000 + "1", id="other"), code_cell()))
content("nb_words.ipynb", FULL, lambda: notebook(code_cell("%" + "%timeit a" * 15_000, id="other"), code_cell()))
content("nb_dots.ipynb", FULL, lambda: notebook(code_cell("x = a" + ".a" * 60_000, id="other"), code_cell()))
content(
    "nb_elifs.ipynb", FULL, lambda: notebook(code_cell("if a: 1\n" + "elif a: 1\n" * 3_000, id="other"), code_cell())
)
content("nb_digits.ipynb", FULL, lambda: notebook(code_cell("x = " + "7" * 140_000, id="other"), code_cell()))
content("nb_power.ipynb", FULL, lambda: notebook(code_cell(f"{ANSWER}\nif False:\n    big = 10 ** 10 ** 10\n")))
content(
    "nb_fences.ipynb",
    FULL,
    lambda: notebook(
        *[{"cell_type": "markdown", "source": "```\n~~~\n" * 1_200, "metadata": {}} for _ in range(300)], code_cell()
    ),
)


@upload("nb_500_mb.ipynb", "too large: 500 MB")
def half_a_gigabyte(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(500 << 20)


# --- what is no file ----------------------------------------------------------------------


@upload("is_pipe.ipynb", NO_FILE)
def pipe(path: Path) -> None:
    os.mkfifo(path)


@upload("is_socket.zip", NO_FILE)
def unix_socket(path: Path) -> None:
    place = os.open(path.parent, os.O_PATH)
    with socket.socket(socket.AF_UNIX) as end:  # the path of a socket may have 108 bytes only
        end.bind(f"/proc/self/fd/{place}/{path.name}")
    os.close(place)


@upload("is_passwd.ipynb", NO_FILE)
def link_to_passwd(path: Path) -> None:
    path.symlink_to("/etc/passwd")


@upload("is_zero.zip", NO_FILE)
def link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@upload("is_neighbour.ipynb", NO_FILE)
def link_to_another_student(path: Path) -> None:
    path.symlink_to("innocent_a.ipynb")


@upload("is_neighbour_folder", NO_FILE)
def link_to_a_folder(path: Path) -> None:
    path.symlink_to(path.parent, target_is_directory=True)


@upload("is_dangling.ipynb", NO_FILE)
def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


@upload("is_loop.ipynb", NO_FILE)
def loop(path: Path) -> None:
    path.symlink_to(path.name)


@upload("is_folder.ipynb", FULL)
def folder_called_notebook(path: Path) -> None:
    path.mkdir()
    (path / MODULE).write_text(ANSWER, encoding="utf-8")


@upload("is_empty_folder.zip", "no notebook and no ex_")
def empty_folder(path: Path) -> None:
    path.mkdir()


@upload("of_specials", "symbolic link or no regular file")
def folder_of_specials(path: Path) -> None:
    """Modules that are a pipe, links to a device, to the answers and to a parent."""
    path.mkdir()
    os.mkfifo(path / MODULE)
    (path / "ex_1_2_character_level.py").symlink_to("/dev/zero")
    (path / "lm_playground.ipynb").symlink_to("../innocent_a.ipynb")
    (path / "exercises").symlink_to("..", target_is_directory=True)


@upload("of_depth", "no notebook and no ex_")
def deep_folder(path: Path) -> None:
    deep = path
    for _ in range(200):
        deep /= "d" * 10
    deep.mkdir(parents=True)


@upload("of_results", FULL)
def folder_like_results(path: Path) -> None:
    """Work with a file beside it that a results folder has, too."""
    path.mkdir()
    (path / MODULE).write_text(ANSWER, encoding="utf-8")
    (path / "results.db").write_bytes(b"")


@upload("of_encodings", FULL)
def folder_of_encodings(path: Path) -> None:
    """Modules in encodings that are slow to read or are none."""
    path.mkdir()
    (path / MODULE).write_text(ANSWER, encoding="utf-8")
    for name, encoding in (
        ("ex_1_2_character_level", b"punycode"),
        ("ex_1_3_bpe", b"zlib"),
        ("ex_1_4_tiktoken", b"idna"),
        ("ex_2_1_linear", b"\0"),
    ):
        (path / f"{name}.py").write_bytes(b"# coding: " + encoding + b"\nx-" + b"a" * 500_000)


@upload("of_names", FULL)
def folder_of_names(path: Path) -> None:
    path.mkdir()
    (path / MODULE).write_text(ANSWER, encoding="utf-8")
    for name in (
        b"<img src=x onerror=alert(1)>.py",
        b"a\nb.py",
        b"\x1b]0;owned\x07.py",
        b"\xff\xfe.ipynb",
        b"=1+1.py",
        b"...py",
    ):
        (path / os.fsdecode(name)).write_bytes(b"")


# --- names --------------------------------------------------------------------------------

NAMES = (
    b"Jos\xe9",
    b"\xff\xfe\xfd",
    b"two\nlines",
    b"\x1b[31mred\x1b]0;t\x07",
    b"=HYPERLINK(1)",
    b"@SUM(1)",
    b"-rf",
    b"+1",
    "\uff1d1+1".encode(),
    b"<script>alert(1)<",
    b"a;=1+1;",
    b"{{7*7}}",
    b"[bold]b[",
    "\u202egnp".encode(),
    "z\u200bw".encode(),
    b"x" * 249,
    "\u674e".encode() * 83,
    b"..",
    b" ",
    b"CON",
    b"name. ",
    b"twin",
    b"TWIN",
    b"$(touch breach)",
    b"a'b\"c",
    b"%s%n",
    b"x-2",
    b"--out",
)
"""Names of good notebooks."""


def build_all(place: Path) -> None:
    """Makes every upload in this folder, two innocent ones among them."""
    for name in ("innocent_a.ipynb", "innocent_z.ipynb"):
        (place / name).write_bytes(notebook(code_cell()))
    for hostile in ALL:
        hostile.build(place / hostile.name)
    for name in NAMES:
        (place / os.fsdecode(name + b".ipynb")).write_bytes(notebook(code_cell()))


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True)
    build_all(target)
    print(f"{len(ALL)} hostile uploads and {len(NAMES)} odd names in {target}")
