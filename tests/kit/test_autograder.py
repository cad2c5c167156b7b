"""The autograder zip and the workflow: a valid results.json whatever happens, and scripts that a shell understands."""

import io
import json
import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from grader.cli import _parser
from grader.errors import KitError, SandboxError
from grader.run import autograder
from tests.students import without_looking
from tools import gradescope
from tools.build import ROOT

VALID = {
    "type": "object",
    "required": ["score", "output", "tests"],
    "properties": {
        "score": {"type": "number"},
        "output": {"type": "string"},
        "visibility": {"const": "visible"},
        "stdout_visibility": {"const": "hidden"},
        "tests": {"type": "array", "items": {"type": "object", "required": ["score", "max_score", "name"]}},
    },
}
ARGUMENTS = {"timeout_s": 100, "flags": "", "pip_options": "", "secret": b"s" * 32}
needs_walls = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("bwrap") is None, reason="the sandbox needs Linux and bubblewrap"
)


def unpacked(base: Path, **arguments: object) -> Path:
    """A container's /autograder, as Gradescope lays it out."""
    content = gradescope.autograder_zip(**{**ARGUMENTS, **arguments})  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(base / "source")
    shutil.copyfile(base / "source" / "run_autograder", base / "run_autograder")
    (base / "submission").mkdir()
    return base


def ran(base: Path, **environment: str) -> dict[str, object]:
    """What is in results.json after `run_autograder`."""
    variables = {**os.environ, "AUTOGRADER": str(base), "PLAYGROUND_PYTHON": sys.executable, **environment}
    variables.setdefault("LM_PLAYGROUND_CACHE", str(Path.home() / ".cache" / "lm-playground"))
    command = ["/bin/bash", str(base / "run_autograder")]
    assert (
        subprocess.run(command, env=variables, cwd="/", capture_output=True, timeout=300, check=False).returncode == 0
    )
    results: dict[str, object] = json.loads((base / "results" / "results.json").read_text("utf-8"))
    Draft202012Validator(VALID).validate(results)
    return results


def test_the_zip_has_what_gradescope_looks_for_and_all_that_grades(tmp_path: Path) -> None:
    base = unpacked(tmp_path)
    with zipfile.ZipFile(io.BytesIO(gradescope.autograder_zip(**ARGUMENTS))) as archive:  # type: ignore[arg-type]
        names = set(archive.namelist())
        for name in ("setup.sh", "run_autograder"):
            assert archive.getinfo(name).external_attr >> 16 & 0o111
    assert {"kit/pyproject.toml", "kit/exercises/catalog.toml", "kit/grader/run/pipeline.py", "kit/secret.key"} <= names
    hidden = {f"kit/{path.relative_to(ROOT)}" for path in (ROOT / "tests" / "hidden").rglob("*.py")}
    assert hidden
    assert hidden <= names
    left_out = ("__pycache__", "solutions", "tests/answers")
    assert not [name for name in names if any(word in name for word in left_out)]
    for name in ("setup.sh", "run_autograder"):
        text = (base / "source" / name).read_text("utf-8")
        assert "{{" not in text
        assert subprocess.run(["/bin/bash", "-n"], input=text.encode(), check=False).returncode == 0


def test_the_same_arguments_make_the_same_bytes() -> None:
    assert gradescope.autograder_zip(**ARGUMENTS) == gradescope.autograder_zip(**ARGUMENTS)  # type: ignore[arg-type]


@pytest.mark.parametrize("python", ["/bin/false", "/no/such/python"])
def test_results_are_valid_when_python_itself_is_broken(tmp_path: Path, python: str) -> None:
    results = ran(unpacked(tmp_path), PLAYGROUND_PYTHON=python)
    assert "could not finish" in str(results["output"])


def test_results_are_valid_when_the_time_is_over(tmp_path: Path) -> None:
    base = unpacked(tmp_path, timeout_s=1)
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nsleep 60\n")
    slow.chmod(0o755)
    assert "out of time or memory" in str(ran(base, PLAYGROUND_PYTHON=str(slow))["output"])


def test_a_fault_is_told_in_fixed_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise KitError("/srv/secret: boom")

    monkeypatch.setattr(autograder, "_graded", fails)
    assert autograder.main(["--base", str(tmp_path)]) == 1
    results = json.loads((tmp_path / "results" / "results.json").read_text("utf-8"))
    Draft202012Validator(VALID).validate(results)
    assert "something of ours broke" in results["output"]
    assert "secret" not in json.dumps(results)


