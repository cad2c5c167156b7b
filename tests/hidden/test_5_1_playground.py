"""Hidden checks of 5.1: the function by what it says, and the widgets as a person would use them."""

import pytest

from grader import prompts, wording
from grader.suite import StudentError, a_mapping, a_said_text, a_text, ask, feedback

pytestmark = pytest.mark.exercise("5.1")


def say(cell, model, prompt, strategy, temperature, length):
    """What `generate_playground` says."""
    value = ask(cell, "generate_playground", model, prompt, strategy, temperature, length)
    return a_said_text(value, cell.last_output, "what `generate_playground` returns")


def low_and_high(cell, prompt, spellings, seeds):
    """What is said at temperatures 0.02 and 2, each with the same seeds.

    By the first spelling of the strategy for which that makes a difference: a function may refuse the other, or take
    it for greedy.
    """
    for number, strategy in enumerate(spellings):
        try:
            said = {}
            for temperature in (0.02, 2.0):
                said[temperature] = []
                for seed in seeds:
                    cell.seed(seed)
                    said[temperature].append(wording.plain(say(cell, "gpt2", prompt, strategy, temperature, 6)))
        except StudentError:
            if number == len(spellings) - 1:
                raise
            continue
        if said[0.02] != said[2.0]:
            break
    return said[0.02], said[2.0]


def press(cell, prompt, model, strategies, temperature, seed):
    """What appears when a person types, chooses and presses the button."""
    shown = cell.probe("press", prompt, {"model": [model], "strategy": strategies}, temperature, seed)
    return wording.plain(cell.last_output + "\n" + a_text(shown, "what the widgets show"))


@pytest.mark.points(2)
def test_playground_function_generates(cell, rng):
    """`generate_playground` continues the prompt; greedy takes the most likely tokens"""
    for prompt in prompts.clear_prompts(rng, 2, 8):
        assert wording.is_said(say(cell, "gpt2", prompt, "greedy", 1.0, 8), prompt, prompts.greedy_text(prompt, 8), whole=False), feedback(
            "greedy does not continue the prompt with the most likely tokens",
            hint="Tokenize the prompt, let the chosen model generate without sampling, decode, and return the text.")


@pytest.mark.points(1)
def test_playground_function_serves_both_models(cell, rng):
    """`generate_playground` answers with the model it is asked for"""
    (prompt,) = prompts.clear_prompts(rng, 1, 8)
    said = {wording.continuations(say(cell, key, prompt, "greedy", 1.0, 12), prompt)[-1] for key in ("gpt2", "qwen")}
    assert all(said) and len(said) == 2, feedback(
        "both models say the same, or one of them says nothing", hint="Look tokenizer and model up by `model_key`.")


@pytest.mark.points(2)
def test_temperature_matters_when_sampling(cell, rng):
    """When tokens are drawn, a low temperature keeps to the most likely ones and a high one does not"""
    # At 0.02 a lead of 0.3 is 15 nats, so a step strays with a probability of 50 * e**-15 at most: two strayed texts
    # out of three come by bad luck with a probability below 1e-6. At 2 the greedy path comes back thrice in no lifetime.
    for spellings in (("top_k", "top-k"), ("top_p", "top-p")):
        prompt, seeds = prompts.loaded_prompt(rng, 6), [rng.getrandbits(31) for _ in range(3)]
        low, high = low_and_high(cell, prompt, spellings, seeds)
        assert low != high, feedback(
            "the temperature makes no difference to what is drawn",
            hint="Hand `temperature` on to the model's `generate`, together with `do_sample=True`.")
        greedy = [wording.is_said(text, prompt, prompts.greedy_text(prompt, 6), whole=False) for text in low]
        assert greedy.count(True) >= 2, feedback(
            "at a very low temperature it strays from the most likely tokens",
            hint="The logits are divided by the temperature: the lower it is, the safer the text.")


@pytest.mark.points(2)
def test_the_screen_has_all_controls(cell):
    """The screen has a prompt box, menus for model and strategy, a temperature control and a button"""
    seen = a_mapping(cell.probe("look"), "what the screen shows")
    assert seen.get("widgets"), feedback("no widget is displayed", hint="Put the widgets into a `VBox` and `display` it.")
    assert seen.get("prompt") is True and seen.get("button") is True, feedback(
        "the screen lacks a prompt box or a button", hint="`widgets.Textarea` and `widgets.Button`, both displayed.")
    assert seen.get("models"), feedback("there is no menu to choose the model", hint="`widgets.Dropdown` with the keys of MODELS.")
    assert seen.get("strategies"), feedback(
        "there is no menu to choose the strategy", hint="`widgets.Dropdown` with greedy, top_k and top_p.")
    assert seen.get("temperature") is True, feedback(
        "there is no control for the temperature", hint="`widgets.FloatSlider`, displayed with the others.")


@pytest.mark.points(2)
def test_the_button_shows_the_text(cell, rng):
    """Pressing the button shows what the model says to the prompt that was typed"""
    for prompt in prompts.clear_prompts(rng, 2, 8):
        said = press(cell, prompt, "gpt2", ["greedy"], None, 1)
        assert said, feedback("pressing the button shows nothing", hint="Hang a handler on it with `button.on_click(handler)`.")
        assert wording.is_said(said, prompt, prompts.greedy_text(prompt, 8), whole=False), feedback(
            "pressing the button does not show the greedy text for the prompt",
            hint="Read the widgets' `.value` when the button is pressed, not when the screen is built.")


@pytest.mark.points(1)
@pytest.mark.needs("test_the_button_shows_the_text")
def test_the_choices_reach_the_model(cell, rng):
    """Model and temperature are those chosen on the screen"""
    (prompt,) = prompts.clear_prompts(rng, 1, 8)
    seed = rng.getrandbits(31)
    assert press(cell, prompt, "gpt2", ["greedy"], 1.0, seed) != press(cell, prompt, "qwen", ["greedy"], 1.0, seed), feedback(
        "the chosen model makes no difference", hint="Hand the menu's `.value` on to `generate_playground`.")
    # With the same seed, a temperature that is ignored gives the same text; a text of many tokens tells for sure.
    drawn = ["top_k", "top_p", "nucleus", "sampl"]
    assert press(cell, prompt, "gpt2", drawn, 0.2, seed) != press(cell, prompt, "gpt2", drawn, 2.0, seed), feedback(
        "the chosen temperature makes no difference", hint="Hand the slider's `.value` on to `generate_playground`.")
