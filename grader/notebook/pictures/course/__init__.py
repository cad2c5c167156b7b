"""The pictures of this course: which there are, what draws each, and what each waits for."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from grader.notebook.pictures.course import attention, block, odds, texts, tokens
from grader.notebook.pictures.drawing import Picture

PICTURES: Mapping[str, tuple[Callable[..., Picture], tuple[str, ...]]] = MappingProxyType(
    {
        "tokens": (tokens.four_tokenizers, ()),  # draws row by row: each waits for its own exercise
        "block": (block.way_through, ("2.2a", "2.2b")),
        "attention": (attention.heads, ("2.2a", "2.2b")),
        "next_tokens": (odds.next_tokens, ("2.4",)),
        "sampling": (odds.knobs, ("3.1",)),
        "generated": (texts.generated, ("3.1",)),
        "chat": (texts.side_by_side, ("3.1", "4.1")),
    }
)
"""By name: what draws it, and the exercises that have to pass first."""
