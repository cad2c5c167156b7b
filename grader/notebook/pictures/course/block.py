"""The way through the first block as a diagram, with the shapes measured while the numbers pass by."""

import html
from collections.abc import Mapping
from typing import Any

from grader.notebook.pictures.drawing import Picture, the

_WIDTH, _STREAM = 640, 90
_Box = tuple[str, str, str, int, int]
"""What stands in it, what it does, the shape that comes out; left and top."""


def way_through() -> Picture:
    """The first block of the student's GPT-2, fed with the tokens of 2.2b."""
    model = the("gpt2", "2.2a", is_gpt2)
    tokens = the("dummy_tokens", "2.2b", lambda value: hasattr(value, "shape") and value.dim() == 2)
    shapes = measured(model, tokens)
    heads = f"{model.config.n_head} heads of {model.config.n_embd // model.config.n_head}"
    said = " → ".join(f"{name} {shapes[name]}" for name in ("ids", "wte + wpe", "ln_1", "attn", "ln_2", "mlp", "out"))
    return Picture(text=f"Through the first block: {said}; attention has {heads}.", html=_svg(shapes, heads, said))


def is_gpt2(value: object) -> bool:
    """Whether the value has the blocks of GPT-2 where a GPT2LMHeadModel has them."""
    parts = value.__dict__.get("_modules", {}) if hasattr(value, "__dict__") else {}
    return hasattr(parts.get("transformer"), "h") and hasattr(parts.get("transformer"), "wte")


def measured(model: Any, tokens: Any) -> dict[str, str]:
    """The shape of what comes out of each part of the first block, by the part's name."""
    import torch

    parts, block = model.transformer, model.transformer.h[0]
    shapes = {"ids": _shape(tokens)}

    def note(name: str) -> Any:
        return lambda _module, _inputs, output: shapes.__setitem__(
            name, _shape(output[0] if isinstance(output, tuple) else output)
        )

    watched = {
        "ln_1": block.ln_1,
        "attn": block.attn,
        "ln_2": block.ln_2,
        "mlp": block.mlp,
        "out": block,
        "c_attn": block.attn.c_attn,
        "c_fc": block.mlp.c_fc,
    }
    hooks = [part.register_forward_hook(note(name)) for name, part in watched.items()]
    try:
        with torch.no_grad():
            hidden = parts.wte(tokens) + parts.wpe(torch.arange(tokens.shape[1], device=tokens.device))
            block(hidden)
    finally:
        for hook in hooks:
            hook.remove()
    return {**shapes, "wte + wpe": _shape(hidden)}


def _shape(value: Any) -> str:
    return "(" + ", ".join(map(str, value.shape)) + ")"


def _svg(shapes: Mapping[str, str], heads: str, said: str) -> str:
    boxes: list[_Box] = [
        ("token ids", "numbers of the vocabulary", shapes["ids"], 0, 10),
        ("wte + wpe", "a vector for each token and place", shapes["wte + wpe"], 0, 80),
        ("ln_1", "keeps numbers in range", shapes["ln_1"], 300, 165),
        ("attn", f"queries, keys, values {shapes['c_attn']}; {heads}", shapes["attn"], 300, 225),
        ("ln_2", "keeps numbers in range", shapes["ln_2"], 300, 345),
        ("mlp", f"widens to {shapes['c_fc']} and narrows again", shapes["mlp"], 300, 405),
        ("out", "the same shape: ready for the next block", shapes["out"], 0, 525),
    ]
    lines = [
        _arrow(f"M{_STREAM} 58 V80"),
        _arrow(f"M{_STREAM} 128 V293"),
        _arrow(f"M{_STREAM} 317 V473"),
        _arrow(f"M{_STREAM} 497 V525"),
    ]
    for top in (165, 345):  # the way out of the stream, through a norm and a part, and back into it
        lines += [
            _arrow(f"M{_STREAM} {top + 20} H300"),
            _arrow(f"M440 {top + 48} V{top + 60}"),
            _arrow(f"M440 {top + 108} V{top + 140} H{_STREAM + 12}"),
            _plus(top + 140),
        ]
    label = html.escape(f"Through the first block: {said}")
    return (
        f'<svg class="lmp-svg" viewBox="0 0 {_WIDTH} 585" role="img" aria-label="{label}">'
        '<defs><marker id="lmp-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 L8 4 L0 8 z" fill="var(--soft)"/></marker></defs>'
        f"{''.join(lines)}{''.join(map(_box, boxes))}"
        f'<text x="{_STREAM + 16}" y="240" class="lmp-note">passed on</text>'
        f'<text x="{_STREAM + 16}" y="253" class="lmp-note">unchanged</text></svg>'
    )


def _box(box: _Box) -> str:
    name, does, shape, left, top = box
    width = 280 if left == 0 else 340
    return (
        f'<g><rect x="{left + 1}" y="{top}" width="{width - 2}" height="48" rx="7"/>'
        f'<text x="{left + 12}" y="{top + 20}" class="lmp-part">{html.escape(name)}</text>'
        f'<text x="{left + width - 12}" y="{top + 20}" class="lmp-shape" text-anchor="end">{html.escape(shape)}</text>'
        f'<text x="{left + 12}" y="{top + 38}" class="lmp-note">{html.escape(does)}</text></g>'
    )


def _arrow(path: str) -> str:
    return f'<path d="{path}" class="lmp-line" marker-end="url(#lmp-tip)"/>'


def _plus(y: int) -> str:
    return (
        f'<circle cx="{_STREAM}" cy="{y}" r="12" class="lmp-plus"/>'
        f'<text x="{_STREAM}" y="{y + 6}" text-anchor="middle" class="lmp-part">+</text>'
    )
