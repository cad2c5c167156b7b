"""Tests of what touches the disk and the zip: finding submissions, ids, caps, unpacking."""

import io
import os
import stat
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import IntakeError
from grader.intake import read, unzip
from grader.intake.collect import collect, find
from grader.intake.magics import plain_python
from grader.intake.naming import safe_id, unique_ids
from grader.intake.notebook import read_notebook
from grader.intake.read import read_file
from grader.intake.text import module_text
from grader.intake.unzip import unzip as unpack

NOTEBOOK = b'{"cells": []}'


def put(path: Path, content: bytes = NOTEBOOK) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def ids(*paths: Path) -> list[str]:
    return [upload.id for upload in collect(paths)[0]]


# --- what is one submission ---------------------------------------------------------------


def test_a_file_is_one_submission(tmp_path: Path) -> None:
    uploads, notes = collect([put(tmp_path / "alice.ipynb"), put(tmp_path / "bob.ZIP"), put(tmp_path / "ex_1_1.py")])
    assert [(u.id, u.kind) for u in uploads] == [("alice", "notebook"), ("bob", "zip"), ("ex_1_1", "module")]
    assert uploads[0].files == (("alice.ipynb", NOTEBOOK),)
    assert not notes


def test_what_lies_beside_a_notebook_in_a_form_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for name in ("ann.ipynb", "bo.rar", "di.ipynb.txt", "data.csv"):
        put(tmp_path / name)
    uploads, notes = collect([tmp_path])
    assert [upload.id for upload in uploads] == ["ann"]
    assert notes == [
        f"{tmp_path}: taken as one student's, ann.ipynb; passed over, in a form that cannot be read: bo.rar, di.ipynb.txt"
    ]


@pytest.mark.parametrize(
    ("names", "said"), [((), "it holds no file"), (("a.pdf", "b/c.txt"), "it holds 2 other files, a.pdf is one")]
)
def test_a_zip_without_answers_says_what_it_holds(names: tuple[str, ...], said: str) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    assert unpack(content.getvalue()) == ({}, [said])


def test_a_folder_of_modules_is_one_submission_though_it_has_other_folders(tmp_path: Path) -> None:
    put(tmp_path / "carol" / "exercises" / "EX_1_1_word_level.py", b"x = 1")
    put(tmp_path / "carol" / "tests" / "test_x.py", b"")
    put(tmp_path / "carol" / "scratch.ipynb")
    (upload,) = collect([tmp_path / "carol"])[0]
    assert (upload.id, upload.kind) == ("carol", "folder")
    assert [name for name, _ in upload.files] == ["scratch.ipynb", "exercises/EX_1_1_word_level.py", "tests/test_x.py"]


@pytest.mark.parametrize(
    ("notebook", "expected"),
    [
        ("lm_playground.ipynb", "dora"),
        ("LM-Playground (2).ipynb", "dora"),
        ("Copy of lm_playground.ipynb", "dora"),
        ("Untitled.ipynb", "dora"),
        ("emil.ipynb", "emil"),
    ],
)
def test_a_folder_with_one_notebook_is_called_after_whoever_has_a_name(
    tmp_path: Path, notebook: str, expected: str
) -> None:
    put(tmp_path / "dora" / notebook)
    put(tmp_path / "dora" / "images" / "plot.png", b"")
    assert ids(tmp_path / "dora") == [expected]


def test_a_class_has_one_submission_for_each_entry_in_order(tmp_path: Path) -> None:
    put(tmp_path / "zoe.ipynb")
    put(tmp_path / "adam" / "lm_playground.ipynb")
    put(tmp_path / "mia.zip", b"PK")
    put(tmp_path / "grades.csv", b"")
    put(tmp_path / "script.py", b"")
    put(tmp_path / ".ipynb_checkpoints" / "zoe-checkpoint.ipynb")
    put(tmp_path / "__MACOSX" / "adam.ipynb")
    put(tmp_path / "._zoe.ipynb")
    put(tmp_path / "lm_playground-solution.ipynb")
    uploads, notes = collect([tmp_path])
    assert [(u.id, u.kind) for u in uploads] == [("adam", "folder"), ("mia", "zip"), ("zoe", "notebook")]
    assert [note.rpartition("/")[2] for note in notes] == [
        "grades.csv: passed over, not a submission",
        "lm_playground-solution.ipynb: passed over, a solution by its name",
        "script.py: passed over, not a submission; give the file itself to grade it",
    ]


