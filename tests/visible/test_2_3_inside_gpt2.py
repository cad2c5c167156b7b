"""Visible checks of 2.3: the names of the modules, in whatever form they are printed."""

import pytest

from grader.checks.answers import feedback
from grader.checks.course.printed import count_words

pytestmark = pytest.mark.exercise("2.3")


def test_the_parts_are_named(cell):
    """The output names wte, wpe, h and ln_f"""
    for name in ("wte", "wpe", "h", "ln_f"):
        assert count_words(cell.output, [name]), feedback(
            "a part of GPT-2 is not named", expected=name, got=cell.output[:200] or "nothing"
        )


def test_the_inside_of_a_block_is_shown(cell):
    """The output shows attention, MLP and norms of a block"""
    for name in ("attn", "mlp", "ln_1", "ln_2"):
        assert count_words(cell.output, [name]), feedback(
            "a part of a block is not named",
            expected=name,
            got=cell.output[:200] or "nothing",
            hint="`named_modules()` goes all the way down.",
        )
