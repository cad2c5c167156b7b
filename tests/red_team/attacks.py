"""The hostile submissions: cells in `submissions/`, and uploads that are hostile as a whole.

Each cell in `submissions/family_NN_*.py` is one attack: `# %% [EXERCISE STATUS|STATUS] what is tried`, after a prelude
that all attacks of the file share; a submission of its own. Attacks write LEAK in front of what they learned from a
hidden check, and BREACH in front of what they could do or find; neither may reach a page.
"""

import json
import os
import pickle
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.model import Status

ROOT = Path(__file__).parent.parent.parent
SUBMISSIONS = Path(__file__).parent / "submissions"
EXERCISES = {"1.1": "ex_1_1_word_level.py", "2.1": "ex_2_1_linear.py"}
FAMILIES = {
    1: ("rewrites what judges it", "tests and points are in another process"),
    2: ("leaves, skips, exit codes", "a verdict comes from answers only; none is a failure"),
    3: ("shadows modules and settings", "only exercise cells are taken; nothing of an upload is on an import path"),
    4: ("writes reports and verdicts", "the wire carries answers, and no verdict can be said on it"),
    5: ("outlives its check", "namespaces, or one signal to all of its user or scope; deadlines"),
    6: ("reads tests, answers, others", "bubblewrap or Landlock; empty environment; closed descriptors"),
    7: ("tensors that pass by accident", "another process; NaN refused; fresh inputs"),
    8: ("objects that lie", "plain data is rebuilt, exact types, sizes checked against bytes"),
    9: ("a hostile wire", "the wire: caps, schema, question numbers, deadlines"),
    10: ("takes all there is", "limits, memory watch, deadlines"),
    11: ("network, other processes, kernel", "seccomp, namespaces or own user and signal scope, Landlock"),
    12: ("the upload itself", "read behind the walls, with limits; links and devices are not followed"),
    13: ("marks in what it prints", "output is never read for marks; control characters do not pass"),
    14: ("leaks by feedback", "hidden checks say fixed words; everything is escaped"),
    15: ("pickles and model files", "nothing is ever unpickled"),
    16: ("carries state to the next", "each is a fork of a server that never ran student code"),
    17: ("fishes by being moody", "fresh inputs for each question and submission"),
}
"""What each family tries, and what stops it."""
_HEAD = re.compile(r"# %% \[(?P<exercise>[\d.]+) (?P<ends>[a-z_|]+)\] (?P<tried>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One hostile cell."""

    id: str
    exercise: str
    ends: frozenset[Status]
    tried: str
    source: str

    @property
    def family(self) -> int:
        """Its number in FAMILIES."""
        return family_of(self.id)


def family_of(id_: str) -> int:
    """The family of an attack or upload, by its id."""
    return int(id_.removeprefix("family_")[:2]) if id_.startswith("family_") else 14  # odd names are all of 14


def attacks_in(path: Path) -> Iterator[Attack]:
    """The attacks of one family."""
    prelude, *cells = re.split(r"^(?=# %% )", path.read_text(), flags=re.MULTILINE)[1:]
    for number, cell in enumerate(cells, 1):
        head = _HEAD.match(cell)
        assert head, f"{path.name}: {cell.splitlines()[0]}"
        yield Attack(
            id=f"{path.stem}-{number:02}",
            exercise=head["exercise"],
            tried=head["tried"],
            ends=frozenset(Status(word) for word in head["ends"].split("|")),
            source=prelude + cell,
        )


ALL = [attack for path in sorted(SUBMISSIONS.glob("*.py")) for attack in attacks_in(path)]


def answers(**instead: str) -> dict[str, str]:
    """The modules of a good submission, with other text for some exercises (`ex_1_1=...`)."""
    texts = {name: (ROOT / "solutions" / name).read_text() for name in EXERCISES.values()}
    for start, text in instead.items():
        (name,) = (name for name in texts if name.startswith(start))
        texts[name] = text
    return texts


def put(folder: Path, files: dict[str, str]) -> None:
    """Writes files below a folder."""
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8", "surrogatepass"))


# --- uploads that are hostile as a whole --------------------------------------------------

_SHADOWING = (
    "conftest.py",
    "sitecustomize.py",
    "usercustomize.py",
    "torch.py",
    "random.py",
    "pytest.py",
    "grader/__init__.py",
    "json.py",
    "tests/conftest.py",
    "tests/hidden/conftest.py",
    "msgspec.py",
    "__init__.py",
    "exercises/conftest.py",
)
SHADOWS = dict.fromkeys(_SHADOWING, "raise SystemExit('BREACH: imported')\n") | {
    "pytest.ini": "[pytest]\naddopts = -p conftest --co\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--co'\n",
    "setup.cfg": "[tool:pytest]\naddopts = --co\n",
    "tox.ini": "[pytest]\n",
    ".coveragerc": "[run]\nplugins = conftest\n",
    "x.pth": "import os\n",
}


def shadowing_folder(place: Path) -> None:
    put(place / "family_03-folder", {**answers(), **SHADOWS})


def shadowing_zip(place: Path) -> None:
    with zipfile.ZipFile(place / "family_03-zip.zip", "w") as archive:
        for name, text in {**answers(), **SHADOWS}.items():
            archive.writestr(name, text)


def escaping_zip(place: Path) -> None:
    """Paths that leave the zip, links, devices and a name twice, around three good modules."""
    with zipfile.ZipFile(place / "family_12-escape.zip", "w") as archive:
        for name, text in answers().items():
            archive.writestr(name, text)
        for name in ("../../../../tmp/breach.py", "/tmp/breach.py", "C:\\breach.py", "a/../../ex_1_1_word_level.py"):
            archive.writestr(name, "BREACH = 1")
        for name, kind in (
            ("link.py", stat.S_IFLNK),
            ("ex_1_4_tiktoken.py", stat.S_IFLNK),
            ("device.py", stat.S_IFCHR),
        ):
            info = zipfile.ZipInfo(name)
            info.external_attr = (kind | 0o777) << 16
            archive.writestr(info, str(ROOT / "solutions" / "ex_1_4_tiktoken.py"))


def bomb_zip(place: Path) -> None:
    with zipfile.ZipFile(place / "family_12-bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(40):
            archive.writestr(f"{number}/ex_1_1_word_level.py", " " * (20 << 20))


def crowded_zip(place: Path) -> None:
    with zipfile.ZipFile(place / "family_12-crowd.zip", "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number}.py", "")


def hostile_notebook(place: Path) -> None:
    """Metadata, ids, cell types and numbers that no notebook has."""
    cells = [
        {
            "cell_type": "code",
            "id": f"<script>{n}",
            "metadata": {"lm_playground": {"exercise": {"x": n}, "role": ["a"]}},
            "source": [f"# {name}\n", text],
            "outputs": {"not": "a list"},
            "execution_count": "∞",
        }
        for n, (name, text) in enumerate(answers(ex_1_1="def encode(text): return 'LEAK ' + text").items())
    ]
    strange = [
        None,
        7,
        {"cell_type": ["code"]},
        {"cell_type": "code", "source": {"a": 1}},
        {"cell_type": "\0", "source": "\ud800"},
    ]
    put(place, {"family_12-notebook.ipynb": json.dumps({"cells": [*strange, *cells], "metadata": [], "nbformat": -1})})


def deep_notebook(place: Path) -> None:
    put(place, {"family_12-deep.ipynb": '{"cells":' + "[" * 200_000})


def slow_module(place: Path) -> None:
    """Text on which a careless parser or regular expression takes for ever."""
    put(
        place / "family_12-slow",
        answers(ex_1_1="(" * 50_000 + "#" * 50_000 + "\n# %%" * 20_000 + "\n" + "a='" * 50_000),
    )


def nul_module(place: Path) -> None:
    put(place / "family_12-nul", answers(ex_1_1="vocab = []\0\0\ndef encode(text): return [0]\n" + "\x1b[2J" * 100))


def linked_folder(place: Path) -> None:
    folder = place / "family_12-links"
    put(folder, answers())
    (folder / "ex_1_1_word_level.py").unlink()
    (folder / "ex_1_1_word_level.py").symlink_to(ROOT / "solutions" / "ex_1_1_word_level.py")
    (folder / "more").symlink_to(ROOT / "solutions")


def odd_names(place: Path) -> None:
    """Names that are a formula, markup, an option and an escape."""
    for name in ("=HYPERLINK(1)", "<img src=x onerror=alert(1)>", "--out", "[red]x[ ]", "\x1b[2Jx", "..x", "con"):
        put(place / name, {EXERCISES["1.1"]: "def encode(text): return [0]\ndef decode(ids): return ''"})


def picking_up(place: Path) -> None:
    """The cell of 1.1 leaves hidden inputs in the scratch folder, the cell of 2.1 says them."""
    leave = "def encode(text):\n    open('/tmp/seen', 'a').write('LEAK ' + text)\n    return []\ndecode = encode\ncorpus = vocab = list('abcdefghijkl')"
    say = "import glob\nraise ValueError(''.join(open(path).read() for path in glob.glob('/tmp/*')))"
    put(place / "family_14-pick", answers(ex_1_1=leave, ex_2_1=say))


def quick_twins(place: Path) -> None:
    """The same hostile work twice: each gets its own entry."""
    for name in ("family_16-twin-a", "family_16-twin-b"):
        put(place / name, {EXERCISES["1.1"]: "import os\nos._exit(0)"})


def blaming_the_kit(place: Path) -> None:
    """The cell of 1.1 makes what supplies the givens of later exercises fail, in two ways."""
    break_it = "import grader.offline.supply as s\ns._SEEDED.clear(), s._PLAIN.clear()\ns._module = None"
    replace_it = (
        "import grader.sandbox.resident as r\ndef blame(*_): raise type('KitError', (Exception,), {})('LEAK')\n"
        "r.missing_givens = blame"
    )
    put(place / "family_09-break", answers(ex_1_1=break_it))
    put(place / "family_09-replace", answers(ex_1_1=replace_it))


def special_files(place: Path) -> None:
    """In the place of modules: a fifo that never ends, a file of 500 MB, a folder; names that are no text."""
    folder = place / "family_12-special"
    put(folder, {"ex_1_1_word_level.py/x.py": "BREACH = 1"})
    os.mkfifo(folder / "ex_1_2_character_level.py")
    with (folder / EXERCISES["2.1"]).open("wb") as file:
        file.truncate(500 << 20)
    (folder / os.fsdecode(b"ex_1_3_\xff\xfe.py")).write_text("BREACH = 1")


def large_cell(place: Path) -> None:
    """A cell of 30 MB in a notebook."""
    cell = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": "x = '" + "a" * (30 << 20) + "'",
    }
    put(
        place,
        {"family_12-large.ipynb": json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})},
    )


