"""A class folder full of uploads that are hostile as files, graded by the real command: a line for each, and the batch goes on."""

import csv
import json
import re
import runpy
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(
        sys.platform != "linux" or shutil.which("bwrap") is None, reason="the sandbox needs Linux and bubblewrap"
    ),
]
ROOT = Path(__file__).parents[2]
UPLOADS = runpy.run_path(str(Path(__file__).with_name("uploads.py")))
ALL, NAMES, FULL, build_all = (UPLOADS[name] for name in ("ALL", "NAMES", "FULL", "build_all"))
SLOW_S = 15.0
"""No upload may take longer; reading one ends after 20 seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the command did."""

    out: Path
    code: int
    printed: bytes
    results: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The folder graded, exercise 1.1 only."""
    place = tmp_path_factory.mktemp("uploads")
    work, out = place / "class", place / "out"
    work.mkdir()
    build_all(work)
    command = [
        sys.executable,
        "-m",
        "grader.cli",
        "grade",
        str(work),
        "--out",
        str(out),
        "--exercise",
        "1.1",
        "--jobs",
        "2",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=900, check=False)
    results = json.loads((out / "results.json").read_bytes())["submissions"] if done.returncode == 0 else []
    return Run(
        out=out, code=done.returncode, printed=done.stdout + done.stderr, results={one["id"]: one for one in results}
    )


def test_the_batch_goes_on_to_its_end(run: Run) -> None:
    assert run.code == 0, run.printed.decode(errors="replace")[-2000:]
    assert len(run.results) == len(ALL) + len(NAMES) + 2
    assert {run.results[f"innocent_{name}"]["score"] for name in "az"} == {8}


@pytest.mark.parametrize("upload", ALL, ids=lambda upload: upload.name)
def test_an_upload_is_read_for_what_is_good_in_it_or_turned_away_with_one_line(run: Run, upload: Any) -> None:
    result = run.results[upload.id]
    lines = [note for note in result["notes"] if note.startswith("Not graded: ")]
    if upload.says == FULL:
        assert (result["score"], lines) == (8, []), result["notes"]
    else:
        assert (result["score"], len(lines)) == (0, 1), result["notes"]
        assert re.search(upload.says, lines[0])
    assert result["seconds"] < SLOW_S
    assert {exercise["status"] for exercise in result["exercises"].values()} <= {"passed", "not_attempted"}


def test_a_strange_name_costs_nobody_a_point_and_is_a_safe_folder(run: Run) -> None:
    hostile = {upload.id for upload in ALL}
    named = {id_: result for id_, result in run.results.items() if id_ not in hostile}
    assert {id_: result["score"] for id_, result in named.items()} == dict.fromkeys(named, 8)
    folders = {path.name for path in (run.out / "students").iterdir()}
    assert folders == set(run.results)
    for name in folders:
        assert name.isprintable()
        assert not set(name) & set("/\\:*?\"'<>|$`;{}[]=%\0")
        assert name[0] not in ".-+@= "
        assert len(name.encode()) <= 110


def test_nothing_was_written_beside_the_results(run: Run) -> None:
    assert {path.name for path in run.out.parent.iterdir()} == {"class", "out"}
    assert {path.name for path in run.out.iterdir()} == {
        "results.json",
        "results.csv",
        "results.db",
        "report.html",
        "secret.key",
        "students",
    }
    assert {file.name for folder in (run.out / "students").iterdir() for file in folder.iterdir()} == {"feedback.html"}


def test_nothing_that_a_terminal_or_a_spreadsheet_obeys_comes_out(run: Run) -> None:
    printed = run.printed.decode()
    assert not [char for char in printed if not (char.isprintable() or char == "\n")]
    with (run.out / "results.csv").open(encoding="utf-8", newline="") as file:
        fields = [field for row in csv.reader(file) for field in row]
    assert not [field for field in fields if re.match(r"[\s'\"]*[=+\-@\uff1d]", field) and not field.startswith("'")]
    assert not [field for field in fields if re.search(r";[\s\"]*[=+\-@]", field)]
