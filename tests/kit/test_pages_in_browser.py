"""The pages in a real browser: what people wrote is shown as text, nothing runs, nothing is loaded.

Needs Chromium from the system; `make test` installs it where it may, and without it these tests are skipped.
"""

import json
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from grader.model import CheckResult, ExerciseResult, RunResult, Status, SubmissionResult
from grader.results.report import write_html
from grader.run.pipeline import Options, grade
from tools.chromium import PATIENCE_MS, chromium, find_chromium

pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra `dev`)")
ROOT = Path(__file__).parents[2]
needs_chromium = pytest.mark.skipif(
    find_chromium() is None, reason="no Chromium on this system (Debian: apt-get install chromium)"
)
pytestmark = [pytest.mark.heavy, needs_chromium]
SETTLE_MS = 200
"""How long a page may take to do what it should not; the page that may does it within a tenth of that."""
OURS = 2
"""Script elements of the class page: its data, and the one that draws."""


class Listener:
    """A port of this machine that counts who calls."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.calls = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            caller.close()

    def close(self) -> None:
        self._socket.close()


@dataclass(slots=True, kw_only=True)
class Seen:
    """What happened while a page was open."""

    text: str = ""
    ran: object = None
    scripts: int = 0
    handlers: int = 0
    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    calls: int = 0

    @property
    def is_quiet(self) -> bool:
        return not (self.ran or self.dialogs or self.requests or self.calls)


class Eyes:
    """One tab of the browser, that notices."""

    def __init__(self, page: Any, listener: Listener) -> None:
        self._page, self._listener, self._seen, self._own = page, listener, Seen(), ""
        page.set_default_timeout(PATIENCE_MS)
        page.on("dialog", lambda dialog: (self._seen.dialogs.append(dialog.message), dialog.dismiss()))
        page.on(
            "request", lambda request: None if request.url == self._own else self._seen.requests.append(request.url)
        )

    def look(self, path: Path) -> Seen:
        """Opens a page, unfolds it, moves over it, follows nothing."""
        self._seen, self._own = seen, _ = Seen(), path.as_uri()
        before = self._listener.calls
        page = self._page
        page.goto(self._own)
        page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
        for place in range(50, 900, 170):
            page.mouse.move(place, place)
        page.wait_for_timeout(SETTLE_MS)
        seen.text = page.inner_text("body") + page.title()
        seen.ran, seen.scripts, seen.handlers = page.evaluate(COUNT)
        seen.calls = self._listener.calls - before
        return seen


COUNT = """() => [window.ran, document.scripts.length, [...document.querySelectorAll('*')].filter(
    one => [...one.attributes].some(a => a.name.startsWith('on'))).length]"""


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    one = Listener()
    yield one
    one.close()


@pytest.fixture(scope="module")
def eyes(listener: Listener) -> Iterator[Eyes]:
    with chromium() as browser:
        yield Eyes(browser.new_page(viewport={"width": 1000, "height": 900}), listener)


def payloads(url: str) -> list[str]:
    run = f"window.ran=1;alert(1);fetch('{url}/fetched')"
    return [
        f"<script>{run}</script>",
        f"<img src='{url}/img' onerror=\"{run}\">",
        f'<svg onload="{run}">',
        f'"><iframe src="javascript:{run}">',
        f"' onmouseover='{run}' x='",
        f'" onmouseover="{run}" x="',
        f"</title></style></textarea><script>{run}</script>",
        f"<a href='javascript:{run}'>a</a>",
        f"<meta http-equiv=refresh content='0;url={url}/meta'>",
        f"<link rel=stylesheet href='{url}/css'>",
        f"<base href='{url}/'>",
        f'<details open ontoggle="{run}">',
        f"<style>body{{background:url({url}/style)}}</style>",
        f"<object data='{url}/object'></object>",
        f"--><script src='{url}/src'></script>",
        f"{{{{ 7 * 7 }}}}<script>{run}</script>",
        f"&lt;script&gt;{run}&lt;/script&gt;",
        f"\u202e<script>{run}</script>",
    ]


def a_result(number: int, text: str, status: Status = Status.FAILED, note: str = "") -> SubmissionResult:
    """A verdict with this text in every place that holds one."""
    check = CheckResult(name=text, title=text, status=status, points=0, max_points=8, message=text)
    exercise = ExerciseResult(score=0, max_score=8, status=status, notes=(text,), checks=(check,))
    id_ = f"{number} {text}".replace("/", "_").replace("\\", "_")
    return SubmissionResult(
        id=id_,
        source=text,
        sha256=text,
        proven=False,
        score=0,
        max_score=8,
        bonus=1,
        seconds=1.0,
        is_rejected=bool(note),
        notes=(note + text,),
        exercises={text: exercise},
    )


def a_run(texts: list[str]) -> RunResult:
    """Each text in a failed exercise, and the first one in every kind of verdict."""
    results = [a_result(number, text) for number, text in enumerate(texts)]
    results += [a_result(100 + number, texts[0], status) for number, status in enumerate(Status)]
    results.append(a_result(200, texts[0], note="Not graded: "))
    return RunResult(format_version=1, kit_version=texts[0], walls=tuple(texts), submissions=tuple(results))


def test_words_from_people_are_shown_as_text_and_do_nothing(eyes: Eyes, listener: Listener, tmp_path: Path) -> None:
    """Even where ids, which intake makes safe, hold markup."""
    texts = payloads(listener.url)
    write_html(tmp_path, a_run(texts))
    seen = eyes.look(tmp_path / "report.html")
    assert seen.is_quiet, seen
    assert (seen.scripts, seen.handlers) == (OURS, 0)
    assert texts[0] in seen.text
    pages = sorted(tmp_path.glob("students/*/feedback.html"))
    assert len(pages) == len(texts) + len(Status) + 1
    for page in pages:
        seen = eyes.look(page)
        assert seen.is_quiet, seen
        assert (seen.scripts, seen.handlers) == (0, 0)
        assert texts[0] in seen.text or "100 " not in page.parent.name
        assert "{{ 7 * 7 }}" in seen.text or "{{" not in page.parent.name


def test_a_script_that_slipped_through_would_still_not_run(eyes: Eyes, listener: Listener, tmp_path: Path) -> None:
    """The page's own policy is the second layer."""
    write_html(tmp_path, a_run(["x"]))
    page = tmp_path / "report.html"
    hole = "".join(text for text in payloads(listener.url) if "refresh" not in text)
    page.write_text(page.read_text("utf-8").replace("<body", f"<body data-x='' >{hole}<p", 1), encoding="utf-8")
    seen = eyes.look(page)
    assert seen.scripts > OURS
    assert not (seen.ran or seen.dialogs or seen.calls), seen


