"""Visible checks of 5.1: the function, and the screen."""

import pytest

from grader.checks.answers import StudentError, a_mapping, a_text, ask, feedback, spoken_text

pytestmark = pytest.mark.exercise("5.1")


def generated(cell, seed, temperature):
    """What `generate_playground` says, by the names of its parameters or by their order."""
    names = {
        "model_key": "gpt2",
        "prompt": "Once upon a time",
        "strategy": "greedy",
        "temperature": temperature,
        "max_new_tokens": 8,
    }
    cell.seed(seed)
    try:
        value = ask(cell, "generate_playground", **names)
    except StudentError as error:
        if error.type_name != "TypeError":
            raise
        value = ask(cell, "generate_playground", *names.values())
    return spoken_text(value, cell.last_output, "`generate_playground(...)`")


def test_greedy_says_the_same_at_any_temperature(cell):
    """Greedy text does not depend on the temperature"""
    first, second = generated(cell, 1, 0.5), generated(cell, 2, 1.5)
    assert first.strip() and first == second, feedback(
        "greedy draws nothing, so the temperature has no say", expected=first, got=second
    )


def test_the_screen_has_its_controls(cell):
    """A prompt box, two menus, a temperature control and a button are displayed"""
    seen = a_mapping(cell.probe("look"), "the screen")
    for control in ("prompt", "models", "strategies", "temperature", "button"):
        assert seen.get(control), feedback(
            "a control is missing on the screen",
            expected=control,
            got=seen,
            hint="Put all widgets into a `VBox` and `display` it.",
        )


def test_pressing_the_button_shows_text(cell):
    """Pressing the button shows what the model says"""
    shown = cell.probe("press", "The little dog", {"model": ["gpt2"], "strategy": ["greedy"]}, 1.0, 1)
    text = cell.last_output + a_text(shown, "what the screen shows")
    assert text.strip(), feedback(
        "pressing the button shows nothing", hint="`button.on_click(handler)`, and print the text in an Output widget."
    )
