"""`playground status`, `hint`, `open` and `reset`, in an untouched, a half-done and a finished folder."""

import pytest

from grader.catalog import load_catalog
from grader.cli import main
from grader.model import CheckResult, Status
from grader.student.editor import editor_command
from grader.student.memory import Memory
from grader.student.progress import Progress, next_up
from tests.students import ROOT, a_kit, a_notebook, answer

CATALOG = load_catalog(ROOT / "exercises" / "catalog.toml")
WRONG = {'"".join(': '" ".join('}
"""1.2 with blanks between the letters."""


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """A student's folder, with the terminal in it."""
    monkeypatch.chdir(a_kit(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def run(kit, capfd):
    """What a command says, and its exit code."""

    def call(*words):
        code = main(words)
        said = capfd.readouterr()
        return code, said.out, said.err

    return call


# --- status -----------------------------------------------------------------------------------


def test_an_untouched_folder_starts_with_the_first_exercise(run):
    code, out, _ = run("status")
    assert code == 0
    assert out.count("not started") == len(CATALOG.exercise)
    assert "0/100" in out
    assert "Next: 1.1 Word-level tokenization, in exercises/ex_1_1_word_level.py" in out


def test_a_half_done_folder_has_points_and_goes_on_where_it_stands(run, kit):
    answer(kit, "ex_1_1_word_level.py")
    answer(kit, "ex_1_2_character_level.py", WRONG)
    _, out, _ = run("status")
    assert "8/8  done" in out
    assert "2 of 3" in out
    assert "keep going" in out
    assert "13/100" in out
    assert "Next: 1.2" in out


def test_status_names_what_counts_and_what_does_not(run, kit):
    (kit / "exercises" / "lm_playground (1).ipynb").write_text(a_notebook("1.2"), encoding="utf-8")
    text = (ROOT / "solutions" / "ex_1_1_word_level.py").read_bytes() + b"# \xe9"
    (kit / "exercises" / "ex_1_1_word_level (1).py").write_bytes(text)
    code, out, _ = run("status")
    assert code == 0
    assert "2 notebooks; lm_playground (1).ipynb counts, it answers most; lm_playground.ipynb does not\n" in out
    assert "ex_1_1_word_level (1).py counts for 1.1, ex_1_1_word_level.py does not\n" in out
    assert "ex_1_1_word_level (1).py is not UTF-8 text (line 80); save it as UTF-8 text\n" in out
    assert out.count("not started") == len(CATALOG.exercise) - 2


def test_an_exercise_folder_that_is_a_link_is_read(run, kit):
    answer(kit, "ex_1_1_word_level.py")
    (kit / "exercises").rename(kit / "elsewhere")
    (kit / "exercises").symlink_to(kit / "elsewhere")
    assert "8/8  done" in run("status")[1]


def test_status_asks_only_about_what_changed(run, kit, monkeypatch):
    answer(kit, "ex_1_1_word_level.py")
    answer(kit, "ex_1_2_character_level.py", WRONG)
    before = run("status")
    asked = []
    from grader.student import desk

    real = desk.run_checks
    monkeypatch.setattr(
        desk, "run_checks", lambda exercises, *rest: asked.append([e.id for e in exercises]) or real(exercises, *rest)
    )
    assert run("status") == before
    assert asked == []
    answer(kit, "ex_1_2_character_level.py")
    assert "16/100" in run("status")[1]
    assert asked == [["1.2"]]
    answer(kit, "ex_1_1_word_level.py", {'PAD, UNK = "[PAD]", "[UNK]"': 'PAD, UNK = "<pad>", "<unk>"'})
    run("status")  # 1.2 stands on PAD and UNK of 1.1
    assert asked == [["1.2"], ["1.1", "1.2"]]


def test_a_damaged_memory_is_forgotten(run, kit):
    answer(kit, "ex_1_1_word_level.py")
    (kit / ".playground").mkdir()
    (kit / ".playground" / "memory.json").write_bytes(b'{"hints": 7')
    assert "8/100" in run("status")[1]


def test_a_finished_folder_is_congratulated():
    verdict = CheckResult(name="n", title="t", status=Status.PASSED, points=0, max_points=0)
    done = [Progress(exercise=e, results=(verdict,), total=1) for e in CATALOG.exercise]
    assert next_up(done) is None
    assert (
        next_up([one for one in done if not one.exercise.bonus] + [Progress(exercise=CATALOG.get("3.3"))]).exercise.id
        == "3.3"
    )


# --- hint -------------------------------------------------------------------------------------


def test_the_ladder_goes_down_one_step_a_time_and_stays_at_its_end(run):
    shown = [run("hint", "1.1")[1] for _ in range(4)]
    assert ["hint 1 of 3" in text for text in shown] == [True, False, False, False]
    assert "hint 2 of 3" in shown[1]
    assert "That was the last one." in shown[2]
    assert shown[3] == shown[2]


def test_again_shows_what_was_seen_and_moves_nothing(run):
    assert run("hint", "1.1", "--again")[0] == 2
    run("hint", "1.1")
    run("hint", "1.1")
    again = run("hint", "1.1", "--again")[1]
    assert "hint 1 of 3" in again
    assert "hint 2 of 3" in again
    assert "hint 3 of 3" not in again
    assert run("hint", "1.1", "--again")[1] == again


def test_a_hint_without_an_id_is_for_the_next_exercise(run, kit):
    answer(kit, "ex_1_1_word_level.py")
    run("status")
    assert run("hint")[1].startswith("1.2 Character-level tokenization, hint 1 of 3")


def test_a_hint_for_a_finished_exercise_says_that_it_is_finished(run, kit):
    answer(kit, "ex_1_1_word_level.py")
    run("status")
    assert "1.1 is done" in run("hint", "1.1")[2]


def test_hints_fit_the_terminal(run):
    assert all(len(line) <= 80 for line in run("hint", "5.1")[1].splitlines())


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("11", "1.1"),
        ("2.2", "2.2a or 2.2b"),
        ("2.2A", ""),
        ("linear", "2.1"),
        ("word level tokenisation", "1.1"),
        ("ex_1_1_word_level.py", ""),
        ("exercises/ex_1_1_word_level.py", ""),
        ("BPE", ""),
    ],
)
def test_a_wrong_id_gets_the_closest_match(run, asked, meant):
    code, _, err = run("hint", asked)
    assert code == (2 if meant else 0)
    assert (f"did you mean {meant}" in err) == bool(meant)


