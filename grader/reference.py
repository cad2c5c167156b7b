"""What the hidden suites compare with: independent oracles on the trusted side, from the libraries and the same models.

Nothing here is shipped to students, and no student value is ever run through a model: answers are text and numbers by
the time they are compared. Models load when they are first asked for, once in a process.
"""

import math
import random
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from grader.wording import plain

if TYPE_CHECKING:
    import torch

FALSE_FAIL_RATE = 1e-6
"""How often a right answer may fail a check of sampling by bad luck, at most."""
MAX_DRAWS = 24


@lru_cache(maxsize=12)
def library(name: str) -> Any:  # noqa: ANN401
    """The model or tokenizer that the student's side gets for `supply(name)`, built on this side."""
    from grader.offline.supply import supply

    found = supply(name)
    import torch

    # Small models gain nothing from threads, and on a busy machine threads that wait for each other cost a hundredfold.
    torch.set_num_threads(1)
    return found


# --- tokenizers ---------------------------------------------------------------------------


@lru_cache(maxsize=4)
def encoding(name: str) -> Any:  # noqa: ANN401
    """The encoding that tiktoken has by that name."""
    import tiktoken

    library("gpt2_tokenizer")  # points the caches at the embedded files
    return tiktoken.get_encoding(name)


def ids_of(name: str, text: str) -> list[int]:
    """The ids of a text in the encoding `gpt2` or `cl100k_base`, or by the chat model's tokenizer, `qwen`."""
    if name == "qwen":
        return list(library("qwen_tokenizer").encode(text))
    return list(encoding(name).encode_ordinary(text))


def pieces_of(name: str, text: str) -> list[bytes]:
    """The tokens of a text in that encoding, as bytes."""
    return list(encoding(name).decode_tokens_bytes(ids_of(name, text)))


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
            "last block": _hidden(stem.h[-1](hidden)),
            "attention only": _hidden(stem.h[0].attn(stem.h[0].ln_1(hidden))),
            "all blocks": every[0],
            "whole model": stem.ln_f(every)[0],
        }


def _hidden(output: Any) -> "torch.Tensor":  # noqa: ANN401 - a tensor, or a tuple in older transformers
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
def greedy_path(prompt: str, length: int) -> tuple[tuple[int, ...], float]:
    """The tokens that are most likely one by one, and the smallest lead of a winner over its runner-up on the way.

    The lead is 0 when the end of text is met: such a path is of no use to a check.
    """
    start, path, lead = ids_of("gpt2", prompt), list[int](), math.inf
    for _ in range(length):
        scores = next_scores([*start, *path])
        first, second = scores.topk(2).values.tolist()
        path.append(int(scores.argmax()))
        lead = min(lead, first - second) if path[-1] != encoding("gpt2").eot_token else 0.0
    return tuple(path), lead


def greedy_text(prompt: str, length: int) -> str:
    """The text of the greedy path, without the prompt."""
    return str(encoding("gpt2").decode(list(greedy_path(prompt, length)[0])))


def beam_text(prompt: str, length: int, beams: int) -> str:
    """What the library's beam search says, without the prompt."""
    import torch

    start = torch.tensor([ids_of("gpt2", prompt)])
    ids = library("gpt2_model").generate(start, attention_mask=torch.ones_like(start), max_new_tokens=length,
                                         do_sample=False, num_beams=beams, pad_token_id=encoding("gpt2").eot_token)
    return str(encoding("gpt2").decode(ids[0, start.shape[1]:].tolist()))


def beam_gain(prompt: str, length: int, beams: int) -> float:
    """By how much beam search's text is likelier than greedy's, in log-probability; -1 where texts hide ids."""
    beam, greedy = beam_text(prompt, length, beams), greedy_text(prompt, length)
    if any(len(ids_of("gpt2", text)) != length or "\ufffd" in text for text in (beam, greedy)):
        return -1.0
    return log_likelihood(prompt, beam) - log_likelihood(prompt, greedy)


def log_likelihood(prompt: str, continuation: str) -> float:
    """The log-probability that GPT-2 gives the continuation after the prompt."""
    import torch

    start, rest = ids_of("gpt2", prompt), ids_of("gpt2", continuation)
    with torch.no_grad():
        scores = library("gpt2_model")(torch.tensor([start + rest])).logits[0, len(start) - 1 : -1].log_softmax(-1)
    return sum(float(row[token]) for row, token in zip(scores, rest, strict=True))


# --- prompts for hidden checks ------------------------------------------------------------

