# accept: the text is written into an HTML widget, menus have labels, radio buttons choose the strategy

import ipywidgets as widgets
from IPython.display import display, Markdown
import html

try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")

def generate_playground(model_key, prompt, strategy="greedy", temperature=1.0, max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    inputs = tok(prompt, return_tensors="pt")
    kwargs = dict(max_new_tokens=max_new_tokens, pad_token_id=tok.eos_token_id)
    if strategy == "greedy":
        kwargs["do_sample"] = False
    elif strategy in ("top_k", "top-k"):
        kwargs.update(do_sample=True, temperature=temperature, top_k=50)
    else:
        kwargs.update(do_sample=True, temperature=temperature, top_p=0.9)
    out = mdl.generate(**inputs, **kwargs)
    return tok.decode(out[0], skip_special_tokens=True)

box = widgets.Text(placeholder="Type here")
which = widgets.ToggleButtons(options=[("GPT-2", "gpt2"), ("Qwen chat", "qwen")])
how = widgets.RadioButtons(options=[("Greedy", "greedy"), ("Top-k sampling", "top_k"), ("Top-p (nucleus)", "top_p")])
heat = widgets.BoundedFloatText(value=0.7, min=0.1, max=2.0, step=0.1, description="Temperature")
go = widgets.Button(description="Run", icon="play")
result = widgets.HTML()

def clicked(button):
    result.value = "…"
    answer = generate_playground(which.value, box.value, how.value, heat.value, 50)
    result.value = "<pre>" + html.escape(answer) + "</pre>"

go.on_click(clicked)
widgets.VBox([box, which, how, heat, go, result])
