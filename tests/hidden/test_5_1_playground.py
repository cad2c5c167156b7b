"""Hidden checks of 5.1: the function by what it says, and the widgets as a person would use them."""

import pytest

from grader.checks.answers import (
    StudentError,
    a_float,
    a_handle,
    a_list,
    a_mapping,
    a_text,
    an_id_list,
    ask,
    feedback,
    spoken_text,
)
from oracles import prompts, reference, wording
from oracles.studied import COLD, HOT

pytestmark = pytest.mark.exercise("5.1")

DICE = ("top_k", "top_p", "nucleus", "sampl")
"""What an entry of the strategy menu may be called that draws at random."""


def by_name(model, prompt, strategy, temperature, length):
    """The arguments of `generate_playground`, in the order and by the names of the course."""
    return {
        "model_key": model,
        "prompt": prompt,
        "strategy": strategy,
        "temperature": temperature,
        "max_new_tokens": length,
    }


def say(cell, model, prompt, strategy, temperature, length):
    """What `generate_playground` says, by the names of its parameters or by their order."""
    names = by_name(model, prompt, strategy, temperature, length)
    try:
        value = ask(cell, "generate_playground", **names)
    except StudentError as error:
        if error.type_name != "TypeError":
            raise
        value = ask(cell, "generate_playground", *names.values())
    return spoken_text(value, cell.last_output, "what `generate_playground` returns")


def cold_and_hot(cell, spellings, prompt, length, seed):
    """What is said at a low and at a high temperature, from the same seed, by one spelling after the other.

    A spelling that is refused is passed over, as long as one is not.
    """
    refused, is_answered = None, False
    for strategy in spellings:
        said = []
        try:
            for temperature in (COLD, HOT):
                cell.seed(seed)
                said.append(wording.plain(say(cell, "gpt2", prompt, strategy, temperature, length)))
        except StudentError as error:
            refused = error
        else:
            is_answered = True
            yield said
    if not is_answered:
        raise refused


def tells(pair, prompt, length):
    """Whether the temperature shows: the cold text is the greedy one, and the hot one is not."""
    cold, hot = pair
    return cold != hot and is_greedy(cold, prompt, length)


def press(cell, prompt, model, strategies, temperature, seed):
    """What appears when a person types, chooses and presses the button."""
    shown = cell.probe("press", prompt, {"model": [model], "strategy": list(strategies)}, temperature, seed)
    return wording.plain(cell.last_output + "\n" + a_text(shown, "what the widgets show"))


@pytest.mark.points(2)
def test_playground_function_generates(cell, rng):
    """`generate_playground` continues the prompt; greedy takes the most likely tokens"""
    for prompt in prompts.clear_prompts(rng, 2, 6):
        assert wording.is_said(
            say(cell, "gpt2", prompt, "greedy", 1.0, 6), prompt, prompts.greedy_text(prompt, 6), whole=False
        ), feedback(
            "greedy does not continue the prompt with the most likely tokens",
            hint="Tokenize the prompt, let the chosen model generate without sampling, decode, and return the text.",
        )


@pytest.mark.points(1)
def test_playground_function_serves_both_models(cell, rng):
    """`generate_playground` answers with the model it is asked for, and with that model's tokenizer"""
    (prompt,) = prompts.clear_prompts(rng, 1, 6)
    said = say(cell, "qwen", prompt, "greedy", 1.0, 6)
    function = a_handle(cell.get("generate_playground"), "`generate_playground`")
    ids = an_id_list(cell.probe("heard", function, "qwen", by_name("qwen", prompt, "greedy", 1.0, 2)), "the ids")
    # A chat model may say nothing at all to such a prompt, but then it was asked.
    assert (ids or said.strip()) and not wording.is_said(said, prompt, prompts.greedy_text(prompt, 6), whole=False), (
        feedback(
            "both models say the same, or one of them says nothing", hint="Look tokenizer and model up by `model_key`."
        )
    )
    assert not ids or wording.plain(prompt) in wording.plain(reference.text_of("qwen", ids)), feedback(
        "the prompt does not reach the chat model: its ids mean something else in Qwen's vocabulary",
        hint="Look up tokenizer and model by the same `model_key`: each model reads the ids of its own tokenizer.",
    )


