"""What the student's `generate` writes: token by token with its odds as shade, and two models side by side."""

import html
from collections.abc import Callable, Sequence
from typing import Any

from grader.notebook.pictures.drawing import Picture, percent, the, visible

_PROMPTS = ("Once upon a time", "What is 2+2?", "Suggest a party theme.")
_NAMES = {"gpt2": "GPT-2 (completion)", "qwen": "Qwen (chat)"}

Shade = tuple[str, float | None]
"""A piece of text and the probability that the model gave it; None for what it was given."""


def generated(
    prompt: str = _PROMPTS[0],
    model: str = "gpt2",
    strategies: Sequence[str] = ("greedy", "top_k", "top_p"),
    max_new_tokens: int = 40,
) -> Picture:
    """The prompt continued by each strategy, by the student's function; each token shaded by its probability."""
    generate = the("generate", "3.1", callable)
    models, tokenizers = _loaded("3.1", model)
    columns, said = list[str](), list[str]()
    for strategy in strategies:
        text = str(generate(model, prompt, strategy, max_new_tokens))
        shades = shaded(models[model], tokenizers[model], str(prompt), text)
        new = [share for _, share in shades if share is not None]
        mean = percent(sum(new) / len(new)) if new else "none"
        spans = "".join(map(_span, shades))
        columns.append(
            f'<figure><figcaption>{html.escape(strategy)}</figcaption><p class="lmp-text">{spans}</p>'
            f'<div class="lmp-soft">on average a token had {mean}</div></figure>'
        )
        said.append(f"{strategy} (on average a token had {mean}): {text}")
    return Picture(text="\n".join(said), html=f'<div class="lmp-columns">{"".join(columns)}</div>')


def shaded(model: Any, tokenizer: Any, prompt: str, text: str) -> list[Shade]:
    """The text in tokens, each with the probability that the model gave it after those before it.

    One pass over the finished text says what every step of the generation saw: the row at position i is the guess for
    position i + 1. Tokens of the prompt, and the first one of all, were not chosen and have none.
    """
    import torch

    whole = text if text.startswith(prompt) else prompt + text
    ids = tokenizer(whole, return_tensors="pt")["input_ids"]
    given = max(len(tokenizer(prompt)["input_ids"]), 1)
    if not ids.numel():
        return []
    with torch.no_grad():
        odds = model(ids).logits[0].float().softmax(dim=-1)
    shades: list[Shade] = []
    for place, token_id in enumerate(ids[0].tolist()):
        share = odds[place - 1, token_id].item() if place >= given else None
        shades.append((tokenizer.decode([token_id]), share))
    return shades


def side_by_side(
    prompts: Sequence[str] = _PROMPTS,
    models: Sequence[str] = ("gpt2", "qwen"),
    strategy: str = "greedy",
    max_new_tokens: int = 40,
) -> Picture:
    """What each model says to each prompt, by the student's function."""
    generate: Callable[..., Any] = the("generate", "3.1", callable)
    names = [_NAMES.get(key, key) for key in models]
    rows, said = list[str](), list[str]()
    for prompt in prompts:
        answers = [str(generate(key, prompt, strategy, max_new_tokens)) for key in models]
        cells = "".join(f"<td>{html.escape(answer)}</td>" for answer in answers)
        rows.append(f'<tr><th scope="row">{html.escape(prompt)}</th>{cells}</tr>')
        said.append(f"{prompt}\n" + "\n".join(f"  {name}: {a}" for name, a in zip(names, answers, strict=True)))
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in ["Prompt", *names])
    table = f'<table class="lmp-pair"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    return Picture(text="\n".join(said), html=table)


def _loaded(exercise_id: str, key: str) -> tuple[Any, Any]:
    def fits(value: object) -> bool:
        return isinstance(value, dict) and key in value

    return the("models", exercise_id, fits), the("tokenizers", exercise_id, fits)


def _span(shade: Shade) -> str:
    piece, share = shade
    if share is None:
        return f"<b>{html.escape(piece)}</b>"
    # Never quite blank, so that a token can be told from the page.
    depth, title = f"--odds:{0.04 + 0.6 * share:.2f}", f"{visible(piece)} had {percent(share)}"
    return f'<span class="lmp-shade" style="{depth}" title="{title}">{html.escape(piece)}</span>'
