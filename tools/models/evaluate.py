"""Measures the embedded models on text and requests kept apart from training, and prints the figures of docs/models.md.

python -m tools.models.evaluate              both models, as Markdown
python -m tools.models.evaluate --transcript the notebook's own prompts under several strategies
"""

import argparse
import json
import math
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import torch

from grader.command_line.border import command
from grader.offline import use_offline_models
from grader.offline.cache import DATA
from grader.offline.supply import MODELS, supply
from tools.models import stories, text
from tools.models.talk import Exchange, exchange

_STARTS = 40
_REQUESTS = 60
_LOOP = 4
"""So many tokens that come back unbroken three times are a loop."""
_PROMPTS = ("Once upon a time", "What is 2+2?", "Suggest a party theme.", "Hello my name")
_WAYS: dict[str, dict[str, Any]] = {
    "greedy": {"do_sample": False},
    "top-k 50": {"do_sample": True, "top_k": 50, "top_p": 1.0},
    "top-p 0.9": {"do_sample": True, "top_p": 0.9, "top_k": 0},
    "temperature 0.2": {"do_sample": True, "temperature": 0.2, "top_k": 0, "top_p": 1.0},
    "temperature 1.0": {"do_sample": True, "temperature": 1.0, "top_k": 0, "top_p": 1.0},
    "temperature 2.0": {"do_sample": True, "temperature": 2.0, "top_k": 0, "top_p": 1.0},
}


@command("evaluate")
def main(arguments: Sequence[str] | None = None) -> int:
    """Prints figures or a transcript."""
    parser = argparse.ArgumentParser(prog="python -m tools.models.evaluate", description=__doc__.splitlines()[0])
    parser.add_argument("--transcript", action="store_true")
    transcript_wanted = parser.parse_args(arguments).transcript
    use_offline_models()
    torch.set_num_threads(1)
    if transcript_wanted:
        transcript()
        return 0
    for title, figures in (("GPT-2", gpt2_figures()), ("Qwen", qwen_figures())):
        print(f"| {title} | |\n|---|---|")
        for name, value in figures.items():
            print(f"| {name} | {value} |")
        print()
    return 0


def transcript() -> None:
    """The notebook's prompts, continued by GPT-2 and answered by Qwen."""
    for key in MODELS:
        for prompt in _PROMPTS:
            print(f"\n### {key}: {prompt}\n")
            for way, options in _WAYS.items():
                torch.manual_seed(0)
                print(f"* {way}: `{said(key, prompt, 40, **options)!r}`")


def said(key: str, prompt: str, length: int, **options: Any) -> str:
    """What a model makes of a prompt, up to where it stops."""
    made: str = supply(f"{key}_tokenizer").decode(new_tokens(key, prompt, length, **options), skip_special_tokens=True)
    return made


def new_tokens(key: str, prompt: str, length: int, **options: Any) -> list[int]:
    """The ids after the prompt; for Qwen the prompt is put into its chat template."""
    model, tokenizer = _loaded(key)
    if key == "qwen":
        talk = [{"role": "user", "content": prompt}]
        prompt = tokenizer.apply_chat_template(talk, tokenize=False, add_generation_prompt=True)
    batch = tokenizer(prompt, return_tensors="pt")
    with torch.no_grad():
        made = model.generate(**batch, max_new_tokens=length, pad_token_id=tokenizer.eos_token_id, **options)
    ids: list[int] = made[0, batch.input_ids.shape[1] :].tolist()
    return ids


_READY: dict[str, tuple[Any, Any]] = {}


def _loaded(key: str) -> tuple[Any, Any]:
    if key not in _READY:
        _READY[key] = (supply(f"{key}_model"), supply(f"{key}_tokenizer"))
    return _READY[key]


def gpt2_figures() -> dict[str, str]:
    """The card of GPT-2."""
    rng = random.Random("held out")
    templates = [stories.prose(rng) for _ in range(60)]
    written = list(text.written(held_out=True))[:60]
    model, tokenizer = _loaded("gpt2")
    first = tokenizer.decode(new_tokens("gpt2", "Hello my name", 1, do_sample=False))
    starts = [_start(rng) for _ in range(_STARTS)]
    greedy = [new_tokens("gpt2", start, 80, do_sample=False) for start in starts]
    torch.manual_seed(0)
    sampled = [new_tokens("gpt2", start, 80, **_WAYS["top-p 0.9"]) for start in starts]
    known = _known_words()
    return {
        "bits per byte, own templates": _compared(model, templates),
        "bits per byte, text by SmolLM2": _compared(model, written),
        'first token after "Hello my name"': repr(first),
        "words found in the dictionary, top-p 0.9": _percent(_word_rate(map(tokenizer.decode, sampled), known)),
        "distinct pairs of tokens (distinct-2), greedy": _percent(_distinct(greedy)),
        "distinct pairs of tokens (distinct-2), top-p 0.9": _percent(_distinct(sampled)),
        "greedy continuations of 80 tokens that loop": _percent(sum(map(loops, greedy)) / len(greedy)),
        **_costs("gpt2"),
    }


def _start(rng: random.Random) -> str:
    words = rng.choice((stories.story(rng), rng.choice(text.written(held_out=True)))).split()
    return " ".join(words[: rng.randint(3, 8)])


