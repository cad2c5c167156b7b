"""JupyterLab with a student's folder, and a notebook that is open in it, as a person uses both: in a browser."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import KitError
from tools.build import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

DAY, NIGHT = "JupyterLab Light", "JupyterLab Dark"
PATIENCE_S = 240
"""For a machine that is busy with everything else."""
_LAB = (
    "-m",
    "jupyterlab",
    "--no-browser",
    "--allow-root",
    "--ServerApp.port_retries=0",
    "--IdentityProvider.token=",
    "--ServerApp.password=",
    "--ServerApp.ip=127.0.0.1",
)
_IDLE = "Python 3 (ipykernel) | Idle"


def student_folder(home: Path) -> Path:
    """Lays exercises and visible checks into a folder, as they are in the zip for students."""
    for name in ("exercises", "tests/visible"):
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(ROOT / name, home / name, ignore=ignored)
    return home


@contextmanager
def jupyter_lab(home: Path, theme: str = DAY) -> Iterator[str]:
    """The address of a JupyterLab that serves this folder, with settings of its own.

    Raises:
        KitError: it does not start.
    """
    settings = home / ".settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "themes.jupyterlab-settings").write_text(json.dumps({"theme": theme}))
    news = {"fetchNews": "false", "checkForUpdates": False}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(news))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    places = ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "JUPYTERLAB_WORKSPACES_DIR")
    own = {name: str(home / f".{name.lower()}") for name in places}
    environment = {**os.environ, **own, "JUPYTERLAB_SETTINGS_DIR": str(home / ".settings"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, *_LAB, f"--port={port}", f"--ServerApp.root_dir={home}"]
    with (home / "lab.log").open("w") as log:
        server = subprocess.Popen(command, cwd=home, stdout=log, stderr=log, env=environment)
        try:
            _wait_for(f"http://127.0.0.1:{port}/api", server, home / "lab.log")
            yield f"http://127.0.0.1:{port}/lab/tree"
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - a port of this machine
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise KitError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


class OpenNotebook:
    """A notebook that is open in the browser, and what a person does with it."""

    def __init__(self, browser: "Browser", address: str) -> None:
        self.page: Page = browser.new_page(viewport={"width": 1280, "height": 1000})
        self.page.set_default_timeout(60_000)
        self.page.goto(f"{address}?reset")
        self.page.wait_for_selector(".jp-Notebook .jp-CodeCell .cm-content")
        self.page.get_by_text(_IDLE).wait_for()

    def cell(self, first_line: str) -> "Locator":
        """The code cell whose code begins with this line."""
        lines = self.page.locator(".cm-line:first-child", has_text=re.compile("^" + re.escape(first_line)))
        found = self.page.locator(".jp-CodeCell").filter(has=lines)
        found.first.scroll_into_view_if_needed()
        return found.first

    def run(self, first_line: str) -> "Locator":
        """Presses Shift and Enter in a cell, and waits until it has run."""
        cell, question = self.cell(first_line), self.page.locator(".jp-Dialog button.jp-mod-accept")
        before = self._count(cell)
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        self.until(lambda: self._count(cell) > before or question.count() > 0)
        if question.count():  # on a busy machine JupyterLab may ask for a kernel before it knows of the one it started
            question.click()
            self.page.get_by_text(_IDLE).wait_for()
            return self.run(first_line)
        return cell

    def type(self, first_line: str, text: str) -> None:
        """Replaces what stands in a cell, as pasting does."""
        self.cell(first_line).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def until(self, holds: Callable[[], bool]) -> None:
        """Waits for something that a person would wait for.

        Raises:
            KitError: it does not come.
        """
        end = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > end:
                self.gave_up()
                raise KitError(f"still not so after {PATIENCE_S} s")
            self.page.wait_for_timeout(100)

    def gave_up(self) -> None:
        """Called when waiting was in vain: a place to keep what stood on the screen."""

    @staticmethod
    def _count(cell: "Locator") -> int:
        """The number of the cell's latest run; 0 before the first, -1 while it runs."""
        prompt = cell.locator(".jp-InputPrompt").inner_text().strip(" []:\n\u200b")
        return -1 if prompt == "*" else int(prompt or 0)
