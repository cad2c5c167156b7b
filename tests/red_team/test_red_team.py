"""Hostile submissions among innocent ones, graded by the real `grade` in one batch.

Each cell in `submissions/family_NN_*.py` is one attack: `# %% [EXERCISE STATUS|STATUS] what is tried`, after a prelude
that all attacks of the file share; a submission of its own. Attacks write LEAK in front of what they learned from a hidden check, and BREACH in front of what
they could do or find; neither may reach a page. Canaries lie where nobody may look.
"""

import csv
import io
import json
import os
import re
import shutil
import stat
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.model import Status, SubmissionResult
from grader.pipeline import Options, grade
from grader.process import descendants

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("bwrap") is None, reason="the sandbox needs Linux and bubblewrap"
)
ROOT = Path(__file__).parent.parent.parent
ATTACKS = Path(__file__).parent / "submissions"
EXERCISES = {"1.1": "ex_1_1_word_level.py", "2.1": "ex_2_1_linear.py"}
CANARY = "canary-"
INNOCENT = ("aaa", "family_06a", "family_10a", "family_17a", "zzz")
"""Ids of innocent submissions; they come before, between and after the hostile ones."""
LIMITS = "limits = {run_s = 4.0, ask_s = 1.5, memory_mb = 1024}"
_HEAD = re.compile(r"# %% \[(?P<exercise>[\d.]+) (?P<ends>[a-z_|]+)\] (?P<tried>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One hostile cell."""

    id: str
    exercise: str
    ends: frozenset[Status]
    tried: str
    source: str


def attacks_in(path: Path) -> Iterator[Attack]:
    """The attacks of one family."""
    prelude, *cells = re.split(r"^(?=# %% )", path.read_text(), flags=re.MULTILINE)[1:]
    for number, cell in enumerate(cells, 1):
        head = _HEAD.match(cell)
        assert head, f"{path.name}: {cell.splitlines()[0]}"
        yield Attack(
            id=f"{path.stem}-{number:02}", exercise=head["exercise"], tried=head["tried"],
            ends=frozenset(Status(word) for word in head["ends"].split("|")), source=prelude + cell,
        )  # fmt: skip


ALL = [attack for path in sorted(ATTACKS.glob("*.py")) for attack in attacks_in(path)]


def answers(**instead: str) -> dict[str, str]:
    """The modules of a good submission, with other text for some exercises (`ex_1_1=...`)."""
    texts = {name: (ROOT / "solutions" / name).read_text() for name in EXERCISES.values()}
    for start, text in instead.items():
        (name,) = (name for name in texts if name.startswith(start))
        texts[name] = text
    return texts


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8", "surrogatepass"))


# --- uploads that are hostile as a whole --------------------------------------------------

_SHADOWING = ("conftest.py", "sitecustomize.py", "usercustomize.py", "torch.py", "random.py", "pytest.py", "grader/__init__.py", "json.py",
              "tests/conftest.py", "tests/hidden/conftest.py", "msgspec.py", "__init__.py", "exercises/conftest.py")  # fmt: skip
SHADOWS = dict.fromkeys(_SHADOWING, "raise SystemExit('BREACH: imported')\n") | {
    "pytest.ini": "[pytest]\naddopts = -p conftest --co\n", "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--co'\n",
    "setup.cfg": "[tool:pytest]\naddopts = --co\n", "tox.ini": "[pytest]\n", ".coveragerc": "[run]\nplugins = conftest\n", "x.pth": "import os\n",
}  # fmt: skip


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
        for name, kind in (("link.py", stat.S_IFLNK), ("ex_1_4_tiktoken.py", stat.S_IFLNK), ("device.py", stat.S_IFCHR)):
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
    cells = [{"cell_type": "code", "id": f"<script>{n}", "metadata": {"lm_playground": {"exercise": {"x": n}, "role": ["a"]}},
              "source": [f"# {name}\n", text], "outputs": {"not": "a list"}, "execution_count": "∞"}
             for n, (name, text) in enumerate(answers(ex_1_1="def encode(text): return 'LEAK ' + text").items())]  # fmt: skip
    strange = [None, 7, {"cell_type": ["code"]}, {"cell_type": "code", "source": {"a": 1}}, {"cell_type": "\0", "source": "\ud800"}]
    put(place, {"family_12-notebook.ipynb": json.dumps({"cells": [*strange, *cells], "metadata": [], "nbformat": -1})})


def deep_notebook(place: Path) -> None:
    put(place, {"family_12-deep.ipynb": '{"cells":' + "[" * 200_000})


def slow_module(place: Path) -> None:
    """Text on which a careless parser or regular expression takes for ever."""
    put(place / "family_12-slow", answers(ex_1_1="(" * 50_000 + "#" * 50_000 + "\n# %%" * 20_000 + "\n" + "a='" * 50_000))


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


UPLOADS: tuple[Callable[[Path], None], ...] = (
    shadowing_folder, shadowing_zip, escaping_zip, bomb_zip, crowded_zip, hostile_notebook, deep_notebook, slow_module, nul_module,
    linked_folder, odd_names, picking_up, quick_twins,
)  # fmt: skip


# --- the batch ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one run made of all submissions."""

    results: dict[str, SubmissionResult]
    out: Path
    new_processes: set[int]


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """All of them graded, in a course of its own with canaries in it."""
    place = tmp_path_factory.mktemp("red")
    course, work, out = place / "course", place / "class", place / "out"
    _course(course)
    for name in INNOCENT:
        put(work / name, answers())
    put(work / "family_06b", {**answers(), "ex_9_notes.py": f"# {CANARY}in-another-submission"})
    for attack in ALL:
        put(work / attack.id, {EXERCISES[attack.exercise]: attack.source})
    for build in UPLOADS:
        build(work)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(course)
        patch.setenv("PLAYGROUND_CANARY", CANARY + "in-the-environment")
        before = set(descendants(os.getpid()))
        options = Options(paths=(work,), out=out, jobs=2, exercises=tuple(EXERCISES), resume=False)
        outcome = grade(options)
        left = {pid for pid in set(descendants(os.getpid())) - before if b"resource_tracker" not in _command(pid)}
    for r in sorted(outcome.run.submissions, key=lambda r: -r.seconds)[:45]:
        print(r.id, r.seconds, r.student_seconds, file=open("/tmp/rt_secs","a"))
    return Batch(results={result.id: result for result in outcome.run.submissions}, out=out, new_processes=left)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _course(course: Path) -> None:
    """A copy of what grading needs, with short limits, and canaries beside the hidden suites and in a solution."""
    shutil.copytree(ROOT / "tests" / "hidden", course / "tests" / "hidden", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "solutions", course / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    (course / "tests" / "hidden" / "notes.txt").write_text(CANARY + "beside-the-tests")
    (course / "solutions" / "ex_0_canary.py").write_text(f"# {CANARY}in-a-solution")
    catalog = re.sub(r"\[exercise\.limits\]\n(\w+ = .*\n)+", "", (ROOT / "exercises" / "catalog.toml").read_text())
    (course / "exercises").mkdir()
    (course / "exercises" / "catalog.toml").write_text(catalog.replace("[[exercise]]\n", f"[[exercise]]\n{LIMITS}\n"))


def pages(batch: Batch) -> dict[str, str]:
    """Every text that somebody reads after the run."""
    found = {path.relative_to(batch.out).as_posix(): path for path in batch.out.rglob("*") if path.suffix in (".html", ".csv", ".json")}
    return {name: path.read_text() for name, path in found.items()}


# --- what must hold -----------------------------------------------------------------------


@pytest.mark.parametrize("attack", ALL, ids=lambda attack: f"{attack.id}: {attack.tried}")
def test_an_attack_wins_nothing_and_is_called_what_it_is(batch: Batch, attack: Attack) -> None:
    result = batch.results[attack.id]
    verdict = result.exercises[attack.exercise]
    assert verdict.score == 0, [(check.name, check.status) for check in verdict.checks]
    assert verdict.status in attack.ends, [(check.name, check.status, check.message) for check in verdict.checks]
    assert result.proven


@pytest.mark.parametrize("name", INNOCENT)
def test_innocent_submissions_score_as_if_nothing_had_happened(batch: Batch, name: str) -> None:
    result = batch.results[name]
    assert result.score == result.max_score, {id_: verdict.status for id_, verdict in result.exercises.items()}


def test_no_attack_causes_a_fault_of_ours(batch: Batch) -> None:
    faults = [(result.id, id_) for result in batch.results.values() for id_, v in result.exercises.items() if v.status is Status.KIT_ERROR]
    assert faults == []
    checks = [(result.id, c.name) for result in batch.results.values() for v in result.exercises.values() for c in v.checks
              if c.status is Status.KIT_ERROR]  # fmt: skip
    assert checks == []


def test_nothing_that_an_attack_learned_or_found_stands_on_any_page(batch: Batch) -> None:
    for name, text in pages(batch).items():
        for word in ("LEAK", "BREACH", CANARY):
            assert word not in text, f"{name}: {text[max(0, text.find(word) - 200):][:400]}"


def test_nothing_of_a_submission_is_alive_after_the_run(batch: Batch) -> None:
    assert batch.new_processes == set()


def test_nothing_was_written_outside_of_the_results(batch: Batch) -> None:
    assert not Path("/tmp/breach.py").exists()
    assert not Path("/tmp/canary-pickle").exists()
    assert not list(batch.out.parent.rglob("breach*"))
    assert {path.name for path in batch.out.parent.iterdir()} == {"course", "class", "out"}


def test_files_beside_the_exercises_have_no_effect(batch: Batch) -> None:
    for name in ("family_03-folder", "family_03-zip"):
        result = batch.results[name]
        assert result.score == result.max_score, {id_: verdict.status for id_, verdict in result.exercises.items()}


def test_a_zip_is_read_for_what_is_good_in_it(batch: Batch) -> None:
    result = batch.results["family_12-escape"]
    assert result.score == result.max_score


@pytest.mark.parametrize("name", ["family_12-bomb", "family_12-crowd", "family_12-deep"])
def test_uploads_that_cannot_be_read_are_turned_away_with_one_line(batch: Batch, name: str) -> None:
    result = batch.results[name]
    assert result.score == 0
    assert all(verdict.status is Status.NOT_ATTEMPTED for verdict in result.exercises.values())
    assert any(note.startswith("Not graded: ") for note in result.notes)


@pytest.mark.parametrize("name", ["family_12-notebook", "family_12-slow", "family_12-nul", "family_12-links", "family_14-pick"])
def test_uploads_with_one_bad_exercise_win_nothing_for_it(batch: Batch, name: str) -> None:
    assert batch.results[name].exercises["1.1"].score == 0


def test_a_linked_module_is_not_read(batch: Batch) -> None:
    assert batch.results["family_12-links"].exercises["1.1"].status is Status.NOT_ATTEMPTED


def test_ids_are_safe_file_names_and_names_are_no_formula(batch: Batch) -> None:
    folders = {path.name for path in (batch.out / "students").iterdir()}
    assert folders == set(batch.results)
    assert not any(set(name) & set("<>=[]\x1b/\\:*?|") or name.startswith((".", "-")) for name in folders)
    for row in csv.reader(io.StringIO(pages(batch)["results.csv"])):
        assert not any(field.startswith(("=", "+", "-", "@", "\t")) for field in row), row


def test_markup_and_escapes_arrive_as_text(batch: Batch) -> None:
    for name, text in pages(batch).items():
        assert "\x1b" not in text, name
        assert "\u202e" not in text, name
        if name.endswith(".html"):
            assert "<img src=x" not in text, name
            assert "<script>alert" not in text, name


def test_two_of_the_same_both_have_an_entry(batch: Batch) -> None:
    one, other = batch.results["family_16-twin-a"], batch.results["family_16-twin-b"]
    assert one.exercises["1.1"].status is other.exercises["1.1"].status is Status.CRASHED


def test_each_family_has_its_attacks() -> None:
    """Families 3 and 12 are uploads, the others cells; there are at least two of each."""
    counts = {number: sum(attack.id.startswith(f"family_{number:02}") for attack in ALL) for number in range(1, 18)}
    assert [number for number, count in counts.items() if count < 2] == [3, 12]
