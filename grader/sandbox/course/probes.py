"""What suites ask for and the wire has no question for: runs on the student's side, and answers with plain data.

A probe knows no right answer. It looks around in the notebook, takes one training step, or uses the widgets as a
person at the screen would; what comes of it is judged on the other side.
"""

import inspect
import io
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from itertools import islice
from typing import Any

from grader.sandbox.course.screen import NEW_TOKENS, Screen, labels_of
from grader.sandbox.notebook import Notebook
from grader.sandbox.seeds import seed_everything

MAX_HELD = 400
MAX_LENGTH = 400


# --- 1.4: what the notebook holds ---------------------------------------------------------


def holdings(notebook: Notebook) -> dict[str, list[Any]]:
    """Short texts, lists of ids and lists of token pieces that the globals hold, also deep inside lists and dicts.

    Returns:
        `texts`: pairs of the global's name and the string; `ids` and `pieces`: flat lists.
    """
    texts, ids, pieces = list[Any](), list[Any](), list[Any]()
    hidden = notebook.provided | {"__givens__", "__builtins__"}
    for name, value in notebook.items():
        if name in hidden:
            continue
        for part in islice(_parts(value, depth=5), 2 * MAX_HELD):
            if isinstance(part, str):
                texts.append((name, part))
            elif all(type(item) is int for item in part):
                ids.append(part)
            else:
                pieces.append(part)
    # The newest last names are the cell's own.
    return {"texts": texts[-MAX_HELD:], "ids": ids[-MAX_HELD:], "pieces": pieces[-MAX_HELD:]}


def _parts(value: object, depth: int) -> Iterator[Any]:
    if hasattr(value, "tolist") and hasattr(value, "shape"):  # arrays and tensors
        value = value.tolist() if sum(value.shape) <= MAX_LENGTH else None
    if isinstance(value, str):
        if 0 < len(value) <= MAX_LENGTH:
            yield value
    elif isinstance(value, (list, tuple)):
        plain = 0 < len(value) <= MAX_LENGTH
        if plain and all(type(item) is int for item in value):
            yield list(value)
        elif plain and all(isinstance(item, (str, bytes)) for item in value):
            yield list(value)
            yield from (item for item in value if isinstance(item, str))
        elif depth:
            for item in value[:MAX_LENGTH]:
                yield from _parts(item, depth - 1)
    elif isinstance(value, dict) and depth:
        for item in list(value.values())[:MAX_LENGTH]:
            yield from _parts(item, depth - 1)


# --- 2.1: training ------------------------------------------------------------------------


def train_step(_: Notebook, module: Any, x: Any, rate: float) -> dict[str, Any]:
    """Takes one step of gradient descent that pulls every output towards 1.

    Returns:
        `before` and `after`: the outputs; `moved`: the shapes of the parameters that changed.
    """
    import torch

    parameters = list(module.parameters())
    old = [parameter.detach().clone() for parameter in parameters]
    optimizer = torch.optim.SGD(parameters, lr=rate)
    before = module(x)
    (before - 1).square().sum().backward()
    optimizer.step()
    moved = [tuple(now.shape) for was, now in zip(old, parameters, strict=True) if not torch.equal(was, now)]
    return {"before": before.detach(), "after": module(x).detach(), "moved": moved}


def makeup(_: Notebook, module: Any) -> dict[str, Any]:
    """What a module is made of.

    Returns:
        `layers`: the classes of torch or transformers, other than containers, that hold parameters in it, be it by
        inheritance; `forward`: where its `forward` is defined.
    """
    holders = [part for part in module.modules() if any(True for _ in part.parameters(recurse=False))]
    kinds = {kind for part in holders for kind in type(part).__mro__}
    ready = {
        kind.__name__
        for kind in kinds
        if kind.__module__.startswith(("torch.nn.modules.", "transformers."))
        and not kind.__module__.endswith((".module", ".container"))
    }
    return {"layers": sorted(ready), "forward": getattr(type(module).forward, "__module__", "")}


# --- 3.1, 5.1: what goes on inside a call ------------------------------------------------


def odds(_: Notebook, function: Callable[..., Any], arguments: list[Any], seed: int) -> list[Any]:
    """The odds of the first draw that torch makes while a function runs.

    Returns:
        How many of the odds are above 0, and the highest of them, in order, with a sum of 1 over all; an empty list
        where torch draws nothing.
    """
    import torch

    found, own = list[Any](), "multinomial" in vars(torch.Tensor)
    roll, method = torch.multinomial, torch.Tensor.multinomial

    def watch(rows: Any) -> None:
        if not found:
            row = rows.detach().reshape(-1, rows.shape[-1])[0].float()
            found.extend([int((row > 0).sum()), (row.sort(descending=True).values[:MAX_HELD] / row.sum()).tolist()])

    def rolled(rows: Any, *args: Any, **kwargs: Any) -> Any:
        watch(rows)
        return roll(rows, *args, **kwargs)

    seed_everything(seed)
    torch.multinomial, torch.Tensor.multinomial = rolled, rolled  # type: ignore[assignment, method-assign]
    try:
        function(*arguments)
    finally:
        torch.multinomial = roll
        if own:
            torch.Tensor.multinomial = method  # type: ignore[method-assign]
        else:
            del torch.Tensor.multinomial
    return found


