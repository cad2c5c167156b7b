"""Rules of the house that people would forget: first lines, versions, and what must be in step with what."""

import ast
import re
import subprocess

import pytest
import yaml

from grader import __version__
from tests.students import ROOT


def sources(*folders):
    """The Python files of these folders that git knows or would take in, generated and hostile ones left out."""
    command = [
        "git",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        *(f"{folder}/*.py" for folder in folders),
    ]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in sorted(filter(None, listed.split("\0"))) if (ROOT / name).is_file()]


OURS = [
    name
    for name in sources("grader", "tools", "tests/hidden", "tests/visible")
    if not name.startswith("tools/templates")
]


@pytest.mark.parametrize("name", OURS)
def test_a_module_says_first_what_it_is_for(name):
    assert ast.get_docstring(ast.parse((ROOT / name).read_text(encoding="utf-8")))


def test_the_version_is_that_of_the_changelog():
    versions = re.findall(r"^## (\d+\.\d+\.\d+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert versions[0] == __version__
    assert sorted(versions, key=lambda one: [int(part) for part in one.split(".")], reverse=True) == versions


def test_the_commit_hooks_do_what_make_check_does():
    """Neither says what the other would not."""
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    checks = {line.strip().replace("$(BIN)/", "").removesuffix(" .") for line in recipe[1].splitlines()}
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    entries = {hook["entry"].replace(".venv/bin/", "").replace(" --force-exclude", "") for hook in hooks}
    assert entries == checks


def test_every_verb_of_the_makefile_is_phony_and_explained():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = re.findall(r"^([a-z][\w-]*):", text, re.MULTILINE)
    assert sorted(re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)[1].split()) == sorted(verbs)
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    internal = {"sandbox", "browser", "clean"}
    assert [verb for verb in verbs if verb not in internal and f"$ make {verb}" not in contributing] == []


@pytest.mark.parametrize(
    "form", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")), ids=lambda path: path.name
)
def test_an_issue_form_is_one(form):
    """As GitHub wants them: a name, a description, a body of known parts with ids of their own."""
    parsed = yaml.safe_load(form.read_text(encoding="utf-8"))
    if form.name == "config.yml":
        assert set(parsed) == {"blank_issues_enabled", "contact_links"}
        return
    assert parsed["name"]
    assert parsed["description"]
    ids = [part["id"] for part in parsed["body"]]
    assert len(ids) == len(set(ids))
    assert {part["type"] for part in parsed["body"]} <= {"input", "textarea", "dropdown", "markdown", "checkboxes"}
    assert all(part["attributes"]["label"] for part in parsed["body"])


def test_what_others_made_is_named_with_its_licence():
    """Each source of shipped data stands in NOTICE.md with the text of its licence, and both are in the package."""
    data = ROOT / "grader" / "offline" / "data"
    notice = (ROOT / "NOTICE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w-]+\.txt)`", notice))
    assert named == {path.name for path in (data / "licences").iterdir()}
    packages = set(re.findall(r"\| `([\w-]+)` \d", (data / "README.md").read_text(encoding="utf-8")))
    assert packages
    assert all(f"`{package}`" in notice for package in packages)
