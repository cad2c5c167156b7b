"""Single keys from the terminal, without waiting for Enter."""

import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

_ARROWS = {"A": "up", "B": "down", "C": "right", "D": "left"}
_SEQUENCES = {before + end: key for before in "[O" for end, key in _ARROWS.items()} | {
    "[5~": "pageup",
    "[6~": "pagedown",
}
_WINDOWS = {"H": "up", "P": "down", "M": "right", "K": "left", "I": "pageup", "Q": "pagedown"}
_LOOK_S = 0.1


@contextmanager
def keys(press: Callable[[str], None]) -> Iterator[None]:
    """While inside, calls `press` from a thread with each key: a letter, or a word such as `enter` and `up`."""
    stop = Event()
    with _single_keys():
        thread = Thread(target=_read_windows if os.name == "nt" else _read, args=(press, stop), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


@contextmanager
def ctrl_c(press: Callable[[str], None]) -> Iterator[None]:
    """While inside, Ctrl-C is a press on `q`.

    As an exception it could be lost: raised in a callback of an import or of the garbage collector, Python prints and
    forgets it. The queue's `put` is made to be called from a handler.
    """
    before = signal.signal(signal.SIGINT, lambda *_: press("q"))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _single_keys() -> Iterator[None]:
    """The terminal as keys need it, and afterwards as it was. Ctrl-C stays what it is."""
    if os.name == "nt":
        yield
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _read(press: Callable[[str], None], stop: Event) -> None:
    number = sys.stdin.fileno()
    while not stop.is_set():
        if select.select([number], [], [], _LOOK_S)[0]:
            pressed = os.read(number, 1024)
            if not pressed:  # the terminal is gone
                press("q")
                return
            for key in parse(pressed.decode("utf-8", "ignore")):
                press(key)


def parse(text: str) -> Iterator[str]:
    """The keys in what a terminal sent."""
    while text:
        first, text = text[0], text[1:]
        if first != "\x1b":
            yield {"\r": "enter", "\n": "enter", " ": "space"}.get(first, first)
            continue
        sequence = next((one for one in _SEQUENCES if text.startswith(one)), "")
        yield _SEQUENCES.get(sequence, "escape")
        text = text[len(sequence) :] if sequence else ""  # what follows an escape nobody knows is part of it


def _read_windows(press: Callable[[str], None], stop: Event) -> None:
    import msvcrt

    while not stop.wait(_LOOK_S / 4):
        while msvcrt.kbhit():  # type: ignore[attr-defined, unused-ignore]
            char = msvcrt.getwch()  # type: ignore[attr-defined, unused-ignore]
            if char in ("\x00", "\xe0"):
                press(_WINDOWS.get(msvcrt.getwch(), "escape"))  # type: ignore[attr-defined, unused-ignore]
            else:
                press({"\r": "enter", " ": "space", "\x1b": "escape", "\x03": "q"}.get(char, char))
