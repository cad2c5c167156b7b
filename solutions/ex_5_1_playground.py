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
    return say(model_key, prompt, strategy, temperature=temperature, max_new_tokens=max_new_tokens)
    # endregion

# The UI: a prompt box, menus for model and strategy, sliders for temperature and length, a button,
# an output. Stack them with widgets.VBox and show them with display.
# How to: https://ipywidgets.readthedocs.io/en/stable/
# region answer
from threading import Event, Thread

from transformers import TextStreamer, set_seed

class Listener(TextStreamer):
    """Hands each piece of the new text on while the model is still writing."""

    def __init__(self, tok, hear):
        super().__init__(tok, skip_prompt=True, skip_special_tokens=True)
        self.hear = hear

    def on_finalized_text(self, text, stream_end=False):
        self.hear(text)

def say(model_key, prompt, strategy, *, temperature, max_new_tokens, k=50, p=0.9, beams=4, hear=None, stop=None):
    settings = {
        "greedy": {"do_sample": False},
        "beam": {"do_sample": False, "num_beams": beams},
        "top_k": {"do_sample": True, "temperature": temperature, "top_k": k, "top_p": 1.0},
        "top_p": {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": p},
    }
    name = strategy.replace("-", "_")
    if name not in settings:
        raise ValueError(f"unknown strategy {strategy!r}; choose one of {', '.join(settings)}")
    options = settings[name]

    tok, mdl = tokenizers[model_key], models[model_key]
    if tok.chat_template:  # the prompt becomes a turn of a dialogue, and of that we want the reply alone
        turns = [{"role": "user", "content": prompt}]
        inputs = tok.apply_chat_template(turns, add_generation_prompt=True, return_tensors="pt", return_dict=True)
        start = inputs["input_ids"].shape[1]
    else:
        inputs = tok(prompt, return_tensors="pt")
        start = 0

    if hear and name != "beam":  # beams settle on their text at the very end
        options["streamer"] = Listener(tok, hear)
    if stop:
        options["stopping_criteria"] = [lambda ids, scores, **_: torch.full((len(ids),), stop.is_set())]
    ids = mdl.generate(**inputs, max_new_tokens=max_new_tokens, pad_token_id=tok.eos_token_id, **options)
    return tok.decode(ids[0, start:], skip_special_tokens=True)

labels = {"style": {"description_width": "90px"}, "layout": {"width": "460px"}}
prompt_box = widgets.Textarea(value="Once upon a time", description="Prompt", **labels)
model_menu = widgets.Dropdown(options=list(models), description="Model", **labels)
strategy_menu = widgets.Dropdown(options=["greedy", "beam", "top_k", "top_p"], description="Strategy", **labels)
temperature_slider = widgets.FloatSlider(value=1.0, min=0.2, max=2.0, step=0.1, description="Temperature", **labels)
k_slider = widgets.IntSlider(value=50, min=1, max=100, description="Top k", **labels)
p_slider = widgets.FloatSlider(value=0.9, min=0.05, max=1.0, step=0.05, description="Top p", **labels)
beams_slider = widgets.IntSlider(value=4, min=2, max=8, description="Beams", **labels)
length_slider = widgets.IntSlider(value=60, min=10, max=200, step=10, description="New tokens", **labels)
seed_box = widgets.BoundedIntText(value=0, min=0, max=9999, description="Seed, 0: any", **labels)
generate_button = widgets.Button(description="Generate", button_style="primary")
stop_button = widgets.Button(description="Stop", disabled=True)
output = widgets.Output()
stop = Event()

def show(text, name="stdout"):
    output.outputs = ({"output_type": "stream", "name": name, "text": text},)

def write(model_key, prompt, strategy, seed, **knobs):
    """Runs beside the notebook, which stays free to take the press on Stop."""
    text = "" if tokenizers[model_key].chat_template else prompt

    def hear(piece):
        nonlocal text
        text += piece
        show(text)

    try:
        if seed:
            set_seed(seed)
        show(say(model_key, prompt, strategy, hear=hear, stop=stop, **knobs))
    except Exception as error:  # shown, where the text would be
        show(f"{type(error).__name__}: {error}", "stderr")
    finally:
        generate_button.disabled, stop_button.disabled = False, True

def on_generate(clicked):
    generate_button.disabled, stop_button.disabled = True, False  # one text at a time
    stop.clear()
    show("")
    arguments = (model_menu.value, prompt_box.value, strategy_menu.value, seed_box.value)
    knobs = {
        "temperature": temperature_slider.value, "max_new_tokens": length_slider.value,
        "k": k_slider.value, "p": p_slider.value, "beams": beams_slider.value,
    }
    Thread(target=write, args=arguments, kwargs=knobs).start()

generate_button.on_click(on_generate)
stop_button.on_click(lambda clicked: stop.set())
display(widgets.VBox([
    prompt_box, model_menu, strategy_menu, temperature_slider, k_slider, p_slider, beams_slider, length_slider, seed_box,
    widgets.HBox([generate_button, stop_button]), output,
]))
# endregion