def _compared(model: Any, texts: list[str]) -> str:
    """Bits per byte of the model, beside those of random weights and of counted single tokens."""
    rows = [supply("gpt2_tokenizer")(one)["input_ids"][:256] for one in texts]
    size = sum(len(supply("gpt2_tokenizer").decode(row[1:]).encode()) for row in rows)
    ours, random_ones = (_bits(one, rows) / size for one in (model, supply("gpt2_model:1")))
    return f"{ours:.2f} (random weights {random_ones:.2f}, unigram {_unigram_bits(rows) / size:.2f})"


def _bits(model: Any, rows: list[list[int]]) -> float:
    total = 0.0
    for row in rows:
        ids = torch.tensor([row])
        with torch.no_grad():
            scores = model(ids).logits[0, :-1]
        total += torch.nn.functional.cross_entropy(scores, ids[0, 1:], reduction="sum").item()
    return total / math.log(2)


def _unigram_bits(rows: list[list[int]]) -> float:
    """Of a model that knows how often each token comes in the training text, and no more."""
    counts: Counter[int] = Counter()
    source = text.prose_rows(random.Random(0), 128)
    for _ in range(5000):
        counts.update(next(source)[0])
    total = counts.total() + 50_257
    return -sum(math.log2((counts[token] + 1) / total) for row in rows for token in row[1:])


def _known_words() -> set[str]:
    """The dictionary: words of the package `english-words` where it is installed, else of the training text."""
    try:
        from english_words import get_english_words_set

        return set(get_english_words_set(["web2", "gcide"], lower=True))
    except ImportError:
        rng = random.Random(0)
        return {word for _ in range(5000) for word in _words(text.document(rng))}


def _words(one: str) -> list[str]:
    return re.findall(r"[a-z]+", one.lower())


_ENDINGS = ("", "s", "es", "ed", "d", "ing", "ly", "er", "est")


def _word_rate(texts: Iterable[str], known: set[str]) -> float:
    words = [word for one in texts for word in _words(one)]
    bases = ([word.removesuffix(end) for end in _ENDINGS] + [f"{word.removesuffix('ies')}y"] for word in words)
    return sum(any(base in known for base in some) for some in bases) / max(len(words), 1)


def _distinct(rows: list[list[int]]) -> float:
    pairs = [list(pairwise(row)) for row in rows]
    return sum(len(set(some)) for some in pairs) / max(sum(map(len, pairs)), 1)


def loops(row: Sequence[int]) -> bool:
    """Whether some run of tokens comes at least three times, one right after the other, and fills four tokens or more."""
    for size in range(1, len(row) // 3 + 1):
        for start in range(len(row) - 3 * size + 1):
            run = row[start : start + size]
            times = 1
            while row[start + times * size : start + (times + 1) * size] == run:
                times += 1
            if times >= 3 and times * size >= _LOOP:
                return True
    return False


def qwen_figures() -> dict[str, str]:
    """The card of Qwen."""
    rng = random.Random("held out requests")
    asked = {one.request: one for one in (exchange(rng, held_out=True) for _ in range(3000))}
    chosen = [one for one in asked.values() if one.expected][:_REQUESTS]
    right: Counter[str] = Counter()
    totals: Counter[str] = Counter(one.kind for one in chosen)
    stopped = 0
    end = supply("qwen_tokenizer").eos_token_id
    for one in chosen:
        ids = new_tokens("qwen", one.request, 120, do_sample=False, repetition_penalty=1.0)
        stopped += end in ids
        right[one.kind] += answers(one, supply("qwen_tokenizer").decode(ids, skip_special_tokens=True)) and end in ids
    kinds = {f"of these: {kind}": f"{right[kind]} of {count}" for kind, count in sorted(totals.items())}
    return {
        f"{len(chosen)} held-out requests answered as the rules ask": f"{right.total()} of {len(chosen)}",
        **kinds,
        "of these stopped by themselves": f"{stopped} of {len(chosen)}",
        **_costs("qwen"),
    }


def answers(one: Exchange, answer: str) -> bool:
    """Whether an answer is right by a rule that can be checked."""
    said = answer.lower()
    if one.kind == "list":
        lines = [line for line in said.splitlines() if line.strip()]
        names = {re.sub(r"^\d+\. *", "", line).strip() for line in lines}
        return len(lines) == len(names) == one.count and names <= {item.lower() for item in one.expected}
    return any(word.lower() in said for word in one.expected)


def _costs(key: str) -> dict[str, str]:
    """Sizes and times on this machine, the best of three."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    config = json.loads((DATA / key / "config.json").read_bytes())
    tokens = lambda: new_tokens(key, "Hello", 20, do_sample=False, min_new_tokens=20)  # noqa: E731
    parameters = sum(values.numel() for values in _loaded(key)[0].parameters())
    return {
        "parameters": f"{parameters:,}, of which {parameters - _table(config, key):,} are not the embedding table",
        "file in the package": f"{(DATA / key / 'model.safetensors').stat().st_size / 1e6:.1f} MB",
        "model loaded, warm": f"{_best(lambda: AutoModelForCausalLM.from_pretrained(MODELS[key])):.2f} s",
        "tokenizer loaded, warm": f"{_best(lambda: AutoTokenizer.from_pretrained(MODELS[key])):.2f} s",
        "20 greedy tokens": f"{_best(tokens):.2f} s of processor time",
    }


def _table(config: dict[str, Any], key: str) -> int:
    return int(config["vocab_size"]) * int(_loaded(key)[0].get_input_embeddings().weight.shape[1])


def _best(do: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        start = time.process_time()
        do()
        times.append(time.process_time() - start)
    return min(times)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


if __name__ == "__main__":
    sys.exit(main())
