"""What the heads of the first block look at, as heat maps."""

import html
from collections.abc import Sequence
from typing import Any

from grader.notebook.pictures.course.block import is_gpt2
from grader.notebook.pictures.drawing import Picture, WaitingError, percent, the, visible

_TEXT = "The dog saw the cat because it was hungry"
_MOST_TOKENS, _MOST_HEADS = 16, 12
_SIDE, _LEFT, _TOP = 24, 86, 92


def heads(text: str = _TEXT) -> Picture:
    """The attention weights of every head in the first block of the student's GPT-2."""
    import tiktoken

    model = the("gpt2", "2.2a", is_gpt2)
    encoding = tiktoken.get_encoding("gpt2")
    ids = encoding.encode(str(text), disallowed_special=())[:_MOST_TOKENS]
    if not ids:
        raise WaitingError("Give this picture a text with at least one token.")
    pieces = [encoding.decode([token_id]) for token_id in ids]
    maps = weights(model, ids)[:_MOST_HEADS]
    drawn = "".join(_heat_map(number, map_, pieces) for number, map_ in enumerate(maps.tolist(), 1))
    return Picture(text=_in_words(maps.tolist(), pieces), html=f'<div class="lmp-maps">{drawn}</div>')


def weights(model: Any, ids: Sequence[int]) -> Any:
    """What each token of the text takes from which, in the first block; (n_head, seq_len, seq_len), rows add up to 1.

    Scaled dot products of queries and keys, the future masked, softmax: "Attention Is All You Need", equation 1.
    """
    import torch

    parts, block, seq_len = model.transformer, model.transformer.h[0], len(ids)
    with torch.no_grad():
        tokens = torch.tensor([list(ids)], device=parts.wte.weight.device)
        hidden = parts.wte(tokens) + parts.wpe(torch.arange(seq_len, device=tokens.device))
        both = block.attn.c_attn(block.ln_1(hidden))[0, :, : 2 * model.config.n_embd]
        query, key = (part.view(seq_len, model.config.n_head, -1).transpose(0, 1) for part in both.chunk(2, dim=-1))
        scores = query @ key.transpose(1, 2) / query.shape[-1] ** 0.5
        future = torch.ones(seq_len, seq_len, dtype=torch.bool, device=tokens.device).triu(1)
        return scores.masked_fill(future, -torch.inf).softmax(dim=-1)


def _in_words(maps: Sequence[Sequence[Sequence[float]]], pieces: Sequence[str]) -> str:
    """For each head what the last token looks at most."""
    lines = []
    for number, map_ in enumerate(maps, 1):
        last = map_[-1]
        best = max(range(len(last)), key=last.__getitem__)
        lines.append(f"head {number}: {pieces[-1]!r} looks most at {pieces[best]!r} ({percent(last[best])})")
    return "Attention in the first block.\n" + "\n".join(lines)


def _heat_map(number: int, map_: Sequence[Sequence[float]], pieces: Sequence[str]) -> str:
    labels = []
    for place, piece in enumerate(pieces):
        middle = place * _SIDE + _SIDE / 2
        labels.append(
            f'<text x="{_LEFT - 6}" y="{_TOP + middle + 4}" text-anchor="end">{visible(piece)}</text>'
            f'<text transform="translate({_LEFT + middle + 4} {_TOP - 6}) rotate(-90)">{visible(piece)}</text>'
        )
    squares = [
        f'<rect x="{_LEFT + x * _SIDE}" y="{_TOP + y * _SIDE}" width="{_SIDE - 1}" height="{_SIDE - 1}" '
        f'style="fill-opacity:{max(share, 0.03):.2f}"><title>{visible(pieces[y])} takes {percent(share)} from '
        f"{visible(pieces[x])}</title></rect>"
        for y, row in enumerate(map_)
        for x, share in enumerate(row[: y + 1])
    ]
    size = len(pieces) * _SIDE
    label = html.escape(f"Head {number}: " + _in_words([map_], pieces).partition(": ")[2])
    return (
        f'<figure><figcaption>Head {number}</figcaption><svg class="lmp-heat" width="{_LEFT + size}" '
        f'height="{_TOP + size}" viewBox="0 0 {_LEFT + size} {_TOP + size}" role="img" aria-label="{label}">'
        f"{''.join(labels)}{''.join(squares)}</svg></figure>"
    )
