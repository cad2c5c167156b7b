# accept: a toggle starts the work by observe; the model menu prints as it changes; a new widget holds each answer

import ipywidgets as widgets
from IPython.display import display, Markdown

try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")
def generate_playground(model_key, prompt, strategy="greedy", temperature=1.0, max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    batch = tok([prompt], return_tensors="pt")
    settings = {"max_new_tokens": max_new_tokens, "do_sample": strategy in ("top_k", "top_p"), "pad_token_id": tok.eos_token_id}
    if settings["do_sample"]:
        settings.update(temperature=float(temperature), top_k=50 if strategy == "top_k" else 0, top_p=0.9 if strategy == "top_p" else 1.0)
    return tok.batch_decode(mdl.generate(**batch, **settings), skip_special_tokens=True)[0]

controls = {
    "prompt": widgets.Textarea(), "model": widgets.RadioButtons(options=["gpt2", "qwen"]),
    "strategy": widgets.RadioButtons(options=["greedy", "top_k", "top_p"]), "temperature": widgets.FloatText(value=1.0),
}
trigger = widgets.ToggleButton(description="Generate")
answers = widgets.VBox()

def describe(change):
    print("now using", change["new"])

def work(change):
    text = generate_playground(controls["model"].value, controls["prompt"].value, controls["strategy"].value, controls["temperature"].value)
    answers.children = (widgets.HTML("<p>" + text.replace("<", "&lt;") + "</p>"),) + answers.children

controls["model"].observe(describe, names="value")
trigger.observe(work, names="value")
widgets.VBox([*controls.values(), trigger, answers])
