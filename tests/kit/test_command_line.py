"""The border of every command: a path that cannot work, a pipe that closes, a package that is missing, in one line.

Commands and their paths are found in the parsers themselves, so that a new one is covered the day it comes.
"""

import argparse
import contextlib
import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from grader import cli
from grader.errors import KitError
from grader.results.report.gradebook import write_csv
from grader.results.report.pages import write_html
from grader.results.report.results import write_results_json
from grader.student import commands
from tests.kit import goldens
from tests.students import ROOT, a_kit

PLAIN_USER = 65534
HANG_S = 60
TOOLS = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__main__")
    for path in sorted((ROOT / "tools").rglob("*.py"))
    if "templates" not in path.parts
    and (path.name == "__main__.py" or 'if __name__ == "__main__"' in path.read_text(encoding="utf-8"))
]
DOORS = {"playground": "grader.cli", "autograder": "grader.run.autograder"} | {name: name for name in TOOLS}
READ = {"file_to_read", "folder_to_read", "place_to_read"}
WRITTEN = {"file_to_write", "folder_to_write", "place_to_write", "results_to_write"}
BAD_TO_READ = ("missing", "below/a-file/it", "a-fifo", "a-loose-link", "not-for-you", "")
BAD_TO_WRITE = ("below/a-file/it", "a-fifo", "a-loose-link", "read-only/it", "/proc/nowhere/it", "")
NEEDS = {"template": ["--to", "canvas"]}
"""What a command must be told before it reads a file at all."""
READ_BY_OTHERS = {"wheel", "gguf"}
"""Files that pip and a library of its own read, after much work."""


class TakenError(Exception):
    """Carries the parser out of a command."""


def main_of(door):
    name = DOORS[door]
    for place in (f"{name}.__main__", name):
        with contextlib.suppress(ModuleNotFoundError):
            module = (
                importlib.import_module(place)
                if place != "tools.models.__main__"
                else importlib.import_module("tools.models.vocabularies")
            )
            return module.main
    raise AssertionError(door)


def parser_of(door):
    """The parser that a command uses, taken the moment when it would parse; None where a command takes no words."""
    taken = []

    def take(self, *_, **__):
        taken.append(self)
        raise TakenError

    if door in ("tools.audit", "tools.models.untrained"):
        return None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argparse.ArgumentParser, "parse_args", take)
        with contextlib.suppress(TakenError):
            main_of(door)([])
    return taken[0]


def verbs(door):
    """Words that come first, with the parser that reads what follows."""
    parser = parser_of(door)
    if parser is None:
        return
    subs = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not subs:
        yield (), parser
    for name, one in subs[0].choices.items() if subs else ():
        yield (name,), one


def kind(action):
    return getattr(action.type, "__name__", "") if action.type else ""


def cases():
    """Each path that a command takes, with how the command is called."""
    return list(_cases())


def _cases():
    for door in DOORS:
        for words, parser in verbs(door):
            for action in parser._actions:
                if kind(action) in READ | WRITTEN:
                    yield pytest.param(door, words, parser, action, id=" ".join([door, *words, action.dest]))


@pytest.fixture(scope="module")
def place():
    """A folder with everything that is wrong, and something of each kind that is right."""
    folder = Path(tempfile.mkdtemp(prefix="command-line-"))
    folder.chmod(0o777)
    kit = a_kit(folder / "kit")
    shutil.copy(ROOT / "solutions" / "ex_1_1_word_level.py", kit / "exercises")
    (folder / "below").mkdir()
    (folder / "empty").mkdir()
    for name in ("a-file", "below/a-file"):
        (folder / name).write_bytes(bytes(range(256)))
    os.mkfifo(folder / "a-fifo")
    (folder / "a-fifo").chmod(0o666)
    (folder / "a-loose-link").symlink_to(folder / "nowhere" / "at" / "all")
    (folder / "not-for-you").write_text("secret")
    (folder / "not-for-you").chmod(0)
    (folder / "read-only").mkdir(mode=0o555)
    a_run(folder / "results")
    for path in (folder / "results", folder / "results" / "students"):
        path.chmod(0o777)
    (folder / "rubric.toml").write_text("format_version = 1\n")
    yield folder
    shutil.rmtree(folder)


