"""The notebook as a person meets it: JupyterLab in a browser, with typing, running, checking and pressing.

Needs Chromium from the system and JupyterLab (extra `lab`); without one of them these tests are skipped. What they saw
is kept in build/screenshots.
"""

import importlib.util
from collections.abc import Iterator
from typing import Any

import pytest

from tools.build import ROOT, read_course, solution_notebook
from tools.chromium import chromium, find_chromium
from tools.jupyter import DAY, NIGHT, OpenNotebook, jupyter_lab, student_folder

pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra `dev`)")
HAS_LAB = importlib.util.find_spec("jupyterlab") is not None
pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this system (Debian: apt-get install chromium)"),
    pytest.mark.skipif(not HAS_LAB, reason="JupyterLab is not installed (pip install -e '.[lab]')"),
]
COURSE = read_course()
SHOTS = ROOT / "build" / "screenshots"


@pytest.fixture(scope="module", params=[DAY, NIGHT], ids=["day", "night"])
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a JupyterLab that serves a student's folder, and the name of its theme."""
    home = student_folder(tmp_path_factory.mktemp("lab"))
    (home / "solution.ipynb").write_text(solution_notebook(COURSE), encoding="utf-8")
    with jupyter_lab(home, request.param) as address:
        yield address, request.param


class Notebook(OpenNotebook):
    """A notebook that is open in the browser, and keeps pictures of what was seen."""

    def __init__(self, browser: Any, address: str, theme: str) -> None:
        super().__init__(browser, address)
        self._night = theme == NIGHT

    def shoot(self, name: str, what: Any = None) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        (what or self.page).screenshot(path=SHOTS / f"{name}_{'night' if self._night else 'day'}.png")

    def gave_up(self) -> None:
        self.shoot("gave_up")


@pytest.fixture
def browser() -> Iterator[Any]:
    with chromium() as one:
        yield one


def opened(browser: Any, lab: tuple[str, str], path: str) -> Notebook:
    return Notebook(browser, f"{lab[0]}/{path}", lab[1])


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
    assert last.locator(".lmp-strip").get_attribute("aria-label").startswith("Progress: 100 of 100 points and ")

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
    stop.dispatch_event("click")  # a small model may be done by now: then the button is off, and nothing comes of it
    book.until(generate.is_enabled)
    assert shown.text_content().strip().startswith("The dog saw")
