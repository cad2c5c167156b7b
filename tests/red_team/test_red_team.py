"""Hostile submissions among innocent ones, graded by the real `playground grade`, in all walls and in fewer.

What is tried is in `attacks.py`, how it is graded in `batch.py`; `python -m tests.red_team.table` prints the outcome.
"""

import csv
import io
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from grader.model import Status
from tests.red_team.attacks import ALL, FAMILIES, UPLOADS
from tests.red_team.batch import CANARY, CONFIGURATIONS, INNOCENT, Batch, Configuration, graded
from tests.red_team.table import counts, table

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("bwrap") is None, reason="the sandbox needs Linux and bubblewrap"
)
FULL, *FEWER = CONFIGURATIONS


def marks_of(configuration: Configuration) -> list[pytest.MarkDecorator]:
    """One class meets the walls as they mostly stand; the classes that meet fewer are left to `make test-heavy`."""
    return [] if configuration is FULL else [pytest.mark.heavy]


in_every_configuration = pytest.mark.parametrize(
    "batch", [pytest.param(c, id=c.name, marks=marks_of(c)) for c in CONFIGURATIONS], indirect=True
)
in_full = pytest.mark.parametrize("batch", [FULL], ids=["full"], indirect=True)


@pytest.fixture(scope="module")
def graded_once() -> Iterator[Callable[[Configuration], Batch | str]]:
    """Grades in a configuration when it is asked for first; text says why this system cannot play it."""
    done: dict[str, Batch | str] = {}
    with ExitStack() as stack:

        def get(configuration: Configuration) -> Batch | str:
            if configuration.name not in done:
                try:
                    done[configuration.name] = stack.enter_context(graded(configuration))
                except OSError as error:
                    done[configuration.name] = str(error)
            return done[configuration.name]

        yield get


@pytest.fixture
def batch(request: pytest.FixtureRequest, graded_once: Callable[[Configuration], Batch | str]) -> Batch:
    """The red team graded in one configuration."""
    batch = graded_once(request.param)
    if isinstance(batch, str):
        pytest.skip(batch)
    return batch


def pages(batch: Batch) -> dict[str, str]:
    """Every text that somebody reads after the run."""
    found = {
        path.relative_to(batch.out).as_posix(): path
        for path in batch.out.rglob("*")
        if path.suffix in (".html", ".csv", ".json")
    }
    return {name: path.read_text() for name, path in found.items()} | {"terminal": batch.said}


def without_own_code(text: str) -> str:
    """The page without what people wrote themselves: an attack's words stand in its own source."""
    if text.startswith("{"):
        return json.dumps(json.loads(text, object_hook=lambda entry: {k: v for k, v in entry.items() if k != "code"}))
    return re.sub(r'<pre class="code".*?</pre>', "", text, flags=re.DOTALL)


# --- what must hold in every configuration -------------------------------------------------


@pytest.mark.parametrize(
    ("batch", "attack"),
    [
        pytest.param(c, attack, id=f"{c.name}, {attack.id}: {attack.tried}", marks=marks_of(c))
        for c in CONFIGURATIONS
        for attack in ALL
        if attack.family in c.families
    ],
    indirect=["batch"],
)
def test_an_attack_wins_nothing_and_is_called_what_it_is(batch: Batch, attack) -> None:
    result = batch.results[attack.id]
    verdict = result.exercises[attack.exercise]
    assert verdict.score == 0, [(check.name, check.status) for check in verdict.checks]
    assert verdict.status in attack.ends, [
        verdict.notes,
        *((check.name, check.status, check.message) for check in verdict.checks),
    ]
    assert result.proven


@in_every_configuration
def test_the_walls_are_those_of_the_configuration(batch: Batch) -> None:
    standing = set(batch.run.walls) - {"signal scope"} if "own user" in batch.run.walls else set(batch.run.walls)
    assert standing == set(batch.configuration.walls)
    assert set(batch.run.missing_walls) == set(FULL.walls) - set(batch.configuration.walls)
    assert all(wall in batch.said for wall in batch.run.missing_walls)


@in_every_configuration
@pytest.mark.parametrize("name", INNOCENT)
def test_innocent_submissions_score_as_if_nothing_had_happened(batch: Batch, name: str) -> None:
    result = batch.results[name]
    assert result.score == result.max_score, {id_: verdict.status for id_, verdict in result.exercises.items()}


@in_every_configuration
def test_no_attack_causes_a_fault_of_ours(batch: Batch) -> None:
    faults = [
        (result.id, id_)
        for result in batch.results.values()
        for id_, v in result.exercises.items()
        if v.status is Status.KIT_ERROR
    ]
    assert faults == []
    checks = [
        (result.id, c.name)
        for result in batch.results.values()
        for v in result.exercises.values()
        for c in v.checks
        if c.status is Status.KIT_ERROR
    ]
    assert checks == []


