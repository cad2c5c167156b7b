"""Holds the links of every Markdown page against the files and headings that they name.

$ python -m tools.docs --check
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.command_line.border import command
from tools.build import ROOT


def broken_links(root: Path, pages: list[Path]) -> list[str]:
    """One line for each relative link that leads to no file, or to no heading of a page."""
    return [
        f"{page.relative_to(root)}: {link}: {problem}"
        for page in pages
        for link in _links(page)
        if (problem := _problem(page, link))
    ]


def pages_of(root: Path) -> list[Path]:
    """The Markdown pages that git knows or would take in: what is built or installed beside them is not ours."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return [page for name in sorted(filter(None, listed.split("\0"))) if (page := root / name).is_file()]


def _problem(page: Path, link: str) -> str | None:
    if re.match(r"[a-z][a-z0-9+.-]*:|//", link, re.IGNORECASE):
        return None  # the web is not asked: a check must give the same verdict offline
    path, _, anchor = unquote(link).partition("#")
    target = page.parent / path if path else page
    if not target.exists():
        return "no such file"
    if anchor and target.suffix == ".md" and anchor not in _anchors(target):
        return "no such heading"
    return None


def _tokens(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))


def _links(page: Path) -> Iterator[str]:
    for token in _tokens(page):
        for child in token.children or []:
            target = child.attrs.get("href") or child.attrs.get("src")
            if target:
                yield str(target)


def _anchors(page: Path) -> set[str]:
    """Headings as GitHub names them: lower case, no punctuation, hyphens for spaces, a number for a repeat."""
    found: set[str] = set()
    tokens = _tokens(page)
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            words = "".join(child.content for child in inline.children or [])
            slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
            repeats = 0
            while (name := f"{slug}-{repeats}" if repeats else slug) in found:
                repeats += 1
            found.add(name)
    return found


@command("docs")
def main(arguments: list[str] | None = None) -> int:
    """Prints the broken links; 1 when there are any."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", required=True, help="fail when a link leads nowhere")
    parser.parse_args(arguments)
    broken = broken_links(ROOT, pages_of(ROOT))
    for line in broken:
        print(line, file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
