"""`picture("tokens")` for the notebook's picture cells: draws what the student's own code does, once its checks pass.

Nothing here ever raises into the notebook. Each picture is HTML with a text alternative, and a widget where it can be
turned by hand; until its exercises pass there is a line that says what it is waiting for.
"""

from difflib import get_close_matches
from typing import Any

from grader.notebook.html import framed, words
from grader.notebook.kernel import passes, show
from grader.notebook.pictures.course import PICTURES
from grader.notebook.pictures.drawing import Picture, WaitingError


def picture(name: str = "", **options: Any) -> None:
    """Draws the picture of that name into the notebook.

    Args:
        name: one of those that the course has; a name that it has not is answered with the list.
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
        return _line(f'Say which picture, such as picture("tokens"); there is {", ".join(PICTURES)}')
    if name not in PICTURES:
        close = get_close_matches(name, PICTURES, n=1)
        advice = f"did you mean {close[0]}?" if close else f"there is {', '.join(PICTURES)}"
        return _line(f"There is no picture {name!r}; {advice}")
    draw, needed = PICTURES[name]
    missing = [f'`check("{exercise_id}")`' for exercise_id in needed if not passes(exercise_id)]
    if missing:
        return _line(f"This picture comes alive once everything passes in {' and '.join(missing)}.")
    try:
        return draw(**options)
    except WaitingError as error:
        return _line(str(error))


def _line(text: str) -> Picture:
    return Picture(text=text.replace("`", ""), html=f'<div class="lmp-card lmp-soft">{words(text)}</div>')
