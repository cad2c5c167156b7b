"""What people set up for their own pytest reaches none of the suites that the kit runs inside of its processes."""

import os
import sys
from types import SimpleNamespace

import pytest

from grader.catalog import Catalog
from grader.checks.pytest_options import run_quietly
from grader.run.judge import with_hidden_checks
from grader.student.desk import run_suites
from tests.students import ROOT

SUITE = "def test_it(): assert True\n"
LOUD = "import builtins\nbuiltins.reached = builtins.reached + [__name__]\n"


@pytest.fixture
def suites(tmp_path, monkeypatch):
    """Suites in a folder full of somebody's settings, with a plugin of theirs to import."""
    monkeypatch.setattr("builtins.reached", [], raising=False)
    folder = tmp_path / "course" / "tests" / "hidden"
    folder.mkdir(parents=True)
    (folder / "test_it.py").write_text(SUITE)
    for above in (tmp_path, tmp_path / "course", folder.parent):
        (above / "conftest.py").write_text(LOUD)
        (above / "pytest.ini").write_text("[pytest]\naddopts = -p loud_plugin --no-such-option\n")
    (tmp_path / "lib").mkdir()
    for name in ("loud_plugin", "entry_plugin"):
        (tmp_path / "lib" / f"{name}.py").write_text(LOUD)
    (tmp_path / "lib" / "loud-1.0.dist-info").mkdir()
    (tmp_path / "lib" / "loud-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: loud\nVersion: 1.0\n"
    )
    (tmp_path / "lib" / "loud-1.0.dist-info" / "entry_points.txt").write_text("[pytest11]\nloud = entry_plugin\n")
    monkeypatch.syspath_prepend(tmp_path / "lib")
    monkeypatch.chdir(tmp_path / "course")
    yield folder
    for name in ("loud_plugin", "entry_plugin"):
        sys.modules.pop(name, None)


SETTINGS = {
    "PYTEST_ADDOPTS": "-p loud_plugin --maxfail=1 --no-such-option",
    "PYTEST_PLUGINS": "loud_plugin",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "",
}


def reached():
    import builtins

    return builtins.reached


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_do_not_reach_the_hidden_suites(suites, monkeypatch, name):
    monkeypatch.setenv(name, SETTINGS[name])
    judged = []
    monkeypatch.setattr("grader.run.judge._points_problem", lambda *_: None)
    with_hidden_checks(suites, Catalog(format_version=1, exercise=()), judged.append)
    assert len(judged) == 1
    assert len(judged[0].items) == 1
    assert reached() == []
    assert os.environ[name] == SETTINGS[name]


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_do_not_reach_the_visible_suites(suites, monkeypatch, name):
    monkeypatch.setenv(name, SETTINGS[name])
    run_suites([suites / "test_it.py"], SimpleNamespace(results={}))
    assert reached() == []


def test_a_conftest_among_the_suites_is_the_authors_and_counts(suites):
    (suites / "conftest.py").write_text(LOUD)
    assert run_quietly(suites, plugins=()) == pytest.ExitCode.OK
    assert len(reached()) == 1


def test_pytest_is_called_in_one_place():
    """So that the next loop does not forget what the others had to learn; the other place is a person's own pytest."""
    found = [
        path.relative_to(ROOT).as_posix()
        for folder in ("grader", "tools")
        for path in (ROOT / folder).rglob("*.py")
        if "pytest.main(" in path.read_text(encoding="utf-8")
    ]
    assert sorted(found) == ["grader/checks/pytest_options.py", "grader/student/outside.py"]
