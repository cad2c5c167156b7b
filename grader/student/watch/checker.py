"""Asks warm processes: a light one for plain Python, a heavy one that has torch and the models loaded."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from grader.student.bench import is_heavy
from grader.student.watch import warm
from grader.student.watch.warm import Answer, Question

FORK_IS_SAFE = sys.platform == "linux"
"""On macOS a fork of a process that loaded torch may hang in the system's own libraries; Windows has no fork."""

_PATIENCE_S = 10.0
"""A warm process ends its fork and itself at once when its input ends; ended from outside, it would leave the fork."""
_ENDED = "the process that checks ended without a verdict; the next save starts a new one"


class Checker:
    """Hands questions to the process that fits, and answers to whoever listens. Close it."""

    def __init__(self, root: Path, listen: Callable[[Answer], None], *, forks: bool = FORK_IS_SAFE) -> None:
        self._root, self._listen, self.forks = root, listen, forks
        self._processes: dict[str, _Process] = {}

    def prepare(self, *, heavy: bool) -> None:
        """Starts the process that will be asked soon, if there is anything to gain."""
        if self.forks:
            self._process("heavy" if heavy else "light")

    def ask(self, question: Question) -> None:
        """Sends the question; a question before it that has no answer yet gets none."""
        load = "heavy" if is_heavy(question.cells) else "light"
        for other, process in self._processes.items():
            if other != load:
                process.stop_answering()
        self._process(load).ask(question)

    def is_warm(self, *, heavy: bool) -> bool:
        """Whether the process is loaded."""
        process = self._processes.get("heavy" if heavy else "light")
        return process is not None and process.is_warm

    def close(self) -> None:
        """Ends all processes."""
        for process in self._processes.values():
            process.close()
        self._processes = {}

    def _process(self, load: str) -> "_Process":
        process = self._processes.get(load)
        if process is None or not process.lives or not self.forks:
            if process is not None:
                process.close()
            process = self._processes[load] = _Process(self._root, load, self._listen, forks=self.forks)
        return process


class _Process:
    """One warm process and the thread that hears its answers."""

    def __init__(self, root: Path, load: str, listen: Callable[[Answer], None], *, forks: bool) -> None:
        self._forks = forks
        self._listen, self._asked = listen, Question(number=0, exercise="", cells=(), attempted=())
        self.is_warm, self._is_closed = False, False
        command = [sys.executable, "-m", warm.__name__, str(root), load, "fork" if forks else "once"]
        self._popen = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
        threading.Thread(target=self._hear, daemon=True).start()

    @property
    def lives(self) -> bool:
        """Whether it can be asked."""
        return self._popen.poll() is None

    def ask(self, question: Question) -> None:
        """Sends a question."""
        self._asked = question
        self._send(msgspec.json.encode(question) + b"\n")

    def stop_answering(self) -> None:
        """Forgets the question that it works on."""
        self._asked = Question(number=0, exercise="", cells=(), attempted=())

    def close(self) -> None:
        """Ends it: it goes when its input ends, and is ended when it does not."""
        self._is_closed = True
        if not self._forks or not self.is_warm:  # it loads, or works itself on what nobody waits for: it has no fork
            self._popen.kill()
        try:
            self._popen.stdin.close()  # type: ignore[union-attr]
            self._popen.wait(_PATIENCE_S)
        except (OSError, subprocess.TimeoutExpired):
            self._popen.kill()
            self._popen.wait()

    def _send(self, line: bytes) -> None:
        try:
            self._popen.stdin.write(line)  # type: ignore[union-attr]
            self._popen.stdin.flush()  # type: ignore[union-attr]
        except OSError:  # it ended; the thread that hears it says so
            return

    def _hear(self) -> None:
        for line in self._popen.stdout or ():
            answer = msgspec.json.decode(line, type=Answer)
            self.is_warm = self.is_warm or not answer.number
            if answer.number in (0, self._asked.number):
                if answer.number:
                    self.stop_answering()
                self._listen(answer)
        if self._asked.number and not self._is_closed:
            self._listen(Answer(number=self._asked.number, exercise=self._asked.exercise, problem=_ENDED))
