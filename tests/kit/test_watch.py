"""`playground watch`: what it knows, what it draws, the warm processes, and the whole in a terminal."""

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from queue import SimpleQueue

import msgspec
import pytest
from rich.console import Console

from grader.intake.local import read_here
from grader.model import CheckResult, Status
from grader.project import project_catalog
from grader.student.bench import is_heavy
from grader.student.desk import Workspace
from grader.student.watch import keys
from grader.student.watch.checker import Checker
from grader.student.watch.state import State
from grader.student.watch.view import Screen, verdict_lines
from grader.student.watch.warm import Answer
from tests.students import a_kit, a_notebook, answer

WRONG = {'"".join(': '" ".join('}
PATIENCE_S = 60
posix = pytest.mark.skipif(os.name != "posix", reason="needs fork and pseudo-terminals")


@pytest.fixture
def kit(tmp_path):
    return a_kit(tmp_path)


def a_state(kit, path=None):
    catalog = project_catalog(kit)
    path = path or kit / "exercises"
    return State.start(Workspace(kit, catalog, read_here(path, catalog)), path, remembers=path.name == "exercises")


def an_answer(state, *statuses, problem=""):
    results = tuple(
        CheckResult(name=f"n{i}", title=f"check {i}", status=status, points=0, max_points=0, message="a word")
        for i, status in enumerate(statuses)
    )
    return Answer(number=state.number, exercise=state.current.id, results=results, problem=problem, seconds=0.1)


def drawn(state, width=80, height=24, offset=0, encoding="utf-8", warm=True):
    console = Console(width=width, height=height, highlight=False, color_system=None, force_terminal=True)
    console._encoding = encoding
    with console.capture() as capture:
        console.print(Screen(state, console, offset, warm=warm), end="")
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", capture.get()).splitlines()


# --- what it knows ----------------------------------------------------------------------------


def test_it_says_which_files_count(kit):
    answer(kit, "ex_1_1_word_level.py")
    (kit / "exercises" / "ex_1_1_word_level.py").rename(kit / "exercises" / "ex_1_1_word_level (1).py")
    (kit / "exercises" / "ex_1_1_word_level.py").write_text("# 1.1 Word-level tokenization\n", encoding="utf-8")
    (kit / "exercises" / "lm_playground.ipynb").write_text(a_notebook("1.1"), encoding="utf-8")
    state = a_state(kit)
    said = [
        "ex_1_1_word_level (1).py counts for 1.1, ex_1_1_word_level.py does not",
        "ex_1_1_word_level (1).py counts, cell 7 of the notebook does not",
    ]
    assert [line for line in map(str.strip, drawn(state, width=100)) if line in said] == said
    assert [line for line in map(str.strip, verdict_lines(state, Console())) if line in said] == said


def test_it_starts_with_the_next_exercise_and_asks_nothing_about_an_untouched_one(kit):
    state = a_state(kit)
    assert state.current.id == "1.1"
    assert state.question() is None


def test_the_exercise_that_was_saved_comes_into_view(kit):
    state = a_state(kit)
    answer(kit, "ex_1_2_character_level.py")
    assert [exercise.id for exercise in state.read_again()] == ["1.2"]
    assert state.read_again() == []


def test_an_answer_to_an_older_question_is_not_taken(kit):
    answer(kit, "ex_1_1_word_level.py")
    state = a_state(kit)
    state.question()
    old = an_answer(state, Status.FAILED)
    state.question()
    assert not state.take(old)
    assert state.busy
    assert state.take(an_answer(state, Status.PASSED))
    assert state.standings["1.1"].is_done


def test_verdicts_are_remembered_for_status_and_the_next_time(kit):
    answer(kit, "ex_1_1_word_level.py")
    state = a_state(kit)
    state.question()
    state.take(an_answer(state, Status.PASSED))
    again = a_state(kit)
    assert again.standings["1.1"].is_done
    assert again.current.id == "1.2"


def test_a_change_below_makes_what_stands_on_it_stale(kit):
    answer(kit, "ex_1_1_word_level.py")
    answer(kit, "ex_1_2_character_level.py")
    state = a_state(kit)
    for exercise_id in ("1.1", "1.2"):
        state.view(state.desk.catalog.get(exercise_id))
        state.question()
        state.take(an_answer(state, Status.PASSED))
    assert not state.stale
    answer(kit, "ex_1_1_word_level.py", {'PAD, UNK = "[PAD]", "[UNK]"': 'PAD, UNK = "<p>", "<u>"'})
    state.read_again()
    assert state.stale == {"1.1", "1.2"}
    assert state.standings["1.2"].is_done  # shown until there is a newer verdict


