"""What suites ask for and the wire has no question for: runs on the student's side, and answers with plain data.

A probe knows no right answer. It looks around in the notebook, takes one training step, or uses the widgets as a
person at the screen would; what comes of it is judged on the other side.
"""

import re
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from grader.sandbox.answer import seed_everything
from grader.sandbox.notebook import Notebook

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
    for name, value in list(notebook.namespace.items()):
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


def train_step(_: Notebook, module: Any, x: Any, rate: float) -> dict[str, Any]:  # noqa: ANN401
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


def makeup(_: Notebook, module: Any) -> dict[str, Any]:  # noqa: ANN401
    """What a module is made of.

    Returns:
        `layers`: the classes of torch or transformers, other than containers, that hold parameters in it, be it by
        inheritance; `forward`: where its `forward` is defined.
    """
    holders = [part for part in module.modules() if any(True for _ in part.parameters(recurse=False))]
    kinds = {kind for part in holders for kind in type(part).__mro__}
    ready = {kind.__name__ for kind in kinds if kind.__module__.startswith(("torch.nn.modules.", "transformers."))
             and not kind.__module__.endswith((".module", ".container"))}  # fmt: skip
    return {"layers": sorted(ready), "forward": getattr(type(module).forward, "__module__", "")}


# --- 5.1: a person in front of the widgets ------------------------------------------------


def look(notebook: Notebook) -> dict[str, Any]:
    """What a person sees: which controls there are, and what the menus offer."""
    screen = _Screen(notebook)
    return {
        "widgets": len(screen.widgets),
        "prompt": screen.prompt is not None,
        "models": _labels(screen.model),
        "strategies": _labels(screen.strategy),
        "temperature": screen.temperature is not None,
        "button": screen.button is not None,
    }


def press(notebook: Notebook, prompt: str, choices: dict[str, list[str]], temperature: float | None, seed: int) -> str:
    """Fills in the prompt, makes the choices, presses the button, and reads what appears.

    Args:
        notebook: where the widgets were displayed.
        prompt: what to type.
        choices: for `model` and `strategy` parts of a menu's entry, such as `qwen`; the first that fits counts.
        temperature: set when not None, within the slider's limits.
        seed: for torch, random and numpy right before the button is pressed.

    Returns:
        What was written into widgets since. What was printed or displayed is the question's own output.
    """
    screen = _Screen(notebook)
    if screen.prompt is not None:
        screen.prompt.value = prompt
    for menu, wanted in ((screen.model, choices["model"]), (screen.strategy, choices["strategy"])):
        if menu is not None:
            _choose(menu, wanted)
    if screen.temperature is not None and temperature is not None:
        _turn(screen.temperature, temperature)
    seed_everything(seed)
    shown = screen.texts()
    with notebook._display_hooks("IPython"):
        screen.click()
    return "\n".join(text for place, text in screen.texts().items() if shown.get(place) != text)


