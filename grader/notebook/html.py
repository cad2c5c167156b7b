"""The frame of all that the kit shows in a cell: HTML with its style, light and dark, no script."""

import html
import re
from functools import cache
from pathlib import Path


def framed(body: str) -> str:
    """The HTML with the style that it needs; every output brings its own, as outputs are kept and moved one by one."""
    return f'<style>{_style()}</style><div class="lmp">{body}</div>'


def words(text: str) -> str:
    """Text from anybody as HTML: nothing in it is markup, and `code` between backticks looks like code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


@cache
def _style() -> str:
    text = Path(__file__).with_name("html.css").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).strip()