def a_run(out):
    run = goldens.a_class()
    write_results_json(out, run)
    write_csv(out, run)
    write_html(out, run, goldens.EXERCISES)
    return out


def right(action, place):
    """Something that this argument may be."""
    stand_in = {
        "file_to_read": place / "rubric.toml",
        "folder_to_read": place / "results",
        "place_to_read": place / "kit" / "exercises",
        "file_to_write": place / "new-file",
        "folder_to_write": place / "new-folder",
        "place_to_write": place / "new-place",
        "results_to_write": place / "new-results",
    }
    if kind(action) in stand_in:
        return str(stand_in[kind(action)])
    return str(next(iter(action.choices))) if action.choices else "1.1" if action.type is None else "1"


def arguments(parser, words, tried, bad, place):
    """A command line that is right but for the one argument."""
    line = [*words]
    for action in parser._actions:
        if action is tried or action.required or action.dest == "out":  # its default may be read-only
            line += [*action.option_strings[:1], bad if action is tried else right(action, place)]
    return [*line, *NEEDS.get(tried.dest, [])]


def run_in_fork(door, line, place):
    """Exit code and what was printed, of a fork that is a plain user and is ended when it hangs."""
    out, err = place / "below" / "out", place / "below" / "err"
    main = main_of(door)
    for path in (out, err):
        path.write_bytes(b"")
    pid = os.fork()
    if pid == 0:
        code = 99
        try:
            for number, path in ((1, out), (2, err)):
                os.dup2(os.open(path, os.O_WRONLY), number)
            sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
            os.chdir(place)
            if os.getuid() == 0:
                os.setgid(PLAIN_USER)
                os.setuid(PLAIN_USER)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(HANG_S)
            code = main(line)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 98
        except BaseException:  # noqa: BLE001 - told to the parent
            import traceback

            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return status, out.read_text(errors="replace"), err.read_text(errors="replace")


def bad_for(action):
    what = kind(action)
    if what in WRITTEN:
        return (*BAD_TO_WRITE, *{"file_to_write": ("empty",), "place_to_write": ()}.get(what, ("a-file",)))
    more = {
        "file_to_read": ("empty", *(() if action.dest in READ_BY_OTHERS else ("a-file",))),
        "folder_to_read": ("a-file", "empty"),
    }
    return (*BAD_TO_READ, *more.get(what, ()))


def test_every_tool_has_a_door():
    assert {"tools.build", "tools.bundle", "tools.verify", "tools.models", "tools.bench", "tools.stress"} <= set(DOORS)


@pytest.mark.parametrize("door", DOORS)
def test_every_path_on_a_command_line_is_looked_at(door):
    """An argument that is a bare Path, or a word that is called like one, would be looked at too late."""
    for _, parser in verbs(door):
        assert [action.dest for action in parser._actions if action.type is Path] == []
        named = [
            action
            for action in parser._actions
            if action.metavar in ("DIR", "FILE", "ZIP", "CSV", "PATH", "FROM", "TO")
        ]
        assert [action.dest for action in named if kind(action) not in READ | WRITTEN] == []


@pytest.mark.parametrize(("door", "words", "parser", "tried"), cases())
def test_a_path_that_cannot_work_is_one_line_and_exit_code_2(door, words, parser, tried, place):
    for bad in bad_for(tried):
        path = bad if bad.startswith("/") or not bad else str(place / bad)
        code, out, err = run_in_fork(door, arguments(parser, words, tried, path, place), place)
        told = f"{bad!r}: {code}\n{out}\n{err}"
        assert code == 2, told
        assert len([line for line in err.splitlines() if line.strip()]) == 1, told
        assert "Traceback" not in out + err, told
        assert path in err, told


