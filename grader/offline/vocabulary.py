"""The vocabularies as published: tokens in the order of their ids, and the merges that build them.

Nothing is stored twice:

* GPT-2's merges (`gpt2/vocab.bpe`) give its `encoder.json` and the `r50k_base` and `p50k_base` files of tiktoken;
* `cl100k_base.tokens` and `o200k_base.tokens` are tiktoken's files without the ids, which just count up;
* Qwen's is cl100k_base without its numbers of several digits, followed by tokens of its own (`qwen/extra.tokens`).

The bytes written here equal the published files, so tiktoken's own check sums prove them.
"""

import base64
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

END_OF_TEXT = "<|endoftext|>"
QWEN_SPECIALS = (END_OF_TEXT, "<|im_start|>", "<|im_end|>")
QWEN_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""Where Qwen cuts a text before it merges: as cl100k_base does, but a number falls into single digits."""

_PRINTABLE = [byte for byte in range(256) if chr(byte).isprintable() and chr(byte) != " "]
_BYTE_ORDER = _PRINTABLE + [byte for byte in range(256) if byte not in _PRINTABLE]
_TO_LETTER = {
    byte: chr(byte) if byte in _PRINTABLE else chr(256 + _BYTE_ORDER.index(byte) - len(_PRINTABLE))
    for byte in _BYTE_ORDER
}
_TO_BYTE = {ord(letter): byte for byte, letter in _TO_LETTER.items()}


def letters(token: bytes) -> str:
    """A token as byte-level BPE spells it in files: every byte as one visible letter."""
    return token.decode("latin-1").translate(_TO_LETTER)


def gpt2_merges(data: Path) -> list[str]:
    """GPT-2's 50,000 merges, most frequent first, each as `left right`."""
    return (data / "gpt2" / "vocab.bpe").read_text(encoding="utf-8").split("\n")[1:-1]


def gpt2_tokens(merges: Sequence[str]) -> list[bytes]:
    """GPT-2's 50,256 tokens; a token's place is its id."""
    merged = (merge.replace(" ", "").translate(_TO_BYTE).encode("latin-1") for merge in merges)
    return [bytes([byte]) for byte in _BYTE_ORDER] + list(merged)


def stored_tokens(path: Path) -> list[bytes]:
    """The tokens of a `.tokens` file, one in base64 a line; a token's place is its id."""
    return [base64.b64decode(line) for line in path.read_bytes().split()]


def qwen_tokens(data: Path) -> list[bytes]:
    """Qwen's 151,643 tokens; a token's place is its id."""
    shared = [token for token in stored_tokens(data / "cl100k_base.tokens") if not re.fullmatch(rb"[0-9]{2,}", token)]
    return shared + stored_tokens(data / "qwen" / "extra.tokens")


def merges_of(tokens: Sequence[bytes]) -> list[str]:
    """One merge per token, in the order of the ids: the two pieces that merge last when the token is built."""
    rank = {token: number for number, token in enumerate(tokens)}
    return [" ".join(map(letters, _last_pieces(token, rank))) for token in tokens if len(token) > 1]


def tiktoken_file(tokens: Iterable[bytes]) -> bytes:
    """The vocabulary as tiktoken stores it: base64 and id, one token a line."""
    return b"".join(b"%s %d\n" % (base64.b64encode(token), number) for number, token in enumerate(tokens))


def p50k_file(tokens: Sequence[bytes]) -> bytes:
    """The p50k_base file: GPT-2's tokens, then runs of 2 to 25 spaces, which follow the end of text."""
    spaces = (b"%s %d\n" % (base64.b64encode(b" " * (number - 50255)), number) for number in range(50257, 50281))
    return tiktoken_file(tokens) + b"".join(spaces)


def encoder_json(tokens: Sequence[bytes], specials: Sequence[str]) -> bytes:
    """Token to id, spelled as OpenAI's encoder.json and the hub's vocab.json are."""
    return json.dumps(_ids(tokens, specials)).encode()


def gpt2_tokenizer(tokens: Sequence[bytes], merges: Sequence[str]) -> dict[str, Any]:
    """The content of GPT-2's tokenizer.json."""
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": _added([END_OF_TEXT], first_id=len(tokens)),
        "normalizer": None,
        "pre_tokenizer": byte_level,
        "post_processor": byte_level,
        "decoder": byte_level | {"add_prefix_space": True},
        "model": _bpe(_ids(tokens, [END_OF_TEXT]), merges),
    }


def qwen_tokenizer(tokens: Sequence[bytes], merges: Sequence[str]) -> dict[str, Any]:
    """The content of Qwen1.5's tokenizer.json."""
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    split = {"type": "Split", "pattern": {"Regex": QWEN_SPLIT}, "behavior": "Isolated", "invert": False}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": _added(QWEN_SPECIALS, first_id=len(tokens)),
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, byte_level]},
        "post_processor": byte_level,
        "decoder": byte_level,
        "model": _bpe(_ids(tokens, []), merges),
    }


def _ids(tokens: Sequence[bytes], specials: Sequence[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate([*map(letters, tokens), *specials])}


def _added(names: Iterable[str], first_id: int) -> list[dict[str, Any]]:
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return [{"id": number, "content": name, **flags} for number, name in enumerate(names, start=first_id)]


def _bpe(vocab: Mapping[str, int], merges: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "BPE",
        "dropout": None,
        "unk_token": None,
        "continuing_subword_prefix": "",
        "end_of_word_suffix": "",
        "fuse_unk": False,
        "byte_fallback": False,
        "vocab": vocab,
        "merges": merges,
    }


def _last_pieces(token: bytes, rank: Mapping[bytes, int]) -> list[bytes]:
    """The two pieces left when the token is merged as far as earlier tokens allow."""
    pieces = [token[i : i + 1] for i in range(len(token))]
    while len(pieces) > 2:
        joined = [rank.get(left + right, len(rank)) for left, right in pairwise(pieces)]
        first = min(range(len(joined)), key=joined.__getitem__)
        pieces[first : first + 2] = [pieces[first] + pieces[first + 1]]
    return pieces
