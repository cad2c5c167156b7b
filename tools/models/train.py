"""Trains an embedded model from scratch.

    python -m tools.models.train gpt2 --steps 3000 --out build/gpt2
    python -m tools.models.train qwen --steps 6500 --out build/qwen

The same seed, steps and machine give the same weights to a run that nothing stops. A checkpoint is written every few
minutes; started again, a run that was cut off goes on from there, with other text than it would have had, and
`python -m tools.models.export` takes any checkpoint. Runs on a GPU where there is one.

Only tokens that occur in the training text get a row of their own. All others share one, the last of the table, which
counts in the softmax as often as there are such tokens; as inputs they differ by noise, so the model learns to live
with words that it does not know.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional

from grader.command_line.arguments import folder_to_write
from grader.command_line.border import command
from grader.offline import use_offline_models
from grader.offline.cache import DATA
from tools.models.text import Row, chat_rows, prose_rows

NOISE_STD = 0.05
"""How far rows of tokens without a row of their own lie from the shared one, in each dimension."""
_SAVE_EVERY_S = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How one model is trained."""

    batch: int
    length: int
    rate: float
    config: dict[str, Any]
    """What differs from the config.json of the model's data folder."""
    z_loss: float = 0.0
    """Weight of the squared logarithm of the sum of exponentials. Kept near 0, scores are log-probabilities, and a
    `repetition_penalty` such as Qwen's default of 1.1 leaves a sure winner alone."""
    count_rows: int = 40_000
    """Rows that are looked through for the tokens in use."""


PLANS = {
    "gpt2": Plan(batch=16, length=128, rate=2.5e-3, config={"n_embd": 96, "n_head": 12}),
    "qwen": Plan(
        batch=40,
        length=160,
        rate=3e-3,
        z_loss=1e-3,
        config={"hidden_size": 80, "intermediate_size": 256, "num_hidden_layers": 7, "max_window_layers": 7},
    ),
}


@command("train")
def main(arguments: Sequence[str] | None = None) -> int:
    """Trains until the steps are done."""
    parser = argparse.ArgumentParser(prog="python -m tools.models.train", description=__doc__.splitlines()[0])
    parser.add_argument("model", choices=PLANS)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--out", type=folder_to_write, required=True)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop earlier, when this much time is over")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(arguments)
    use_offline_models()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    Training(options.model, options.out, options.steps, options.seed, options.minutes).run()
    return 0


def rows_of(model: str, rng: random.Random) -> Iterator[Row]:
    """The training text of a model, as token ids."""
    if model == "gpt2":
        return prose_rows(rng, PLANS[model].length)
    from grader.offline.supply import supply

    return chat_rows(rng, supply("qwen_tokenizer"))


def used_tokens(model: str, seed: int) -> list[int]:
    """The ids that occur in the training text, most frequent first."""
    counts: Counter[int] = Counter()
    for ids, _ in islice(rows_of(model, random.Random(f"{seed} vocabulary")), PLANS[model].count_rows):
        counts.update(ids)
    return [token for token, _ in counts.most_common()]


def build(config: dict[str, Any], n_rows: int) -> Any:
    """The model with a table of that many rows, its dropout off."""
    from transformers import AutoConfig, AutoModelForCausalLM

    settings = config | {"vocab_size": n_rows, "bos_token_id": 0, "eos_token_id": 0}
    settings |= {"resid_pdrop": 0.0, "attn_pdrop": 0.0, "embd_pdrop": 0.0} if config["model_type"] == "gpt2" else {}
    if config["model_type"] == "gpt2":
        settings["activation_function"] = "gelu_pytorch_tanh"  # the same function as gelu_new, computed in one go
    kind = settings.pop("model_type")
    return AutoModelForCausalLM.from_config(AutoConfig.for_model(kind, **settings))


