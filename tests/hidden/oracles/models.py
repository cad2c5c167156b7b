"""What the models make of inputs: runs as a cell in a process of its own, behind the walls and apart from all students.

`oracles.reference` asks these functions. Nothing of this is imported where verdicts are reached: it needs torch.
"""

from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from grader.offline.supply import supply


@lru_cache(maxsize=12)
def library(name: str) -> Any:
    """The model that the student's side gets for `supply(name)`."""
    torch.set_num_threads(1)
    return supply(name)


def logits(ids: list[int], model: str) -> Tensor:
    """The model's scores after each of these tokens: (seq_len, vocab_size)."""
    with torch.no_grad():
        scores: Tensor = library(model)(torch.tensor([ids])).logits[0]
    return scores


def next_logits(ids: list[int], model: str) -> Tensor:
    """The model's scores for the token after these: (vocab_size,)."""
    return logits(ids, model)[-1]


def hidden_states(ids: list[int], model: str) -> Tensor:
    """What comes out of the model's last layer norm: (seq_len, n_embd)."""
    with torch.no_grad():
        states: Tensor = library(model).transformer(torch.tensor([ids])).last_hidden_state[0]
    return states


def embeddings(ids: list[int], model: str) -> Tensor:
    """The token embeddings of these ids: (seq_len, n_embd)."""
    rows: Tensor = library(model).transformer.wte(torch.tensor(ids)).detach()
    return rows


def mlp_weight(number: int, model: str) -> Tensor:
    """The first weight of a block's feed-forward part."""
    weight: Tensor = library(model).transformer.h[number].mlp.c_fc.weight.detach()
    return weight


def size_of(model: str) -> int:
    """The width of the model."""
    return int(library(model).config.n_embd)


def log_likelihood(ids: list[int], count: int, model: str) -> float:
    """The log-probability of the last `count` tokens after those before them."""
    scores = logits(ids, model)[len(ids) - count - 1 : -1].log_softmax(-1)
    return sum(float(row[token]) for row, token in zip(scores, ids[len(ids) - count :], strict=True))


def beams(ids: list[int], length: int, count: int, end: int, model: str) -> list[int]:
    """The tokens that the library's beam search adds."""
    start = torch.tensor([ids])
    found = library(model).generate(
        start,
        attention_mask=torch.ones_like(start),
        max_new_tokens=length,
        do_sample=False,
        num_beams=count,
        pad_token_id=end,
    )
    added: list[int] = found[0, len(ids) :].tolist()
    return added


def first_block(tokens: Tensor, embedder: str, block: str) -> Tensor:
    """What GPT-2's first block makes of token and position embeddings: (seq_len, n_embd).

    Args:
        tokens: (1, seq_len).
        embedder: the model whose embeddings are used.
        block: the model whose first block is used.
    """
    stem = library(embedder).transformer
    with torch.no_grad():
        hidden = stem.wte(tokens) + stem.wpe(torch.arange(tokens.shape[-1]))
        return _hidden(library(block).transformer.h[0](hidden))


def first_block_slips(tokens: Tensor, model: str) -> dict[str, Tensor]:
    """What known wrong ways make of the same tokens, by their names; each (seq_len, n_embd)."""
    stem = library(model).transformer
    places = torch.arange(tokens.shape[-1])
    with torch.no_grad():
        words, hidden = stem.wte(tokens), stem.wte(tokens) + stem.wpe(places)
        every = hidden
        for block in stem.h:
            every = _hidden(block(every)).unsqueeze(0)
        return {
            "no block": hidden[0],
            "no positions": _hidden(stem.h[0](words)),
            "positions from 1": _hidden(stem.h[0](words + stem.wpe(places + 1))),
            "one position for all": _hidden(stem.h[0](words + stem.wpe(places * 0))),
            "positions from token ids": _hidden(stem.h[0](words + stem.wpe(tokens % stem.wpe.num_embeddings))),
            "ln_f first": _hidden(stem.h[0](stem.ln_f(hidden))),
            "ln_1 twice": _hidden(stem.h[0](stem.h[0].ln_1(hidden))),
            "ln_f after": stem.ln_f(_hidden(stem.h[0](hidden))),
            "embeddings doubled": _hidden(stem.h[0](hidden + stem.wpe(places))),
            "no tokens": _hidden(stem.h[0](stem.wpe(places).unsqueeze(0))),
            "input added again": hidden[0] + _hidden(stem.h[0](hidden)),
            "second block": _hidden(stem.h[1](hidden)),
            "last block": _hidden(stem.h[-1](hidden)),
            "attention only": _hidden(stem.h[0].attn(stem.h[0].ln_1(hidden))),
            "mlp only": stem.h[0].mlp(stem.h[0].ln_2(hidden))[0],
            "all blocks": every[0],
            "whole model": stem.ln_f(every)[0],
        }


def _hidden(output: Any) -> Tensor:
    hidden: Tensor = output[0] if isinstance(output, tuple) else output
    return hidden.reshape(-1, hidden.shape[-1])


def greedy_paths(rows: list[list[int]], length: int, best: int, end: int, model: str) -> tuple[Tensor, Tensor, Tensor]:
    """One greedy search for all rows of ids at a time.

    Returns:
        For each row and step the best tokens, their scores, and the logarithm of the sum of all exponentials:
        (rows, length, best), the same, and (rows, length).
    """
    width = max(map(len, rows))
    ids = torch.tensor([[end] * (width - len(row)) + row for row in rows])  # padded on the left
    mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows])
    places = mask.cumsum(-1).sub(1).clamp(min=0)
    tokens, scores, totals = list[Tensor](), list[Tensor](), list[Tensor]()
    known = None
    for _ in range(length):
        with torch.no_grad():
            # What it made of earlier tokens goes in and out by its place: the library's releases call it differently.
            hidden, known, *_ = library(model).transformer(
                ids, known, attention_mask=mask, position_ids=places, use_cache=True, return_dict=False
            )
            row = library(model).lm_head(hidden[:, -1])  # of the last token alone
        top = row.topk(best)
        tokens.append(top.indices)
        scores.append(top.values)
        totals.append(row.logsumexp(-1))
        ids = top.indices[:, :1]
        mask, places = torch.cat([mask, torch.ones_like(ids)], dim=1), places[:, -1:] + 1
    return torch.stack(tokens, 1), torch.stack(scores, 1), torch.stack(totals, 1)
