"""A pytest plugin for the quick set: with `--quick`, a test that starts a process is skipped on the spot."""

import os
import subprocess

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option."""
    parser.addoption("--quick", action="store_true", help="skip every test that starts a process")


def pytest_configure(config: pytest.Config) -> None:
    """Lets nothing be started from here on. pytest-xdist starts its workers in another way."""
    if config.getoption("--quick"):
        subprocess.Popen.__init__ = _skip  # type: ignore[method-assign]
        os.fork = os.posix_spawn = _skip


def _skip(*_: object, **__: object) -> None:
    pytest.skip("starts a process")
