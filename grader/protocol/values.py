"""Values as trees of plain data, and back: what may stand in a message of the wire.

A value becomes a JSON tree in which every object is a single tag: `{"tuple": [...]}`, `{"tensor": {...}}`,
`{"handle": {...}}`. Nothing is pickled and nothing is evaluated; the reader rebuilds exact builtin types and
torch tensors, so an object that lies about itself arrives as plain data or not at all.
"""

import math
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import torch

MAX_BYTES = 16 << 20
"""Bytes of one tensor or array. Logits of eight tokens of GPT-2 take 2 MB."""
MAX_DEPTH = 32
MAX_NODES = 400_000
MAX_SAME_HASH = 64
"""Keys of one dict or set that may share a hash."""
_SEQUENCES_OF_SORTS: tuple[type[Any], ...] = (range, type({}.keys()), type({}.values()), type({}.items()))
_MAX_INT_DIGITS = 4_000
_MAX_INT_BITS = 12_000
_ITEM_SIZE = {
    "float64": 8,
    "float32": 4,
    "float16": 2,
    "bfloat16": 2,
    "int64": 8,
    "int32": 4,
    "int16": 2,
    "int8": 1,
    "uint8": 1,
    "bool": 1,
}


class WireError(ValueError):
    """What came, or was to be sent, is not plain data within the caps."""


# --- values -> trees ----------------------------------------------------------------------


def to_tree(value: object, keep: Callable[[object], dict[str, Any] | None]) -> Any:
    """The value as a JSON tree.

    Args:
        value: anything.
        keep: called with each object that is not plain data; returns the tree that stands for it (a handle), or
            None to refuse it.

    Raises:
        WireError: refused, too deep, or too many parts.
    """
    budget = [MAX_NODES]

    def walk(item: object, depth: int) -> Any:  # noqa: PLR0911 - one return per kind of data
        budget[0] -= 1
        if depth > MAX_DEPTH or budget[0] < 0:
            raise WireError("the value is nested too deep or has too many parts")
        if item is None or item is True or item is False:
            return item
        leaf = _leaf_tree(item)
        if leaf is not None:
            return leaf
        if type(item) is list or isinstance(item, _SEQUENCES_OF_SORTS):
            return [walk(part, depth + 1) for part in list(item)]
        if isinstance(item, (tuple, list)):
            name = "tuple" if isinstance(item, tuple) else "list"
            return {name: [walk(part, depth + 1) for part in list(item)]}
        if isinstance(item, dict):
            return {"dict": [[walk(k, depth + 1), walk(v, depth + 1)] for k, v in list(item.items())]}
        if isinstance(item, (set, frozenset)):
            return {"set": [walk(part, depth + 1) for part in list(item)]}
        array = _array_tree(item)
        if array is not None:
            return array
        kept = keep(item)
        if kept is None:
            raise WireError(f"a {type(item).__name__} is not plain data")
        return kept

    return walk(value, 0)


def _leaf_tree(item: object) -> Any:
    """The tree of a number or a text; None for what is neither."""
    if isinstance(item, int):
        return _int_tree(int(item))
    if isinstance(item, float):
        number = float(item)
        return number if math.isfinite(number) else {"float": repr(number)}
    if isinstance(item, str):
        return _text_tree(str.__str__(item))
    if isinstance(item, (bytes, bytearray)):
        return {"bytes": b64encode(bytes(item)).decode("ascii")}
    return None


def _int_tree(value: int) -> Any:
    if -(2**63) <= value < 2**63:
        return value
    if value.bit_length() > _MAX_INT_BITS:
        raise WireError("an integer with thousands of digits")
    return {"int": str(value)}


def _text_tree(value: str) -> Any:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate: real when bytes of an emoji are decoded one by one
        return {"text": b64encode(value.encode("utf-8", "surrogatepass")).decode("ascii")}
    return value


