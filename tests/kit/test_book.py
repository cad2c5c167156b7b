"""The solution notebook as a book: it runs, every check passes, every picture is there, and the page loads nothing."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from grader.notebook.html import framed
from tools import book
from tools.book import BookError, execute, problems, to_html, to_pdf
from tools.build import ROOT, main, read_course, solution_notebook


def a_cell(source, *outputs, role="demo"):
    return new_code_cell(source, id="c", outputs=list(outputs), metadata={"lm_playground": {"role": role}})


def shown(text, html):
    return new_output("display_data", {"text/plain": text, "text/html": html})


RIGHT = shown("1.1 Words: 3 of 3 checks pass.", framed("<p>fine</p>"))
DRAWN = shown("bars", framed("<table></table>"))


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (
            a_cell("1 / 0", new_output("error", ename="ZeroDivisionError", evalue="by zero")),
            ["cell c: ZeroDivisionError: by zero"],
        ),
        (a_cell('check("1.1")', RIGHT, role="check"), []),
        (
            a_cell('check("1.1")', shown("1.1 Words: 2 of 3 checks pass.", ""), role="check"),
            ["cell c: not every check passes: 1.1"],
        ),
        (a_cell('check("1.1")', role="check"), ["cell c: not every check passes: no output"]),
        (a_cell('picture("tokens")', DRAWN), []),
        (
            a_cell('picture("tokens")', shown("waits", framed('<div class="lmp-card">waits</div>'))),
            ["cell c: no picture: waits"],
        ),
        (
            a_cell('picture("tokens")', new_output("stream", text="This picture could not be drawn")),
            ["cell c: no picture: This"],
        ),
        (a_cell("print(1)", new_output("stream", text="1")), []),
    ],
)
def test_what_is_wrong_is_found(cell, found):
    got = problems(new_notebook(cells=[cell]))
    assert len(got) == len(found)
    assert all(line.startswith(start) for line, start in zip(got, found, strict=True))


def test_an_error_ends_the_build_with_the_name_of_the_cell(tmp_path):
    text = nbformat.writes(new_notebook(cells=[new_code_cell("x = 1", id="fine"), new_code_cell("x.y", id="broken")]))
    with pytest.raises(BookError, match=r"^cell broken: AttributeError: 'int' object has no attribute 'y'$"):
        execute(text, tmp_path)


def test_the_page_loads_nothing_and_has_each_style_once():
    cells = [new_markdown_cell("# Sums\n\nWith $x_1 + b$."), a_cell("a < b", DRAWN, DRAWN)]
    page = to_html(new_notebook(cells=cells), title="A <book>")
    assert page.count("<style>") == 1 and page.count(".lmp-card {") == 1
    assert not re.search(r"<script|<link|src=|@import|url\(", page)
    assert "<title>A &lt;book&gt;</title>" in page and '<html lang="en">' in page
    assert "<math" in page and "$" not in page.partition("<main>")[2]
    assert "prefers-color-scheme: dark" in page and "@media print" in page


def test_outputs_are_dark_at_night_too():
    """The page's rule for the night repeats the very colours that the outputs have in a dark notebook."""
    page = to_html(new_notebook(cells=[]))
    night = page.partition("@media screen and (prefers-color-scheme: dark)")[2]
    dark = re.search(r'html\[theme="dark"\] \.lmp \{(.*?)\}', framed(""))
    assert dark and f".book .lmp {{{dark[1]}}}" in night


def test_a_widget_leaves_a_word_on_paper_unless_it_has_a_still_form():
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "VBox(children=...)"}
    page = to_html(new_notebook(cells=[a_cell("box", new_output("display_data", widget))]))
    assert "work while the notebook runs" in page and "VBox" not in page
    page = to_html(
        new_notebook(cells=[a_cell("box", new_output("display_data", widget | {"text/html": "<p>still</p>"}))])
    )
    assert "<p>still</p>" in page and "work while" not in page


def test_without_a_browser_a_pdf_is_refused_in_words(monkeypatch, tmp_path):
    monkeypatch.setattr(book.shutil, "which", lambda _: None)
    with pytest.raises(BookError, match="apt-get install chromium"):
        to_pdf(tmp_path / "x.html", tmp_path / "x.pdf")


@pytest.mark.parametrize("option", ["--html", "--pdf"])
def test_a_page_is_made_of_the_solution_only(option, capsys):
    with pytest.raises(SystemExit) as ended:
        main([option])
    assert ended.value.code == 2
    assert "--solution DIR" in capsys.readouterr().err


@pytest.mark.heavy
def test_the_whole_book(tmp_path, capsys):
    """Every cell runs, every check passes, every picture is drawn; nothing of the run is left but what it shows."""
    assert main(["--solution", str(tmp_path), "--html"]) == 0, capsys.readouterr().err
    notebook = nbformat.read(tmp_path / "lm_playground_solution.ipynb", as_version=4)
    assert problems(notebook) == []
    assert [cell.id for cell in notebook.cells] == [
        c.id for c in nbformat.reads(solution_notebook(read_course()), 4).cells
    ]
    assert "widgets" not in notebook.metadata and not any("execution" in cell.metadata for cell in notebook.cells)
    page = (tmp_path / "lm_playground_solution.html").read_text(encoding="utf-8")
    assert page.count('class="lmp-svg"') == 1 and page.count('class="lmp-heat"') == 12
    assert all(mark in page for mark in ("lmp-chip", "lmp-bars", "lmp-shade", "lmp-pair"))
    assert str(ROOT) not in page