def test_outside_of_a_kit_the_error_says_where_to_be(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("grader.project.__file__", str(tmp_path / "site" / "grader" / "project.py"))
    assert main(["status"]) == 2
    assert "run this inside a checkout of the kit" in " ".join(capsys.readouterr().err.split())


# --- reset ------------------------------------------------------------------------------------


def test_reset_keeps_the_version_before(run, kit):
    path = kit / "exercises" / "ex_1_1_word_level.py"
    stub = path.read_bytes()
    answer(kit, path.name)
    mine = path.read_bytes()
    run("hint", "1.1")
    assert run("reset", "1.1")[0] == 0
    assert path.read_bytes() == stub
    kept = list((kit / ".playground" / "backups").iterdir())
    assert [one.read_bytes() for one in kept] == [mine]
    assert Memory(kit).hints_shown("1.1") == 0


def test_reset_of_an_untouched_exercise_keeps_nothing(run, kit):
    assert "nothing to reset" in run("reset", "1.1")[1]
    assert not (kit / ".playground" / "backups").exists()


def test_where_no_copy_can_be_kept_nothing_is_reset(run, kit):
    answer(kit, "ex_1_1_word_level.py")
    (kit / ".playground").mkdir()
    (kit / ".playground" / "backups").write_text("a file in the way")
    mine = (kit / "exercises" / "ex_1_1_word_level.py").read_bytes()
    code, _, err = run("reset", "1.1")
    assert code == 2
    assert "nothing was reset" in err
    assert (kit / "exercises" / "ex_1_1_word_level.py").read_bytes() == mine


def test_reset_brings_back_a_file_that_is_gone(run, kit):
    path = kit / "exercises" / "ex_1_1_word_level.py"
    stub = path.read_bytes()
    path.unlink()
    assert "it is back" in run("reset", "1.1")[1]
    assert path.read_bytes() == stub


# --- open -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("editor", "place"),
    [
        ("vim", ["+18", "FILE"]),
        ("nano -w", ["-w", "+18", "FILE"]),
        ("code --wait", ["--wait", "--goto", "FILE:18"]),
        ("ed", ["FILE"]),
    ],
)
def test_an_editor_is_sent_to_the_blank(monkeypatch, editor, place, kit):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor)
    path = kit / "exercises" / "ex_1_1_word_level.py"
    assert editor_command(path, 18) == [editor.split()[0], *(word.replace("FILE", str(path)) for word in place)]


def test_open_starts_the_editor_on_the_next_exercise(run, monkeypatch, kit):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "echo")
    assert str(kit / "exercises" / "ex_1_1_word_level.py") in run("open")[1]


@pytest.mark.parametrize("editor", ["no-such-editor", "'unbalanced"])
def test_a_wrong_editor_is_one_line(run, monkeypatch, editor):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor)
    code, _, err = run("open", "1.1")
    assert code == 2
    assert "EDITOR" in err
