"""The demo class: every form of submission, always the same bytes, and each with the answers that its story tells."""

import json

import pytest

from grader.catalog import load_catalog
from grader.errors import CatalogError, IntakeError, KitError
from grader.intake.local import read_here
from grader.run.pipeline import Options, grade
from tools.build import ROOT, read_course
from tools.demo import compose, main
from tools.demo_class import ALL, CHAPTER_1, PEOPLE, REGULAR, change

COURSE = read_course()
CATALOG = load_catalog(ROOT / "exercises" / "catalog.toml")


def source_of(submission, exercise_id):
    return "\n".join(cell.source for cell in submission.cells if cell.exercise == exercise_id)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The class, composed."""
    path = tmp_path_factory.mktemp("demo") / "submissions"
    compose(path, COURSE)
    return path


@pytest.fixture(scope="module")
def submissions(folder):
    """Those that can be read, by name."""
    return {path.stem: read_here(path, CATALOG) for path in sorted(folder.iterdir()) if path.stem != "omar"}


def test_the_class_has_all_forms_of_submission(folder):
    kinds = sorted(path.suffix for path in folder.iterdir())
    assert [kinds.count(kind) for kind in ("", ".ipynb", ".zip")] == [5, 6, 5]
    notebooks = [path.stem for path in folder.glob("*.ipynb") if "d784a288" in path.read_text(encoding="utf-8")]
    assert sorted(notebooks) == ["farah", "goran"]  # with the cell ids of the original course


def test_the_class_is_the_same_bytes_every_time(folder, tmp_path):
    compose(tmp_path, COURSE)
    compose(tmp_path, COURSE)
    ours = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert ours == {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("name", "attempted"),
    [
        ("amara", ALL),
        ("bruno", REGULAR),
        ("chiara", REGULAR),
        ("daisuke", ()),
        ("elif", (*CHAPTER_1, "2.1")),
        ("farah", REGULAR),
        ("goran", (*CHAPTER_1, "2.2a", "2.2b", "2.3")),
        ("hana", (*CHAPTER_1, "2.1", "2.2a")),
        ("ivan", REGULAR),
        ("jun", REGULAR),
        ("kofi", REGULAR),
        ("lena", REGULAR),
        ("mateo", REGULAR),
        ("nadia", CHAPTER_1),
        ("priya", (*CHAPTER_1, "bpe", "3.1")),
    ],
)
def test_each_submission_holds_the_answers_of_its_story(submissions, name, attempted):
    assert submissions[name].attempted == set(attempted)


@pytest.mark.parametrize(
    "person", [person for person in PEOPLE if person.name != "omar"], ids=lambda person: person.name
)
def test_each_change_is_in_what_was_handed_in(submissions, person):
    for one in person.changes:
        for _, new in one.edits:
            assert new.strip() in source_of(submissions[person.name], one.exercise)


def test_the_untouched_rest_is_the_stub(submissions):
    assert source_of(submissions["nadia"], "2.4").split() == COURSE.sources["2.4"].stub.split()


def test_the_broken_upload_is_no_json(folder):
    with pytest.raises(json.JSONDecodeError):
        json.loads((folder / "omar.ipynb").read_text(encoding="utf-8"))
    with pytest.raises(IntakeError, match="the file ends too early"):
        read_here(folder / "omar.ipynb", CATALOG)


def test_a_change_that_no_longer_fits_is_an_error():
    with pytest.raises(CatalogError, match=r"solution of 1\.1 no longer has 'gone'"):
        change("1.1", ("gone", "")).applied_to("here")


def test_a_folder_with_other_submissions_is_left_alone(tmp_path):
    (tmp_path / "zoe.ipynb").write_text("{}", encoding="utf-8")
    with pytest.raises(KitError, match=r"zoe\.ipynb: not of the demo"):
        compose(tmp_path, COURSE)
    assert [path.name for path in tmp_path.iterdir()] == ["zoe.ipynb"]


def test_the_command_tells_the_cast_and_the_next_command(tmp_path, capsys):
    assert main(["--out", str(tmp_path), "--no-grade"]) == 0
    said = capsys.readouterr().out
    assert f"A class of {len(PEOPLE)}:" in said
    assert f"$ playground grade {tmp_path / 'submissions'} --out {tmp_path / 'results'}" in said


@pytest.mark.heavy
def test_a_part_of_the_class_gets_the_scores_it_deserves(folder, tmp_path):
    names = ("amara", "bruno.zip", "daisuke", "farah.ipynb", "goran.ipynb", "hana", "kofi", "nadia", "omar.ipynb")
    exercises = ("1.1", "1.2", "1.3", "2.1")
    outcome = grade(Options(paths=tuple(folder / name for name in names), out=tmp_path, exercises=exercises))
    scores = {
        result.id: [verdict.score if verdict.score else verdict.status.value for verdict in result.exercises.values()]
        for result in outcome.run.submissions
    }
    not_yet = "not_attempted"
    assert scores == {
        "amara": [8, 8, 8, 10],
        "bruno": [8, 8, 8, 10],
        "daisuke": [not_yet] * 4,
        "farah": [8, 8, 8, 10],
        "goran": [8, 5, 8, not_yet],
        "hana": [4, 3, 8, 3],
        "kofi": [8, 8, 8, "crashed"],
        "nadia": [8, 8, "errored", not_yet],
        "omar": [not_yet] * 4,
    }
    assert (tmp_path / "report.html").is_file()
