"""Strange values in place of answers: whatever stands there, no check may trip over it."""

from collections.abc import Iterator

from grader.model import Exercise

ODD = (
    "None",
    "0",
    "-1",
    "True",
    "float('nan')",
    "10 ** 40",
    "'text'",
    "''",
    "b'bytes'",
    "'\\ud83d half an emoji'",
    "[]",
    "[None]",
    "['a', 'b']",
    "[[1, 2], [3]]",
    "{}",
    "{'gpt2': None, 'qwen': 3}",
    "{'a': 1}",
    "{1: 'a'}",
    "{(1, 2): [torch.zeros(2)]}",
    "(1,)",
    "set()",
    "object()",
    "torch",
    "torch.zeros(0)",
    "torch.zeros(2, 0, 3)",
    "torch.tensor(1.5)",
    "torch.arange(5)",
    "torch.ones(3, dtype=torch.bool)",
    "torch.randn(1, 8, 64)",
    "torch.full((1, 8, 64), float('nan'))",
    "torch.randn(2, 2, 2, 2)",
    "[torch.zeros(3), torch.zeros(3)]",
    "torch.zeros(0, dtype=torch.long)",
    "'🧩' * 999",
    "'<a' + 'a' * 10 ** 6",
    "lambda *a, **k: '<a' + 'a' * 10 ** 6",
    "lambda *a, **k: '🧩' * 9999",
    "lambda *a, **k: print('\\\\'' * 10 ** 5)",
    "lambda *a, **k: None",
    "lambda *a, **k: a",
    "lambda *a, **k: [float('nan')]",
    "lambda *a, **k: [10 ** 40]",
    "lambda *a, **k: -1",
    "lambda *a, **k: 'x' * 5000",
    "lambda *a, **k: '\\ud83d'",
    "lambda *a, **k: ''",
    "lambda *a, **k: '<|endoftext|>'",
    "lambda *a, **k: {}",
    "lambda *a, **k: torch.tensor([[1.5, float('nan')]])",
    "lambda *a, **k: torch.zeros(3, dtype=torch.long)",
    "lambda *a, **k: [b'a', 'b', 3]",
    "lambda *a, **k: [[]]",
    "lambda *a, **k: [('a', 'b')]",
    "lambda *a, **k: object()",
    "lambda *a, **k: (x for x in [1, 2])",
    "lambda *a, **k: {'logits': torch.zeros(0)}",
    "lambda *a, **k: {'logits': 'none'}",
    "{'gpt2': lambda *a, **k: None, 'qwen': lambda *a, **k: None}",
    "type('T', (), {})",
    "type('GPT2LMHeadModel', (), {'transformer': 3, 'h': [1]})()",
    "type('GPT2LMHeadModel', (), {})()",
    "type('GPT2LMHeadModel', (), {'transformer': type('S', (), {'h': [1] * 12, 'wte': 3})()})()",
    "{'gpt2': type('M', (), {'encode': lambda s, t: 'x', '__call__': lambda s, x: {'logits': [1]}})(), 'qwen': type('N', (), {'encode': 3})()}",  # noqa: E501
    "type('L', (), {'__init__': lambda s, *a: None, 'state_dict': lambda s: {'w': 'x', 3: 4}, 'parameters': lambda s: [1], '__call__': lambda s, x: x})",  # noqa: E501
    "type('L', (), {'__init__': lambda s, *a: None, 'state_dict': 3, 'parameters': 4})",
    "type('L', (torch.nn.Linear,), {'forward': lambda s, x: (x, None)})",
    "type('L', (torch.nn.Linear,), {'forward': lambda s, x: 'y'})",
    "type('L', (torch.nn.Linear,), {'forward': lambda s, x: torch.zeros(s.out_features, dtype=torch.complex64)})",
    "type('L', (torch.nn.Linear,), {'forward': lambda s, x: x.sum()})",
    "type('L', (torch.nn.Linear,), {'forward': lambda s, x: x.reshape(-1)[:0]})",
)

_NAMES = {
    "1.1": ("corpus", "PAD", "UNK"),
    "1.4": ("sentence",),
    "2.2b": ("out", "dummy_tokens", "seq_len"),
    "2.3": ("gpt2",),
    "2.4": ("logits", "text"),
}
"""Names besides the answers that a cell may leave in an odd state."""


def odd_answers(exercise: Exercise, solution: str, *, one_by_one: bool = False) -> Iterator[tuple[str, str]]:
    """Pairs of what is odd and the cell's source.

    Args:
        exercise: whose answers are replaced.
        solution: its solution's cell.
        one_by_one: also each name by itself, after the solution; else all names at once.
    """
    names = dict.fromkeys((*exercise.answers, *_NAMES.get(exercise.id, ())))
    for odd in ODD:
        value = f"(lambda torch: ({odd}))(__import__('torch'))"
        yield f"all = {odd}", "\n".join(f"{name} = {value}" for name in names)
        for name in names if one_by_one else ():
            yield f"{name} = {odd}", f"{solution}\n{name} = {value}\n"
