"""The loop of `watch`: files change, keys are pressed, verdicts arrive; each is taken in and drawn."""

import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

from rich.console import Console
from rich.live import Live

from grader.student.bench import is_heavy
from grader.student.desk import Workspace
from grader.student.watch.checker import FORK_IS_SAFE, Checker
from grader.student.watch.keys import ctrl_c, keys
from grader.student.watch.state import State
from grader.student.watch.view import Screen, verdict_lines
from grader.student.watch.warm import Answer

LOOK_S = 0.03
"""How often the files are looked at. A look is a dozen calls of `stat`, and works on every disk, a network's too."""
_PAGE = 10


def watch(desk: Workspace, path: Path, *, remembers: bool, forks: bool = FORK_IS_SAFE) -> int:
    """Watches until `q` or Ctrl-C; returns the exit code."""
    console = Console(highlight=False)
    loop = _Loop(State.start(desk, path, remembers=remembers), console, forks=forks)
    full_screen = console.is_terminal and not console.is_dumb_terminal and sys.stdin.isatty()
    with ctrl_c(loop.press):
        try:
            return loop.run_on_screen() if full_screen else loop.run_as_lines()
        finally:
            loop.checker.close()


class _Loop:
    """State, processes, files and terminal, brought together."""

    def __init__(self, state: State, console: Console, *, forks: bool) -> None:
        self._state, self._console = state, console
        self._events: SimpleQueue[str | Answer] = SimpleQueue()
        self.checker = Checker(state.desk.root, self._events.put, forks=forks)
        self.press = self._events.put
        """Takes a key, from any thread."""
        self._files = self._stamp()
        self._offset = 0

    def run_on_screen(self) -> int:
        """With keys, on the whole screen."""
        with Live(console=self._console, screen=True, auto_refresh=False) as live, keys(self.press):
            self._ask()
            size, dirty = self._console.size, True
            while True:
                if dirty or size != self._console.size:
                    size = self._console.size
                    self._draw(live)
                dirty = False
                for event in self._new_events():
                    if event == "q":
                        return 0
                    dirty = self._take(event) or dirty

    def run_as_lines(self) -> int:
        """Without keys, a few lines for each verdict: for pipes, and terminals that can do no more."""
        self._say(f"watching {self._state.path}; Ctrl-C ends it")
        self._ask()
        if not self._state.busy:
            self._say(f"{self._state.current.id} {self._state.current.title}: not started")
        while True:
            for event in self._new_events():
                if event == "q":
                    return 0
                if isinstance(event, Answer) and self._state.take(event):
                    self._say_verdicts()
                elif event == "saved":
                    self._take(event)
                    if not self._state.busy:
                        self._say_verdicts()

    def _say_verdicts(self) -> None:
        for line in verdict_lines(self._state, self._console):
            self._say(line)

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, soft_wrap=True)
        self._console.file.flush()

    def _new_events(self) -> Iterator[str | Answer]:
        """What happened meanwhile; `saved` where a file did."""
        try:
            yield self._events.get(timeout=LOOK_S)
            while True:
                yield self._events.get_nowait()
        except Empty:
            pass
        files = self._stamp()
        if files != self._files:
            self._files = files
            yield "saved"

    def _stamp(self) -> dict[str, tuple[int, int]]:
        """Time and size of each file; a file that is being replaced keeps what it had."""
        path = self._state.path
        files = [path] if path.is_file() else [*path.glob("*.py"), *path.glob("*.ipynb")]
        stamps = dict(getattr(self, "_files", {}))
        for file in files:
            try:
                found = file.stat()
            except OSError:
                continue
            stamps[str(file)] = (found.st_mtime_ns, found.st_size)
        return stamps

    def _take(self, event: str | Answer) -> bool:
        """Takes an event in; returns whether there is something new to see."""
        state = self._state
        if isinstance(event, Answer):
            took = state.take(event)
            self._prepare_next()
            return took or event.number == 0
        if event == "saved":
            changed = state.read_again()
            if changed and state.current not in changed:
                state.view(changed[0])
            self._offset = 0
            self._ask()
            return True
        return self._press(event)

    def _press(self, key: str) -> bool:
        state = self._state
        if key in ("j", "down", "k", "up", "pageup", "pagedown"):
            self._move(key)
        elif key == "l":
            state.lists = not state.lists
        elif key in ("enter", "escape"):
            state.lists = False
            self._ask_if_unknown()
        elif key == "h":
            state.next_hint()
            self._offset = sys.maxsize  # it stands at the end
        elif key == "r":
            self._ask()
        elif key in ("n", "p", "right", "left"):
            state.to_next_open() if key == "n" else state.step(1 if key == "right" else -1)
            self._offset = 0
            self._ask_if_unknown()
        else:
            return False
        return True

    def _move(self, key: str) -> None:
        by = {"j": 1, "down": 1, "k": -1, "up": -1, "pageup": -_PAGE, "pagedown": _PAGE}[key]
        if self._state.lists:
            self._state.step(by if abs(by) == 1 else 0)
        else:
            self._offset += by

    def _ask(self) -> None:
        question = self._state.question()
        if question is not None:
            self.checker.ask(question)
        else:
            self._prepare_next()

    def _ask_if_unknown(self) -> None:
        if self._state.current.id in self._state.stale:
            self._ask()
        else:
            self._prepare_next()
            self._state.busy, self._state.number = False, self._state.number + 1  # an answer under way is not for it

    def _prepare_next(self) -> None:
        """Warms up the process that the exercise in view will need, so that the first save does not wait."""
        cells = self._state.desk.cells(self._state.current)
        heavy = is_heavy(cells)
        if not self.checker.is_warm(heavy=heavy):
            self.checker.prepare(heavy=heavy)

    def _draw(self, live: Live) -> None:
        state = self._state
        heavy = is_heavy(state.desk.cells(state.current))
        screen = Screen(state, self._console, self._offset, warm=not heavy or self.checker.is_warm(heavy=True))
        live.update(screen, refresh=True)
        self._offset = screen.offset
