"""The system's Chromium, driven without a window: for the tests that open pages, and for the pictures in the docs."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PATIENCE_MS = 120_000
"""For a machine that is busy with everything else."""


def find_chromium() -> str | None:
    """The path of the system's Chromium; None where there is none (Debian: apt-get install chromium)."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium() -> "Iterator[Browser]":
    """A browser without a window; needs the package playwright, of the extra `dev`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool:
        browser = tool.chromium.launch(
            executable_path=find_chromium(), headless=True, args=list(FLAGS), timeout=PATIENCE_MS
        )
        yield browser
        browser.close()