def test_what_was_started_and_never_checked_is_not_called_untouched(kit):
    state = a_state(kit)
    answer(kit, "ex_1_1_word_level.py")
    answer(kit, "ex_1_2_character_level.py")
    assert [exercise.id for exercise in state.read_again()] == ["1.1", "1.2"]
    assert [one.word for one in state.progress()[:3]] == ["not checked", "not checked", "not started"]
    assert state.stale == {"1.1", "1.2"}


def test_hints_go_on_where_the_command_left_off(kit):
    state = a_state(kit)
    state.desk.memory.keep_hints_shown("1.1", 2)
    state.next_hint()
    assert state.hint == 2
    state.next_hint()
    state.next_hint()
    assert state.hint == 3
    assert state.desk.memory.hints_shown("1.1") == 3


def test_next_skips_what_is_done(kit):
    answer(kit, "ex_1_2_character_level.py")
    state = a_state(kit)
    state.view(state.desk.catalog.get("1.2"))
    state.question()
    state.take(an_answer(state, Status.PASSED))
    state.step(-1)
    state.to_next_open()
    assert state.current.id == "1.3"


def test_answers_that_cannot_be_read_are_a_problem_in_words(kit):
    (kit / "mine.ipynb").write_text(json.dumps({"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}))
    catalog = project_catalog(kit)
    desk = Workspace(kit, catalog, read_here(kit / "exercises", catalog))
    state = State.start(desk, kit / "mine.ipynb", remembers=False)
    (kit / "mine.ipynb").write_text("{")
    assert state.read_again() == []
    assert "mine.ipynb" in state.problem


# --- what it draws ----------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(80, 24), (60, 12), (120, 50), (30, 8)])
def test_a_frame_has_exactly_the_size_of_the_terminal(kit, width, height):
    answer(kit, "ex_1_1_word_level.py")
    state = a_state(kit)
    state.question()
    state.take(an_answer(state, Status.PASSED, Status.FAILED, Status.SKIPPED))
    for state.lists in (False, True):
        lines = drawn(state, width, height)
        assert len(lines) <= height
        assert all(len(line) <= width for line in lines)
        assert "quit" in " ".join(lines) or width < 60


def test_verdicts_hint_and_progress_are_on_one_screen(kit):
    answer(kit, "ex_1_1_word_level.py")
    state = a_state(kit)
    state.question()
    assert "checking" in drawn(state)[2]
    state.take(an_answer(state, Status.PASSED, Status.FAILED))
    state.next_hint()
    text = "\n".join(drawn(state))
    for words in (
        "4/100 points",
        "1.1 Word-level tokenization",
        "✓ check 0",
        "✗ check 1",
        "    a word",
        "Hint 1 of 3",
        "h hint",
    ):
        assert words in text


def test_long_words_of_advice_hang_below_their_first(kit):
    answer(kit, "ex_1_1_word_level.py")
    state = a_state(kit)
    state.question()
    long = an_answer(state, Status.FAILED)
    message = "what is wrong\n  try:      " + "so many words " * 8
    state.take(msgspec.structs.replace(long, results=(msgspec.structs.replace(long.results[0], message=message),)))
    lines = [line.rstrip() for line in drawn(state)]
    place = next(i for i, line in enumerate(lines) if "try:" in line)
    assert lines[place].startswith("      try:      so many")
    assert (
        lines[place + 1].startswith(" " * 16 + "so")
        or lines[place + 1].startswith(" " * 16 + "words")
        or lines[place + 1].startswith(" " * 16 + "many")
    )


def test_what_does_not_fit_can_be_scrolled_to(kit):
    answer(kit, "ex_1_1_word_level.py")
    state = a_state(kit)
    state.question()
    state.take(an_answer(state, *[Status.FAILED] * 20))
    assert "check 0" in "\n".join(drawn(state))
    assert "check 19" not in "\n".join(drawn(state))
    assert "check 19" in "\n".join(drawn(state, offset=sys.maxsize))
    assert "scroll" in drawn(state)[-1]


def test_words_of_students_never_move_the_cursor(kit):
    answer(kit, "ex_1_1_word_level.py")
    state = a_state(kit)
    state.question()
    state.take(an_answer(state, problem="\x1b[2J[bold]gone[/bold]"))
    assert "[bold]gone[/bold]" in "\n".join(drawn(state))


@pytest.mark.parametrize(
    ("sent", "pressed"),
    [
        ("h", ["h"]),
        ("\x1b[A\x1b[B", ["up", "down"]),
        ("\x1bOC", ["right"]),
        ("\x1b", ["escape"]),
        ("\r", ["enter"]),
        ("\x1b[99~q", ["escape"]),
        ("jj\x1b[5~", ["j", "j", "pageup"]),
    ],
)
def test_keys_are_known_by_what_a_terminal_sends(sent, pressed):
    assert list(keys.parse(sent)) == pressed


# --- the warm processes -----------------------------------------------------------------------


class Talk:
    """A checker, and the answers that it gave."""

    def __init__(self, kit, **options):
        self.answers = SimpleQueue()
        self.checker = Checker(kit, self.answers.put, **options)

    def verdicts(self, state):
        """The answer to the state's question."""
        self.checker.ask(state.question())
        return self.next()

    def next(self):
        while True:
            found = self.answers.get(timeout=PATIENCE_S)
            if found.number or found.problem:
                return found


@pytest.fixture(params=["fork", "fresh"])
def talk(kit, request):
    if request.param == "fork" and not hasattr(os, "fork"):
        pytest.skip("no fork here")
    talk = Talk(kit, forks=request.param == "fork")
    yield talk
    talk.checker.close()


def test_each_question_is_judged_by_itself(kit, talk):
    answer(kit, "ex_1_2_character_level.py", WRONG)
    state = a_state(kit)
    state.view(state.desk.catalog.get("1.2"))
    assert [r.status for r in talk.verdicts(state).results] == [Status.PASSED, Status.FAILED, Status.PASSED]
    answer(kit, "ex_1_2_character_level.py")
    state.read_again()
    assert {r.status for r in talk.verdicts(state).results} == {Status.PASSED}


def test_a_new_question_ends_an_endless_loop(kit, talk):
    answer(kit, "ex_1_1_word_level.py", {"vocab = []": "vocab = []\nwhile True: pass"})
    state = a_state(kit)
    talk.checker.ask(state.question())
    time.sleep(1.5)
    answer(kit, "ex_1_1_word_level.py")
    state.read_again()
    begin = time.monotonic()
    assert {r.status for r in talk.verdicts(state).results} == {Status.PASSED}
    assert time.monotonic() - begin < 10  # the loop's own limit is 12 s
    assert talk.answers.empty()


def test_code_that_ends_its_process_is_a_problem_in_words(kit, talk):
    answer(kit, "ex_1_1_word_level.py", {"vocab = []": "vocab = []\nimport os; os._exit(0)"})
    found = talk.verdicts(a_state(kit))
    assert not found.results
    assert "ended" in found.problem
    answer(kit, "ex_1_1_word_level.py")
    assert len(talk.verdicts(a_state(kit)).results) == 3


def test_what_students_print_is_no_answer(kit, talk):
    answer(
        kit,
        "ex_1_1_word_level.py",
        {"vocab = []": "vocab = []\nimport os; os.write(1, b'{}\\n'); os.system('echo {}')"},
    )
    assert {r.status for r in talk.verdicts(a_state(kit)).results} == {Status.PASSED}


def children_of(pid):
    """The processes that this one started."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in found.stdout.split()]


def lives(pid):
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(look):
    """What `look` finds, as soon as it finds something."""
    end = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


@posix
def test_nothing_is_left_when_it_is_closed(kit):
    talk = Talk(kit, forks=True)
    answer(kit, "ex_1_1_word_level.py", {"vocab = []": "vocab = []\nwhile True: pass"})
    talk.checker.ask(a_state(kit).question())
    pid = talk.checker._processes["light"]._popen.pid
    [child] = wait_until(lambda: children_of(pid))
    talk.checker.close()
    for one in (pid, child):
        assert wait_until(lambda one=one: not lives(one))


def test_plain_python_is_light_and_models_are_heavy(kit):
    answer(kit, "ex_1_1_word_level.py")
    state = a_state(kit)
    heavy = [e.id for e in state.desk.catalog.exercise if is_heavy(state.desk.cells(e))]
    assert not {"1.1", "1.2", "bpe"} & set(heavy)
    assert {"1.3", "1.4", "2.1", "3.1", "5.1"} <= set(heavy)


def test_the_light_process_loads_no_torch(kit):
    answer(
        kit,
        "ex_1_1_word_level.py",
        {"vocab = []": "vocab = []\nimport sys\nassert not {'tor' + 'ch', 'trans' + 'formers'} & set(sys.modules)"},
    )
    talk = Talk(kit)
    assert {r.status for r in talk.verdicts(a_state(kit)).results} == {Status.PASSED}
    talk.checker.close()


# --- the whole --------------------------------------------------------------------------------

COMMAND = [
    sys.executable,
    "-c",
    "import sys; from grader.student.commands import main; sys.exit(main(sys.argv[1:]))",
    "watch",
]


def ended(process):
    """The exit code; what it still shows is read, as a terminal does, or it would wait for room."""
    end = time.monotonic() + PATIENCE_S
    while process.poll() is None:
        assert time.monotonic() < end, "it goes on"
        if select.select([process.control], [], [], 0.1)[0]:
            with contextlib.suppress(OSError):  # nobody has the other end any more
                os.read(process.control, 1 << 16)
    return process.returncode


@contextlib.contextmanager
def watching(kit, *arguments, **environment):
    """The command in a pseudo-terminal of 80 by 24, and a function that waits until it shows some words."""
    import fcntl
    import pty
    import struct
    import termios

    control, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=kit,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **environment},
    )
    os.close(terminal)
    process.control = control
    seen = bytearray()

    def wait_for(words):
        del seen[:]
        end = time.monotonic() + PATIENCE_S
        while words not in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen.decode("utf-8", "ignore")):
            assert time.monotonic() < end, seen.decode("utf-8", "ignore")
            if select.select([control], [], [], 0.1)[0]:
                seen.extend(os.read(control, 1 << 16))
        return seen.decode("utf-8", "ignore")

    try:
        yield wait_for, lambda sent: os.write(control, sent.encode()), process
    finally:
        process.kill()
        process.wait()
        os.close(control)


@posix
def test_a_student_works_through_two_exercises(kit):
    with watching(kit) as (wait_for, press, process):
        wait_for("Not started")
        answer(kit, "ex_1_2_character_level.py", WRONG)
        wait_for("keep going, checked in")
        press("h")
        wait_for("Hint 1 of 3")
        answer(kit, "ex_1_2_character_level.py")
        wait_for("1.2 is done")
        press("n")
        wait_for("1.3 Subword-level")
        press("l")
        wait_for("choose")
        press("\x1b[A\x1b[A\r")
        wait_for("1.1 Word-level")
        press("q")
        assert ended(process) == 0


@posix
def test_without_colour_there_is_none(kit):
    answer(kit, "ex_1_1_word_level.py", {"word2id.get(word, word2id[UNK])": "word2id.get(word, 5)"})
    with watching(kit, NO_COLOR="1") as (wait_for, _, _process):
        shown = wait_for("keep going, checked in")
        assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", shown)
    with watching(kit) as (wait_for, _, _process):
        press_r = wait_for("keep going")
        assert re.search(r"\x1b\[[0-9;]*3[0-9]m", press_r)


@posix
def test_a_terminal_without_such_signs_gets_plain_ones(kit):
    answer(kit, "ex_1_2_character_level.py", WRONG)
    with watching(kit, PYTHONIOENCODING="ascii") as (wait_for, press, process):
        wait_for("Not started")
        press("n")
        wait_for("XX A text of letters")
        press("q")
        assert ended(process) == 0


@posix
def test_ctrl_c_leaves_the_terminal_as_it_was(kit):
    with watching(kit) as (wait_for, _, process):
        wait_for("Not started")
        os.killpg(process.pid, signal.SIGINT)
        wait_for("")
        assert ended(process) == 0


@posix
def test_ctrl_c_ends_it_without_a_terminal_too(kit):
    process = subprocess.Popen(
        COMMAND,
        cwd=kit,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    try:
        assert "watching" in next(iter(process.stdout))
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(PATIENCE_S) == 0
    finally:
        process.kill()
        process.communicate()


@posix
def test_a_notebook_is_watched_too(kit):
    from tools.build import read_course, solution_notebook

    path = kit / "mine.ipynb"
    path.write_text((kit / "exercises" / "lm_playground.ipynb").read_text(encoding="utf-8"), encoding="utf-8")
    with watching(kit, "mine.ipynb") as (wait_for, press, process):
        wait_for("Not started")
        solved = solution_notebook(read_course())
        path.write_text(solved, encoding="utf-8")
        assert "1.1 Word-level" in wait_for("done, checked in")
        press("q")
        assert ended(process) == 0
    assert not (kit / ".playground").exists()


def test_without_a_terminal_it_speaks_in_lines(kit):
    answer(kit, "ex_1_2_character_level.py", WRONG)
    process = subprocess.Popen(
        COMMAND,
        cwd=kit,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    try:
        said = iter(process.stdout)
        assert "watching" in next(said)
        assert "1.1 Word-level tokenization: not started" in next(said)
        answer(kit, "ex_1_2_character_level.py", {**WRONG, "import string": "import string  # again"})
        lines = [next(said) for _ in range(8)]
        assert lines[0].startswith("1.2 Character-level tokenization: keep going, 2 of 3 checks pass in ")
        assert "  ✗ A text of letters becomes one id per letter, and the ids become the text again\n" in lines
        assert "        expected: HelloWorld\n" in lines
    finally:
        process.kill()
        process.wait()
