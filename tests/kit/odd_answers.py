"""Strange values in place of answers: runs the hidden checks on them and prints those that the checks trip over.

    python odd_answers.py [EXERCISE...]     all names, one at a time and all at once
    python odd_answers.py --few             what the test does: all names of an exercise at once

A check that trips ends as kit_error, which is our fault. Prints one line for each; nothing when all is well.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from run_bank import ROOT, BankBench, notebooks_before, with_suites

from grader.catalog import load_catalog
from grader.model import Exercise, Status
from grader.offline import use_offline_models

ODD = (
    "None", "0", "-1", "True", "float('nan')", "10 ** 40", "'text'", "''", "b'bytes'", "'\\ud83d half an emoji'", "[]", "[None]", "['a', 'b']",
    "[[1, 2], [3]]", "{}", "{'gpt2': None, 'qwen': 3}", "{'a': 1}", "{1: 'a'}", "{(1, 2): [torch.zeros(2)]}", "(1,)", "set()", "object()", "torch",
    "torch.zeros(0)", "torch.zeros(2, 0, 3)", "torch.tensor(1.5)", "torch.arange(5)", "torch.ones(3, dtype=torch.bool)", "torch.randn(1, 8, 64)",
    "torch.full((1, 8, 64), float('nan'))", "torch.randn(2, 2, 2, 2)", "[torch.zeros(3), torch.zeros(3)]",
    "torch.zeros(0, dtype=torch.long)", "'\U0001f9e9' * 999", "'<a' + 'a' * 10 ** 6",
    "lambda *a, **k: '<a' + 'a' * 10 ** 6", "lambda *a, **k: '\U0001f9e9' * 9999", "lambda *a, **k: print('\\\\\'' * 10 ** 5)",
    "lambda *a, **k: None", "lambda *a, **k: a", "lambda *a, **k: [float('nan')]", "lambda *a, **k: [10 ** 40]", "lambda *a, **k: -1",
    "lambda *a, **k: 'x' * 5000", "lambda *a, **k: '\\ud83d'", "lambda *a, **k: ''", "lambda *a, **k: '<|endoftext|>'", "lambda *a, **k: {}",
    "lambda *a, **k: torch.tensor([[1.5, float('nan')]])", "lambda *a, **k: torch.zeros(3, dtype=torch.long)", "lambda *a, **k: [b'a', 'b', 3]",
    "lambda *a, **k: [[]]", "lambda *a, **k: [('a', 'b')]", "lambda *a, **k: object()", "lambda *a, **k: (x for x in [1, 2])",
    "lambda *a, **k: {'logits': torch.zeros(0)}", "lambda *a, **k: {'logits': 'none'}", "{'gpt2': lambda *a, **k: None, 'qwen': lambda *a, **k: None}",
    "type('T', (), {})", "type('GPT2LMHeadModel', (), {'transformer': 3, 'h': [1]})()", "type('GPT2LMHeadModel', (), {})()",
    "type('GPT2LMHeadModel', (), {'transformer': type('S', (), {'h': [1] * 12, 'wte': 3})()})()",
    "{'gpt2': type('M', (), {'encode': lambda s, t: 'x', '__call__': lambda s, x: {'logits': [1]}})(), 'qwen': type('N', (), {'encode': 3})()}",
    "type('L', (), {'__init__': lambda s, *a: None, 'state_dict': lambda s: {'w': 'x', 3: 4}, 'parameters': lambda s: [1], '__call__': lambda s, x: x})",
    "type('L', (), {'__init__': lambda s, *a: None, 'state_dict': 3, 'parameters': 4})",
    "type('L', (torch.nn.Linear,), {'forward': lambda s, x: (x, None)})", "type('L', (torch.nn.Linear,), {'forward': lambda s, x: 'y'})",
    "type('L', (torch.nn.Linear,), {'forward': lambda s, x: torch.zeros(s.out_features, dtype=torch.complex64)})",
    "type('L', (torch.nn.Linear,), {'forward': lambda s, x: x.sum()})", "type('L', (torch.nn.Linear,), {'forward': lambda s, x: x.reshape(-1)[:0]})",
)  # fmt: skip

NAMES = {"1.4": ("sentence",), "2.3": ("gpt2",), "2.2b": ("out", "dummy_tokens", "seq_len"), "2.4": ("logits", "text"), "1.1": ("corpus", "PAD", "UNK")}
"""Names besides the answers that a cell may leave in an odd state."""


def sources(exercise: Exercise, *, few: bool) -> Iterator[tuple[str, str]]:
    """Pairs of what is odd and the cell's source."""
    names = dict.fromkeys((*exercise.answers, *NAMES.get(exercise.id, ())))
    solution = (ROOT / "solutions" / exercise.file).read_text(encoding="utf-8")
    for odd in ODD:
        value = f"(lambda torch: ({odd}))(__import__('torch'))"
        yield f"all = {odd}", "\n".join(f"{name} = {value}" for name in names)
        for name in () if few else names:
            yield f"{name} = {odd}", f"{solution}\n{name} = {value}\n"


def main(arguments: list[str]) -> int:
    """Prints the checks that trip, and returns how many do."""
    use_offline_models()
    few = "--few" in arguments
    catalog = load_catalog(ROOT / "exercises" / "catalog.toml")
    wanted = {name for name in arguments if not name.startswith("--")} or set(catalog.ids)
    before, found = notebooks_before(catalog, wanted), 0
    for exercise in (exercise for exercise in catalog.exercise if exercise.id in wanted):

        def work(judge, exercise=exercise):
            nonlocal found
            for odd, source in sources(exercise, few=few):
                results = judge.judge(BankBench(exercise, source, before[exercise.id]), [exercise.id])[exercise.id]
                for result in (result for result in results if result.status is Status.KIT_ERROR):
                    found += 1
                    print(f"{exercise.id} {result.name}: {odd}: {result.message}", flush=True)

        with_suites("hidden", work)
    return found


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
