"""Packages that only some commands need: missing ones are named before any work is done."""

from importlib.util import find_spec

from grader.errors import KitError

TO_REPORT = ("jinja2", "rapidfuzz")
"""What pages are written with."""


def require(extra: str, *packages: str) -> None:
    """Makes sure that these packages are installed.

    Args:
        extra: the extra of the kit that brings them.
        packages: their names as one imports them.

    Raises:
        KitError: some are not; the message says how to get them.
    """
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        names = " and ".join(f"`{name}`" for name in missing)
        are = "is" if len(missing) == 1 else "are"
        raise KitError(
            f'{names} {are} not installed; `pip install -e ".[{extra}]"` in the checkout brings the '
            f"`{extra}` extra of the kit"
        )