@pytest.mark.parametrize("door", DOORS)
def test_a_fault_of_the_system_is_one_line_and_exit_code_2(door, capsys, monkeypatch):
    """Whatever a command does first: the disk is full."""
    main = main_of(door)
    error = OSError(28, "No space left on device", "/some/place")

    def full(*_, **__):
        raise error

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", full)
    monkeypatch.setattr("importlib.metadata.distributions", full)
    for module in ("tools.audit", "tools.models.untrained"):
        if door == module:
            for name in ("installed", "untrained_folder"):
                monkeypatch.setattr(f"{module}.{name}", full, raising=False)
    assert main() == 2
    assert re.fullmatch(r"\w+: /some/place: no space left on device\n", capsys.readouterr().err)


# --- a folder of results in which something else lies ---------------------------------------

RESULTS = (
    "results.db",
    "secret.key",
    "results.json",
    "results.csv",
    "report.html",
    "students",
    "students/ada",
    "students/ada/feedback.html",
)


@contextlib.contextmanager
def soon():
    """Ends what hangs."""

    def late(*_):
        raise TimeoutError("it hangs")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(HANG_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def put(what, path, elsewhere):
    """A link out of the folder, a FIFO or a folder, where a file or a folder of ours should be."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    if what == "link":
        path.symlink_to(elsewhere / path.name)
    elif what == "fifo":
        os.mkfifo(path)
    elif path.suffix:
        path.mkdir()
    else:
        path.write_bytes(b"")


def everything(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")
    }


@pytest.mark.parametrize("what", ["link", "fifo", "other"])
@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("verb", ["grade", "rescore"])
def test_what_lies_in_the_way_of_results_is_named_before_any_work(tmp_path, capsys, monkeypatch, verb, name, what):
    monkeypatch.setattr("grader.run.pipeline.grade", lambda *_: pytest.fail("graded"))
    if (name, what) == ("students/ada", "other"):
        pytest.skip("a note of the teacher's, as far as anybody knows before grading")
    elsewhere, out = tmp_path / "elsewhere", a_run(tmp_path / "out")
    shutil.copytree(out, elsewhere)
    (elsewhere / "feedback.html").write_text("mine")
    put(what, out / name, elsewhere)
    before = everything(elsewhere)
    (tmp_path / "rubric.toml").write_text("format_version = 1\n")
    lines = {
        "grade": ["grade", str(ROOT / "exercises")],
        "rescore": ["rescore", str(elsewhere), "--rubric", str(tmp_path / "rubric.toml")],
    }
    with soon():
        assert cli.main([*lines[verb], "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert str(out / name) in told
    assert told.count("\n") == 1
    assert everything(elsewhere) == before


@pytest.mark.parametrize("what", ["fifo", "other"])
@pytest.mark.parametrize(
    "line",
    [["show", "OUT", "ada"], ["stats", "OUT"], ["diff", "OUT", "OUT"], ["export", "OUT", "--to", "csv"]],
    ids=lambda one: one[0],
)
def test_a_results_file_that_is_none_is_named(tmp_path, capsys, line, what):
    out = a_run(tmp_path / "out")
    put(what, out / "results.json", tmp_path)
    with soon():
        assert cli.main([str(out) if word == "OUT" else word for word in line]) == 2
    assert "results.json" in capsys.readouterr().err


def test_an_export_does_not_leave_by_way_of_a_link(tmp_path, capsys):
    out, elsewhere = a_run(tmp_path / "out"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (out / "exports").symlink_to(elsewhere)
    assert cli.main(["export", str(out), "--to", "csv"]) == 2
    assert str(out / "exports") in capsys.readouterr().err
    assert everything(elsewhere) == {}


def test_a_file_of_results_is_never_written_to_where_a_link_leads(tmp_path):
    (tmp_path / "out" / "students").mkdir(parents=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "out" / "students" / "ada").symlink_to(tmp_path / "mine")
    with pytest.raises(KitError, match="students/ada: not an ordinary folder"):
        a_run(tmp_path / "out")
    assert everything(tmp_path / "mine") == {}


def test_answers_are_not_carried_into_a_fifo(tmp_path, capsys):
    (tmp_path / "to").mkdir()
    os.mkfifo(tmp_path / "to" / "ex_1_1_word_level.py")
    with soon():
        assert cli.main(["convert", str(ROOT / "solutions"), str(tmp_path / "to")]) == 2
    assert [path.name for path in (tmp_path / "to").iterdir()] == ["ex_1_1_word_level.py"]


def test_a_target_that_is_no_text_is_named(tmp_path, capsys):
    (tmp_path / "ex_1_1_word_level.py").write_bytes(b"\xff\xfe")
    assert cli.main(["convert", str(ROOT / "solutions"), str(tmp_path)]) == 2
    assert re.search(
        r"ex_1_1_word_level\.py: not what it should be .*; is it the right file\?\n$", capsys.readouterr().err
    )


# --- outputs that close ---------------------------------------------------------------------


def python(*line, **options):
    return subprocess.run(
        [sys.executable, "-m", *line], cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False, timeout=300, **options
    )


@pytest.fixture
def pipe_without_reader():
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


@pytest.fixture(scope="module")
def a_results_folder(tmp_path_factory):
    return a_run(tmp_path_factory.mktemp("run") / "out")


@pytest.mark.parametrize(
    "line",
    [
        ["hint", "1.1"],
        ["show", "OUT", "ada"],
        ["stats", "OUT", "--format", "json"],
        ["export", "OUT", "--to", "csv"],
        ["--help"],
    ],
    ids=lambda one: one[0],
)
def test_a_pipe_that_closes_is_quiet(line, a_results_folder, pipe_without_reader):
    done = python(
        "grader.cli", *(str(a_results_folder) if word == "OUT" else word for word in line), stdout=pipe_without_reader
    )
    assert (done.returncode, done.stderr) == (0 if line == ["--help"] else 141, "")  # argparse minds its own


def test_a_broken_pipe_inside_is_not_taken_for_the_output(capsys, monkeypatch):
    def broken(*_):
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(cli, "_show", broken)
    assert cli.main(["show", str(ROOT), "x"]) == 2
    assert capsys.readouterr().err == "playground: broken pipe\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_an_output_that_is_full_is_one_line(a_results_folder):
    with Path("/dev/full").open("w") as full:
        done = python("grader.cli", "stats", str(a_results_folder), "--format", "json", stdout=full)
    assert (done.returncode, done.stderr) == (2, "playground: no space left on device\n")


def test_a_closed_output_takes_nothing_and_breaks_nothing(a_results_folder):
    line = f'exec "{sys.executable}" -m grader.cli stats "{a_results_folder}" --format json >&-'
    done = subprocess.run(["sh", "-c", line], cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")


def test_ctrl_c_keeps_its_exit_code(capsys, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_show", stop)
    assert cli.main(["show", str(ROOT), "x"]) == 130
    assert capsys.readouterr().err.startswith("playground: stopped.")


# --- what is missing ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("package", "more", "extra"),
    [
        ("jinja2", [], "grade"),
        ("rapidfuzz", [], "grade"),
        ("distributed", ["--dask", "local"], "dask"),
        ("cryptography", ["--dask", "local"], "dask"),
    ],
)
def test_a_missing_package_is_named_before_anything_is_graded(tmp_path, capsys, monkeypatch, package, more, extra):
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr("grader.run.pipeline.find", lambda *_: pytest.fail("looked for submissions"))
    assert cli.main(["grade", str(ROOT / "solutions"), "--out", str(tmp_path / "out"), *more]) == 2
    told = capsys.readouterr().err
    assert f"`{package}`" in told
    assert f"[{extra}]" in told
    assert not (tmp_path / "out").exists()


def test_an_exercise_without_hints_says_so(tmp_path, monkeypatch, capsys):
    kit = a_kit(tmp_path)
    catalog = kit / "exercises" / "catalog.toml"
    catalog.write_text(
        re.sub(r"hints = \[.*?\n\]", "hints = []", catalog.read_text(encoding="utf-8"), flags=re.DOTALL),
        encoding="utf-8",
    )
    monkeypatch.chdir(kit)
    assert commands.main(["hint", "1.1"]) == 0
    assert commands.main(["hint", "1.1", "--again"]) == 0
    assert capsys.readouterr().out == "1.1 has no hints.\n" * 2