@pytest.mark.points(2)
def test_temperature_matters_when_sampling(cell, rng):
    """When tokens are drawn, a low temperature keeps to the most likely ones and a high one does not"""
    # `weather_prompt` chooses prompt, length and number of tries: all tries fail by bad luck with a probability below 1e-6.
    prompt, length, tries = prompts.weather_prompt(rng)
    for spellings in (("top_k", "top-k"), ("top_p", "top-p")):
        pairs = []
        for seed in (rng.getrandbits(31) for _ in range(tries)):
            # A function may take one of the spellings for greedy; the second is asked where the first does not tell.
            for pair in cold_and_hot(cell, spellings, prompt, length, seed):
                pairs.append(pair)
                if tells(pair, prompt, length):
                    break
            if tells(pairs[-1], prompt, length):
                break
        else:
            assert any(cold != hot for cold, hot in pairs), feedback(
                "the temperature makes no difference to what is drawn",
                hint="Hand `temperature` on to the model's `generate`, together with `do_sample=True`.",
            )
            raise AssertionError(
                feedback(
                    "at a very low temperature it strays from the most likely tokens",
                    hint="The logits are divided by the temperature: the lower it is, the safer the text.",
                )
            )


def is_greedy(said, prompt, length):
    """Whether that is the greedy text."""
    return wording.is_said(said, prompt, prompts.greedy_text(prompt, length), whole=False)


@pytest.mark.points(1)
def test_the_screen_has_all_controls(cell):
    """The screen has a prompt box, menus for model and strategy, and a temperature control"""
    seen = a_mapping(cell.probe("look"), "what the screen shows")
    models, strategies = (a_list(seen.get(menu), "what the screen shows") for menu in ("models", "strategies"))
    assert a_float(seen.get("widgets"), "what the screen shows") > 0, feedback(
        "no widget is displayed", hint="Put the widgets into a `VBox` and `display` it."
    )
    assert seen.get("prompt") is True, feedback(
        "the screen lacks a prompt box", hint="`widgets.Textarea`, displayed with the others."
    )
    assert models, feedback("there is no menu to choose the model", hint="`widgets.Dropdown` with the keys of MODELS.")
    assert strategies, feedback(
        "there is no menu to choose the strategy", hint="`widgets.Dropdown` with greedy, top_k and top_p."
    )
    assert seen.get("temperature") is True, feedback(
        "there is no control for the temperature", hint="`widgets.FloatSlider`, displayed with the others."
    )


@pytest.mark.points(1)
def test_the_screen_has_a_button(cell):
    """The screen has a button that starts the generation"""
    seen = a_mapping(cell.probe("look"), "what the screen shows")
    assert seen.get("button") is True, feedback(
        "the screen has no button",
        hint="`widgets.Button`, displayed with the others: whoever types should choose when to start.",
    )


@pytest.mark.points(2)
def test_the_button_shows_the_text(cell, rng):
    """Pressing the button shows what the model says to the prompt that was typed"""
    for prompt in prompts.clear_prompts(rng, 2, 6):
        said = press(cell, prompt, "gpt2", ["greedy"], None, 1)
        assert said, feedback(
            "pressing the button shows nothing", hint="Hang a handler on it with `button.on_click(handler)`."
        )
        assert wording.is_said(said, prompt, prompts.greedy_text(prompt, 6), whole=False), feedback(
            "pressing the button does not show the greedy text for the prompt",
            hint="Read the widgets' `.value` when the button is pressed, not when the screen is built.",
        )


@pytest.mark.points(1)
@pytest.mark.needs("test_the_button_shows_the_text")
def test_the_choices_reach_the_model(cell, rng):
    """Model, strategy and temperature are those chosen on the screen"""
    (prompt,) = prompts.clear_prompts(rng, 1, 6)
    said = press(cell, prompt, "qwen", ["greedy"], 1.0, 1)
    assert not wording.is_said(said, prompt, prompts.greedy_text(prompt, 6), whole=False), feedback(
        "the chosen model makes no difference", hint="Hand the menu's `.value` on to `generate_playground`."
    )
    # With the same seed, a temperature that is ignored gives the same text. A right answer, even one whose slider ends
    # at 1, says the same eight tokens cold and hot in five of a hundred tries at most: not in five tries out of five.
    for seed in (rng.getrandbits(31) for _ in range(5)):
        cold, hot = (press(cell, prompt, "gpt2", DICE, temperature, seed) for temperature in (COLD, HOT))
        if cold != hot:
            return
    assert hot != press(cell, prompt, "gpt2", DICE, HOT, seed + 1), feedback(
        "the chosen strategy makes no difference", hint="Hand the menu's `.value` on to `generate_playground`."
    )
    raise AssertionError(
        feedback(
            "the chosen temperature makes no difference", hint="Hand the slider's `.value` on to `generate_playground`."
        )
    )
