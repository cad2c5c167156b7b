"""A pytest plugin for the quick set: with `--quick`, a test that starts a process is skipped on the spot."""

import os
import subprocess
from collections.abc import Iterator

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option."""
    parser.addoption("--quick", action="store_true", help="skip every test that starts a process")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Lets a test and its fixtures start nothing."""
    if not item.config.getoption("--quick"):
        return (yield)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess.Popen, "__init__", _skip)
        for name in ("fork", "posix_spawn"):
            patch.setattr(os, name, _skip)
        return (yield)


def _skip(*_: object, **__: object) -> None:
    pytest.skip("starts a process")