def _array_tree(item: object) -> dict[str, Any] | None:
    """Tensors and numpy arrays and scalars, known by their class's name so that nothing heavy is imported."""
    names = {f"{cls.__module__}.{cls.__qualname__}" for cls in type(item).__mro__}
    if "torch.Tensor" in names:
        import torch

        assert isinstance(item, torch.Tensor)  # noqa: S101 - for the type checker
        plain = item.detach().to("cpu").contiguous()
        dtype = str(plain.dtype).removeprefix("torch.")
        if dtype not in _ITEM_SIZE or plain.numel() * _ITEM_SIZE[dtype] > MAX_BYTES:
            raise WireError(f"a tensor of dtype {dtype} and shape {tuple(plain.shape)} cannot cross")
        data = plain.reshape(-1).view(torch.uint8).numpy().tobytes()
        return _tensor_tree(dtype, list(plain.shape), data)
    if "numpy.ndarray" in names:
        import numpy as np

        assert isinstance(item, np.ndarray)  # noqa: S101 - for the type checker
        if type(item).__name__ == "BFloat16Array":
            bits = np.ascontiguousarray(item, dtype="<f4").view("<u4") >> 16
            return _tensor_tree("bfloat16", list(item.shape), bits.astype("<u2").tobytes())
        if item.dtype.name not in _ITEM_SIZE or item.nbytes > MAX_BYTES:
            raise WireError(f"an array of dtype {item.dtype.name} and shape {item.shape} cannot cross")
        return _tensor_tree(item.dtype.name, list(item.shape), np.ascontiguousarray(item).tobytes())
    if "numpy.generic" in names:
        scalar = item.item()  # type: ignore[attr-defined]
        return to_tree(scalar, lambda _: None)  # type: ignore[no-any-return]
    if "torch.dtype" in names or "torch.device" in names:
        return {"named": str(item)}
    return None


def _tensor_tree(dtype: str, shape: list[int], data: bytes) -> dict[str, Any]:
    return {"tensor": {"dtype": dtype, "shape": shape, "data": b64encode(data).decode("ascii")}}


# --- trees -> values ----------------------------------------------------------------------


Content = tuple[str, list[int], bytearray]
"""Of a tensor: its dtype, its shape, and its numbers."""


def from_tree(
    tree: object, open_tag: Callable[[str, Any], object], make_tensor: Callable[[Content], object] | None = None
) -> Any:
    """The value that a tree stands for.

    Args:
        tree: as decoded from JSON.
        open_tag: called with (tag, content) for tags that are not plain data (`handle`, `supply`); it must check
            the content itself and raise WireError for what it does not know.
        make_tensor: makes something of a tensor; a NumPy array, unless told otherwise.

    Raises:
        WireError: the tree breaks a rule.
    """
    budget = [MAX_NODES]

    def walk(node: object, depth: int) -> Any:
        budget[0] -= 1
        if depth > MAX_DEPTH or budget[0] < 0:
            raise WireError("nested too deep or too many parts")
        if node is None or isinstance(node, (bool, int, float, str)):
            return node
        if isinstance(node, list):
            return [walk(part, depth + 1) for part in node]
        if not isinstance(node, dict) or len(node) != 1:
            raise WireError("an object on the wire is a single tag")
        ((tag, content),) = node.items()
        if tag in ("tuple", "set", "list"):
            parts = [walk(part, depth + 1) for part in _a_list(content)]
            return parts if tag == "list" else tuple(parts) if tag == "tuple" else _hashable(set, parts)
        if tag == "dict":
            pairs = [tuple(walk(part, depth + 1) for part in _a_list(pair, 2)) for pair in _a_list(content)]
            return _hashable(dict, pairs)
        if tag == "tensor":
            return (make_tensor or as_array)(_tensor(content))
        return _leaf(tag, content) if tag in _LEAVES else open_tag(tag, content)

    return walk(tree, 0)