def lying_zip(place: Path) -> None:
    """Entries that say they are small, are locked, or come twice."""
    path = place / "family_12-lies.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(EXERCISES["1.1"], "#" * (3 << 20))
        archive.writestr("again/" + EXERCISES["1.1"], "def encode(text): return 'LEAK ' + text")
        archive.writestr("inner.zip", path.read_bytes())
    data = path.read_bytes().replace((3 << 20).to_bytes(4, "little"), (30).to_bytes(4, "little"))
    path.write_bytes(data[:6] + b"\x01" + data[7:])  # locked, says the first entry


def shadowing_notebook(place: Path) -> None:
    """Magics and lines of the shell that write the modules of others, around good answers."""
    cells = [
        f"%%writefile {name}\nraise SystemExit('BREACH: imported')"
        for name in ("conftest.py", "torch.py", "../grader/run/judge.py")
    ]
    cells += [
        "!touch /tmp/breach.py; pip install breach",
        "%run -i conftest.py",
        "%load_ext breach",
        "%env PYTEST_PLUGINS=conftest",
        *answers().values(),
    ]
    code = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": text} for text in cells
    ]
    put(
        place,
        {"family_03-notebook.ipynb": json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})},
    )


def graded_notebook(place: Path) -> None:
    """Outputs and metadata that say how good it was, of nbgrader, Otter and e2xgrader."""
    metadata = {
        "nbgrader": {"grade": True, "points": 100, "score": 100, "solution": True, "locked": True},
        "extended_cell": {"grade": 100},
        "lm_playground": {"exercise": "1.1", "score": 8, "status": "passed"},
        "tags": ["passed", "otter_answer_cell"],
    }
    output = {
        "output_type": "display_data",
        "metadata": {"score": 8},
        "data": {"text/html": "<script>alert(1)</script> BREACH 8 passed"},
    }
    code = [
        {"cell_type": "code", "metadata": metadata, "outputs": [output], "execution_count": 1, "source": text}
        for text in answers(
            ex_1_1="def encode(text): return []\ndef decode(ids): return ''", ex_2_1="Linear = None"
        ).values()
    ]
    put(
        place,
        {
            "family_13-graded.ipynb": json.dumps(
                {"cells": code, "metadata": {"score": 100}, "nbformat": 4, "nbformat_minor": 5}
            )
        },
    )


