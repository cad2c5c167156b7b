"""The odds of the next token as bars, as the model gives them and as the knobs of sampling bend them."""

from collections.abc import Callable, Sequence
from typing import Any

from grader.notebook.pictures.drawing import Picture, WaitingError, percent, the, visible

_BARS, _MOST_BARS = 12, 50
_SETTINGS = ((1.0, 0, 1.0), (0.5, 0, 1.0), (1.5, 0, 1.0), (1.0, 5, 1.0), (1.0, 0, 0.5))
"""Temperature, k and p of the still picture."""


def next_tokens(k: int = 10) -> Picture:
    """The k most likely tokens after the text of 2.4, from the student's `logits`."""
    import tiktoken

    logits = the("logits", "2.4", lambda value: hasattr(value, "softmax") and value.dim() in (2, 3))
    odds = logits.detach().reshape(-1, logits.shape[-1])[-1].float().softmax(dim=-1)
    count = _count(k)
    best = odds.topk(count).indices.tolist()
    encoding = tiktoken.get_encoding("gpt2")
    rows = [(encoding.decode([token_id]), odds[token_id].item(), odds[token_id].item()) for token_id in best]
    rest = max(0.0, 1 - sum(share for _, share, _ in rows))
    said = ", ".join(f"{piece!r} {percent(share)}" for piece, share, _ in rows)
    foot = f"All {len(odds) - count:,} other tokens together: {percent(rest)}"
    return Picture(text=f"Next token: {said}. {foot}.", html=_bars(rows, "Most likely next tokens", foot))


def knobs(prompt: str = "Once upon a time", model: str = "gpt2", bars: int = _BARS) -> Picture:
    """What temperature, k and p make of the odds after a prompt, with a slider for each."""
    logits, decode = _after(str(prompt), model)
    count = _count(bars)
    still = [_bent_picture(logits, decode, setting, count) for setting in _SETTINGS]
    body = "".join(part for part, _ in still)
    text = f"After {prompt!r}:\n" + "\n".join(words for _, words in still)
    return Picture(text=text, html=f'<div class="lmp-maps">{body}</div>', widget=_sliders(logits, decode, count))


def bend(logits: Any, temperature: float, k: int, p: float) -> Any:
    """The odds that a draw is made from: temperature first, then the k best, then those that make up p.

    The order and the edge (the token that reaches p stays in) are those of the transformers library. k of 0 and p of 1
    leave everything in.

    Args:
        logits: (vocab_size,)
        temperature: above 0.
        k: how many tokens may stay, 0 for all.
        p: which share of the probability may stay.

    Returns:
        (vocab_size,), adding up to 1.
    """
    odds = (logits.float() / temperature).softmax(dim=-1)
    if 0 < k < len(odds):
        odds = odds.where(odds >= odds.topk(k).values[-1], 0)
        odds = odds / odds.sum()
    if p < 1:
        ranked = odds.sort(descending=True)
        out = ranked.values.cumsum(dim=-1) - ranked.values >= p  # what stood before it has reached p already
        odds = odds.index_fill(0, ranked.indices[out], 0)
    return odds / odds.sum()


def _after(prompt: str, key: str) -> tuple[Any, Callable[[int], str]]:
    """The logits after the prompt by the student's model, and what an id stands for."""
    import torch

    models, tokenizers = (
        the(name, "3.1", lambda value: isinstance(value, dict) and key in value) for name in ("models", "tokenizers")
    )
    tokenizer = tokenizers[key]
    inputs = tokenizer(prompt, return_tensors="pt")
    if not inputs["input_ids"].numel():
        raise WaitingError("Give this picture a prompt with at least one token.")
    with torch.no_grad():
        logits = models[key](**inputs).logits[0, -1]
    return logits, lambda token_id: str(tokenizer.decode([token_id]))


def _bent_picture(
    logits: Any, decode: Callable[[int], str], setting: tuple[float, int, float], count: int
) -> tuple[str, str]:
    """The bars for one setting, and the same in words."""
    before, after = logits.float().softmax(dim=-1), bend(logits, *setting)
    best = before.topk(count).indices.tolist()
    rows = [(decode(i), before[i].item(), after[i].item()) for i in best]
    temperature, k, p = setting
    name = f"temperature {temperature:g}, k {k or 'off'}, p {p:g}"
    left = int((after > 0).sum())
    foot = f"{left:,} of {len(after):,} tokens may be drawn; the first with {percent(after.max().item())}"
    said = ", ".join(f"{piece!r} {percent(share)}" for piece, _, share in rows[:3])
    return f"<figure>{_bars(rows, name, foot)}</figure>", f"{name}: {said}; {foot}"


def _sliders(logits: Any, decode: Callable[[int], str], count: int) -> object:
    """The same picture, redrawn whenever a slider moves."""
    import ipywidgets as widgets

    from grader.notebook.html import framed

    style = {"description_width": "7rem"}
    heat = widgets.FloatSlider(value=1.0, min=0.1, max=2.5, step=0.1, description="Temperature", style=style)
    most = widgets.IntSlider(value=0, min=0, max=_MOST_BARS, description="k (0: off)", style=style)
    share = widgets.FloatSlider(value=1.0, min=0.05, max=1.0, step=0.05, description="p (1: off)", style=style)
    view = widgets.HTML()

    def redraw(_: object = None) -> None:
        view.value = framed(_bent_picture(logits, decode, (heat.value, most.value, share.value), count)[0])

    for slider in (heat, most, share):
        slider.observe(redraw, names="value")
    redraw()
    return widgets.VBox([heat, most, share, view])


def _bars(rows: Sequence[tuple[str, float, float]], name: str, foot: str) -> str:
    """A table with a bar in each row: filled by the odds of the draw, framed by those of the model."""
    widest = max(max(before, after) for _, before, after in rows) or 1
    lines = [
        f'<tr class="{"" if after else "lmp-out"}"><th scope="row">{visible(piece)}</th><td class="lmp-track">'
        f'<span class="lmp-frame" style="width:{100 * before / widest:.1f}%"></span>'
        f'<span class="lmp-bar" style="width:{100 * after / widest:.1f}%"></span></td><td>{percent(after)}</td></tr>'
        for piece, before, after in rows
    ]
    table = f'<table class="lmp-bars"><caption>{name}</caption>{"".join(lines)}</table>'
    return f'{table}<div class="lmp-soft">{foot}</div>'


def _count(wanted: int) -> int:
    return min(max(int(wanted), 1), _MOST_BARS)
