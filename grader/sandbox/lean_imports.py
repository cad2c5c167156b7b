"""Imports for a process that forks all day: without what would only make each of its forks dearer."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PASSED_OVER = ("scipy", "sklearn", "pandas")
"""Packages that transformers imports where it happens to find them, for models that are none of ours.

SciPy alone brings sixty compiled modules: each is five more areas of memory for every fork to copy and to drop.
"""
_HOOKS = ("filelock", "huggingface_hub")
"""Packages whose hooks around a fork are left out. filelock's visits 250 pages of memory, each of which the fork must
copy; it sees the new process at its first lock all the same. The other one's closes connections that nobody opened.
"""


def forget_log_locks() -> None:
    """Spares each fork the visit to the locks of all log handlers that libraries made: none of them is held now.

    Handlers that are made later get new locks in a fork as ever.
    """
    locks = getattr(logging, "_at_fork_reinit_lock_weakset", None)
    if locks is not None:
        locks.clear()


@contextmanager
def lean_imports() -> Iterator[None]:
    """Meanwhile some packages seem not to be installed, and some register no hooks. Later imports find them all."""
    hidden = [name for name in _PASSED_OVER if name not in sys.modules]
    register = os.register_at_fork

    def choose(**hooks: Callable[[], object]) -> None:
        package = str(sys._getframe(1).f_globals.get("__name__", "")).partition(".")[0]
        if package not in _HOOKS:
            register(**hooks)

    os.register_at_fork = choose  # type: ignore[assignment]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type] # None: what an import takes for "not there"
    try:
        yield
    finally:
        os.register_at_fork = register
        for name in hidden:
            sys.modules.pop(name, None)
