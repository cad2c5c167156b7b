"""What the kit asks to be installed, and what the audit of it says; without any network."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tools import audit

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
REQUIREMENTS = [*PROJECT["dependencies"], *(one for extra in EXTRAS.values() for one in extra)]
STUDENT = {
    "torch",
    "transformers",
    "tiktoken",
    "accelerate",
    "ipywidgets",
    "numpy",
    "pytest",
    "msgspec",
    "rich",
    "platformdirs",
}
"""All that a student installs. Longer only on purpose: a grader's packages belong into an extra."""


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower()


@pytest.mark.parametrize("requirement", [one for one in REQUIREMENTS if name_of(one) != PROJECT["name"]])
def test_a_requirement_has_a_lower_bound(requirement: str) -> None:
    assert re.search(r">=\d+(\.\d+)*", requirement)


def test_a_student_installs_what_the_exercises_need_and_no_more() -> None:
    assert {name_of(one) for one in PROJECT["dependencies"]} == STUDENT
    heavy = {name_of(one) for extra in EXTRAS.values() for one in extra}
    assert not heavy & STUDENT
    assert {"jinja2", "nbconvert", "playwright", "hypothesis", "pip-audit"} <= heavy


# --- make audit ---------------------------------------------------------------------------

PACKAGES = {"one": "1.0", "two": "2.0"}
CLEAN = {"name": "One", "version": "1.0", "vulns": []}
BAD = {"name": "two", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
SKIPPED = {"name": "two", "skip_reason": "Dependency not found on PyPI and could not be audited: two (2.0)"}


@pytest.mark.parametrize(
    ("entries", "code", "words"),
    [
        ([CLEAN, {**BAD, "vulns": []}], 0, "2 packages, none with a known vulnerability"),
        ([CLEAN, BAD], 1, "two 2.0: PYSEC-1, mended in 2.1"),
        ([CLEAN, SKIPPED], 2, "1 of 2 packages could not be looked up"),
        ([CLEAN], 2, "1 of 2 packages could not be looked up"),
        ([SKIPPED, {**BAD, "name": "one"}], 1, "could not be looked up"),
    ],
)
def test_the_audit_calls_only_what_it_knows_fine(entries: list[dict[str, object]], code: int, words: str) -> None:
    found, lines = audit.verdict({"dependencies": entries}, PACKAGES)
    assert found == code
    assert any(words in line for line in lines)


def test_an_audit_without_a_service_says_so_and_is_no_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "installed", lambda: PACKAGES)
    monkeypatch.setattr(audit.sys, "executable", "/bin/false")
    assert audit.main() == 2
    assert "cannot be asked" in capsys.readouterr().err


def test_local_versions_are_looked_up_as_public_ones() -> None:
    assert json.dumps(audit.installed()).count("+") == 0
    assert "torch" in audit.installed()
    assert "lm-playground" not in audit.installed()


# --- the security rules of the linter -----------------------------------------------------


@pytest.mark.parametrize(
    "path", [p for folder in ("grader", "tools") for p in sorted((ROOT / folder).rglob("*.py"))], ids=lambda p: p.name
)
def test_a_security_rule_is_set_aside_only_with_a_reason(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        found = re.search(r"# noqa: (?:\w+, )*S\d+(.*)", line)
        assert not found or re.match(r" - \w+", found[1]), line