def test_nobody_in_a_class_is_lost_in_silence(tmp_path: Path) -> None:
    put(tmp_path / "adam.ipynb")
    put(tmp_path / "bea.ipynb")
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe.ipynb")
    put(tmp_path / "packed.rar", b"")
    put(tmp_path / "renamed.ipynb.txt")
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "adam.ipynb")
    (tmp_path / "linked").symlink_to(tmp_path / "empty")
    uploads = {upload.id: upload for upload in collect([tmp_path])[0]}
    assert set(uploads) == {"adam", "bea", "empty", "pipe", "link", "linked", "packed.rar", "renamed.ipynb.txt"}
    assert "unsupported kind of file (.rar)" in str(uploads["packed.rar"].rejected)
    assert "folder has no notebook and no ex_*.py module" in str(uploads["empty"].rejected)
    assert "no regular file" in str(uploads["pipe"].rejected)
    assert "symbolic link" in str(uploads["link"].rejected)
    assert "symbolic link" in str(uploads["linked"].rejected)
    assert uploads["link"].files == ()


def test_the_results_of_an_earlier_run_are_nobodys_submission(tmp_path: Path) -> None:
    put(tmp_path / "adam.ipynb")
    put(tmp_path / "bea.ipynb")
    put(tmp_path / "results" / "results.db", b"")
    put(tmp_path / "results" / "students" / "adam" / "feedback.html", b"")
    uploads, notes = collect([tmp_path])
    assert [upload.id for upload in uploads] == ["adam", "bea"]
    assert notes[0].endswith("results: passed over, the results of a run")


def test_the_layout_of_nbgrader_gives_students_not_assignments(tmp_path: Path) -> None:
    for student in ("ana", "ben"):
        put(tmp_path / "submitted" / student / "ps1" / "lm_playground.ipynb")
        put(tmp_path / "submitted" / student / "ps1" / "timestamp.txt", b"")
    assert ids(tmp_path / "submitted") == ["ana", "ben"]
    assert ids(tmp_path / "submitted" / "ben") == ["ben"]
    (upload,) = collect([tmp_path / "submitted" / "ben"])[0]
    assert [name for name, _ in upload.files] == ["ps1/lm_playground.ipynb"]


def test_a_students_folder_with_only_a_zip_is_that_zip(tmp_path: Path) -> None:
    put(tmp_path / "Alice Smith_17_assignsubmission_file_" / "work.zip", b"PK")
    put(tmp_path / "bob.zip", b"PK")
    uploads = collect([tmp_path])[0]
    assert [(u.id, u.kind) for u in uploads] == [("Alice Smith_17", "zip"), ("bob", "zip")]


def test_two_notebooks_in_a_students_folder_are_one_student_with_a_note(tmp_path: Path) -> None:
    put(tmp_path / "adam" / "a.ipynb")
    put(tmp_path / "adam" / "b.ipynb")
    put(tmp_path / "bea.ipynb")
    uploads, notes = collect([tmp_path])
    assert [upload.id for upload in uploads] == ["adam", "bea"]
    assert "2 notebooks are taken as one student's" in notes[0]


def test_a_path_that_is_not_there_is_an_error_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"nowhere: no such file or folder; check the path"):
        collect([put(tmp_path / "a.ipynb"), tmp_path / "nowhere"])
    with pytest.raises(IntakeError, match="check the path"):
        collect([tmp_path / ("x" * 5000)])
    with pytest.raises(IntakeError, match="check the path"):
        collect([Path("a\0b")])


