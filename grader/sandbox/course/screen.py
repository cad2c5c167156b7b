"""A person in front of the widgets that a notebook displayed: finds the controls, sets them, presses, reads."""

import io
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from functools import partial
from itertools import pairwise
from typing import Any

from grader.sandbox.notebook import Notebook

PATIENCE_S = 20.0
"""How long a person waits for work that goes on in the background after a press."""
STILL_LOOKS = 90
"""So often it must have been looked at in vain before a text that stands still counts as whole."""
NEW_TOKENS, TOTAL_TOKENS = 8, 64
"""What a person asks for who need not read much; the second where a control may count the prompt as well."""

_PRESS = r"generat|run|go\b|submit|send|ask|play|start|create|write"
_NO_PRESS = r"clear|reset|stop|cancel|delete|copy|save|exampl|random|download"
_PROMPT = r"prompt|question|message|input|enter|ask|type|write"
_ANSWER = r"output|result|answer|response|repl|generated"
_NO_HEAT = r"top|nucleus|penalty|\bp\b|\bk\b|beam|length|token"
_LENGTH = r"token|length|words|max|size"


class Screen:
    """The widgets that were displayed, and which of them is what."""

    def __init__(self, notebook: Notebook) -> None:
        import ipywidgets

        self._kinds, self._notebook = ipywidgets, notebook
        self.widgets = list(self._reach())
        self._names = {id(w): name for name, w in self._named(notebook)}
        menus = [w for w in self.widgets if _options(w)]
        self.model = _first([w for w in menus if _offers(w, r"gpt|qwen")])
        self.strategy = _first([w for w in menus if _offers(w, r"greedy|top.?[kp]\b|beam")])
        self.temperature = self._find_temperature(menus)
        boxes = [w for w in self._of("Text", "Textarea", "Combobox") if not w.disabled and w not in menus]
        boxes = [w for w in boxes if not re.search(_ANSWER, self._label(w))] or boxes
        self.prompt = _first([w for w in boxes if re.search(_PROMPT, self._label(w))] or boxes)
        self.buttons = self._find_buttons()
        self._keep_first_texts()

    def can_be_pressed(self) -> bool:
        """Whether there is a button, or something else that a person presses to start."""
        return bool(self.buttons or self._switch() or self._submits())

    def is_live(self) -> bool:
        """Whether a box of `interact` or `interactive` is there, which starts anew with every change."""
        return bool(self._live())

    def fill_in(self, prompt: str, model: list[str], strategy: list[str], temperature: float | None) -> None:
        """Types the prompt, makes the choices, asks for a short text."""
        for w in self._of("IntSlider", "BoundedIntText", "IntText", "FloatSlider"):
            if w is not self.temperature and re.search(_LENGTH, self._label(w)):
                _turn(w, min(w.value, NEW_TOKENS if "new" in self._label(w) else TOTAL_TOKENS))
        for menu, wanted in ((self.model, model), (self.strategy, strategy)):
            if menu is not None:
                _choose(menu, wanted)
        if self.temperature is not None and temperature is not None:
            _turn(self.temperature, temperature)
        if self.prompt is not None:
            self.prompt.value = prompt

    def press(self) -> str:
        """Presses the button; another one where nothing comes of it. Returns what the widgets show then.

        What is printed and displayed on the way is printed again.
        """
        if not self._actions():
            return self._news({})
        for action in self._actions()[:3]:
            before, printed = self.texts(), io.StringIO()
            try:
                with redirect_stdout(printed), self._hidden_outputs():
                    threads = set(threading.enumerate())
                    action()
                    self._wait(set(threading.enumerate()) - threads, printed)
            finally:
                sys.stdout.write(printed.getvalue())
            shown = self._news(before)
            if shown.strip() or printed.getvalue().strip():
                return shown
        return ""

    def texts(self) -> dict[tuple[int, str], str]:
        """What stands in the widgets that can show text, those that a person writes into aside."""
        inputs = {id(w) for w in (self.prompt, self.model, self.strategy, self.temperature)}
        found = dict[tuple[int, str], str]()
        for w in self._reach():
            if isinstance(getattr(w, "value", None), str) and id(w) not in inputs:
                found[id(w), "value"] = w.value
            if isinstance(w, self._kinds.Output):
                found[id(w), "outputs"] = "\n".join(_output_text(part) for part in w.outputs)
        return found

    # --- pressing ---

    @contextmanager
    def _hidden_outputs(self) -> Iterator[None]:
        """Meanwhile what is printed into an Output that is not on the screen is lost, as in a notebook."""
        kind, swallowed = self._kinds.Output, list[Any]()
        enter, leave = kind.__enter__, kind.__exit__

        def entered(output: Any) -> Any:
            is_hidden = all(w is not output for w in self._reach())
            swallowed.append(redirect_stdout(io.StringIO()) if is_hidden else nullcontext())
            swallowed[-1].__enter__()
            return enter(output)

        def left(output: Any, *error: Any) -> Any:
            if swallowed:
                swallowed.pop().__exit__(*error)
            return leave(output, *error)

        kind.__enter__, kind.__exit__ = entered, left
        try:
            yield
        finally:
            kind.__enter__, kind.__exit__ = enter, leave

    def _actions(self) -> list[Callable[[], Any]]:
        """Ways to set it off: each button, then whatever else starts it."""
        actions = [partial(_call_all, button._click_handlers.callbacks, button) for button in self.buttons]
        switch, submits = self._switch(), self._submits()
        if switch is not None:
            actions.append(partial(setattr, switch, "value", not switch.value))
        if submits:
            actions.append(partial(_call_all, submits, self.prompt))
        return actions + [w.update for w in self._live()]

    def _switch(self) -> Any:
        """A toggle that serves as a button."""
        toggles = [w for w in self._of("ToggleButton") if re.search(_PRESS, self._label(w))]
        return None if self.buttons else _first(toggles)

    def _submits(self) -> list[Any]:
        """What the prompt box does when the return key is pressed."""
        return list(getattr(getattr(self.prompt, "_submission_callbacks", None), "callbacks", ()))

    def _live(self) -> list[Any]:
        """Boxes of `interact` and `interactive`, which start anew with every change."""
        return [w for w in self.widgets if isinstance(w, self._kinds.interactive) and not w.manual]

    def _wait(self, threads: set[threading.Thread], printed: io.StringIO) -> None:
        """Waits for work in the background: for its end, or until what it shows has stood still for a while."""
        end, still_since, last, looks = time.monotonic() + PATIENCE_S, time.monotonic(), "", 0
        while any(thread.is_alive() for thread in threads) and time.monotonic() < end:
            now = printed.getvalue() + repr(self.texts())
            if now != last:
                last, still_since, looks = now, time.monotonic(), 0
            looks += 1  # on a busy machine a second may pass in which nobody gets to work, not even this
            stands_still = time.monotonic() - still_since > 1 and looks > STILL_LOOKS
            if self._news({}).strip() + printed.getvalue().strip() and stands_still:
                return
            time.sleep(0.01)

    # --- reading ---

    def _keep_first_texts(self) -> None:
        for place, text in self.texts().items():
            w = next(w for w in self.widgets if id(w) == place[0])
            w.__dict__.setdefault("_first_texts", {}).setdefault(place[1], text)

    def _news(self, before: dict[tuple[int, str], str]) -> str:
        """What differs from the screen as it was built, without what an Output held before the press."""
        firsts = {id(w): w.__dict__.get("_first_texts", {}) for w in self._reach()}
        news = list[str]()
        for (number, kind), text in self.texts().items():
            old = before.get((number, kind), "")
            if text != firsts.get(number, {}).get(kind) or text != (old or text):
                news.append(text.removeprefix(old) if kind == "outputs" and text != old else text)
        return "\n".join(news)

    # --- finding ---

    def _reach(self) -> Iterator[Any]:
        """All widgets that were displayed, and what lies in them, in the order in which a person sees them."""
        seen, waiting = set[int](), list(self._roots())[::-1]
        while waiting:
            item = waiting.pop()
            if isinstance(item, self._kinds.Widget) and id(item) not in seen:
                seen.add(id(item))
                yield item
                waiting += list(getattr(item, "children", ()))[::-1]

    def _roots(self) -> Iterator[object]:
        yield from self._notebook.displayed
        for value in [*self._notebook.displayed, *(value for _, value in self._notebook.items())]:
            # `interact` displays by itself and leaves its box at the function.
            box = getattr(value, "widget", None) if callable(value) else None
            if box is not None:
                yield box

    def _named(self, notebook: Notebook) -> Iterator[tuple[str, Any]]:
        """Names of widgets: of variables, of attributes of objects, of keys; and labels that stand before them."""
        for name, value in notebook.items():
            is_own = type(value).__module__ == "__main__"
            inside = value if isinstance(value, dict) else vars(value) if is_own and hasattr(value, "__dict__") else {}
            for key, part in [(name, value), *list(inside.items())]:
                if isinstance(part, self._kinds.Widget):
                    yield str(key), part
        for box in self.widgets:
            for label, control in pairwise(getattr(box, "children", ())):
                if isinstance(label, (self._kinds.Label, self._kinds.HTML)) and not getattr(control, "description", ""):
                    yield str(label.value)[:60], control

    def _find_buttons(self) -> list[Any]:
        """Buttons, the likeliest to start it first; those that clear and stop are left out where there are others."""
        buttons = self._of("Button")
        harmless = [w for w in buttons if not re.search(_NO_PRESS, self._label(w))] or buttons
        return sorted(harmless, key=lambda w: not re.search(_PRESS, self._label(w)))

    def _find_temperature(self, menus: list[Any]) -> Any:
        numbers = self._of("FloatSlider", "FloatLogSlider", "BoundedFloatText", "FloatText", "SelectionSlider")
        all_kinds = [*numbers, *self._of("IntSlider"), *menus]
        named = [w for w in all_kinds if re.search(r"temp|heat|creativ", self._label(w))]
        menus_taken = (self.model, self.strategy)
        others = [w for w in numbers if not re.search(_NO_HEAT, self._label(w)) and w not in menus_taken]
        return _first([*named, *others])

    def _of(self, *kinds: str) -> list[Any]:
        return [w for w in self.widgets if isinstance(w, tuple(getattr(self._kinds, kind) for kind in kinds))]

    def _label(self, w: Any) -> str:
        parts = [getattr(w, trait, None) for trait in ("description", "placeholder", "tooltip")]
        return " ".join(str(part) for part in [*parts, self._names.get(id(w))] if part).lower().replace("_", " ")