class Training:
    """A model on its way."""

    def __init__(self, model: str, out: Path, steps: int, seed: int, minutes: float) -> None:
        self.model, self.plan, self.out, self.steps, self.seed = model, PLANS[model], out, steps, seed
        self.start, self.minutes = time.monotonic(), minutes
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(seed)
        tokens = out / "tokens.json"
        if not tokens.exists():
            tokens.write_text(json.dumps(used_tokens(model, seed)), encoding="utf-8")
        self.used: list[int] = json.loads(tokens.read_text(encoding="utf-8"))
        self.config = json.loads((DATA / model / "config.json").read_bytes()) | self.plan.config
        self.place = {token: row for row, token in enumerate(self.used)}
        self.net = build(self.config, len(self.used) + 1).to(self.device)
        self.optimizer = torch.optim.AdamW(self._groups(), lr=0.0, betas=(0.9, 0.98), fused=True)
        self.log_count = torch.tensor(self.config["vocab_size"] - len(self.used), dtype=torch.float32).log().item()
        self.step = 0
        if (out / "checkpoint.pt").exists():
            kept = torch.load(out / "checkpoint.pt", map_location=self.device, weights_only=True)
            self.net.load_state_dict(kept["net"])
            self.optimizer.load_state_dict(kept["optimizer"])
            self.step = kept["step"]

    def run(self) -> None:
        """Takes the steps that are left, and says every fifty how it goes."""
        rows = rows_of(self.model, random.Random(f"{self.seed} {self.step}"))
        saved = time.monotonic()
        losses: list[float] = []
        for batch in _batches(rows, self.plan.batch):
            if self._done() >= 1:
                break
            losses.append(self._learn(batch))
            self.step += 1
            if self.step % 50 == 0:
                seconds, loss = time.monotonic() - self.start, sum(losses) / len(losses)
                print(f"step {self.step} loss {loss:.3f} {seconds:.0f} s", flush=True)
                losses = []
            if time.monotonic() - saved > _SAVE_EVERY_S:
                self._save()
                saved = time.monotonic()
        self._save()

    def _learn(self, batch: list[Row]) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = self.plan.rate * self._share()
        ids, learned = (part.to(self.device) for part in self._tensors(batch))
        scores, targets = self._scores(ids, learned)
        loss = functional.cross_entropy(scores, targets)
        total = loss + self.plan.z_loss * scores.logsumexp(-1).square().mean() if self.plan.z_loss else loss
        total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.item()

    def _scores(self, ids: torch.Tensor, learned: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Scores and targets of all tokens to be learned: (n, rows), (n,)."""
        table = self.net.get_input_embeddings().weight
        inputs, targets = ids[:, :-1], ids[:, 1:]
        embeddings = functional.embedding(inputs, table)
        unknown = inputs == len(self.used)
        if unknown.any():
            embeddings = embeddings + unknown.unsqueeze(-1) * torch.randn_like(embeddings) * NOISE_STD
        extra = {}
        if self.model == "gpt2":
            # Mostly from the first place, as prompts stand; now and then later, so that each place is learned.
            late = self.config["n_positions"] - inputs.shape[1]
            starts = torch.randint(0, late, (len(ids), 1)) * (torch.rand(len(ids), 1) < 0.3)
            extra["position_ids"] = (starts + torch.arange(inputs.shape[1])).to(self.device)
        hidden = self.net.base_model(inputs_embeds=embeddings, use_cache=False, **extra).last_hidden_state
        wanted = learned[:, 1:] & (targets != len(self.used))
        scores = hidden[wanted] @ table.T
        # Ten more than their number says keeps unused tokens out of reach of a high temperature, too.
        return torch.cat([scores[:, :-1], scores[:, -1:] + self.log_count + 10], dim=1), targets[wanted]

    def _tensors(self, batch: list[Row]) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids as rows of the table, and what is to be learned, padded on the right."""
        width = min(max(len(ids) for ids, _ in batch), self.plan.length + 1)
        ids = torch.zeros((len(batch), width), dtype=torch.long)
        learned = torch.zeros((len(batch), width), dtype=torch.bool)
        for number, (tokens, flags) in enumerate(batch):
            places = [self.place.get(token, len(self.used)) for token in tokens[:width]]
            ids[number, : len(places)] = torch.tensor(places)
            learned[number, : len(places)] = torch.tensor(flags[:width])
        if self.model == "gpt2":  # some words are made unknown, as they will be in a prompt
            ids[torch.rand(ids.shape) < 0.01] = len(self.used)
        return ids, learned

    def _share(self) -> float:
        """Of the rate: up in 100 steps, steady, down to a twentieth over the last third."""
        return min(1.0, (self.step + 1) / 100, max(3 * (1 - self._done()), 0.05))

    def _done(self) -> float:
        """How much of the training is done, by steps or by time."""
        return max(self.step / self.steps, (time.monotonic() - self.start) / (60 * self.minutes))

    def _groups(self) -> list[dict[str, Any]]:
        matrices = [values for values in self.net.parameters() if values.dim() > 1]
        others = [values for values in self.net.parameters() if values.dim() <= 1]
        return [{"params": matrices, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}]

    def _save(self) -> None:
        half = self.out / "checkpoint.pt.part"
        torch.save({"net": self.net.state_dict(), "optimizer": self.optimizer.state_dict(), "step": self.step}, half)
        half.replace(self.out / "checkpoint.pt")


def _batches(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    """Batches of rows of like length: of eight batches' worth, sorted and dealt out."""
    while True:
        some = sorted(islice(rows, 8 * size), key=lambda row: len(row[0]))
        groups = [some[start : start + size] for start in range(0, len(some), size)]
        random.Random(len(some[0][0]) + len(some[-1][0])).shuffle(groups)
        yield from groups


if __name__ == "__main__":
    sys.exit(main())