def test_unsupported_files_and_links_are_rejected_with_a_line(tmp_path: Path) -> None:
    (tmp_path / "l.ipynb").symlink_to("/etc/passwd")
    uploads = collect([put(tmp_path / "essay.docx"), tmp_path / "l.ipynb", Path("/dev/zero")])[0]
    assert [bool(upload.rejected) for upload in uploads] == [True] * 3
    assert "unsupported kind of file (.docx)" in str(uploads[0].rejected)
    assert all("\n" not in str(upload.rejected) for upload in uploads)
    assert uploads[2].files == ()


def test_the_same_path_is_taken_once_and_identical_files_twice(tmp_path: Path) -> None:
    a, b = put(tmp_path / "a.ipynb"), put(tmp_path / "b.ipynb")
    uploads = collect([a, tmp_path, b])[0]
    assert [upload.id for upload in uploads] == ["a", "b"]
    assert uploads[0].files[0][1] == uploads[1].files[0][1]


def test_the_hash_covers_kind_names_and_bytes() -> None:
    base = read.digest("folder", [("a.py", b"x"), ("b.py", b"y")])
    assert base == read.digest("folder", [("b.py", b"y"), ("a.py", b"x")])
    others = [
        ("zip", [("a.py", b"x"), ("b.py", b"y")]),
        ("folder", [("a.pyx", b""), ("b.py", b"y")]),
        ("folder", [("a.py", b"xb"), (".py", b"y")]),
        ("folder", [("a.py", b"y"), ("b.py", b"x")]),
    ]
    assert len({base, *(read.digest(kind, files) for kind, files in others)}) == 5  # type: ignore[arg-type]


