"""Whose a file is: the names that learning platforms give, rosters, and the latest of several attempts."""

import os
import zipfile
from pathlib import Path

import pytest

from grader.errors import KitError
from grader.intake.collect import collect, find
from grader.intake.owners import owner_of
from grader.run.roster import attribute, read_roster

NOTEBOOK = b'{"cells": [], "nbformat": 4}'


def put(path: Path, content: bytes = NOTEBOOK, *, when: int | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if when is not None:
        os.utime(path, (when, when))
    return path


def packed(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("name", "who", "file"),
    [
        ("Jane Doe_123456_assignsubmission_file_", "Jane Doe_123456", ""),
        ("Jane Doe_123456_assignsubmission_file", "Jane Doe_123456", ""),
        ("Jane Doe_123456_assignsubmission_file_lm playground.ipynb", "Jane Doe_123456", "lm playground.ipynb"),
        ("Ægir Þór_7_assignsubmission_file_a.zip", "Ægir Þór_7", "a.zip"),
        ("doejane_123456_7890123_lm_playground.ipynb", "doejane_123456", "lm_playground.ipynb"),
        ("doejane_LATE_123456_7890123_lm_playground-2.ipynb", "doejane_123456", "lm_playground.ipynb"),
        ("1234-5678 - Jane Doe - Nov 3, 2026 1023 PM - lm.ipynb", "Jane Doe", "lm.ipynb"),
        ("1234-5678 - Jane Doe - November 3, 2026 923 AM", "Jane Doe", ""),
        ("Homework 1_jdoe_attempt_2026-11-03-22-23-45_lm.ipynb", "jdoe", "lm.ipynb"),
    ],
)
def test_a_platforms_name_says_whose_a_file_is(name, who, file):
    owner = owner_of(name)
    assert (owner.name, owner.file) == (who, file)


@pytest.mark.parametrize(
    "name",
    [
        "alice.ipynb",
        "lm_playground.ipynb",
        "lab_2026_1103_alice.ipynb",
        "ex_1_1_word_level.py",
        "bob_2_3_x.ipynb",
        "1234-5678 - Jane Doe - Foo 3, 2026 1023 PM - lm.ipynb",
        "",
    ],
)
def test_other_names_say_nothing(name):
    assert owner_of(name) is None


def test_the_files_that_canvas_lays_flat_become_one_submission_each(tmp_path):
    put(tmp_path / "doejane_1234_567890_ex_1_1_word_level.py", b"x = 1")
    put(tmp_path / "doejane_1234_567891_ex_1_2_character_level-1.py", b"y = 2")
    put(tmp_path / "doejane_1234_567892_notes.pdf", b"")
    put(tmp_path / "roejohn_LATE_1235_567893_lm_playground.ipynb")
    uploads, _ = collect([tmp_path])
    assert [(u.id, u.kind, u.rejected) for u in uploads] == [
        ("doejane_1234", "folder", None),
        ("roejohn_1235", "notebook", None),
    ]
    assert [name for name, _ in uploads[0].files] == ["ex_1_1_word_level.py", "ex_1_2_character_level.py"]


def test_of_one_name_handed_in_again_the_last_counts(tmp_path):
    put(tmp_path / "doejane_1234_567890_lm.ipynb", b"old")
    put(tmp_path / "doejane_1234_567899_lm-2.ipynb", b"new")
    put(tmp_path / "doejane_1234_567895_lm-1.ipynb", b"middle")
    uploads, notes = collect([tmp_path])
    assert [dict(u.files) for u in uploads] == [{"doejane_1234_567899_lm-2.ipynb": b"new"}]
    assert "handed in more than once" in notes[0]
    assert "567890" in notes[0] and "567895" in notes[0]
    assert notes[0].endswith(uploads[0].notes[0])


def test_the_latest_attempt_counts_with_all_of_its_files(tmp_path):
    for stamp, content in (("2026-11-03-09-00-00", b"old"), ("2026-11-04-09-00-00", b"new")):
        put(tmp_path / f"Lab_jdoe_attempt_{stamp}_ex_1_1_word_level.py", content)
        put(tmp_path / f"Lab_jdoe_attempt_{stamp}_ex_1_2_character_level.py", content)
    put(tmp_path / "Lab_jdoe_attempt_2026-11-03-09-00-00.txt", b"")
    put(tmp_path / "1-2 - Jane Doe - Nov 3, 2026 1259 PM" / "lm.ipynb", b"noon")
    put(tmp_path / "1-2 - Jane Doe - Nov 3, 2026 101 PM" / "lm.ipynb", b"one")
    uploads = {upload.id: upload for upload in collect([tmp_path])[0]}
    assert set(uploads) == {"jdoe", "Jane Doe"}
    assert [content for _, content in uploads["jdoe"].files] == [b"new", b"new"]
    assert [content for _, content in uploads["Jane Doe"].files] == [b"one"]


def test_moodles_folder_of_online_text_does_not_hide_the_file(tmp_path):
    put(tmp_path / "Jane Doe_7_assignsubmission_file" / "lm.ipynb")
    put(tmp_path / "Jane Doe_7_assignsubmission_onlinetext" / "onlinetext.html", b"see file")
    put(tmp_path / "John Roe_8_assignsubmission_onlinetext" / "onlinetext.html", b"my dog ate it")
    uploads = {upload.id: upload for upload in collect([tmp_path])[0]}
    assert uploads["Jane Doe_7"].rejected is None
    assert "no notebook" in str(uploads["John Roe_8"].rejected)


def test_two_forms_of_one_name_are_one_student_and_the_latest_counts(tmp_path):
    put(tmp_path / "alice.ipynb", b"first", when=1_000)
    put(tmp_path / "alice (1).ipynb", b"second", when=2_000)
    put(tmp_path / "alice.zip", b"third", when=1_500)
    put(tmp_path / "BOB (1).ipynb", b"another one")
    put(tmp_path / "bob (1).ipynb", b"the only one")
    put(tmp_path / "carol" / "lm.ipynb", b"old", when=1_000)
    put(tmp_path / "carol.ipynb", b"new", when=3_000)
    uploads = {upload.id: upload for upload in collect([tmp_path])[0]}
    assert {name: upload.files[0][1] for name, upload in uploads.items()} == {
        "alice (1)": b"second",
        "bob (1)-2": b"the only one",
        "BOB (1)": b"another one",
        "carol": b"new",
    }
    assert "alice.ipynb, alice.zip does not" in uploads["alice (1)"].notes[0]


def test_students_of_one_name_in_two_sections_stay_two(tmp_path):
    for section in ("A", "B"):
        for name in ("smith", f"other {section}"):
            put(tmp_path / f"Section {section}" / name / "lm.ipynb", section.encode())
    uploads, notes = collect([tmp_path])
    assert [u.id for u in uploads] == ["other A", "smith", "other B", "smith-2"]
    assert sum("taken as a class of its own" in note for note in notes) == 2


@pytest.mark.parametrize(
    "inner", [("final", "zweite"), ("attempt 1", "attempt 2"), ("exercises_old", "neu"), ("v1", "v2")]
)
def test_folders_of_ones_own_work_make_no_class(tmp_path, inner):
    for name in inner:
        put(tmp_path / "class" / "ana" / name / "lm.ipynb")
    put(tmp_path / "class" / "ben.ipynb")
    assert [u.id for u in collect([tmp_path / "class"])[0]] == ["ana", "ben"]


def test_folders_called_the_same_everywhere_are_parts_of_each_ones_work(tmp_path):
    for name in ("ana", "ben", "cho"):
        for part in ("Aufgabe 1", "Aufgabe 2"):
            put(tmp_path / name / part / "lm.ipynb")
    assert [u.id for u in collect([tmp_path])[0]] == ["ana", "ben", "cho"]


def test_one_student_with_many_folders_beside_others_stays_one(tmp_path):
    for part in ("alpha", "beta", "gamma", "delta"):
        put(tmp_path / "ana" / part / "lm.ipynb")
    put(tmp_path / "ben" / "lm.ipynb")
    assert [u.id for u in collect([tmp_path])[0]] == ["ana", "ben"]


@pytest.mark.parametrize(("count", "ids"), [(2, ["ana"]), (4, ["s0", "s1", "s2", "s3"])])
def test_a_lone_folder_is_a_section_only_when_it_holds_many(tmp_path, count, ids):
    for number in range(count):
        put(tmp_path / "class" / "ana" / f"s{number}" / "lm.ipynb")
    put(tmp_path / "class" / "notes.txt", b"")
    assert [u.id for u in collect([tmp_path / "class"])[0]] == ids


def test_people_of_one_name_stay_apart_by_what_the_platform_knows(tmp_path):
    for login in ("a_smith", "b_smith"):
        put(tmp_path / f"Lab_{login}_attempt_2026-11-03-09-00-00_lm.ipynb", login.encode())
    for number in (1, 2):
        put(tmp_path / f"{number}-77 - Jane Doe - Nov 3, 2026 1023 PM - lm.ipynb", b"jane")
    assert [u.id for u in collect([tmp_path])[0]] == ["Jane Doe", "Jane Doe-2", "smith", "smith-2"]


# --- zips of a whole class ----------------------------------------------------------------


def test_a_platforms_zip_is_a_class(tmp_path):
    student_zip = packed(tmp_path / "s.zip", {"ex_1_1_word_level.py": b"x = 1"}).read_bytes()
    path = packed(
        tmp_path / "Lab 1-99.zip",
        {
            "Jane Doe_7_assignsubmission_file/lm.ipynb": NOTEBOOK,
            "John Roe_8_assignsubmission_file/work.zip": student_zip,
            "Mia_9_assignsubmission_file/../../../evil.ipynb": NOTEBOOK,
            "__MACOSX/._x": b"",
        },
    )
    (tmp_path / "room").mkdir()
    found, notes = find([path], tmp_path / "room")
    assert [(one.id, one.kind) for one in found] == [("Jane Doe_7", "folder"), ("John Roe_8", "zip")]
    assert found[0].source == f"{path}/Jane Doe_7_assignsubmission_file"
    assert len(notes) == 1 and "evil.ipynb: left out, it points outside of the zip" in notes[0]
    assert not list(tmp_path.glob("*evil*"))


def test_a_students_zip_stays_one_submission(tmp_path):
    path = packed(tmp_path / "alice.zip", {"ex_1_1_word_level.py": b"x = 1", "old/lm.ipynb": NOTEBOOK})
    (tmp_path / "room").mkdir()
    found, _ = find([path], tmp_path / "room")
    assert [(one.id, one.kind) for one in found] == [("alice", "zip")]
    assert not list((tmp_path / "room").iterdir())


def test_links_and_bombs_in_a_class_cost_only_themselves(tmp_path):
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Jane Doe_7_assignsubmission_file_lm.ipynb", NOTEBOOK)
        link = zipfile.ZipInfo("John Roe_8_assignsubmission_file_lm.ipynb")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("Big_9_assignsubmission_file_lm.ipynb", b" " * (80 << 20))
    (tmp_path / "room").mkdir()
    found, notes = find([path], tmp_path / "room")
    assert [one.id for one in found] == ["Big_9", "Jane Doe_7"]
    assert "a link or a device" in notes[0]
    sizes = {one.id: one.path.stat().st_size for one in found}
    assert sizes["Big_9"] <= (50 << 20) + 1


def test_what_is_no_zip_is_left_to_the_reader(tmp_path):
    (tmp_path / "room").mkdir()
    found, _ = find([put(tmp_path / "x.zip", b"PK\x03\x04 nothing")], tmp_path / "room")
    assert [(one.id, one.kind) for one in found] == [("x", "zip")]


# --- rosters ------------------------------------------------------------------------------


def roster(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return path


def attributed(
    tmp_path: Path, text: str, *names: str, encoding: str = "utf-8"
) -> tuple[list[str], list[str], list[str]]:
    paths = [put(tmp_path / "class" / name, when=1_000 + place) for place, name in enumerate(names)]
    notes: list[str] = []
    kept, absent = attribute(find(paths)[0], read_roster(roster(tmp_path, text, encoding)), notes)
    return [one.id for one in kept], absent, notes


@pytest.mark.parametrize(
    "text",
    [
        "id,name\njdoe,Jane Doe\nmroe,Mary Roe\n",
        "jdoe\nmroe\n",
        'Student,ID,SIS Login ID,Section\n    Points Possible,,,\n"Doe, Jane",12,jdoe,A\n"Roe, Mary",13,mroe,A\n',
        "﻿First name;Last name;Email address\nJane;Doe;jdoe@x.org\nMary;Roe;mroe@x.org\n",
        "username\tmail\njdoe\tjdoe@x.org\nmroe\tmroe@x.org\n",
    ],
)
def test_a_roster_says_who_handed_in_nothing(tmp_path, text):
    kept, absent, notes = attributed(tmp_path, text, "jdoe.ipynb")
    assert kept == ["jdoe"]
    assert absent in (["mroe"], ["13"], ["mroe@x.org"])
    assert not notes


@pytest.mark.parametrize(
    "name", ["Jane Doe.ipynb", "doe_jane.zip", "doejane_12_345678_lm.ipynb", "JaneDoe_99_assignsubmission_file_x.ipynb"]
)
def test_names_are_matched_in_the_spellings_of_platforms(tmp_path, name):
    _, absent, notes = attributed(tmp_path, 'Student,ID\n"Doe, Jane",12\n"Roe, Mary",13\n', name)
    assert (absent, notes) == (["13"], [])


def test_two_of_one_name_are_told_apart_by_their_numbers_only(tmp_path):
    text = 'Student,ID\n"Doe, Jane",12\n"Doe, Jane",13\n'
    kept, absent, notes = attributed(tmp_path, text, "doejane_13_345678_lm.ipynb", "Jane Doe.ipynb")
    assert kept == ["doejane_13", "Jane Doe"]
    assert absent == ["12"]
    assert notes == ["not on the roster, graded all the same: Jane Doe"]


def test_of_several_submissions_of_one_student_the_latest_counts(tmp_path):
    kept, absent, notes = attributed(tmp_path, "id,name\njdoe,Jane Doe\n", "jdoe.ipynb", "Jane Doe.ipynb")
    assert (kept, absent) == (["Jane Doe"], [])
    assert "jdoe: handed in more than once; Jane Doe is the latest and counts, jdoe does not" in notes[0]


def test_a_latin_1_roster_is_read(tmp_path):
    _, absent, _ = attributed(tmp_path, "name\nJosé Núñez\nMary Roe\n", "José Núñez.ipynb", encoding="latin-1")
    assert absent == ["Mary Roe"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04\0\0", b"id,name\n", b"name\n,\n"])
def test_a_roster_of_nobody_is_an_error_of_one_line(tmp_path, content):
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    with pytest.raises(KitError, match=r"roster\.csv") as caught:
        read_roster(path)
    assert "\n" not in str(caught.value)


def test_a_roster_that_is_not_there_is_said(tmp_path):
    with pytest.raises(KitError, match="cannot be read"):
        read_roster(tmp_path / "nowhere.csv")