def _hashable(build: Callable[[list[Any]], object], parts: list[Any]) -> object:
    keys = parts if build is set else [pair[0] for pair in parts]
    try:
        # Counted by hash, in linear time: thousands of keys made to collide would keep this process busy for minutes.
        if max(Counter(map(hash, keys)).values(), default=0) > MAX_SAME_HASH:
            raise WireError("keys that were made to collide")
        return build(parts)
    except TypeError:
        raise WireError("a key or set member that cannot be one") from None


def _a_list(content: object, length: int | None = None) -> list[Any]:
    if not isinstance(content, list) or (length is not None and len(content) != length):
        raise WireError("a list of another shape was due")
    return content


def _leaf(tag: str, content: object) -> object:
    if not isinstance(content, str):
        raise WireError(f"{tag}: text was due")
    try:
        return _LEAVES[tag](content)
    except ValueError:
        raise WireError(f"{tag}: cannot be read") from None


def _big_int(text: str) -> int:
    value = int(text) if len(text) <= _MAX_INT_DIGITS else None
    if value is None or value.bit_length() > _MAX_INT_BITS:
        raise WireError("an integer with thousands of digits")
    return value


def _odd_float(text: str) -> float:
    if text not in ("nan", "inf", "-inf"):
        raise WireError("a float that JSON could have carried")
    return float(text)


def _tensor(content: object) -> Content:
    if not isinstance(content, dict) or set(content) != {"dtype", "shape", "data"}:
        raise WireError("tensor: dtype, shape and data were due")
    dtype, shape, data = content["dtype"], content["shape"], content["data"]
    sound = dtype in _ITEM_SIZE if isinstance(dtype, str) else False
    if not sound or not isinstance(data, str) or not isinstance(shape, list) or len(shape) > 8:
        raise WireError("tensor: unknown dtype or shape")
    if not all(type(n) is int and 0 <= n <= MAX_BYTES for n in shape):
        raise WireError("tensor: a size is out of range")
    try:
        raw = b64decode(data, validate=True)
    except ValueError:
        raise WireError("tensor: data is not base64") from None
    if math.prod(shape) * _ITEM_SIZE[dtype] != len(raw):
        raise WireError("tensor: shape and data disagree")
    if math.prod(max(size, 1) for size in shape) > MAX_BYTES:  # strides are computed of the other sizes beside a 0
        raise WireError("tensor: a size is out of range")
    return dtype, shape, bytearray(raw)


def as_torch(content: Content) -> "torch.Tensor":
    """The tensor: for the student's side."""
    import torch

    dtype, shape, raw = content
    if not raw:
        return torch.empty(shape, dtype=getattr(torch, dtype))
    if dtype == "bool":  # a byte other than 0 and 1 is no bool
        return torch.frombuffer(raw, dtype=torch.uint8).ne(0).reshape(shape)
    return torch.frombuffer(raw, dtype=getattr(torch, dtype)).reshape(shape)


def as_array(content: Content) -> "np.ndarray[Any, Any]":
    """The array: for the trusted side, which computes with NumPy. bfloat16 becomes a `BFloat16Array`."""
    import numpy as np

    from grader.protocol.arrays import BFloat16Array

    dtype, shape, raw = content
    if dtype == "bool":
        return np.asarray(np.frombuffer(raw, dtype=np.uint8) != 0).reshape(shape)
    if dtype == "bfloat16":
        bits = np.frombuffer(raw, dtype="<u2").astype("<u4") << 16
        numbers: np.ndarray[Any, Any] = bits.view("<f4").reshape(shape).view(BFloat16Array)
        return numbers
    return np.frombuffer(raw, dtype=np.dtype(dtype).newbyteorder("<")).reshape(shape)


_LEAVES: dict[str, Callable[[str], object]] = {
    "int": _big_int,
    "float": _odd_float,
    "text": lambda text: b64decode(text, validate=True).decode("utf-8", "surrogatepass"),
    "bytes": lambda text: b64decode(text, validate=True),
    "named": lambda text: text[:200],
}
