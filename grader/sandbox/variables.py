"""What was in play where a student's code stopped: the names in that line and what they stood for, in words.

For students who check their own code. Across the wall nothing of this is told: values could carry hidden inputs out.
"""

import builtins
import re
import reprlib
import types
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Any

MAX_VALUES = 5
_FEW = 6
"""Numbers of a tensor that are shown one by one."""
_NAME = re.compile(r"(?<![\w.'\"])(self\.)?([A-Za-z_]\w*)")
_UNTOLD = (types.ModuleType, type, types.FunctionType, types.BuiltinFunctionType, types.MethodType)
_NOTHING = object()


def in_play(error: BaseException, filenames: Collection[str], text: str) -> tuple[dict[str, str], str]:
    """The values of the names in the line where the error came out of the student's code, and a name that was meant.

    Args:
        error: what was raised.
        filenames: the names under which the student's cells were compiled.
        text: that line.
    """
    frame, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in filenames:
            frame = trace.tb_frame
        trace = trace.tb_next
    if frame is None:
        return {}, ""
    values: dict[str, str] = {}
    for prefix, name in _NAME.findall(_without_strings(text)):
        value = _look_up(prefix, name, frame)
        if value is not _NOTHING and not isinstance(value, _UNTOLD) and len(values) < MAX_VALUES:
            values[prefix + name] = described(value)
    return values, _near(error, frame)


def described(value: Any) -> str:
    """A value in a few words: `a tensor of shape (2, 3)`, `None`, `a list of 4: ['a', 'b', ...]`."""
    kind = type(value)
    if kind.__module__.partition(".")[0] == "torch" and hasattr(value, "shape") and hasattr(value, "numel"):
        return _described_tensor(value)
    if kind.__module__ == "numpy" and hasattr(value, "shape"):
        return f"an array of shape {tuple(value.shape)}"
    if value is None or isinstance(value, (bool, int, float, str, bytes)):
        return _SHORT.repr(value)
    if kind in (list, tuple, set, frozenset, dict):
        return f"a {kind.__name__} of {len(value)}: {_SHORT.repr(value)}"
    return f"an object of class {kind.__name__}"


def _described_tensor(value: Any) -> str:
    dtype = str(value.dtype).removeprefix("torch.")
    numbers = f": {_SHORT.repr(value.tolist())}" if value.numel() <= _FEW else ""
    return f"a tensor of shape {tuple(value.shape)}, {dtype}{numbers}"


def _short() -> reprlib.Repr:
    short = reprlib.Repr()
    short.maxstring = short.maxother = 60
    short.maxlist = short.maxtuple = short.maxset = short.maxdict = 6
    short.maxlevel = 2
    return short


_SHORT = _short()


def _without_strings(text: str) -> str:
    """The line without the words in its string literals and its comment."""
    return re.sub(r"'[^']*'|\"[^\"]*\"|#.*", "", text)


def _look_up(prefix: str, name: str, frame: types.FrameType) -> object:
    places = (frame.f_locals, frame.f_globals)
    if not prefix:
        return next((place[name] for place in places if name in place), _NOTHING)
    try:
        return getattr(frame.f_locals["self"], name)
    except Exception:  # noqa: BLE001 - a student's own `__getattr__` may do anything
        return _NOTHING


def _near(error: BaseException, frame: types.FrameType) -> str:
    """A name that exists and looks like the one that does not."""
    name = getattr(error, "name", None)
    if not isinstance(name, str):
        return ""
    known: Iterable[str] = ()
    if isinstance(error, NameError):
        known = {*frame.f_locals, *frame.f_globals, *dir(builtins)} - {name}
    elif isinstance(error, AttributeError) and error.obj is not None:
        known = (one for one in type.__dir__(type(error.obj)) if not one.startswith("_"))
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.75)), "")