def labels_of(menu: Any) -> list[str]:
    """What a menu offers."""
    return [label for label, _ in _options(menu)] if menu is not None else []


def _first(items: list[Any]) -> Any:
    return items[0] if items else None


def _call_all(handlers: Any, argument: Any) -> None:
    """Calls what was hung on a button, so that an error in it is not swallowed."""
    for handler in list(handlers):
        handler(argument)


def _options(w: Any) -> list[tuple[str, Any]]:
    """Pairs of label and value of a menu; of a Combobox, which takes free text, its suggestions."""
    if hasattr(w, "_options_labels"):
        return list(zip(map(str, w._options_labels), w._options_values, strict=False))
    return [(str(part), part) for part in w.options] if hasattr(w, "ensure_option") else []


def _entry(label: str, value: object) -> str:
    return f"{label} {value if isinstance(value, str) else ''}".lower()


def _offers(menu: Any, pattern: str) -> bool:
    return any(re.search(pattern, _entry(label, value)) for label, value in _options(menu))


def _choose(menu: Any, wanted: list[str]) -> None:
    for part in (re.sub(r"[^a-z0-9]", "", part.lower()) for part in wanted):
        for label, value in _options(menu):
            if part in re.sub(r"[^a-z0-9]", "", _entry(label, value)):
                _set_choice(menu, label, value)
                return


def _set_choice(menu: Any, label: str, value: object) -> None:
    if hasattr(menu, "label"):
        menu.label = label
    else:  # a menu for several choices, or a Combobox
        menu.value = (value,) if hasattr(menu, "_options_labels") else label


def _turn(control: Any, wanted: float) -> None:
    if _options(control):
        numbers = [value for _, value in _options(control) if isinstance(value, (int, float))]
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