def test_the_browser_does_run_what_is_not_stopped(eyes: Eyes, listener: Listener, tmp_path: Path) -> None:
    """So that the tests above could fail."""
    page = tmp_path / "open.html"
    page.write_text("<!doctype html><body>" + "".join(payloads(listener.url)[:2]), encoding="utf-8")
    seen = eyes.look(page)
    assert seen.ran == 1
    assert seen.dialogs
    assert seen.calls


@pytest.mark.heavy
@pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("bwrap") is None, reason="the sandbox needs Linux and bubblewrap"
)
def test_a_graded_submission_brings_no_markup_of_its_own(eyes: Eyes, listener: Listener, tmp_path: Path) -> None:
    """The real way: markup in the file's name, in what the cell prints and raises, and in the name of its exception."""
    text = payloads(listener.url)[0]
    raised = f"text = {text!r}\nprint(text)\nclass Odd(ValueError): pass\nOdd.__name__ = Odd.__qualname__ = text\nraise Odd(text)\n"
    cells = [
        {
            "cell_type": "code",
            "id": "d784a288",
            "metadata": {"name": text},
            "outputs": [{"text": text}],
            "source": raised,
        },
        {"cell_type": "code", "id": text, "metadata": {}, "outputs": [], "source": f"%%bash {text}\n{text}"},
        {"cell_type": text, "metadata": {}, "source": [7]},
    ]
    work = tmp_path / "class"
    work.mkdir()
    (work / "<script>alert(1)<.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}), encoding="utf-8")
    run = grade(Options(paths=(work,), out=tmp_path / "out", exercises=("1.1",))).run
    assert "<script>" in " ".join(run.submissions[0].exercises["1.1"].notes)
    for page in (tmp_path / "out" / "report.html", *tmp_path.glob("out/students/*/feedback.html")):
        seen = eyes.look(page)
        assert seen.is_quiet, seen
        assert (seen.scripts, seen.handlers) == (OURS if page.name == "report.html" else 0, 0)
    assert "<script>window.ran=1" in seen.text
