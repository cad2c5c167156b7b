"""Answers questions about a notebook that has run: looks up names, calls, indexes, iterates."""

from collections.abc import Callable
from itertools import islice
from typing import Any

from grader.protocol.messages import Reply, Request, Trouble
from grader.protocol.values import WireError, as_torch, from_tree, to_tree
from grader.sandbox.elsewhere import Absent, why_absent
from grader.sandbox.notebook import Notebook
from grader.sandbox.seeds import seed_everything

MAX_ITEMS = 10_000


class Answerer:
    """Keeps the objects that left as handles, and answers one request after another."""

    def __init__(self, notebook: Notebook, supply: Callable[[str], object]) -> None:
        self.notebook = notebook
        self._supply = supply
        self._handles: list[object] = []

    def answer(self, request: Request) -> Reply:
        """The reply to a question; never raises for what the student's code does."""
        try:
            args = {name: self.unpack(tree) for name, tree in request.args.items()}
            action = self._ACTIONS[request.op]
        except (WireError, LookupError) as error:
            unread = Trouble(kind="not_plain", message=f"a question that cannot be read: {error}")
            return Reply(id=request.id, trouble=unread)
        value, trouble, printed = self.notebook.call(lambda: self._packed(action(self, **args)))
        if trouble is not None and trouble.type in ("_MissingError", "WireError"):
            kind = "missing" if trouble.type == "_MissingError" else "not_plain"
            trouble = Trouble(kind=kind, message=trouble.message)
        return Reply(id=request.id, value=value, trouble=trouble, printed=printed)

    def unpack(self, tree: object) -> Any:
        """The value of a tree that came from the trusted side."""
        return from_tree(tree, self._open, as_torch)

    def _packed(self, value: object) -> object:
        return to_tree(value, self._keep)

    def _keep(self, value: object) -> dict[str, Any]:
        self._handles.append(value)
        return {"handle": {"id": len(self._handles) - 1, "type": type(value).__name__[:200]}}

    def _open(self, tag: str, content: object) -> object:
        if tag == "handle" and isinstance(content, int):
            return self._handles[content]
        if tag == "supply" and isinstance(content, str):
            return self._supply(content)
        raise WireError(f"unknown tag {tag}")

    # --- the questions ---

    def _get(self, name: str) -> object:
        if name not in self.notebook.namespace:
            raise _MissingError(f"`{name}` is not defined")
        value = self.notebook.namespace[name]
        if type(value) is Absent:
            raise why_absent(value)
        return value

    def _has(self, name: str) -> bool:
        return name in self.notebook.namespace

    def _names(self, own: bool) -> dict[str, str]:
        hidden = self.notebook.provided | {"__givens__", "__builtins__"}
        names = self.notebook.own if own else self.notebook.namespace
        return {
            name: type(value).__name__ for name, value in self.notebook.items() if name in names and name not in hidden
        }

    def _output(self) -> str:
        return self.notebook.output

    def _call(self, target: Any, args: list[object], kwargs: dict[str, object]) -> object:
        return target(*args, **kwargs)

    def _attr(self, target: object, name: str) -> object:
        return getattr(target, name)

    def _item(self, target: Any, key: object) -> object:
        return target[key]

    def _len(self, target: Any) -> int:
        return len(target)

    def _iter(self, target: Any) -> list[object]:
        return list(islice(iter(target), MAX_ITEMS))

    def _seed(self, number: int) -> None:
        seed_everything(number)

    def _probe(self, name: str, args: list[object], kwargs: dict[str, object]) -> object:
        from grader.sandbox.course import probes

        return getattr(probes, name)(self.notebook, *args, **kwargs)

    _ACTIONS: dict[str, Callable[..., object]] = {  # noqa: RUF012 - never changed
        "get": _get,
        "has": _has,
        "names": _names,
        "output": _output,
        "call": _call,
        "attr": _attr,
        "item": _item,
        "len": _len,
        "iter": _iter,
        "seed": _seed,
        "probe": _probe,
    }


class _MissingError(Exception):
    """The name is not defined."""
