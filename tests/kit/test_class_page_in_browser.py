"""The class page at work in a real browser: it sorts, searches, opens a student, prints, and holds 2,000 of them.

Needs Chromium from the system; `make test` installs it where it may, and without it these tests are skipped.
"""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.model import CheckResult, ExerciseResult, RunResult, Status, SubmissionResult
from grader.results.report import write_class_page, write_html
from tools.chromium import PATIENCE_MS, chromium, find_chromium

pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra `dev`)")
pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this system (Debian: apt-get install chromium)"),
]
EVIL = "<img src=x onerror=window.ran=1>"


def student(id_: str, won: int, *, wrong: str = "m", checks: int = 4) -> SubmissionResult:
    """A student who passes the first `won` of the checks, 2 points each, in each of two exercises."""
    results = tuple(
        CheckResult(
            name=f"test_{i}",
            title=f"Title {i}",
            status=Status.PASSED if i < won else Status.FAILED,
            points=2 * (i < won),
            max_points=2,
            message="" if i < won else wrong,
        )
        for i in range(checks)
    )
    verdict = ExerciseResult(
        score=2 * won, max_score=2 * checks, status=Status.PASSED if won == checks else Status.PARTIAL, checks=results
    )
    return SubmissionResult(
        id=id_,
        source=id_,
        sha256="",
        proven=True,
        score=4 * won,
        max_score=4 * checks,
        bonus=0,
        seconds=1.0,
        exercises={"1.1": verdict, "1.2": verdict},
    )


def a_class(*students: SubmissionResult) -> RunResult:
    return RunResult(format_version=1, kit_version="0", walls=("seccomp",), submissions=students)


SMALL = a_class(student("berta", 4), student("Anton 10", 1), student("Anton 9", 2), student(EVIL, 0, wrong=EVIL))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as one:
        yield one


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    one = browser.new_page(viewport={"width": 1100, "height": 900})
    one.set_default_timeout(PATIENCE_MS)
    one.problems = []
    one.on("pageerror", lambda error: one.problems.append(str(error)))
    one.on("console", lambda message: one.problems.append(message.text) if message.type == "error" else None)
    yield one
    assert one.problems == []
    one.close()


@pytest.fixture
def small(page: Any, tmp_path: Path) -> Any:
    write_html(tmp_path, SMALL)
    page.goto((tmp_path / "report.html").as_uri())
    return page


def names(page: Any, where: str = "#heat tbody .who") -> list[str]:
    return page.eval_on_selector_all(where, "all => all.filter(one => one.offsetParent).map(one => one.textContent)")


IN_TABLE = "#students tbody th"


def test_the_map_shows_a_row_for_each_student_and_a_cell_for_each_check(small: Any) -> None:
    assert names(small) == [EVIL, "Anton 9", "Anton 10", "berta"]  # numbers count as numbers
    row = small.locator("#heat tbody tr", has_text="Anton 9")
    classes = row.locator("td").evaluate_all("all => all.map(one => one.className.split(' ')[0])")
    assert classes == ["points", *(["passed"] * 2 + ["failed"] * 2) * 2]
    assert row.locator("td").nth(3).inner_text() == "✗"
    assert small.locator("#heat").get_attribute("aria-rowcount") == "6"


def test_hostile_names_and_words_stay_text_in_what_the_script_draws(small: Any) -> None:
    small.locator("#heat tbody td.failed").first.hover()
    assert EVIL in small.inner_text("#heat-said")
    assert small.evaluate("window.ran") is None
    assert small.locator("img").count() == 0


def test_the_keyboard_reaches_what_the_pointer_does(small: Any) -> None:
    small.locator("#heat tbody a", has_text="Anton 9").focus()
    assert small.inner_text("#heat-said") == "Anton 9: 8 points; tried and not passed: 1.1.3 1.1.4 1.2.3 1.2.4"
    small.focus("#heat-box")
    before = small.evaluate("document.activeElement.id")
    small.keyboard.press("Tab")
    assert before == "heat-box"
    assert small.evaluate("document.activeElement.textContent") == EVIL


def test_the_search_narrows_map_and_table(small: Any) -> None:
    small.fill("#search", "ANTON")
    assert names(small) == ["Anton 9", "Anton 10"]
    assert sorted(names(small, IN_TABLE)) == ["Anton 10", "Anton 9"]
    assert small.inner_text("#found") == "2 of 4 students"
    small.fill("#search", "nobody")
    assert (names(small), names(small, IN_TABLE)) == ([], [])
    small.fill("#search", "")
    assert len(names(small)) == len(names(small, IN_TABLE)) == 4


