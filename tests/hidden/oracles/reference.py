"""What the hidden suites compare with: facts of tokenizers, and what the models make of inputs.

This side computes nothing with models. It asks `models.py`, which runs as a cell in a process of its own; where nobody
has connected one (a test, `tools.verify`), in this process. Nothing here is shipped to students.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from grader.checks.answers import ask
from grader.checks.cell import Cell, MissingAnswerError, RaisedError
from grader.model import Status
from grader.offline import use_offline_models
from grader.protocol.student import LostError
from oracles.recorded import kept
from oracles.wording import plain

Array = npt.NDArray[Any]
MODELS_SOURCE = Path(__file__).with_name("models.py")
_connected: list[Cell] = []


def connect(cell: Cell) -> None:
    """Lets the models be asked through this cell, in which `models.py` has run."""
    _connected[:] = [cell]


@lru_cache(maxsize=1)
def _cell_here() -> Cell:
    """The models in this process, asked through the same wire."""
    from grader.model import Exercise, SourceCell
    from grader.sandbox.notebook import Notebook
    from grader.student.loopback import LoopbackStudent

    use_offline_models()
    source = SourceCell(source=MODELS_SOURCE.read_text(encoding="utf-8"))
    student = LoopbackStudent(Exercise(id="oracle", title="", file="", points=1), [source], Notebook(), {})
    if student.trouble is not None:
        raise RuntimeError(f"the oracle did not start: {student.trouble.type}: {student.trouble.message}")
    return Cell(student)


def models(question: str, *args: object) -> Any:
    """The answer of a function of `models.py`; arrays in place of tensors.

    Raises:
        LostError: there is none. That is a fault of the kit, and no error of the student's code to any check.
    """
    try:
        return ask(_connected[0] if _connected else _cell_here(), question, *args)
    except (RaisedError, MissingAnswerError) as error:  # its text may hold hidden inputs
        why = error.type_name if isinstance(error, RaisedError) else "what came is no plain data"
    except LostError as error:
        why = str(error)
    raise LostError(Status.KIT_ERROR, f"the models cannot be asked for {question}: {why}")


def recorded(question: str, *args: object) -> Any:
    """The same for arguments that are the same in every run: the answer is kept, see `recorded.py`."""
    found = kept().answer(question, args)
    return found if found is not None else models(question, *args)


# --- tokenizers ---------------------------------------------------------------------------


@lru_cache(maxsize=4)
def encoding(name: str) -> Any:
    """The encoding that tiktoken has by that name."""
    import tiktoken

    use_offline_models()
    return tiktoken.get_encoding(name)


@lru_cache(maxsize=2)
def tokenizer(name: str) -> Any:
    """The compiled tokenizer of `gpt2` or `qwen`."""
    from tokenizers import Tokenizer

    from grader.offline.layout import GPT2_NAMES, QWEN_NAMES, repository

    hub = use_offline_models() / "hub"
    place = hub / repository((GPT2_NAMES if name == "gpt2" else QWEN_NAMES)[0])
    revision = (place / "refs" / "main").read_text(encoding="ascii")
    return Tokenizer.from_file(str(place / "snapshots" / revision / "tokenizer.json"))


def ids_of(name: str, text: str) -> list[int]:
    """The ids of a text in the encoding `gpt2` or `cl100k_base`, or by the chat model's tokenizer, `qwen`."""
    if name == "qwen":
        return list(tokenizer("qwen").encode(text).ids)
    return list(encoding(name).encode_ordinary(text))


def text_of(name: str, ids: Sequence[int]) -> str:
    """The text of ids in that encoding or by the chat model's tokenizer; of those that it knows."""
    size = encoding("gpt2").n_vocab if name == "gpt2" else tokenizer("qwen").get_vocab_size()
    known = [number for number in ids if 0 <= number < size]
    if name == "gpt2":
        return str(encoding("gpt2").decode(known))
    return str(tokenizer("qwen").decode(known, skip_special_tokens=False))


def pieces_of(name: str, text: str) -> list[bytes]:
    """The tokens of a text in that encoding, as bytes."""
    return list(encoding(name).decode_tokens_bytes(ids_of(name, text)))


# --- numbers ------------------------------------------------------------------------------


def is_close(found: Array, due: Array, share: float = 0.05) -> bool:
    """Whether scores are the due ones, but for rounding: room for half precision, none for another model.

    Args:
        found: the student's scores; axes of size 1 make no difference.
        due: the right ones.
        share: how large the error may be, as a share of the spread of the right scores.
    """
    if found.size != due.size:
        return False
    error = found.astype(np.float32).reshape(due.shape) - due
    return bool(np.sqrt(np.mean(np.square(error))) <= share * due.std(ddof=1))


