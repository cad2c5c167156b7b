"""How much the fork server has loaded for its forks."""

from enum import IntEnum


class Warmth(IntEnum):
    """What is loaded already."""

    LIGHT = 0
    """Python and the kit."""
    MODELS = 1
    """The libraries, and one of each model and tokenizer."""
    STOCK = 2
    """A stock of them as well, which pays for a class."""
