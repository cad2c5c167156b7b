"""The notebook as a person meets it: JupyterLab in a browser, with typing, running, checking and pressing.

Needs Chromium from the system and JupyterLab (extra `lab`); without one of them these tests are skipped. What they saw
is kept in build/screenshots.
"""

import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tools.build import ROOT, read_course, solution_notebook

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra `dev`)")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HAS_LAB = importlib.util.find_spec("jupyterlab") is not None
pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this system (Debian: apt-get install chromium)"),
    pytest.mark.skipif(not HAS_LAB, reason="JupyterLab is not installed (pip install -e '.[lab]')"),
]
COURSE = read_course()
SHOTS = ROOT / "build" / "screenshots"
PATIENCE_S = 240
"""For a machine that is busy with everything else."""
LAB = [
    sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.port_retries=0", "--IdentityProvider.token=",
    "--ServerApp.password=", "--ServerApp.ip=127.0.0.1",
]  # fmt: skip
DAY, NIGHT = "JupyterLab Light", "JupyterLab Dark"


@pytest.fixture(scope="module", params=[DAY, NIGHT], ids=["day", "night"])
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a JupyterLab that serves a student's folder, and the name of its theme."""
    home = tmp_path_factory.mktemp("lab")
    for name in ("exercises", "tests/visible"):
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    (home / "solution.ipynb").write_text(solution_notebook(COURSE), encoding="utf-8")
    settings = home / ".settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "themes.jupyterlab-settings").write_text(json.dumps({"theme": request.param}))
    (settings / "notification.jupyterlab-settings").write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own = {name: str(home / f".{name.lower()}") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR",
           "JUPYTERLAB_WORKSPACES_DIR")}  # fmt: skip
    environment = os.environ | own | {"JUPYTERLAB_SETTINGS_DIR": str(home / ".settings"), "PYTHONPATH": str(ROOT)}
    with (home / "lab.log").open("w") as log:
        server = subprocess.Popen([*LAB, f"--port={port}", f"--ServerApp.root_dir={home}"], cwd=home, stdout=log, stderr=log,
                                  env=environment)  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}/api", server, home / "lab.log")
            yield f"http://127.0.0.1:{port}/lab/tree", request.param
        finally:
            server.terminate()
            server.wait(timeout=60)


def wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


class Notebook:
    """A notebook that is open in the browser, and what a person does with it."""

    def __init__(self, page: Any, theme: str) -> None:
        self.page, self._night = page, theme == NIGHT

    def cell(self, first_line: str) -> Any:
        """The code cell whose code begins with this line."""
        lines = self.page.locator(".cm-line:first-child", has_text=re.compile("^" + re.escape(first_line)))
        found = self.page.locator(".jp-CodeCell").filter(has=lines)
        found.first.scroll_into_view_if_needed()
        return found.first

    def run(self, first_line: str) -> Any:
        """Presses Shift and Enter in a cell, and waits until it has run."""
        cell, question = self.cell(first_line), self.page.locator(".jp-Dialog button.jp-mod-accept")
        before = self._count(cell)
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        self.until(lambda: self._count(cell) > before or question.count())
        if question.count():  # on a busy machine JupyterLab may ask for a kernel before it knows of the one it started
            question.click()
            self.page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
            return self.run(first_line)
        return cell

    def type(self, first_line: str, text: str) -> None:
        """Replaces what stands in a cell, as pasting does."""
        self.cell(first_line).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def shoot(self, name: str, what: Any = None) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        (what or self.page).screenshot(path=SHOTS / f"{name}_{'night' if self._night else 'day'}.png")

    def until(self, holds: Any) -> None:
        """Waits for something that a person would wait for."""
        end = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > end:
                self.shoot("gave_up")
                pytest.fail(f"still not so after {PATIENCE_S} s; see {SHOTS}")
            self.page.wait_for_timeout(100)

    @staticmethod
    def _count(cell: Any) -> int:
        """The number of the cell's latest run; 0 before the first, -1 while it runs."""
        prompt = cell.locator(".jp-InputPrompt").inner_text().strip(" []:\n\u200b")
        return -1 if prompt == "*" else int(prompt or 0)


@pytest.fixture
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as tool:
        chromium = tool.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


def opened(browser: Any, lab: tuple[str, str], path: str) -> Notebook:
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(60_000)
    page.goto(f"{lab[0]}/{path}?reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell .cm-content")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    return Notebook(page, lab[1])