def test_names_that_are_no_text_are_kept_for_people(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/J\xf3se\x1b[31m.ipynb"
    Path(os.fsdecode(raw)).write_bytes(NOTEBOOK)
    put(tmp_path / "b.ipynb")
    upload = collect([tmp_path])[0][0]
    assert upload.source.endswith("J\\xf3se\x1b[31m.ipynb")
    assert upload.files[0][0] == "J\\xf3se\\x1b[31m.ipynb"
    assert upload.id == "J_se__31m"
    upload.source.encode()


def test_find_reads_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a.ipynb")
    put(tmp_path / "b.ipynb")
    monkeypatch.setattr("grader.intake.read.read_file", lambda _: pytest.fail("read"))
    assert [found.id for found in find([tmp_path])[0]] == ["a", "b"]


# --- caps ---------------------------------------------------------------------------------


def test_a_file_over_its_cap_is_rejected_unread(tmp_path: Path) -> None:
    big = tmp_path / "big.ipynb"
    with big.open("wb") as file:
        file.truncate(500 << 20)
    (upload,) = collect([big])[0]
    assert upload.rejected == "notebook is too large: 500 MB, the limit is 25 MB; clear its outputs and save it again"
    assert upload.files == ()


def test_a_large_module_in_a_folder_costs_only_itself(tmp_path: Path) -> None:
    put(tmp_path / "a" / "ex_1_1_word_level.py", b"x = 1")
    put(tmp_path / "a" / "ex_1_2_character_level.py", b"#" * (read.MAX_BYTES[".py"] + 1))
    (upload,) = collect([tmp_path / "a"])[0]
    assert [name for name, _ in upload.files] == ["ex_1_1_word_level.py"]
    assert "ex_1_2_character_level.py is too large" in upload.notes[0]


def test_junk_does_not_push_the_exercises_out(tmp_path: Path) -> None:
    for number in range(read.MAX_FOLDER_FILES + 5):
        put(tmp_path / "a" / f"aaa{number}.py", b"")
    put(tmp_path / "a" / "ex_1_1_word_level.py", b"x = 1")
    (upload,) = collect([tmp_path / "a"])[0]
    assert upload.files[0][0] == "ex_1_1_word_level.py"
    assert len(upload.files) == read.MAX_FOLDER_FILES
    assert not upload.notes


def test_links_in_a_folder_are_left_out_and_loops_end(tmp_path: Path) -> None:
    secret = put(tmp_path / "secret.py", b"answer = 42")
    put(tmp_path / "a" / "ex_1_1_word_level.py", b"x = 1")
    (tmp_path / "a" / "ex_1_2_character_level.py").symlink_to(secret)
    (tmp_path / "a" / "loop").symlink_to(tmp_path / "a")
    (upload,) = collect([tmp_path / "a"])[0]
    assert [name for name, _ in upload.files] == ["ex_1_1_word_level.py"]
    assert "ex_1_2_character_level.py is a symbolic link" in upload.notes[0]


def test_a_file_that_became_a_link_after_it_was_found_is_not_followed(tmp_path: Path) -> None:
    secret = put(tmp_path / "secret.ipynb", b"secret")
    (tmp_path / "x.ipynb").symlink_to(secret)
    with pytest.raises(IntakeError):
        read_file(tmp_path / "x.ipynb")


def test_a_deep_folder_ends_the_search(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "/".join("d" * 30)
    put(deep / "ex_1_1_word_level.py")
    put(tmp_path / "a" / "v" / "w" / "x" / "y" / "z" / "ex_1_2_character_level.py")
    assert [n for n, _ in read.answer_files(tmp_path / "a").files] == ["v/w/x/y/z/ex_1_2_character_level.py"]


# --- ids ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("alice.ipynb", "alice"),
        ("Alice Smith_1_x.zip", "Alice Smith_1_x"),
        ("x.IPYNB", "x"),
        ("v1.2.final", "v1.2.final"),
        ("...ipynb", "submission"),
        (".ipynb", "submission"),
        ("..", "submission"),
        ("", "submission"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a/b\\c:d*e?f", "a_b_c_d_e_f"),
        ("a\0b\nc", "a_b_c"),
        ("-rf", "rf"),
        ("=cmd()", "_cmd()"),
        ("CON.ipynb", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1", "_com1"),
        ("console", "console"),
        ("name. .ipynb", "name"),
        ("  lead", "lead"),
        ("José", "José"),
        ("Jose\u0301", "José"),
        ("李明.zip", "李明"),
        ("\u202egnp.ipynb", "_gnp"),
        ("a@uni.edu", "a@uni.edu"),
        ("\u0301x", "submission_\u0301x"),
    ],
)
def test_an_id_is_the_name_made_safe(name: str, expected: str) -> None:
    assert safe_id(name) == expected


def test_names_that_collide_are_numbered_and_others_keep_theirs() -> None:
    assert unique_ids(["x.ipynb", "x.zip", "x"]) == ["x", "x-2", "x-3"]
    assert unique_ids(["x", "x.zip", "x-2"]) == ["x", "x-3", "x-2"]
    assert unique_ids(["Bob", "bob", "BOB-2"]) == ["Bob", "bob-3", "BOB-2"]
    assert unique_ids(["Jos\u00e9", "Jose\u0301"]) == ["José", "José-2"]
    assert unique_ids(["ﬁ", "fi"]) == ["ﬁ", "fi-2"]


def test_long_names_stay_apart() -> None:
    first, second = unique_ids(["x" * 500 + "1", "x" * 500 + "2"])
    assert first != second
    assert len(first.encode()) <= 96


def test_ten_thousand_of_one_name_take_no_time() -> None:
    assert len(set(unique_ids(["lm_playground.ipynb"] * 10_000))) == 10_000


@given(
    st.lists(st.text(max_size=300) | st.sampled_from(["x.ipynb", "X.zip", "x", "x-2", "con", "...ipynb"]), max_size=12)
)
def test_ids_are_always_unique_and_safe(names: list[str]) -> None:
    found = unique_ids(names)
    assert len({name.casefold() for name in found}) == len(names)
    for name in found:
        assert name == Path(name).name
        assert name not in (".", "..")
        assert name[0] not in " .-=+@"
        assert name[-1] not in " ."
        assert name.isprintable()
        assert len(name.encode()) <= 110


# --- zips ---------------------------------------------------------------------------------


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_zip_gives_modules_and_notebooks_only() -> None:
    content = zipped(
        ("a/ex_1_1.py", b"x"),
        ("a/nb.ipynb", b"{}"),
        ("a/data.csv", b""),
        ("__MACOSX/a/._ex_1_1.py", b""),
        ("a/.ipynb_checkpoints/nb-checkpoint.ipynb", b""),
        ("a/x-solution.py", b""),
    )
    assert unpack(content) == ({"a/ex_1_1.py": b"x", "a/nb.ipynb": b"{}"}, [])


@pytest.mark.parametrize("name", ["../up.py", "/abs.py", "a/../../up.py", "C:/x.py", "..\\up.py", "\\\\host\\x.py"])
def test_names_that_point_outside_are_left_out(name: str) -> None:
    files, notes = unpack(zipped((name, b"x"), ("ok.py", b"y")))
    assert list(files) == ["ok.py"]
    assert "points outside of the zip; left out" in notes[0]


def test_links_and_devices_are_left_out() -> None:
    link, device = zipfile.ZipInfo("link.py"), zipfile.ZipInfo("device.py")
    link.external_attr, device.external_attr = (stat.S_IFLNK | 0o777) << 16, (stat.S_IFCHR | 0o666) << 16
    files, notes = unpack(zipped((link, b"/etc/passwd"), (device, b""), ("ok.py", b"y")))
    assert list(files) == ["ok.py"]
    assert len(notes) == 2


def test_encrypted_entries_are_named() -> None:
    content = bytearray(zipped(("a.py", b"x")))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    files, notes = unpack(bytes(content))
    assert not files
    assert "a.py is encrypted" in notes[0]


def test_of_two_entries_with_one_name_the_last_counts() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped(("a.py", b"first"), ("a.py", b"last"))
    files, notes = unpack(content)
    assert files == {"a.py": b"last"}
    assert "more than once" in notes[0]


def test_nested_zips_are_left_out() -> None:
    files, notes = unpack(zipped(("inner.zip", zipped(("a.py", b""))), ("ok.py", b"")))
    assert list(files) == ["ok.py"]
    assert "inner.zip is a zip inside the zip" in notes[0]


def test_bombs_do_not_go_off() -> None:
    files, notes = unpack(zipped(("bomb.ipynb", b"\0" * (20 << 20)), ("huge.py", b" " * (2 << 20)), ("ok.py", b"")))
    assert list(files) == ["ok.py"]
    assert sorted(notes) == [
        "bomb.ipynb unpacks to suspiciously much; left out",
        "huge.py is too large (2.0 MB, the limit is 0.5 MB); left out",
    ]


def test_a_lying_size_is_found_out_while_unpacking() -> None:
    content = bytearray(zipped(("a.ipynb", b"\0" * (30 << 20))))
    central = content.index(b"PK\x01\x02")
    content[central + 24 : central + 28] = struct.pack("<I", 100)
    content[22:26] = struct.pack("<I", 100)
    files, notes = unpack(bytes(content))
    assert not files
    assert notes == ["a.ipynb is damaged in the zip; left out"]


def test_too_many_entries_are_not_even_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    content = zipped(*((f"{i}.py", b"") for i in range(unzip.MAX_ENTRIES + 1)))
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("opened"))
    with pytest.raises(IntakeError, match="more than 5,000 entries"):
        unpack(content)


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"not a zip", zipped(("a.py", b"x"))[:-5], b"PK\x05\x06" + b"\xff" * 18]
)
def test_what_is_no_zip_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(IntakeError, match="zip the exercises again"):
        unpack(content)


