"""The command that measures the student's loop: it measures right answers, and says so where they are none."""

import pytest

from tools import loop_times
from tools.loop_times import Times, _solved_kit, _timed, _wait_for


def test_medians_and_spread_are_shown():
    row = Times(name="a thing", wall_s=[3.0, 1.0, 2.0], cpu_s=[0.5, 0.1, 0.2]).row()
    assert row.split() == ["a", "thing", "2.00", "s", "0.20", "s", "1.00", "to", "3.00", "3"]


def test_a_verdict_that_is_not_full_marks_is_no_measurement():
    said = iter(["watching\n", "1.1 Word-level tokenization: done, 3 of 3 checks pass in 0.10 s\n"])
    _wait_for("1.1 ", said)
    with pytest.raises(RuntimeError, match="not judged right"):
        _wait_for("1.1 ", iter(["1.1 Word-level tokenization: keep going, 2 of 3 checks pass in 0.10 s\n"]))
    with pytest.raises(RuntimeError, match="watch ended"):
        _wait_for("1.1 ", iter([]))


def test_a_run_that_fails_is_no_measurement(tmp_path):
    with pytest.raises(loop_times.subprocess.CalledProcessError):
        _timed(["false"], tmp_path)
    wall, cpu = _timed(["true"], tmp_path)
    assert wall > 0
    assert cpu >= 0


def test_the_kit_that_is_measured_is_solved(tmp_path):
    kit = _solved_kit(tmp_path)
    wall, _ = _timed([*loop_times._PYTEST, "1.1"], kit)
    assert wall > 0
    assert "word2id.get" in (kit / "exercises" / "ex_1_1_word_level.py").read_text(encoding="utf-8")