def test_without_walls_nothing_is_graded_unless_it_was_built_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def grade(options: object) -> None:
        asked.append(options.sandboxed)  # type: ignore[attr-defined]
        raise SandboxError("no walls")

    monkeypatch.setattr("grader.run.pipeline.grade", grade)
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "alice.ipynb").write_text("{}")
    assert autograder.main(["--base", str(tmp_path)]) == 1
    assert asked == [True]
    assert "walls do not stand" in (tmp_path / "results" / "results.json").read_text("utf-8")
    autograder.main(["--base", str(tmp_path), "--allow-no-walls"])
    assert asked == [True, True, False]


def test_an_upload_that_intake_passes_over_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks like the results of a run is no submission."""
    monkeypatch.setattr("grader.run.pipeline.grade", lambda _: pytest.fail("nothing is to be graded"))
    (tmp_path / "submission").mkdir()
    for name in ("results.db", "a.zip"):
        (tmp_path / "submission" / name).write_text("x")
    assert autograder.main(["--base", str(tmp_path)]) == 0
    results = json.loads((tmp_path / "results" / "results.json").read_text("utf-8"))
    Draft202012Validator(VALID).validate(results)
    assert "no single submission" in results["output"]


def test_an_upload_of_nothing_to_grade_is_no_fault_of_ours(tmp_path: Path) -> None:
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "essay.pdf").write_text("x")
    assert autograder.main(["--base", str(tmp_path)]) == 0
    results = json.loads((tmp_path / "results" / "results.json").read_text("utf-8"))
    Draft202012Validator(VALID).validate(results)
    assert "no single submission to grade" in results["output"]


@pytest.mark.parametrize(
    ("option", "value"), [("--pip-options", "x; rm -rf /"), ("--pip-options", "$(id)"), ("--timeout-s", "0")]
)
def test_an_option_that_a_script_cannot_hold_is_named(
    option: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gradescope.main(["--out", str(tmp_path / "a.zip"), option, value]) == 2
    assert option in capsys.readouterr().err
    assert not (tmp_path / "a.zip").exists()


def test_options_reach_the_scripts(tmp_path: Path) -> None:
    assert gradescope.main(["--out", str(tmp_path / "a.zip"), "--with-bonus", "--pip-options=--no-cache-dir"]) == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert b'--base "$BASE" --with-bonus\n' in archive.read("run_autograder")
        assert b"--quiet --no-cache-dir --editable" in archive.read("setup.sh")


@pytest.mark.heavy
@needs_walls
def test_a_submission_is_graded_as_gradescope_would(tmp_path: Path) -> None:
    """The kit of the zip, from its own folder; the walls that stood are named."""
    base = unpacked(tmp_path)
    shutil.copyfile(ROOT / "solutions" / "ex_1_1_word_level.py", base / "submission" / "ex_1_1_word_level.py")
    (base / "submission" / "passwd").symlink_to("/etc/passwd")
    results = ran(base)
    assert results["score"] == 8
    assert "Walls that stood: " in str(results["output"])
    assert "unproven" not in str(results["output"])
    tests = results["tests"]
    assert isinstance(tests, list)
    assert sum(test["score"] for test in tests) == 8
    assert {test["status"] for test in tests if test["number"].startswith("1.1.")} == {"passed"}


# --- the workflow -------------------------------------------------------------------------

WORKFLOW = yaml.safe_load((ROOT / "docs" / "workflows" / "grade.yml").read_text("utf-8"))
STEPS = WORKFLOW["jobs"]["grade"]["steps"]
SCRIPTS = [step["run"] for step in STEPS if "run" in step]


def test_the_workflow_may_only_read() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert all(step["with"]["persist-credentials"] is False for step in STEPS if "checkout" in step.get("uses", ""))


def test_no_script_of_the_workflow_holds_text_from_outside() -> None:
    """An expression in a script is filled in before the shell reads it: a branch's name would be run."""
    assert SCRIPTS
    assert not [script for script in SCRIPTS if "${{" in script]


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_of_the_workflow_are_understood(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    without_looking(monkeypatch)
    assert subprocess.run(["/bin/bash", "-n"], input=script.encode(), check=False).returncode == 0
    for line in script.splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["playground"]:
            _parser().parse_args(words[1 : words.index("||") if "||" in words else None])


def test_what_grading_prints_is_no_command_to_the_runner() -> None:
    (script,) = [script for script in SCRIPTS if "playground grade" in script]
    assert script.index("::stop-commands::$stop") < script.index("playground grade")
    assert script.index("playground export") < script.index('"::$stop::"')


def test_the_reporter_gets_the_output_of_the_step() -> None:
    """It reads `<STEP-ID>_RESULTS` for each of its runners."""
    (grade,) = [step for step in STEPS if step.get("id") == "grade"]
    (report,) = [step for step in STEPS if "reporter" in step.get("uses", "")]
    assert "result=$(cat" in grade["run"]
    assert report["with"]["runners"] == grade["id"]
    assert report["env"] == {f"{grade['id'].upper()}_RESULTS": "${{ steps.grade.outputs.result }}"}
