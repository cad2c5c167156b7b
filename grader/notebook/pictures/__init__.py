"""`picture("tokens")` for the notebook's picture cells: draws what the student's own code does, once its checks pass.

Nothing here ever raises into the notebook. Each picture is HTML with a text alternative, and a widget where it can be
turned by hand; until its exercises pass there is a line that says what it is waiting for.
"""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib import import_module
from types import MappingProxyType
from typing import Any

from grader.notebook.html import framed, words
from grader.notebook.kernel import passes, show
from grader.notebook.pictures.drawing import Picture, WaitingError

_WHERE: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "tokens": ("tokens:four_tokenizers", ()),  # draws row by row: each waits for its own exercise
        "block": ("block:way_through", ("2.2a", "2.2b")),
        "attention": ("attention:heads", ("2.2a", "2.2b")),
        "next_tokens": ("odds:next_tokens", ("2.4",)),
        "sampling": ("odds:knobs", ("3.1",)),
        "generated": ("texts:generated", ("3.1",)),
        "chat": ("texts:side_by_side", ("3.1", "4.1")),
    }
)
"""By name: the module and function that draws it, and the exercises that have to pass first."""


def picture(name: str = "", **options: Any) -> None:
    """Draws the picture of that name into the notebook.

    Args:
        name: `tokens`, `block`, `attention`, `next_tokens`, `sampling`, `generated` or `chat`.
        options: what the picture may be given, such as `text="Hello"`; the function that draws it has the list.
    """
    try:
        drawn = _drawn(str(name), options)
        show(drawn.text, framed(drawn.html), drawn.widget)
    except KeyboardInterrupt:
        print("The picture was stopped. Run its cell again when you like.")
    except Exception as error:  # noqa: BLE001 - the border: a picture is never worth an exception in a notebook
        print(f"This picture could not be drawn ({type(error).__name__}: {error}). The checks are what counts.")


def _drawn(name: str, options: dict[str, Any]) -> Picture:
    if not name:
        return _line(f'Say which picture, such as picture("tokens"); there is {", ".join(_WHERE)}')
    if name not in _WHERE:
        close = get_close_matches(name, _WHERE, n=1)
        advice = f"did you mean {close[0]}?" if close else f"there is {', '.join(_WHERE)}"
        return _line(f"There is no picture {name!r}; {advice}")
    place, needed = _WHERE[name]
    missing = [f'`check("{exercise_id}")`' for exercise_id in needed if not passes(exercise_id)]
    if missing:
        return _line(f"This picture comes alive once everything passes in {' and '.join(missing)}.")
    module, _, function = place.partition(":")
    draw: Callable[..., Picture] = getattr(import_module(f"grader.notebook.pictures.{module}"), function)
    try:
        return draw(**options)
    except WaitingError as error:
        return _line(str(error))


def _line(text: str) -> Picture:
    return Picture(text=text.replace("`", ""), html=f'<div class="lmp-card lmp-soft">{words(text)}</div>')