def test_the_map_sorts_by_name_score_exercise_and_check(small: Any) -> None:
    small.select_option("#heat-sort", "score")
    assert names(small) == [EVIL, "Anton 10", "Anton 9", "berta"]
    small.click("#heat-turn")
    assert names(small) == ["berta", "Anton 9", "Anton 10", EVIL]
    small.click("#heat-turn")
    small.select_option("#heat-sort", "e1")
    assert names(small) == [EVIL, "Anton 10", "Anton 9", "berta"]
    small.locator("#heat thead th", has_text="2").nth(1).click()  # the second check of 1.1: passed ones first
    assert set(names(small)[:2]) == {"berta", "Anton 9"}
    assert small.input_value("#heat-sort") == "c1"


def test_tables_sort_by_a_heading_with_the_keyboard(small: Any) -> None:
    button = small.locator("#students thead th", has_text="Score").locator("button")
    button.focus()
    small.keyboard.press("Enter")
    assert names(small, IN_TABLE) == [EVIL, "Anton 10", "Anton 9", "berta"]
    assert small.locator("#students thead th[aria-sort]").get_attribute("aria-sort") == "ascending"
    small.keyboard.press("Enter")
    assert names(small, IN_TABLE)[0] == "berta"
    assert small.locator("#students thead th[aria-sort]").get_attribute("aria-sort") == "descending"


def test_a_student_opens_from_the_map_and_the_page_says_what_to_try(small: Any) -> None:
    small.locator("#heat tbody a", has_text="Anton 10").click()
    small.wait_for_url("**/students/Anton%2010/feedback.html")
    assert small.inner_text("h1") == "Anton 10"
    first = small.locator("details").first
    assert first.evaluate("one => one.open")
    small.locator("summary").first.focus()
    small.keyboard.press("Enter")
    assert not first.evaluate("one => one.open")
    small.get_by_role("link", name="1.1").click()
    assert small.url.endswith("#exercise-1.1")


def contrast(page: Any, selector: str) -> float:
    """Of text and what is behind it, as WCAG counts it."""
    return page.eval_on_selector(
        selector,
        """one => {
        const light = colour => { const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        let behind = one, colour;
        do { colour = getComputedStyle(behind).backgroundColor; behind = behind.parentElement; } while (colour === 'rgba(0, 0, 0, 0)' && behind);
        const [a, b] = [light(getComputedStyle(one).color), light(colour)].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05); }""",
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_dark(small: Any, scheme: str) -> None:
    """4.5 is what WCAG 2 asks for text of this size (AA)."""
    small.emulate_media(color_scheme=scheme)
    dark = small.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 24, 28)"
    assert dark == (scheme == "dark")
    for selector in (
        "h1",
        ".soft",
        "thead th",
        "#students .passed",
        "#students .partial",
        "td.failed",
        "nav a",
        ".said",
    ):
        assert contrast(small, selector) >= 4.5, selector


def test_on_paper_there_are_no_tools_and_no_darkness(small: Any) -> None:
    small.emulate_media(media="print", color_scheme="dark")
    small.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not small.locator(".tools").is_visible()
    assert not small.locator("nav").is_visible()
    assert small.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 250, 248)"
    assert len(names(small)) == 4
    assert small.locator("#students").bounding_box()["width"] <= 1100


def test_without_scripts_the_tables_are_there(browser: Any, tmp_path: Path) -> None:
    write_class_page(tmp_path, SMALL)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    assert page.locator("#students tbody tr").count() == 4
    assert not page.locator("#heat-section").is_visible()
    context.close()


def test_a_run_of_nobody_opens(page: Any, tmp_path: Path) -> None:
    write_class_page(tmp_path, a_class())
    page.goto((tmp_path / "report.html").as_uri())
    assert "nothing to show" in page.inner_text("body")


@pytest.mark.heavy
def test_a_class_of_two_thousand_renders_scrolls_and_answers(page: Any, tmp_path: Path) -> None:
    """Only the rows in sight are drawn. The seconds are for a machine that is busy; alone it takes a tenth of them."""
    rng = random.Random(0)
    whole = a_class(*(student(f"student {i}", rng.randrange(41), checks=40) for i in range(2_000)))
    start = time.monotonic()
    write_class_page(tmp_path, whole)
    assert time.monotonic() - start < 30
    assert (tmp_path / "report.html").stat().st_size < 4_000_000
    page.goto((tmp_path / "report.html").as_uri())
    assert page.locator("#students tbody tr").count() == 2_000
    for top in (0, 15_000, 10**7):
        page.eval_on_selector("#heat-box", f"box => box.scrollTop = {top}")
        page.wait_for_function(
            """top => { const box = document.getElementById('heat-box').getBoundingClientRect();
            return [...document.querySelectorAll('#heat tbody .who')].some(one => { const at = one.getBoundingClientRect();
                return at.top > box.top + 60 && at.bottom < box.bottom; }); }""",
            arg=top,
        )
        assert page.locator("#heat tbody tr").count() < 120
    assert names(page)[-1] == "student 1999"
    took = page.evaluate("""() => { const start = performance.now(), search = document.getElementById('search');
        search.value = 'student 12'; search.dispatchEvent(new Event('input')); return performance.now() - start; }""")
    assert took < 5_000
    assert page.inner_text("#found") == "111 of 2000 students"
