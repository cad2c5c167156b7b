"""Spoiled replies of a student: hostile values of every kind that the wire knows, and right ones bent a little."""

import base64
import math
import random
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import msgspec

from grader.model import Status
from grader.protocol.messages import Reply, Trouble
from grader.protocol.student import NO_ANSWER, LostError

_HANDLES = (
    (0, "function"),
    (10**6, "x"),
    (-1, "Markdown"),
    (0, "generator"),
    (1, "GPT2LMHeadModel"),
    (2, "Tensor"),
    (0, "dict"),
)
_SIZES = {
    "float64": 8,
    "int64": 8,
    "float32": 4,
    "int32": 4,
    "float16": 2,
    "bfloat16": 2,
    "int16": 2,
    "int8": 1,
    "uint8": 1,
    "bool": 1,
}
_TENSORS = [
    {"tensor": {"dtype": dtype, "shape": shape, "data": data}}
    for dtype, shape, data in (
        ("float32", [0], ""),
        ("int64", [], "AAAAAAAAAAA="),
        ("float32", [1, 1], "AADAfw=="),
        ("bool", [1, 2], "AAE="),
        ("bfloat16", [2, 1], "AIB/fw=="),
        ("float64", [1], "AAAAAAAA8H8="),
        ("uint8", [2, 0, 3], ""),
        ("float32", [], "AACAPw=="),
        ("float16", [1, 1, 1, 1, 1], "AHw="),
        ("float32", [2], "AACAPwAAAEA="),
        ("int64", [2], "AQAAAAAAAAACAAAAAAAAAA=="),
        ("int64", [1], "////////fw=="),
        ("int8", [1, 3], "AQID"),
        ("bool", [], "AQ=="),
    )
]
_HUGE = {"int": str(2**70)}
ODD: tuple[object, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**63 - 1,
    -(2**63),
    1e308,
    -0.0,
    0.5,
    {"int": "9" * 3_600},
    _HUGE,
    {"int": str(-(2**70))},
    {"float": "nan"},
    {"float": "inf"},
    {"float": "-inf"},
    "",
    "x",
    " ",
    "\u202e<b>&",
    "[UNK]",
    "a" * 70_000,
    "\0\n\r\t",
    "<|endoftext|>",
    "'" * 300,
    "the " * 500,
    "&#" + "9" * 5_000 + ";",
    "&#xD800;&#0;&",
    "9" * 5_000,
    {"text": "7aCA"},
    {"bytes": "AAEC/w=="},
    {"bytes": ""},
    {"named": "torch.float32"},
    [],
    [None],
    ["a", 1],
    [[]],
    [""],
    ["a"],
    [1],
    [0.5],
    [2**63 - 1, -1],
    list(range(2000)),
    [_HUGE] * 5,
    [{"float": "nan"}] * 3,
    [{"text": "7aCA"}],
    [[[[[[]]]]]],
    _TENSORS[:2],
    {"tuple": []},
    {"tuple": ["a", None]},
    {"set": [1, 2]},
    {"set": ["a"]},
    {"set": []},
    {"dict": []},
    {"dict": [[1, "a"], ["a", 1]]},
    {"dict": [[{"tuple": [1]}, None]]},
    {"dict": [["a", _HUGE]]},
    {"dict": [["gpt2", None]]},
    {"dict": [["shape", 1]]},
    {"dict": [[None, None]]},
    {},
    *({"handle": {"id": number, "type": name}} for number, name in _HANDLES),
    *_TENSORS,
)
TROUBLES = (
    ("raised", "ValueError"),
    ("raised", "AttributeError"),
    ("raised", "StopIteration"),
    ("raised", "OSError"),
    ("raised", "NotImplementedError"),
    ("raised", "TypeError"),
    ("raised", "\ud83d" * 400),
    ("memory", ""),
    ("missing", "x"),
    ("not_plain", ""),
    ("disk", "OSError"),
    ("processes", ""),
    ("kit", "KitError"),
    ("", ""),
)


class Choices(Protocol):
    """Where choices come from."""

    def below(self, count: int) -> int:
        """One of `count` choices."""


class ByteChoices:
    """Numbers out of bytes, as a fuzzer makes them up; 0 when they are used up."""

    def __init__(self, data: bytes) -> None:
        self._bytes = iter(data)

    def below(self, count: int) -> int:
        """One of `count` choices; the first of them without a byte."""
        return next(self._bytes, 0) % max(1, count)