class _Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("touch /tmp/canary-pickle",)


def pickles(place: Path) -> None:
    """Pickles by the names of what is read: a notebook, a zip, modules, and the store of the results."""
    bomb = pickle.dumps(_Bomb())
    (place / "family_15-pickle.ipynb").write_bytes(bomb)
    (place / "family_15-archive.zip").write_bytes(bomb)
    put(
        place / "family_15-folder",
        dict.fromkeys(("results.json", "state.pkl", "model.pt", "data.pkl"), "x")
        | answers(ex_1_1=bomb.decode("latin-1")),
    )
    with zipfile.ZipFile(place / "family_15-model.zip", "w") as archive:  # as torch.save lays it out
        archive.writestr("archive/data.pkl", bomb)
        archive.writestr("archive/version", "3")


UPLOADS: dict[Callable[[Path], None], tuple[int, int]] = {
    shadowing_folder: (3, 1),
    shadowing_zip: (3, 1),
    shadowing_notebook: (3, 1),
    escaping_zip: (12, 1),
    bomb_zip: (12, 1),
    crowded_zip: (12, 1),
    hostile_notebook: (12, 1),
    deep_notebook: (12, 1),
    slow_module: (12, 1),
    nul_module: (12, 1),
    linked_folder: (12, 1),
    special_files: (12, 1),
    large_cell: (12, 1),
    lying_zip: (12, 1),
    graded_notebook: (13, 1),
    odd_names: (14, 6),
    picking_up: (14, 1),
    pickles: (15, 4),
    quick_twins: (16, 2),
    blaming_the_kit: (9, 2),
}
"""Each with its family and with how many uploads it makes."""
