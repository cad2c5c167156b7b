"""Runs the solution notebook from top to bottom and makes a page of it: HTML that loads nothing, or PDF."""

import copy
import html
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from grader.errors import KitError
from grader.notebook.html import framed

_TEMPLATES = Path(__file__).with_name("templates")
_PATIENCE_S = 300
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_WIDGET = "application/vnd.jupyter.widget-view+json"
_LIVE = '<p class="live">Here are controls that work while the notebook runs.</p>'
_HERE = "/* the style goes here */"
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


class BookError(KitError):
    """The solution notebook does not run as it should; the message names the cell."""


def execute(text: str, folder: Path) -> NotebookNode:
    """The notebook with its outputs, run in a kernel of its own.

    Args:
        text: an .ipynb file.
        folder: where the kernel works, so that it finds exercises/ and tests/.

    Raises:
        BookError: a cell raised, a check did not pass in full, or a picture was not drawn.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    notebook = nbformat.reads(text, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=_PATIENCE_S,
        allow_errors=True,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute()
    except CellTimeoutError:
        raise BookError(f"a cell of the solution notebook still ran after {_PATIENCE_S} s") from None
    except DeadKernelError:
        raise BookError("the kernel died while it ran the solution notebook") from None
    for problem in problems(notebook):
        raise BookError(problem)
    _drop_passing_things(notebook)
    return notebook


def problems(notebook: NotebookNode) -> list[str]:
    """What is wrong with an executed solution notebook, one line for each cell that has something wrong."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        said = [_words(output) for output in cell.outputs]
        role = cell.metadata.get("lm_playground", {}).get("role")
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"cell {cell.id}: {output.ename}: {output.evalue}".splitlines()[0])
        if role == "check" and not any(_all_pass(words) for words in said):
            found.append(f"cell {cell.id}: not every check passes: {(said or ['no output'])[0].splitlines()[0]}")
        if cell.source.startswith("picture(") and not any(_is_drawn(output) for output in cell.outputs):
            found.append(f"cell {cell.id}: no picture: {(said or ['no output'])[0].splitlines()[0]}")
    return found


def to_html(notebook: NotebookNode, title: str = "Build an LLM playground: solutions") -> str:
    """The executed notebook as one page."""
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    page = copy.deepcopy(notebook)
    for cell in page.cells:
        if cell.cell_type == "markdown":
            cell.source = _with_formulas(cell.source)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if _WIDGET in data:
                data.setdefault("text/html", _LIVE)
    config = Config()
    # Pictures with sliders have a still form; a page without a kernel shows that one.
    config.NbConvertBase.display_data_priority = ["text/html", "image/svg+xml", "text/plain"]
    exporter = HTMLExporter(
        template_name="book",
        extra_template_basedirs=[str(_TEMPLATES)],
        config=config,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    body, _ = exporter.from_notebook_node(page, resources={"book": {"title": html.escape(title), "style": _HERE}})
    # Each output brought the same style along; once is enough here.
    return _STYLE.sub(lambda match: match[0] if _HERE in match[0] else "", body).replace(_HERE, _style())


def to_pdf(page: Path, target: Path) -> None:
    """Prints an HTML file to PDF.

    Raises:
        BookError: there is no browser that could, or it failed.
    """
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        raise BookError("a PDF needs Chromium on this system (Debian: apt-get install chromium); or print the HTML")
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={profile}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={target.resolve()}",
            page.resolve().as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    if done.returncode or not target.is_file():
        reason = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise BookError(f"{browser} could not print {page.name}: {reason}")


def _words(output: NotebookNode) -> str:
    return str(output.get("text") or output.get("data", {}).get("text/plain") or output.get("ename") or "")


def _all_pass(words: str) -> bool:
    counts = re.search(r": (\d+) of (\d+) checks pass\.", words)
    return counts is not None and counts[1] == counts[2]


def _is_drawn(output: NotebookNode) -> bool:
    page = output.get("data", {}).get("text/html", "")
    return "lmp" in page and "lmp-card" not in _STYLE.sub("", page) and "waits for check" not in page


def _drop_passing_things(notebook: NotebookNode) -> None:
    """What held only for this run: the widgets' states, which no kernel answers for, and when each cell ran."""
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)


def _with_formulas(source: str) -> str:
    """Formulas as MathML, which browsers and screen readers read without any script."""
    from latex2mathml.converter import convert

    return re.sub(r"\$([^$\n]+)\$", lambda match: str(convert(match[1])), source)


def _style() -> str:
    """The page's own style, that of code in both themes, and that of outputs; only the page knows when it is night."""
    from pygments.formatters import HtmlFormatter

    own = (_TEMPLATES / "book" / "style.css").read_text(encoding="utf-8")
    code, night = (HtmlFormatter(style=name).get_style_defs(".highlight") for name in ("tango", "github-dark"))
    outputs = _STYLE.search(framed(""))
    inline = outputs[0].removeprefix("<style>").removesuffix("</style>") if outputs else ""
    dark = re.search(r"html\[theme=\"dark\"\] \.lmp \{(.*?)\}", inline)
    night_outputs = f".book .lmp {{{dark[1]}}}" if dark else ""
    at_night = f"@media screen and (prefers-color-scheme: dark) {{\n{night}\n{night_outputs}\n}}"
    return "\n".join([own, code, inline, at_night, ".highlight, .highlight pre { background: none; }"])