_WHO = (
    "girl", "boy", "dog", "cat", "bird", "teacher", "farmer", "king", "queen", "bear", "rabbit", "friend", "doctor",
    "sailor", "robot", "dragon",
)  # fmt: skip
_WHAT = (
    "house", "tree", "river", "garden", "boat", "book", "box", "flower", "mountain", "castle", "table", "road", "ball",
    "cake", "song", "story",
)  # fmt: skip
_HOW = ("little", "old", "happy", "big", "quiet", "brave", "young", "funny", "sad", "kind")
_FRAMES = (
    "Once upon a time there was a {how} {who}", "The {who} looked at the {what} and", "One day a {how} {who} found a",
    "My favourite {what} is", "In the morning the {who} wanted to", "The {how} {who} said that the {what}",
    "There was a {what} near the {what2} and", "The {who} and the {who2} went to the",
)  # fmt: skip


def a_prompt(rng: random.Random) -> str:
    """The beginning of a simple English sentence, drawn from thousands."""
    who, who2 = rng.sample(_WHO, 2)
    what, what2 = rng.sample(_WHAT, 2)
    return rng.choice(_FRAMES).format(who=who, who2=who2, what=what, what2=what2, how=rng.choice(_HOW))


def clear_prompts(rng: random.Random, count: int, length: int) -> list[str]:
    """Prompts on whose greedy path the winner leads clearly at every step, so that rounding can't change it."""
    drawn = list(dict.fromkeys(a_prompt(rng) for _ in range(4 * count)))
    return sorted(drawn, key=lambda prompt: -_clearness(prompt, length))[:count]


def _clearness(prompt: str, length: int) -> float:
    text = greedy_text(prompt, length)
    return greedy_path(prompt, length)[1] if len(plain(text)) >= length and "\ufffd" not in text else -1.0


def loaded_prompt(rng: random.Random, length: int) -> str:
    """A prompt whose greedy path is clear at every step and still unlikely as a whole.

    So a sampler finds that path when the temperature is next to nothing, and hardly ever at temperature 1 and above.
    """
    drawn = [prompt for prompt in (a_prompt(rng) for _ in range(16)) if _clearness(prompt, length) > 0]
    sure = [prompt for prompt in drawn if _clearness(prompt, length) > 0.35]  # noqa: PLR2004 - 0.35 / 0.02 nats
    return min(sure or drawn, key=lambda prompt: log_likelihood(prompt, greedy_text(prompt, length)))


def open_prompt(rng: random.Random) -> tuple[str, int]:
    """A prompt that can go on in many ways, and how many draws of one token it takes to see that.

    So many equal draws happen with a probability below FALSE_FAIL_RATE for an answer that samples, even if it samples
    as carefully as from the 5 best tokens at temperature 0.5. (n draws are all equal with p <= max(p_i) ** (n - 1).)
    """
    drawn = [a_prompt(rng) for _ in range(12)]
    odds = {prompt: _top_share(prompt, k=5, temperature=0.5) for prompt in drawn}
    prompt = min(odds, key=lambda name: odds[name] + _hides_tokens(name))
    draws = 1 + math.ceil(math.log(FALSE_FAIL_RATE) / math.log(min(odds[prompt], 0.999)))
    return prompt, min(max(draws, 8), MAX_DRAWS)


def two_faced_prompt(rng: random.Random) -> str:
    """A prompt that goes on in one way at temperature 0.05, either way at 1, and in many ways at 3."""
    drawn = [a_prompt(rng) for _ in range(16)]
    return min(drawn, key=lambda prompt: 100 * (1 - _top_share(prompt, 50, 0.05)) + _top_share(prompt, 50, 1.0)
               + _top_share(prompt, 50, 3.0) + 10 * _hides_tokens(prompt))  # fmt: skip


def _top_share(prompt: str, k: int, temperature: float) -> float:
    best = next_scores(ids_of("gpt2", prompt)).topk(k).values / temperature
    return float(best.softmax(-1)[0])


def _hides_tokens(prompt: str) -> bool:
    """Whether two of the best tokens read the same, or one of them is no text."""
    best = next_scores(ids_of("gpt2", prompt)).topk(5).indices.tolist()
    words = {plain(encoding("gpt2").decode([token])) for token in best}
    return len(words) < len(best) or any(not word or "\ufffd" in word for word in words)


@lru_cache(maxsize=64)
def ranks(prompt: str) -> tuple[dict[str, int], list[float]]:
    """For each text of one next token its rank by likelihood (0 is best), and the probabilities in that order."""
    probs = next_scores(ids_of("gpt2", prompt)).softmax(-1)
    order = probs.argsort(descending=True).tolist()
    spelled: dict[str, int] = {}
    for rank, token in enumerate(order):
        spelled.setdefault(plain(encoding("gpt2").decode([token])), rank)
    return spelled, probs[order].tolist()


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