@given(st.data())
def test_a_damaged_zip_never_escapes(data: st.DataObject) -> None:
    content = bytearray(zipped(("exercises/ex_1_1.py", b"x = 1\n" * 50), ("nb.ipynb", b"{}")))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        files, notes = unpack(bytes(content))
    except IntakeError as error:
        assert "\n" not in str(error)
    else:
        assert all(isinstance(name, str) for name in (*files, *notes))


def test_an_entry_without_a_name_costs_only_itself() -> None:
    content = zipped(("Z.py", b"x"), ("ok.py", b"y")).replace(b"Z.py", b"\0.py")
    assert unpack(content) == ({"ok.py": b"y"}, [])


def test_a_name_that_is_not_the_utf8_it_says_costs_no_file() -> None:
    content = bytearray(zipped(("J\u00f3se.txt", b""), ("ok.py", b"y")))
    for start in (content.index(b"PK\x03\x04") + 31, content.index(b"PK\x01\x02") + 47):
        content[start : start + 2] = b"\xf3!"
    assert unpack(bytes(content))[0] == {"ok.py": b"y"}


# --- what once stopped a class, or was slow -----------------------------------------------


def test_a_students_folder_with_too_many_entries_does_not_stop_the_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "adam.ipynb")
    put(tmp_path / "zoe.ipynb")
    for number in range(12):
        put(tmp_path / "many" / f"{number}.txt", b"")
    monkeypatch.setattr("grader.intake.listing.MAX_ENTRIES", 10)
    assert ids(tmp_path) == ["adam", "many", "zoe"]


