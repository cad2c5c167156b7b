"""The kernel that this code runs in: what was run in it, its names, what checks found, and a way to show things."""

import sys
from collections.abc import MutableMapping
from typing import Any

_OURS = "lm_playground"
_WIDGET = "application/vnd.jupyter.widget-view+json"

Standing = tuple[int, int]
"""How many of an exercise's checks passed, and how many there are."""


def shell() -> Any | None:
    """The running IPython, or None in plain Python."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def history() -> list[str] | None:
    """The source of every cell that this kernel ran, or None outside of IPython."""
    running = shell()
    if running is None:
        return None
    manager = getattr(running, "history_manager", None)
    # The raw text has `%time` and `!ls` as they were typed, which is what intake knows how to read.
    typed = getattr(manager, "input_hist_raw", None) or running.user_ns.get("In", [])
    return [str(source) for source in typed]


def names() -> MutableMapping[str, Any]:
    """The notebook's global names; none outside of IPython."""
    running = shell()
    return {} if running is None else running.user_ns


def standings() -> MutableMapping[str, Standing]:
    """What the latest check of each exercise found in this kernel, by exercise id.

    IPython keeps `meta` for what extensions want to remember; a restart forgets it, as it forgets the answers.
    """
    running = shell()
    return {} if running is None else running.meta.setdefault(_OURS, {})


def passes(exercise_id: str) -> bool:
    """Whether all checks of that exercise passed when they last ran in this kernel."""
    passed, total = standings().get(exercise_id, (0, 1))
    return passed == total


def show(text: str, html: str, widget: object = None) -> None:
    """Shows one thing in the richest form that there is a place for: a widget, HTML, or text."""
    if shell() is None:
        print(text)
        return
    from IPython.display import display

    bundle: dict[str, object] = {"text/plain": text, "text/html": html}
    if widget is not None:
        made = getattr(widget, "_repr_mimebundle_")()  # noqa: B009 - private by name, but how every frontend asks
        bundle |= {kind: value for kind, value in made.items() if kind == _WIDGET}
    display(bundle, raw=True)