def heard(notebook: Notebook, function: Callable[..., Any], key: str, arguments: dict[str, Any]) -> list[int]:
    """The token ids that `models[key]` is given first while a function runs; none where it is given none."""
    model = notebook.namespace["models"][key]
    ids = list[int]()

    def listen(_: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        given = kwargs.get("input_ids", args[0] if args else None)
        if given is not None and not ids:
            ids.extend(given.reshape(-1, given.shape[-1])[0].tolist())

    hook = model.register_forward_pre_hook(listen, with_kwargs=True)
    try:
        function(**arguments)
    except TypeError:  # its parameters have other names
        function(*arguments.values())
    finally:
        hook.remove()
    return ids


# --- 5.1: a person in front of the widgets ------------------------------------------------


def look(notebook: Notebook) -> dict[str, Any]:
    """What a person sees: which controls there are, and what the menus offer."""
    screen = Screen(notebook)
    return {
        "widgets": len(screen.widgets),
        "prompt": screen.prompt is not None,
        "models": labels_of(screen.model),
        "strategies": labels_of(screen.strategy),
        "temperature": screen.temperature is not None,
        "button": screen.can_be_pressed(),
    }


def press(notebook: Notebook, prompt: str, choices: dict[str, list[str]], temperature: float | None, seed: int) -> str:
    """Fills in the prompt, makes the choices, presses the button, and reads what appears.

    However long a text the playground asks for, a few tokens are generated: enough to judge by, and soon there.

    Args:
        notebook: where the widgets were displayed.
        prompt: what to type.
        choices: for `model` and `strategy` parts of a menu's entry, such as `qwen`; the first that fits counts.
        temperature: set when not None, within the slider's limits.
        seed: for torch, random and numpy right before the button is pressed.

    Returns:
        What was written into widgets. What was printed or displayed is the question's own output.
    """
    screen = Screen(notebook)
    with notebook._display_hooks("IPython"), short_texts(notebook.namespace):
        seed_everything(seed)
        # What is said on the way counts only where there is nothing to press.
        with redirect_stdout(io.StringIO()) if screen.can_be_pressed() or screen.is_live() else nullcontext():
            screen.fill_in(prompt, choices["model"], choices["strategy"], temperature)
        seed_everything(seed)
        return screen.press()


@contextmanager
def short_texts(namespace: dict[str, Any]) -> Iterator[None]:
    """Meanwhile the library's `generate` stops after a few tokens, and so do loops that go by `max_new_tokens`.

    A criterion of our own is added to those that a call brings along: nothing else about the call changes, whether it
    comes from the student's code or from a pipeline.
    """
    functions = [value for value in list(namespace.values()) if isinstance(value, types.FunctionType)]
    defaults = [(function, function.__defaults__, function.__kwdefaults__) for function in functions]
    # Where the library was never loaded, nothing calls it either.
    library = sys.modules.get("transformers.generation.utils")
    mixin: Any = getattr(library, "GenerationMixin", types.SimpleNamespace(generate=None))
    generate = mixin.generate

    def generate_little(self: Any, *args: Any, **kwargs: Any) -> Any:
        if len(args) < 4:
            kwargs["stopping_criteria"] = [*(kwargs.get("stopping_criteria") or ()), _stop_soon()]
        return generate(self, *args, **kwargs)

    for function in functions:
        _shorten(function)
    mixin.generate = generate_little
    try:
        yield
    finally:
        mixin.generate = generate
        for function, places, names in defaults:
            function.__defaults__, function.__kwdefaults__ = places, names


def _stop_soon() -> Callable[..., Any]:
    """A stopping criterion: a few new tokens are enough."""
    import torch

    start = list[int]()

    def is_enough(ids: Any, scores: Any, **_: Any) -> Any:  # noqa: ARG001
        start.append(ids.shape[-1] - 1)
        return torch.full((ids.shape[0],), ids.shape[-1] - start[0] >= NEW_TOKENS, dtype=torch.bool, device=ids.device)

    return is_enough


def _shorten(function: types.FunctionType) -> None:
    """Lowers the function's default for `max_new_tokens`."""
    for name, parameter in inspect.signature(function).parameters.items():
        if name != "max_new_tokens" or type(parameter.default) is not int or parameter.default <= NEW_TOKENS:
            continue
        if parameter.kind is parameter.KEYWORD_ONLY:
            function.__kwdefaults__ = {**(function.__kwdefaults__ or {}), name: NEW_TOKENS}
        else:
            names = function.__code__.co_varnames[: function.__code__.co_argcount]
            values = list(function.__defaults__ or ())
            values[names.index(name) - len(names)] = NEW_TOKENS
            function.__defaults__ = tuple(values)