class _Screen:
    """The widgets that were displayed, and which of them is what."""

    def __init__(self, notebook: Notebook) -> None:
        import ipywidgets

        self._kinds = ipywidgets
        self._names = {id(value): name for name, value in notebook.namespace.items()}
        self.widgets = list(self._reach(self._roots(notebook)))
        menus = [w for w in self.widgets if hasattr(w, "_options_labels")]
        self.model = _first(menus, lambda w: _offers(w, "gpt2") or _offers(w, "qwen"))
        self.strategy = _first(menus, lambda w: _offers(w, "greedy"))
        self.temperature = self._find_temperature()
        boxes = [w for w in self._of("Text", "Textarea", "Combobox") if not w.disabled]
        self.prompt = self._best(boxes, r"prompt|question|message|input|text|enter|ask")
        self.button = self._best(self._of("Button"), r"generat|run|go\b|submit|send|ask|play")

    def click(self) -> None:
        """Presses the button: calls what was hung on it, so that an error in it is not swallowed."""
        if self.button is None:
            return
        before = set(threading.enumerate())
        for handler in list(self.button._click_handlers.callbacks):
            handler(self.button)
        for thread in set(threading.enumerate()) - before:
            thread.join(20)

    def texts(self) -> dict[tuple[int, str], str]:
        """What stands in the widgets that can show text."""
        found = {(id(w), "value"): w.value for w in self.widgets if isinstance(getattr(w, "value", None), str)}
        for w in self._of("Output"):
            found[id(w), "outputs"] = "\n".join(_output_text(part) for part in w.outputs)
        return found

    def _roots(self, notebook: Notebook) -> Iterator[object]:
        yield from notebook.displayed
        for value in [*notebook.displayed, *notebook.namespace.values()]:
            # `interact` displays by itself and leaves its box at the function.
            box = getattr(value, "widget", None) if callable(value) else None
            if box is not None:
                yield box

    def _reach(self, roots: Iterator[object]) -> Iterator[Any]:
        seen, waiting = set[int](), list(roots)[::-1]
        while waiting:
            item = waiting.pop()
            if isinstance(item, self._kinds.Widget) and id(item) not in seen:
                seen.add(id(item))
                yield item
                waiting += list(getattr(item, "children", ()))[::-1]

    def _of(self, *kinds: str) -> list[Any]:
        return [w for w in self.widgets if isinstance(w, tuple(getattr(self._kinds, kind) for kind in kinds))]

    def _find_temperature(self) -> Any:  # noqa: ANN401
        numbers = self._of("FloatSlider", "FloatLogSlider", "BoundedFloatText", "FloatText", "SelectionSlider")
        named = [w for w in [*numbers, *self._of("IntSlider", "Dropdown")] if "temp" in self._label(w)]
        return _first([*named, *numbers], lambda _: True)

    def _best(self, widgets: list[Any], words: str) -> Any:  # noqa: ANN401
        return _first(widgets, lambda w: bool(re.search(words, self._label(w)))) or _first(widgets, lambda _: True)

    def _label(self, w: Any) -> str:  # noqa: ANN401
        parts = (getattr(w, "description", ""), getattr(w, "placeholder", ""), self._names.get(id(w), ""))
        return " ".join(str(part) for part in parts).lower()


def _first(items: list[Any], fits: Callable[[Any], bool]) -> Any:  # noqa: ANN401
    return next((item for item in items if fits(item)), None)


def _labels(menu: Any) -> list[str]:  # noqa: ANN401
    return [str(label) for label in menu._options_labels] if menu is not None else []


def _entries(menu: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    for label, value in zip(menu._options_labels, menu._options_values, strict=False):
        yield label, re.sub(r"[^a-z0-9]", "", f"{label} {value}".lower())


def _offers(menu: Any, wanted: str) -> bool:  # noqa: ANN401
    return any(wanted in letters for _, letters in _entries(menu))


def _choose(menu: Any, wanted: list[str]) -> None:  # noqa: ANN401
    letters = [re.sub(r"[^a-z0-9]", "", part.lower()) for part in wanted]
    fitting = [label for part in letters for label, entry in _entries(menu) if part in entry]
    if fitting:
        menu.label = fitting[0]


def _turn(control: Any, wanted: float) -> None:  # noqa: ANN401
    if hasattr(control, "_options_labels"):
        numbers = [value for value in control._options_values if isinstance(value, (int, float))]
        if numbers:
            control.value = min(numbers, key=lambda value: abs(value - wanted))
    elif isinstance(control.value, int):
        control.value = int(wanted)  # the widget keeps it within its limits
    else:
        control.value = wanted


def _output_text(part: dict[str, Any]) -> str:
    data = part.get("data") or {}
    texts = (part.get("text"), data.get("text/markdown"), data.get("text/html"), data.get("text/plain"))
    return next(("".join(text) for text in texts if text), "")
