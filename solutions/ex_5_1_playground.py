# %% [raw]
# [[exercise]]
# id = "5.1"
# title = "An interactive playground"
# points = 10
# course_cell = "1a67a884"
# heading = "5.1 ‑ Interactive Playground"
# teaches = "A few widgets around one function make a model something that you can play with."
# answers = ["generate_playground"]
# hints = [
#     "Turn every knob by hand before you wire it up: does each argument of `generate_playground` change the text?",
#     """The function is `generate` with a temperature, which goes to `mdl.generate` together with `do_sample=True`. \
# The UI needs `widgets.Textarea`, two `widgets.Dropdown`, `widgets.FloatSlider`, `widgets.Button` and \
# `widgets.Output`; `button.on_click(handler)` ties them together.""",
#     """The handler takes one argument, the button. In it: `with output: output.clear_output(); \
# print(generate_playground(model_menu.value, prompt_box.value, strategy_menu.value, temperature_slider.value, \
# length_slider.value))`. Last line: `display(widgets.VBox([...]))` with all the pieces.""",
# ]
#
# [[exercise.givens]]
# name = "tokenizers"
# source = "4.1"
# supply = "tokenizers"
#
# [[exercise.givens]]
# name = "models"
# source = "4.1"
# supply = "models"
#
# [[exercise.givens]]
# name = "torch"
# source = "2.4"
# supply = "module:torch"
#
# [exercise.limits]
# run_s = 60.0
# ask_s = 60.0

# %%
import ipywidgets as widgets
from IPython.display import display, Markdown

# The playground needs the models and tokenizers of 4.1
try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")

def generate_playground(model_key, prompt, strategy="greedy", temperature=1.0, max_new_tokens=100):
    # Return the generated text; the temperature matters where tokens are drawn at random
    # region answer
    settings = {
        "greedy": {"do_sample": False},
        "beam": {"do_sample": False, "num_beams": 4},
        "top_k": {"do_sample": True, "temperature": temperature, "top_k": 50, "top_p": 1.0},
        "top_p": {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": 0.9},
    }
    name = strategy.replace("-", "_")
    if name not in settings:
        raise ValueError(f"unknown strategy {strategy!r}; choose one of {', '.join(settings)}")

    tok, mdl = tokenizers[model_key], models[model_key]
    if tok.chat_template:  # the prompt becomes a turn of a dialogue, and of that we want the reply alone
        turns = [{"role": "user", "content": prompt}]
        inputs = tok.apply_chat_template(turns, add_generation_prompt=True, return_tensors="pt", return_dict=True)
        start = inputs["input_ids"].shape[1]
    else:
        inputs = tok(prompt, return_tensors="pt")
        start = 0

    ids = mdl.generate(**inputs, max_new_tokens=max_new_tokens, pad_token_id=tok.eos_token_id, **settings[name])
    return tok.decode(ids[0, start:], skip_special_tokens=True)
    # endregion

# The UI: a prompt box, menus for model and strategy, sliders for temperature and length, a button,
# an output. Stack them with widgets.VBox and show them with display.
# How to: https://ipywidgets.readthedocs.io/en/stable/
# region answer
prompt_box = widgets.Textarea(value="Once upon a time", description="Prompt")
model_menu = widgets.Dropdown(options=list(models), description="Model")
strategy_menu = widgets.Dropdown(options=["greedy", "beam", "top_k", "top_p"], description="Strategy")
temperature_slider = widgets.FloatSlider(value=1.0, min=0.2, max=2.0, step=0.1, description="Temperature")
length_slider = widgets.IntSlider(value=60, min=10, max=200, step=10, description="New tokens")
button = widgets.Button(description="Generate", button_style="primary")
output = widgets.Output()

def on_generate(clicked):
    clicked.disabled = True  # one text at a time
    with output:  # what is printed in here, errors included, appears in the output widget
        output.clear_output()
        print(generate_playground(
            model_menu.value, prompt_box.value, strategy_menu.value, temperature_slider.value, length_slider.value
        ))
    clicked.disabled = False

button.on_click(on_generate)
display(widgets.VBox([prompt_box, model_menu, strategy_menu, temperature_slider, length_slider, button, output]))
# endregion
