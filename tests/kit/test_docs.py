"""The pages keep pace with the kit: links lead somewhere, commands are understood, tables name what there is."""

import re
import shlex
from pathlib import Path

import msgspec
import pytest

from grader.cli import _parser
from grader.model import Limits, RunResult, Status
from grader.project import project_catalog
from grader.results.exports import FORMATS
from grader.results.rubric import Bonus, Late, Messages
from grader.wording import MARKS
from tests.students import without_looking
from tools.build import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
GRADING = (ROOT / "docs" / "grader.md").read_text(encoding="utf-8")


def commands(page: Path) -> list[list[str]]:
    """What stands behind a `$` in a page, as words."""
    found = re.findall(r"^\$ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [shlex.split(command, comments=True) for command in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_are_understood(page, monkeypatch):
    without_looking(monkeypatch)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command, *arguments in commands(page):
        if command == "make":
            assert all(re.search(rf"^{verb}:", makefile, re.MULTILINE) for verb in arguments)
        elif command == "playground" and "--help" not in arguments:
            _parser().parse_args(arguments)  # SystemExit where the command line is not understood


def test_the_table_of_exercises_is_that_of_the_catalogue():
    catalog = project_catalog(ROOT)
    exercises = [catalog.get(exercise_id) for exercise_id in catalog.ids]
    rows = re.findall(
        r"^\| `([\w.]+)` \| (.+) \| (\d+(?: bonus)?) \|$",
        (ROOT / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert rows == [(one.id, one.title, f"{one.points}{' bonus' if one.bonus else ''}") for one in exercises]


def test_every_status_is_explained():
    rows = dict(re.findall(r"^\| `(\w+)` \| (.) \|", GRADING, re.MULTILINE))
    assert rows == {status.value: MARKS[status] for status in Status}


def test_the_limits_are_those_of_the_catalogue():
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", GRADING, re.MULTILINE)
    assert {name: int(value) for name, value in rows} == {
        field: int(getattr(Limits(), field)) for field in Limits.__struct_fields__
    }


def test_the_example_of_results_json_has_every_field():
    text = re.search(r"```json\n(.+?)```", GRADING, re.DOTALL)
    assert text
    example = msgspec.json.decode(text[1])
    assert msgspec.json.decode(msgspec.json.encode(msgspec.convert(example, RunResult))) == example


def test_every_export_and_every_knob_is_explained():
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \| `[\w./<>]+` \|", page, re.MULTILINE) == list(FORMATS)
    knobs = set(
        re.findall(
            r"`([a-z_.]+)`", "".join(re.findall(r"^\| `(?:points|drop|late|bonus|messages).*", page, re.MULTILINE))
        )
    )
    parts = {"late": Late, "bonus": Bonus, "messages": Messages}
    assert knobs == {
        "points",
        "drop_lowest",
        *(f"{name}.{knob}" for name, part in parts.items() for knob in part.__struct_fields__),
    }
