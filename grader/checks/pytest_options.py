"""How the suites are run inside of our own processes: pytest says nothing, writes nothing, and reads no settings."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

_QUIET = [
    "--import-mode=importlib",
    "--assert=plain",
    "-c",
    os.devnull,
    *(
        word
        for name in (
            "terminal",
            "capture",
            "cacheprovider",
            "doctest",
            "unittest",
            "junitxml",
            "logging",
            "faulthandler",
            "warnings",
            "stepwise",
            "pastebin",
            "unraisableexception",
            "threadexception",
        )
        for word in ("-p", f"no:{name}")
    ),
]
"""Arguments for `pytest.main`."""


def run_quietly(suites: Path, *wanted: Path, plugins: Sequence[object]) -> int | pytest.ExitCode:
    """Runs suites with these plugins and no others; returns pytest's exit code.

    A plugin, an option or a `conftest.py` that somebody has set up for pytest has no business in a verdict.

    Args:
        suites: the folder of the suites; what lies above it is not looked at.
        wanted: what to run in there; everything when left out.
        plugins: ours.
    """
    place = str(suites)
    with _no_settings():
        return pytest.main(
            [*_QUIET, "--rootdir", place, "--confcutdir", place, *map(str, wanted or (suites,))], plugins=plugins
        )


@contextmanager
def _no_settings() -> Iterator[None]:
    """Without what the environment says to pytest: options, plugins to load, plugins of installed packages."""
    before = {name: value for name, value in os.environ.items() if name.startswith("PYTEST_")}
    for name in before:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        os.environ.update(before)
