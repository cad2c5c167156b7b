"""Takes the pictures of the README anew: the class report of the demo, and a cell of the notebook with its card."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from grader.command_line.arguments import folder_to_read, folder_to_write
from grader.command_line.border import command
from grader.errors import KitError
from tools.build import NOTEBOOK, ROOT, read_course
from tools.chromium import chromium, find_chromium
from tools.jupyter import OpenNotebook, jupyter_lab, student_folder

REPORT_SIZE = {"width": 1100, "height": 1010}
REPORT_FROM = "Limits hit"
"""The heading that the picture of the report begins with: from there it shows most in one screen."""
NOTEBOOK_WIDTH = 1100
EXERCISE = "1.1"
SLIP = ("word2id.get(word, word2id[UNK])", "word2id.get(word, 5)")
"""What the student of the picture gets wrong: unknown words become a word that is known."""


@command("screenshots")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit code: 0, or 2 when a picture could not be taken."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.screenshots",
        description="Take the pictures of the README anew; run `make demo` before.",
        epilog="example: python -m tools.screenshots --results build/demo/results --out docs",
    )
    parser.add_argument(
        "--results", type=folder_to_read, default="build/demo/results", metavar="DIR", help="default: %(default)s"
    )
    parser.add_argument("--out", type=folder_to_write, default=str(ROOT / "docs"), metavar="DIR", help="default: docs")
    options = parser.parse_args(argv)
    take_pictures(options.results, options.out)
    return 0


def take_pictures(results: Path, out: Path) -> None:
    """Writes report.png and notebook.png.

    Raises:
        KitError: there is no browser, no report, or JupyterLab does not start.
    """
    report = results / "report.html"
    if not report.is_file():
        raise KitError(f"{report}: not found; run `make demo`, or name another folder with --results")
    if find_chromium() is None:
        raise KitError("no Chromium on this system; run `make browser`")
    out.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        page = browser.new_page(viewport=REPORT_SIZE)  # type: ignore[arg-type]  # a TypedDict
        page.goto(report.resolve().as_uri())
        from_here = "one => window.scrollTo(0, one.getBoundingClientRect().top + window.scrollY - 15)"
        page.get_by_role("heading", name=REPORT_FROM).evaluate(from_here)
        page.screenshot(path=out / "report.png")
        print(out / "report.png")
        with tempfile.TemporaryDirectory() as folder, jupyter_lab(student_folder(Path(folder))) as lab:
            _shoot_card(OpenNotebook(browser, f"{lab}/exercises/{NOTEBOOK}"), out / "notebook.png")
        print(out / "notebook.png")


def _shoot_card(book: OpenNotebook, path: Path) -> None:
    """An answer that is nearly right, and the card of its checks below it."""
    solution = read_course().sources[EXERCISE].solution
    if SLIP[0] not in solution:
        raise KitError(f"the solution of {EXERCISE} no longer says {SLIP[0]}; give tools/screenshots.py another slip")
    first_line = solution.partition("\n")[0]
    book.run("# Run me first")
    book.type(first_line, solution.replace(*SLIP))
    book.run(first_line)
    checked = book.run(f'check("{EXERCISE}")')
    book.until(lambda: "2 of 3 checks pass" in checked.inner_text())
    book.page.keyboard.press("Escape")
    book.page.keyboard.press("Control+b")  # folds the list of files away
    book.page.set_viewport_size({"width": NOTEBOOK_WIDTH, "height": 2000})
    book.page.wait_for_timeout(500)  # the notebook lays itself out anew
    answer, card = book.cell(first_line).bounding_box(), checked.bounding_box()
    if answer is None or card is None:
        raise KitError("the cells are not on the screen")
    height = card["y"] + card["height"] - answer["y"]
    clip = {"x": card["x"], "y": answer["y"], "width": card["width"], "height": height}
    book.page.screenshot(path=path, clip=clip)  # type: ignore[arg-type]  # a TypedDict


if __name__ == "__main__":
    sys.exit(main())
