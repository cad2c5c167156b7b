"""`tools.docs`: a link that leads nowhere is named, one that leads somewhere is not."""

import re

import pytest

from tools.build import ROOT
from tools.docs import broken_links, pages_of


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ("other.md", None),
        ("other.md#the-way-in", None),
        ("#here-1", None),
        ("https://example.org/no", None),
        ("gone.md", "no such file"),
        ("other.md#the-way-out", "no such heading"),
        ("#here-2", "no such heading"),
    ],
)
def test_a_link_is_held_against_files_and_headings(tmp_path, link, problem):
    page = tmp_path / "page.md"
    page.write_text(f"# Here\n\n# Here\n\n[a link]({link})\n", encoding="utf-8")
    (tmp_path / "other.md").write_text("# The `way` in!\n", encoding="utf-8")
    assert broken_links(tmp_path, [page]) == ([f"page.md: {link}: {problem}"] if problem else [])


def test_code_and_pictures_are_told_apart(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("`[no link](gone.md)` ![a picture](gone.png)\n\n```\n[none](gone.md)\n```\n", encoding="utf-8")
    assert broken_links(tmp_path, [page]) == ["page.md: gone.png: no such file"]


def test_the_pages_of_this_repository_hold():
    assert broken_links(ROOT, pages_of(ROOT)) == []


def test_the_drawing_of_the_architecture_names_modules_that_there_are():
    drawing = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("```")[1]
    named = set(re.findall(r"[a-z_/]+\.py", drawing))
    missing = {name for name in named if not [*(ROOT / "grader").glob(f"**/{name}")]}
    assert named
    assert missing == set()