def test_a_student_answers_and_the_card_turns(browser: Any, lab: tuple[str, str]) -> None:
    """Untouched, then nearly right with a hint, then right; the picture's row comes alive with it."""
    book = opened(browser, lab, "exercises/lm_playground.ipynb")
    setup = book.run("# Run me first")
    assert "the small ones that came with the kit" in setup.locator(".jp-OutputArea").inner_text()

    book.run("# 1.1 Word-level tokenization")
    card = book.run('check("1.1")').locator(".lmp-card")
    assert "not started" in card.inner_text() and "lmp-done" not in card.get_attribute("class")

    right = COURSE.sources["1.1"].solution
    book.type("# 1.1 Word-level tokenization", right.replace("word2id.get(word, word2id[UNK])", "word2id.get(word, 5)"))
    book.run("# 1.1 Word-level tokenization")
    checked = book.run('check("1.1")')
    book.until(lambda: "2 of 3 checks pass" in checked.inner_text())
    card = checked.locator(".lmp-card")
    assert "lmp-begun" in card.get_attribute("class") and "5 of 8 points" in card.inner_text()
    first, second = COURSE.sources["1.1"].exercise.hints[:2]
    assert not card.get_by_text(first[:40]).is_visible()
    card.get_by_text("Hint (a nudge)").click()
    assert card.get_by_text(first[:40]).is_visible() and not card.get_by_text(second[:20]).is_visible()
    book.shoot("card_begun", card)

    book.type("# 1.1 Word-level tokenization", right)
    book.run("# 1.1 Word-level tokenization")
    checked = book.run('check("1.1")')
    book.until(lambda: "3 of 3 checks pass" in checked.inner_text())
    card = checked.locator(".lmp-card")
    assert "lmp-done" in card.get_attribute("class") and "8 of 8 points" in card.inner_text()
    assert card.locator(".lmp-strip").get_attribute("aria-label") == "Progress: 8 of 100 points, done: 1.1"
    book.shoot("card_done", card)

    picture = book.run('picture("tokens"').locator(".lmp-rows")
    assert picture.locator(".lmp-chip").first.inner_text().split() == ["The", "2"]
    assert 'waits for check("1.2")' in picture.inner_text()
    book.shoot("picture_waits_in_part", picture)


def test_the_solution_runs_and_its_playground_answers(browser: Any, lab: tuple[str, str]) -> None:
    """Run All, every card done, sliders that move, and the playground driven by hand."""
    if lab[1] == NIGHT:
        pytest.skip("once is enough for what a theme cannot change")
    book = opened(browser, lab, "solution.ipynb")
    page = book.page
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    last = book.cell('check("5.1")')
    book.until(lambda: last.locator(".lmp-card").count() == 1)
    assert last.locator(".lmp-strip").get_attribute("aria-label").startswith("Progress: 100 of 100 points and 20 bonus")

    sampling = book.cell('picture("sampling"')
    sampling.locator(".widget-slider").first.wait_for()
    view = sampling.locator(".lmp-bars")
    book.until(lambda: "temperature 1, k off, p 1" in view.text_content())  # off the screen there is no inner text
    sampling.locator(".widget-hslider [role=slider]").first.click()
    page.keyboard.press("ArrowLeft")
    book.until(lambda: "temperature 0.9, k off, p 1" in view.text_content())
    book.shoot("sliders", sampling)

    playground = book.cell("# 5.1 An interactive playground").locator(".jp-Cell-outputArea")
    shown, generate = playground.locator(".widget-output"), playground.get_by_role("button", name="Generate")
    playground.get_by_label("Prompt").fill("The dog saw")

    def press() -> None:
        shown.locator(".jp-OutputArea-child").evaluate_all("all => all.forEach(one => { one.dataset.old = 'yes' })")
        generate.click()

    def is_new() -> bool:
        return shown.locator("[data-old]").count() == 0

    def text(model: str, strategy: str, seed: int = 0) -> str:
        playground.get_by_label("Model").select_option(model)
        playground.get_by_label("Strategy").select_option(strategy)
        playground.get_by_label("Seed, 0: any").fill(str(seed))
        page.keyboard.press("Enter")
        press()
        book.until(lambda: is_new() and shown.text_content().strip() and generate.is_enabled())
        return shown.text_content().strip()

    greedy, chat = text("gpt2", "greedy"), text("qwen", "greedy")
    one, again, other = (text("gpt2", "top_p", seed) for seed in (1, 1, 2))
    assert greedy.startswith("The dog saw") and greedy == text("gpt2", "greedy") != text("gpt2", "beam")
    assert len({greedy, chat, one, other}) == 4
    assert one == again
    book.shoot("playground", playground)

    # What has been said when somebody presses Stop stays.
    playground.locator(".widget-hslider", has_text="New tokens").locator("[role=slider]").focus()
    page.keyboard.press("End")
    press()
    stop = playground.get_by_role("button", name="Stop")
    book.until(lambda: is_new() and shown.text_content().strip())
    if stop.is_enabled():  # a small model may be done by now
        stop.click()
    book.until(generate.is_enabled)
    assert shown.text_content().strip().startswith("The dog saw")
