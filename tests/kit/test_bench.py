"""The benchmark measures right answers, counts every process, and says what it cannot do."""

import sys
import types

import pytest

from grader.errors import KitError
from tools.bench import growth
from tools.bench.__main__ import main
from tools.bench.meter import Command, ProcessorClock, Spent, run
from tools.bench.submissions import read_cells, right_answers, write_cells
from tools.bench.table import Row, as_data, as_table, speed_up
from tools.build import read_course

BUSY = "import time\nwhile time.process_time() < 0.3: pass"


@pytest.fixture
def clock():
    try:
        return ProcessorClock()
    except KitError:
        pytest.skip("the kernel counts no processor time of others here")


def test_an_unknown_name_is_answered_with_the_closest(capsys):
    assert main(["--only", "nbgradr"]) == 2
    assert "Did you mean nbgrader?" in capsys.readouterr().err


def test_who_is_not_installed_is_named(tmp_path, capsys):
    assert main(["--only", "otter", "--venv", str(tmp_path)]) == 2
    assert "add --install" in capsys.readouterr().err


@pytest.mark.parametrize("count", ["0", "-1", "many"])
def test_a_count_is_a_number_of_submissions(count, capsys):
    with pytest.raises(SystemExit):
        main(["--count", count])
    assert "a whole number from 1 on" in capsys.readouterr().err


def test_a_command_that_fails_is_no_measurement(clock, tmp_path):
    argv = (sys.executable, "-c", "raise SystemExit('no model')")
    with pytest.raises(KitError, match="no model"):
        run([[Command(argv=argv, cwd=tmp_path)]], clock)


def test_processes_that_nobody_waits_for_are_counted(clock, tmp_path):
    forks = f"import os, signal, time\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\nif os.fork() == 0:\n exec({BUSY!r})\n os._exit(0)\ntime.sleep(1)"
    wait = "\nwhile True:\n try: os.waitpid(-1, 0)\n except ChildProcessError: break"
    spent = run([[Command(argv=(sys.executable, "-c", forks + wait), cwd=tmp_path)]], clock)
    assert spent.cpu_s > 0.28


def test_submissions_are_right_answers_that_all_differ(tmp_path):
    course = read_course()
    two = right_answers(course, 2, seed=5)
    assert two == right_answers(course, 2, seed=5) != right_answers(course, 2, seed=6)
    first, second = two.values()
    assert len(first) == 12 and all(
        first[e] != second[e] and first[e].startswith(course.sources[e].solution) for e in first
    )
    write_cells(first, tmp_path / "a" / "b.json")
    assert read_cells(tmp_path / "a" / "b.json") == first


def test_the_table_holds_medians_and_ratios():
    rounds = [Spent(wall_s=wall, cpu_s=2 * wall) for wall in (2.0, 4.0, 30.0)]
    start = Spent(wall_s=1.0, cpu_s=1.0)
    kit = Row(name="kit", title="the kit", start=start, rounds=rounds, count=2, memory_mb=10)
    two = Row(name="kit-2", title="two", start=start, rounds=rounds[:1], count=2, memory_mb=10)
    assert (kit.wall_s, kit.cpu_s, speed_up({"kit": kit, "kit-2": two})) == (2.0, 4.0, 2.0)
    data = as_data([kit, two], base=two, seed=0)
    assert data["contenders"]["kit"]["cpu_ratio"] == 2.0
    assert data["machine"]["versions"]["torch"]
    assert as_table([kit, two], base=kit).row_count == 2


def test_hidden_checks_pass_as_plain_calls_on_a_right_answer(monkeypatch):
    from tools.bench.plain import Plain, check_student

    namesake = types.ModuleType("test_1_1_word_level")  # the visible suite is called so, too
    monkeypatch.setitem(sys.modules, namesake.__name__, namesake)
    answers = right_answers(read_course(), 1)["s0001"]
    plain = Plain()
    assert check_student(plain.run(answers["1.1"], "1.1")) == 8
    broken = answers["1.1"].replace("word2id[UNK]", "0")
    with pytest.raises(AssertionError):
        check_student(Plain().run(broken, "1.1"))


@pytest.mark.heavy
def test_growth_keeps_and_reports_each_copy(tmp_path):
    verdict = growth.a_verdict(tmp_path)
    five, ten = (growth.measure(count, verdict, tmp_path / str(count)) for count in (5, 10))
    assert len(list((tmp_path / "10" / "students").iterdir())) == 10
    assert 1.8 < ten["results.json"] / five["results.json"] < 2.2
    assert 1.8 < ten["students"] / five["students"] < 2.2


def test_a_size_of_a_class_is_a_number(capsys):
    assert growth.main(["--counts", "100,many"]) == 2
    assert "a whole number from 1 on was due, not 'many'" in capsys.readouterr().err