def test_work_beside_a_file_called_results_db_is_work(tmp_path: Path) -> None:
    put(tmp_path / "adam.ipynb")
    put(tmp_path / "bea" / "lm_playground.ipynb")
    put(tmp_path / "bea" / "results.db", b"")
    assert ids(tmp_path) == ["adam", "bea"]


def test_a_hidden_submission_is_named(tmp_path: Path) -> None:
    for name in ("adam.ipynb", "bea.ipynb", ".carl.ipynb", "..dan.zip", "._adam.ipynb", ".DS_Store"):
        put(tmp_path / name)
    uploads, notes = collect([tmp_path])
    assert [upload.id for upload in uploads] == ["adam", "bea"]
    assert [note.rpartition("/")[2].partition(":")[0] for note in notes] == ["..dan.zip", ".carl.ipynb"]
    assert all("a hidden file; give it a name without the dot" in note for note in notes)


def test_a_file_that_may_not_be_read_is_turned_away_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "adam.ipynb")
    put(tmp_path / "bea.ipynb")
    opened = os.open

    def guarded(path: Path, *rest: int) -> int:
        if Path(path).name == "adam.ipynb":
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest)

    monkeypatch.setattr(os, "open", guarded)
    uploads = collect([tmp_path])[0]
    assert [upload.rejected for upload in uploads] == ["notebook cannot be read (permission denied)", None]


@pytest.mark.parametrize("encoding", ["punycode", "idna", "unicode_escape", "Puny-Code", "raw-unicode-escape"])
def test_an_encoding_that_takes_minutes_is_not_used(encoding: str) -> None:
    content = f"# coding: {encoding}\nx-{'a' * 300_000}".encode()
    start = time.monotonic()
    assert module_text(content) == content.decode()
    assert time.monotonic() - start < 5


SLOW = {
    "strings left open": lambda: read_notebook(b'{"cells":[1,],"x":"' + b'\\"' * 300_000),
    "help and blanks": lambda: plain_python("x?" + " " * 140_000 + "y"),
    "a shell line of many lines": lambda: plain_python("!" + "\\\n" * 400_000 + "("),
}


@pytest.mark.parametrize("what", SLOW)
def test_no_text_takes_more_than_its_length(what: str) -> None:
    start = time.monotonic()
    try:
        SLOW[what]()
    except IntakeError as error:
        assert "not valid JSON" in str(error)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("number", ["7" * 5_000, "-" + "9" * 100_000])
def test_a_number_of_any_length_in_an_output_costs_nothing(number: str) -> None:
    source = '{"cells": [{"cell_type": "code", "source": "x = 1", "outputs": [NUMBER], "metadata": {"a": 3}}]}'
    cells, notes = read_notebook(source.replace("NUMBER", number).encode())
    assert [cell.source for cell in cells] == ["x = 1"]
    assert not notes


# --- a share of the fuzz ------------------------------------------------------------------


@pytest.mark.heavy
def test_damaged_uploads_end_in_cells_or_in_one_line() -> None:
    command = [
        sys.executable,
        str(Path(__file__).with_name("fuzz_uploads.py")),
        "--notebooks",
        "60",
        "--zips",
        "40",
        "--seed",
        "7",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "60 damaged, 0 broke" in done.stdout
    assert "40 damaged, 0 broke" in done.stdout