class Chance:
    """Numbers from a seed."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def below(self, count: int) -> int:
        """One of `count` choices, each as likely as the others."""
        return self._random.randrange(max(1, count))


def one_of(things: Sequence[Any], choices: Choices) -> Any:
    """One of these."""
    return things[choices.below(len(things))]


# --- bending a right reply ----------------------------------------------------------------------


def spoiled(answer: Reply, choices: Choices) -> Reply:
    """The reply with something else in its place, or with a part of it bent.

    Raises:
        LostError: there is none.
    """
    kind = choices.below(10)
    if kind == 0:
        name, type_ = one_of(TROUBLES, choices)
        return Reply(id=answer.id, trouble=Trouble(kind=name, type=type_, message="m", line=-1), printed=answer.printed)
    if kind == 1 and not choices.below(3):
        raise LostError(one_of((Status.CRASHED, Status.TIMED_OUT, Status.OUT_OF_MEMORY), choices), NO_ANSWER)
    tree = msgspec.json.decode(msgspec.json.encode(answer.value))
    places = list(_places(tree)) if kind > 5 else []
    if kind <= 2:
        tree = one_of(ODD, choices)
    elif not places:
        tree = bent(tree, choices)
    else:
        parent, key = places[choices.below(256) * len(places) // 256]
        parent[key] = bent(parent[key], choices) if choices.below(2) else one_of(ODD, choices)
    other = one_of(("", "\\'" * choices.below(256), "1 " * 3000, "x\n" * 900), choices)
    return Reply(id=answer.id, value=tree, printed=answer.printed if choices.below(4) else other)


def _places(tree: object) -> Iterator[tuple[Any, Any]]:
    """Every place of a value below a tree, as container and key."""
    if isinstance(tree, dict) and not tree.keys() & {"tuple", "list", "set", "dict"}:
        return
    if isinstance(tree, (list, dict)):
        for key, part in enumerate(tree) if isinstance(tree, list) else list(tree.items()):
            yield tree, key
            yield from _places(part)


def bent(tree: Any, choices: Choices) -> Any:
    """A value of much the same kind."""
    if isinstance(tree, dict) and len(tree) == 1:
        return _bent_tag(*next(iter(tree.items())), choices)
    if isinstance(tree, list):
        return _bent_list(tree, choices)
    if isinstance(tree, str):
        return one_of(
            (
                tree[:-1],
                tree[1:],
                tree + tree,
                tree[::-1],
                tree.upper(),
                tree + "\0",
                tree.split(),
                list(tree[:500]),
                [tree],
                "\n".join(tree[:500]),
                tree * 30,
                tree[: len(tree) // 2],
                f" {tree} ",
                {"text": "7aCA"},
            ),
            choices,
        )
    if isinstance(tree, (int, float)) and not isinstance(tree, bool):
        return one_of(
            (
                -tree,
                tree + 1,
                tree - 1,
                _HUGE,
                {"float": "nan"},
                str(tree),
                [tree],
                0,
                True,
                tree * 0.5,
                50_257,
                1e300,
                -(2**63),
            ),
            choices,
        )
    return one_of(ODD, choices)


def _bent_tag(tag: str, content: Any, choices: Choices) -> Any:
    if tag == "tensor":
        return {"tensor": _bent_tensor(content, choices)}
    if tag == "handle":
        number, name = one_of(_HANDLES, choices)
        return {"handle": {"id": one_of((content["id"], content["id"] + 1, number), choices), "type": name}}
    if not isinstance(content, list):
        return one_of(ODD, choices)
    new = _bent_list(content, choices)
    return {tag: new} if isinstance(new, list) else new


def _bent_list(parts: list[Any], choices: Choices) -> Any:
    place = choices.below(256) * len(parts) // 256
    replaced = [*parts[:place], one_of(ODD, choices), *parts[place + 1 :]]
    return one_of(
        (
            [],
            parts[:-1],
            parts[1:],
            parts + parts,
            parts[::-1],
            parts[:1],
            parts[:2],
            parts[: len(parts) // 2],
            [parts],
            parts * 20,
            [parts[0] for _ in parts],
            replaced,
            replaced,
            [*parts, one_of(ODD, choices)],
            {"tuple": parts},
            {"set": parts},
            {"dict": [[i, part] for i, part in enumerate(parts)]},
        ),
        choices,
    )


def _bent_tensor(content: dict[str, Any], choices: Choices) -> dict[str, Any]:
    """A tensor of another shape, type or content."""
    dtype, shape, raw = content["dtype"], list(content["shape"]), base64.b64decode(content["data"])
    size = _SIZES[dtype]
    count, first = len(raw) // size, raw[:size]
    shapes = ([count], [1, *shape], [*shape, 1], shape[::-1], [count, 1], [1, count], [1] * 5 + shape[:2])
    changes: list[dict[str, Any]] = [
        *({"dtype": name} for name, width in _SIZES.items() if width == size),
        *({"shape": new} for new in shapes if len(new) < 9 and math.prod(new) == count),
        {"shape": [0], "raw": b""},
        {"shape": [*shape[:6], 0], "raw": b""},
        {"raw": bytes(len(raw))},
        {"raw": raw[::-1]},
        {"raw": b"\xff" * len(raw)},
        {"raw": (b"\0\0\xc0\x7f" * (len(raw) // 4 + 1))[: len(raw)]},
        {"dtype": "uint8", "shape": [min(len(raw), 9)], "raw": raw[:9]},
    ]
    if first:
        changes += [{"shape": [], "raw": first}, {"shape": [1], "raw": first}]
    if shape and shape[0] > 1:
        changes.append({"shape": [1, *shape[1:]], "raw": raw[: len(raw) // shape[0]]})
    new = one_of(changes, choices)
    data = base64.b64encode(new.get("raw", raw)).decode()
    return {"dtype": new.get("dtype", dtype), "shape": new.get("shape", shape), "data": data}
