"""The bank of answers under the real hidden suites: right ones get full marks, wrong ones the advice that names them.

Each file of tests/answers/<exercise>/ is the whole cell of that exercise; the cells before it are the solutions. Its
first line says what it shows:

    # accept: the text is lower-cased and the vocabulary sorted
    # reject: test_unknown_words_share_one_id: an unknown word becomes -1
    # says: does not belong to the vocabulary

`says` is a part of the message that the named check gives.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from grader.catalog import load_catalog
from grader.model import CheckResult, Status

ROOT = Path(__file__).parents[2]
ANSWERS = ROOT / "tests" / "answers"
FILES = sorted(ANSWERS.glob("*/*.py"))


class Claim(NamedTuple):
    """What the first lines of an answer say about it."""

    exercise: str
    right: bool
    check: str = ""
    says: str = ""


def claim_of(path: Path) -> Claim:
    """The claim of an answer; ValueError when its first lines make none."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if re.match(r"# accept: \S", lines[0]) and path.name.startswith("accept_"):
        return Claim(path.parent.name, right=True)
    found = re.match(r"# reject: (test_\w+): \S", lines[0])
    if found and path.name.startswith("reject_"):
        says = re.match(r"# says: (.+)", lines[1])
        return Claim(path.parent.name, right=False, check=found[1], says=says[1] if says else "")
    raise ValueError(f"{path}: the first line should be `# accept: …` or `# reject: <check>: …`, as the file's name says")


@pytest.fixture(scope="module")
def verdicts(request, tmp_path_factory) -> dict[Path, list[CheckResult]]:
    """The verdicts of all answers that this run was asked to test."""
    return verdicts_of("hidden", request, tmp_path_factory.mktemp("bank"))


@pytest.fixture(scope="module")
def visible_verdicts(request, tmp_path_factory) -> dict[Path, list[CheckResult]]:
    """The verdicts of the visible checks on the right answers that this run was asked to test."""
    return verdicts_of("visible", request, tmp_path_factory.mktemp("bank"))


def verdicts_of(suites: str, request: pytest.FixtureRequest, folder: Path) -> dict[Path, list[CheckResult]]:
    """Runs the answers of all tests that ask for this fixture in one process of their own."""
    items = [item for item in request.session.items if request.fixturename in getattr(item, "fixturenames", ())]
    paths = sorted({item.callspec.params["path"] for item in items if item.path == Path(__file__)})
    out = folder / "verdicts.json"
    run = [sys.executable, str(Path(__file__).with_name("run_bank.py")), suites, str(out), *map(str, paths)]
    subprocess.run(run, check=True, timeout=1800)
    found = msgspec.json.decode(out.read_bytes(), type=dict[str, list[CheckResult]])
    return {Path(name): results for name, results in found.items()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_answer_is_judged_as_declared(path, verdicts):
    """An accept gets full marks; a reject fails the check that it names, with the words that name its misconception."""
    claim, results = claim_of(path), verdicts[path]
    told = "\n".join(f"{r.status:>10} {r.name}: {r.message}" for r in results)
    assert all(result.status is not Status.KIT_ERROR for result in results), told
    if claim.right:
        assert all(result.status is Status.PASSED for result in results), told
        return
    named = [result for result in results if result.name == claim.check]
    assert named, f"no check is called {claim.check}; there are {[r.name for r in results]}"
    assert named[0].status not in (Status.PASSED, Status.SKIPPED), told
    assert claim.says in named[0].message, told


@pytest.mark.parametrize("path", [path for path in FILES if path.name.startswith("accept_")], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_right_answers_pass_the_visible_checks(path, visible_verdicts):
    """No visible check rejects a right answer: what a student sees never asks for more than what is graded."""
    results = visible_verdicts[path]
    assert results
    assert all(result.status is Status.PASSED for result in results), [(r.status, r.name, r.message) for r in results]


def test_every_exercise_has_a_bank():
    """Each exercise has at least three right answers and four wrong ones."""
    for exercise in load_catalog(ROOT / "exercises" / "catalog.toml").exercise:
        claims = [claim_of(path) for path in FILES if path.parent.name == exercise.id]
        right = sum(claim.right for claim in claims)
        assert right >= 3 and len(claims) - right >= 4, f"{exercise.id}: {right} accepts, {len(claims) - right} rejects"


def test_every_check_was_seen_to_fail():
    """Each hidden check fails some answer of the bank, which names it."""
    named = {(claim.exercise, claim.check) for claim in map(claim_of, FILES)}
    for path in sorted((ROOT / "tests" / "hidden").glob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        exercise = re.search(r'mark\.exercise\("(.+?)"\)', text)[1]
        for check in re.findall(r"^def (test_\w+)", text, re.MULTILINE):
            assert (exercise, check) in named, f"no reject in tests/answers/{exercise} names {check}"


def test_odd_values_end_as_wrong_answers():
    """Whatever stands in place of the answers, no check trips over it."""
    run = [sys.executable, str(Path(__file__).with_name("odd_answers.py")), "--few"]
    done = subprocess.run(run, check=False, timeout=1800, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert not done.stdout
