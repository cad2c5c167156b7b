"""What a notebook counts on where it was written and does not find here: packages, devices, drives, IPython's shell.

None of that may cost an answer that does not need it. A statement that fails for such a reason is passed over, and what
it would have made says why as soon as somebody uses it.
"""

import ast
import errno
import re
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any, NoReturn

_DEVICE = re.compile(r"(cuda|mps|xpu)(:\d+)?")
_NO_DEVICE = ("not compiled with CUDA", "No CUDA GPUs", "Found no NVIDIA driver", "not linked with support for mps")
_LIMITS = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EAGAIN, errno.ENOMEM, errno.EMFILE})
"""Errors of the system that say that the code asked for too much."""
_PLACES = frozenset({"ls", "pwd", "cd", "clear", "cls", "who", "whos"})
"""Commands of IPython that parse as names."""
_OF_A_DOWNLOAD = frozenset(
    {"cache_dir", "force_download", "resume_download", "local_files_only", "token", "use_auth_token", "proxies"}
)
_OF_A_DEVICE = frozenset({"attn_implementation", "load_in_8bit", "load_in_4bit", "quantization_config"})
"""Options of `from_pretrained` that make no difference to what is loaded."""
TIMED_CELLS = frozenset({"time", "timeit", "capture", "prun", "memit", "mprun", "debug"})
"""Magics of a whole cell that is Python."""


class Absent:
    """Stands for what could not be had here. Every use of it raises the error that kept it away."""

    __slots__ = ("_error",)
    _error: Exception

    def __init__(self, error: Exception) -> None:
        object.__setattr__(self, "_error", error)

    def _raise(self, *_: object, **__: object) -> NoReturn:
        raise why_absent(self)

    __getattr__ = __setattr__ = __call__ = __getitem__ = __setitem__ = __iter__ = __len__ = _raise
    __enter__ = __exit__ = __add__ = __radd__ = __mul__ = __matmul__ = __str__ = _raise


def why_absent(value: Absent) -> Exception:
    """The error that kept it away, to be raised again."""
    return copy(value._error).with_traceback(None)


def is_missing_here(error: BaseException) -> bool:
    """Whether an error says that this machine lacks something: a package, a file, the network, a device."""
    if isinstance(error, (ImportError, OSError)):
        return getattr(error, "errno", None) not in _LIMITS
    if isinstance(error, (AssertionError, RuntimeError)) and any(words in str(error) for words in _NO_DEVICE):
        return True
    return error.__cause__ is not None and is_missing_here(error.__cause__)


def uses_absent(statement: ast.stmt, namespace: dict[str, Any]) -> bool:
    """Whether a statement reads a name that stands for something absent."""
    names = (part.id for part in ast.walk(statement) if isinstance(part, ast.Name))
    return any(type(namespace.get(name)) is Absent for name in names)


def adapted(tree: ast.Module, *, has_device: bool) -> ast.Module:
    """The cell for this machine.

    Imports of several names become one statement each, IPython's commands for the terminal go, models are loaded
    without the options of a download, and where there is no other device, the name of one becomes `cpu`.
    """
    tree.body = [part for statement in tree.body for part in _parted(statement) if not _is_command(part)]
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _loads_a_model(call):
            call.keywords = [option for option in call.keywords if option.arg not in _OF_A_DOWNLOAD]
            if not has_device:
                call.keywords = [option for option in call.keywords if option.arg not in _OF_A_DEVICE]
    if not has_device:
        tree = _OnProcessor().visit(tree)
    return ast.fix_missing_locations(tree)


def _loads_a_model(call: ast.Call) -> bool:
    function = call.func
    return (isinstance(function, ast.Attribute) and function.attr == "from_pretrained") or (
        isinstance(function, ast.Name) and function.id == "pipeline"
    )


def _parted(statement: ast.stmt) -> Iterator[ast.stmt]:
    if not isinstance(statement, (ast.Import, ast.ImportFrom)):
        yield statement
        return
    for alias in statement.names:
        one = ast.Import([alias]) if isinstance(statement, ast.Import) else None
        part = one or ast.ImportFrom(statement.module, [alias], statement.level)  # type: ignore[union-attr]
        yield ast.copy_location(part, statement)


def _is_command(statement: ast.stmt) -> bool:
    """Whether it is `ls`, or `ls -la`, which Python takes for a difference."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    value = value.left if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub) else value
    return isinstance(value, ast.Name) and value.id in _PLACES


class _OnProcessor(ast.NodeTransformer):
    """Turns `"cuda"` into `"cpu"`, and `.cuda()` into `.cpu()`; what is compared with stays."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, str) and _DEVICE.fullmatch(node.value):
            return ast.copy_location(ast.Constant("cpu"), node)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.Compare:
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr in ("cuda", "xpu") and len(node.args) <= 1:
            is_library = isinstance(function.value, ast.Name) and function.value.id == "torch"
            if not is_library:
                function.attr, node.args, node.keywords = "cpu", [], []
        return node


class Shell:
    """What `get_ipython()` gives: an IPython shell that runs Python, and nothing else."""

    def __init__(self, run: Callable[[str], None]) -> None:
        self._run = run

    def run_cell_magic(self, name: str, _line: str, cell: str) -> None:
        """Runs the cell, if it is Python that is timed or captured."""
        if name in TIMED_CELLS:
            self._run(cell)

    def run_line_magic(self, name: str, line: str = "", *_: object) -> None:
        """Runs the line, if it is Python that is timed."""
        if name in ("time", "timeit"):
            self._run(line)

    def run_cell(self, cell: str, *_: object, **__: object) -> None:
        """Runs the cell."""
        self._run(cell)

    def getoutput(self, *_: object, **__: object) -> list[str]:
        """What no command says here."""
        return []

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: None