def is_same_model(found: Array, due: Array) -> bool:
    """Whether logits are the due ones for all tokens that both know: a padding token may have been added.

    Args:
        found: the student's logits: (1, seq_len, vocab_size), the last axis a little longer or shorter.
        due: the right ones: (seq_len, vocab_size).
    """
    size = min(found.shape[-1] if found.ndim else 0, due.shape[-1])
    return size > 0.99 * due.shape[-1] and is_close(found[..., :size], due[..., :size])


def log_softmax(scores: Array) -> Array:
    """The logarithms of the probabilities along the last axis."""
    shifted = scores - scores.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))  # type: ignore[no-any-return]


def softmax(scores: Array) -> Array:
    """The probabilities along the last axis."""
    return np.exp(log_softmax(scores))


def best(scores: Array, count: int) -> list[int]:
    """The places of the largest scores, the largest first."""
    return [int(place) for place in np.argsort(-scores, kind="stable")[:count]]


# --- inside the model ---------------------------------------------------------------------


@lru_cache(maxsize=16)
def logits_of(text: str, model: str = "gpt2_model") -> Array:
    """The model's scores for a text: (seq_len, vocab_size)."""
    scores: Array = models("logits", ids_of("qwen" if model.startswith("qwen") else "gpt2", text), model)
    return scores


@lru_cache(maxsize=64)
def next_scores(ids: tuple[int, ...]) -> Array:
    """GPT-2's scores for the token after these: (vocab_size,)."""
    scores: Array = models("next_logits", list(ids), "gpt2_model")
    return scores


def first_block_output(tokens: Array, embedder: str, block: str) -> Array:
    """What GPT-2's first block makes of token and position embeddings: (seq_len, n_embd).

    Args:
        tokens: (1, seq_len).
        embedder: the model whose embeddings are used.
        block: the model whose first block is used.
    """
    output: Array = models("first_block", tokens, embedder, block)
    return output


def first_block_slips(tokens: Array, model: str) -> dict[str, Array]:
    """What known wrong ways make of the same tokens, by their names; each (seq_len, n_embd)."""
    slips: dict[str, Array] = models("first_block_slips", tokens, model)
    return slips


# --- generation ---------------------------------------------------------------------------


@lru_cache(maxsize=256)
def beam_text(prompt: str, length: int, beams: int) -> str:
    """What the library's beam search says, without the prompt."""
    end = encoding("gpt2").eot_token
    return str(encoding("gpt2").decode(recorded("beams", ids_of("gpt2", prompt), length, beams, end, "gpt2_model")))


@lru_cache(maxsize=256)
def log_likelihood(prompt: str, continuation: str) -> float:
    """The log-probability that GPT-2 gives the continuation after the prompt."""
    start, rest = ids_of("gpt2", prompt), ids_of("gpt2", continuation)
    return float(recorded("log_likelihood", start + rest, len(rest), "gpt2_model")) if rest else 0.0


@lru_cache(maxsize=64)
def ranks(prompt: str) -> tuple[dict[str, int], list[float]]:
    """For each text of one next token its rank by likelihood (0 is best), and the probabilities in that order."""
    probs = softmax(next_scores(tuple(ids_of("gpt2", prompt))))
    order = np.argsort(-probs, kind="stable")
    words = spelling()
    tokens = order.tolist()
    return {words[token]: rank for rank, token in reversed(list(enumerate(tokens)))}, probs[order].tolist()


def mass_of_best(prompt: str, count: int, temperature: float = 1.0) -> float:
    """The share of the odds that so many of the best next tokens have at that temperature."""
    scores = -np.sort(-next_scores(tuple(ids_of("gpt2", prompt)))) / temperature
    return float(softmax(scores)[:count].sum())


def temperature_of(prompt: str, odds: Sequence[float]) -> float:
    """The temperature at which the best two next tokens have these odds; 1 where they don't tell."""
    first, second = -np.sort(-next_scores(tuple(ids_of("gpt2", prompt))))[:2]
    if len(odds) < 2 or not 0 < odds[1] < odds[0]:
        return 1.0
    return min(max(float(first - second) / math.log(odds[0] / odds[1]), 0.01), 100.0)


@lru_cache(maxsize=1)
def spelling() -> list[str]:
    """The plain text of each of GPT-2's tokens."""
    texts = (encoding("gpt2").decode([token]) for token in range(encoding("gpt2").n_vocab))
    return [text.strip(" ") if text.strip(" ").isalnum() else plain(text) for text in texts]


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
