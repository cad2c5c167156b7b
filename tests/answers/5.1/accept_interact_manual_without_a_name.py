# accept: interact_manual is given the function itself, whose result it shows; nothing keeps the box but the screen

import ipywidgets as widgets
from IPython.display import display, Markdown

try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")
def generate_playground(model_key, prompt, strategy="greedy", temperature=1.0, max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    inputs = tok(prompt, return_tensors="pt")
    match strategy:
        case "greedy":
            extra = dict(do_sample=False)
        case "top_k":
            extra = dict(do_sample=True, top_k=30, temperature=temperature)
        case _:
            extra = dict(do_sample=True, top_p=0.9, temperature=temperature)
    output = mdl.generate(**inputs, **extra, max_new_tokens=max_new_tokens)
    return tok.decode(output[0], skip_special_tokens=True)

widgets.interact_manual.options(manual_name="Generate")(
    lambda **chosen: generate_playground(**chosen),
    model_key=widgets.Dropdown(options=["gpt2", "qwen"]), prompt=widgets.Text("Once upon a time"),
    strategy=["greedy", "top_k", "top_p"], temperature=widgets.FloatSlider(1.0, min=0.2, max=2.0), max_new_tokens=(10, 200, 10),
)
print("ready")