@in_every_configuration
def test_nothing_that_an_attack_learned_or_found_stands_on_any_page(batch: Batch) -> None:
    for name, text in pages(batch).items():
        assert not re.search(f"{CANARY}(in|beside|open)-", text), name  # those that were planted, own code or not
        ours = without_own_code(text)
        for word in ("LEAK", "BREACH", CANARY):
            assert word not in ours, f"{name}: {ours[max(0, ours.find(word) - 200) :][:400]}"


@in_every_configuration
def test_no_process_file_socket_or_segment_is_left(batch: Batch) -> None:
    assert batch.left == frozenset()


@in_every_configuration
def test_nothing_was_written_outside_of_the_results(batch: Batch) -> None:
    assert not Path("/tmp/breach.py").exists()
    assert not Path("/tmp/canary-pickle").exists()
    assert not list(batch.place.rglob("breach*"))
    assert {path.name for path in batch.place.iterdir()} <= {"course", "class", "out", "models"}
    assert batch.sprung == frozenset()


# --- what must hold of uploads ------------------------------------------------------------


@in_full
def test_files_beside_the_exercises_have_no_effect(batch: Batch) -> None:
    for name in ("family_03-folder", "family_03-zip", "family_03-notebook"):
        result = batch.results[name]
        assert result.score == result.max_score, {id_: verdict.status for id_, verdict in result.exercises.items()}


@in_full
def test_a_zip_is_read_for_what_is_good_in_it(batch: Batch) -> None:
    result = batch.results["family_12-escape"]
    assert result.score == result.max_score


@in_full
@pytest.mark.parametrize(
    "name",
    [
        "family_12-bomb",
        "family_12-crowd",
        "family_12-deep",
        "family_12-large",
        "family_15-pickle",
        "family_15-archive",
        "family_15-model",
    ],
)
def test_uploads_that_cannot_be_read_are_turned_away_with_one_line(batch: Batch, name: str) -> None:
    result = batch.results[name]
    assert result.score == 0
    assert all(verdict.status is Status.NOT_ATTEMPTED for verdict in result.exercises.values())
    assert any(note.startswith("Not graded: ") for note in result.notes)


@in_full
@pytest.mark.parametrize(
    "name",
    [
        "family_12-notebook",
        "family_12-slow",
        "family_12-nul",
        "family_12-links",
        "family_12-special",
        "family_12-lies",
        "family_13-graded",
        "family_14-pick",
        "family_15-folder",
    ],
)
def test_uploads_with_one_bad_exercise_win_nothing_for_it(batch: Batch, name: str) -> None:
    assert batch.results[name].exercises["1.1"].score == 0


@in_full
def test_a_linked_module_is_not_read(batch: Batch) -> None:
    assert batch.results["family_12-links"].exercises["1.1"].status is Status.NOT_ATTEMPTED


@in_full
def test_ids_are_safe_file_names_and_names_are_no_formula(batch: Batch) -> None:
    folders = {path.name for path in (batch.out / "students").iterdir()}
    assert folders == set(batch.results)
    assert not any(set(name) & set("<>=[]\x1b/\\:*?|") or name.startswith((".", "-")) for name in folders)
    for row in csv.reader(io.StringIO(pages(batch)["results.csv"])):
        assert not any(field.startswith(("=", "+", "-", "@", "\t")) for field in row), row


@in_full
def test_markup_and_escapes_arrive_as_text(batch: Batch) -> None:
    for name, text in pages(batch).items():
        assert "\x1b" not in text, name
        assert "\u202e" not in text, name
        if name.endswith(".html"):
            assert "<img src=x" not in text, name
            assert "<script>alert" not in text, name


@in_full
def test_two_of_the_same_both_have_an_entry(batch: Batch) -> None:
    one, other = batch.results["family_16-twin-a"], batch.results["family_16-twin-b"]
    assert one.exercises["1.1"].status is other.exercises["1.1"].status is Status.CRASHED


# --- the figures --------------------------------------------------------------------------


def test_each_family_has_four_attacks_and_all_of_them_have_a_hundred() -> None:
    assert set(counts()) == set(FAMILIES)
    assert min(counts().values()) >= 4
    assert sum(counts().values()) >= 100


@in_full
def test_the_uploads_are_as_many_as_the_table_says(batch: Batch) -> None:
    assert len(batch.uploads) == sum(number for _, number in UPLOADS.values())


def test_the_table_in_the_docs_is_that_of_the_attacks() -> None:
    """That they are stopped is what the other tests say."""
    page = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
    assert table(None) in page
