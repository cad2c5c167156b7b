"""Tests of the store: nothing that was graded is lost, and nothing is taken for what it is not."""

import multiprocessing
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from grader.errors import KitError
from grader.model import ExerciseResult, Limits, Status, SubmissionResult
from grader.run.store import Store, resume_key

PARTS: dict[str, Any] = {
    "submission_id": "x",
    "sha256": "00",
    "suite": "s",
    "kit_version": "1",
    "models": "m",
    "exercises": ["1.1", "2.1"],
    "limits": {"1.1": Limits()},
    "walls": ("a", "b"),
    "proven": True,
    "seed": "s",
}


def verdict(id_: str = "x", score: int = 3) -> SubmissionResult:
    exercise = ExerciseResult(score=score, max_score=8, status=Status.PARTIAL, notes=("ünï \U0001f680",))
    return SubmissionResult(
        id=id_,
        source="s",
        sha256="0",
        proven=True,
        score=score,
        max_score=8,
        bonus=0,
        seconds=0.1,
        exercises={"1.1": exercise},
    )


def test_what_was_saved_is_there_again_after_closing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "results.db"
    with Store(path) as store:
        assert store.load("k") is None
        store.save("k", verdict())
    with Store(path) as store:
        assert store.load("k") == verdict()
        assert store.load("other") is None
        assert len(store) == 1


def test_saving_again_replaces(tmp_path: Path) -> None:
    with Store(tmp_path / "r.db") as store:
        store.save("k", verdict(score=1))
        store.save("k", verdict(score=2))
        assert store.load("k") == verdict(score=2)
        assert len(store) == 1


def test_a_result_is_on_the_disk_when_save_returns(tmp_path: Path) -> None:
    store = Store(tmp_path / "r.db")
    store.save("k", verdict())
    with Store(tmp_path / "r.db") as other:  # the first is still open, as after a kill
        assert other.load("k") == verdict()
    store.close()


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("submission_id", "x-2"),
        ("sha256", "01"),
        ("suite", "t"),
        ("kit_version", "2"),
        ("models", "hub"),
        ("exercises", ["1.1"]),
        ("limits", {"1.1": Limits(run_s=5)}),
        ("walls", ("a",)),
        ("proven", False),
        ("seed", "t"),
    ],
)
def test_whatever_could_change_a_verdict_changes_its_key(part: str, value: object) -> None:
    assert resume_key(**PARTS) != resume_key(**{**PARTS, part: value})


def test_a_key_does_not_depend_on_order() -> None:
    assert resume_key(**PARTS) == resume_key(**{**PARTS, "exercises": ["2.1", "1.1"], "walls": ["b", "a"]})
    assert resume_key(**PARTS).isalnum()


def test_parts_cannot_slide_into_each_other() -> None:
    assert resume_key(**{**PARTS, "suite": "ab", "models": "c"}) != resume_key(
        **{**PARTS, "suite": "a", "models": "bc"}
    )


def test_two_identical_uploads_have_an_entry_each(tmp_path: Path) -> None:
    with Store(tmp_path / "r.db") as store:
        for id_ in ("x", "x-2"):
            store.save(resume_key(**{**PARTS, "submission_id": id_}), verdict(id_))
        assert len(store) == 2
        found = store.load(resume_key(**{**PARTS, "submission_id": "x-2"}))
        assert found is not None
        assert found.id == "x-2"


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough to be one" * 50, b"\0" * 4096 + b"x" * 4096]
)
def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "results.db"
    path.write_bytes(content)
    with pytest.raises(KitError, match=r"results\.db: damaged .*Nothing was deleted: move the file away"):
        Store(path)
    assert path.read_bytes() == content


def test_damage_in_the_middle_is_found_when_the_run_starts(tmp_path: Path) -> None:
    path = tmp_path / "results.db"
    with Store(path) as store:
        for number in range(300):
            store.save(f"k{number}", verdict())
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8000] = b"\xff" * 8000
    path.write_bytes(content)
    with pytest.raises(KitError, match="damaged"):
        Store(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("blob", [b"{}", b"", b"\xff", "text", 7, None])
def test_an_entry_that_is_no_verdict_is_damage_not_absence(tmp_path: Path, blob: object) -> None:
    path = tmp_path / "r.db"
    with Store(path) as store:
        store.save("k", verdict())
    with sqlite3.connect(path) as db:
        db.execute("UPDATE results SET result = ?", (blob if blob is not None else b"null",))
    with Store(path) as store, pytest.raises(KitError, match="an entry is no verdict"):
        store.load("k")


def test_a_file_of_a_newer_kit_is_not_touched(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "r.db") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(KitError, match="newer kit"):
        Store(tmp_path / "r.db")


def test_another_program_s_database_is_not_taken_over(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "r.db") as db:
        db.execute("CREATE TABLE results (id INTEGER)")
    with pytest.raises(KitError, match=r"choose another --out folder|damaged"):
        Store(tmp_path / "r.db")


def test_a_place_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KitError, match="choose another --out folder"):
        Store(tmp_path / "file" / "r.db")
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(KitError, match="choose another --out folder"):
        Store(tmp_path / "folder.db")


def test_a_lock_that_never_ends_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.run.store._WAIT_S", 0.1)
    with Store(tmp_path / "r.db") as store:
        other = sqlite3.connect(tmp_path / "r.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(KitError, match="another run has kept it busy"):
            store.save("k", verdict())
        other.execute("ROLLBACK")
        other.close()
        store.save("k", verdict())
        assert store.load("k") == verdict()


def test_a_failed_save_leaves_what_was_there(tmp_path: Path) -> None:
    with Store(tmp_path / "r.db") as store:
        store.save("k", verdict())
        with pytest.raises((KitError, TypeError, AttributeError)):
            store.save("k", object())  # type: ignore[arg-type]
        assert store.load("k") == verdict()
        store.save("l", verdict())


def _write(path: str, start: int) -> None:
    with Store(Path(path)) as store:
        for number in range(start, start + 25):
            store.save(f"k{number}", verdict(f"s{number}"))


def test_several_runs_may_write_to_one_folder_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(str(tmp_path / "r.db"), start)) for start in (0, 25, 50)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
        assert writer.exitcode == 0
    with Store(tmp_path / "r.db") as store:
        assert len(store) == 75
        assert store.load("k74") == verdict("s74")
