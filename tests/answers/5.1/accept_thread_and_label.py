# accept: the work is done in a thread, a Label shows its end, the menus hold the models themselves

import ipywidgets as widgets
from IPython.display import display, Markdown

try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")
import threading

def generate_playground(model_key, prompt, strategy="greedy", temperature=1.0, max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    input_ids = tok.encode(prompt, return_tensors="pt")
    kwargs = {}
    if strategy == "greedy":
        kwargs["do_sample"] = False
    elif strategy == "top-k":
        kwargs |= {"do_sample": True, "top_k": 50, "temperature": temperature}
    elif strategy == "top-p":
        kwargs |= {"do_sample": True, "top_p": 0.9, "temperature": temperature}
    else:
        raise ValueError(strategy)
    return tok.decode(mdl.generate(input_ids, max_new_tokens=max_new_tokens, **kwargs)[0])

prompt_w = widgets.Textarea(placeholder="Your prompt")
model_w = widgets.Dropdown(options=[(f"{key} ({model.num_parameters() // 1000}k)", key) for key, model in models.items()])
strategy_w = widgets.Dropdown(options=["greedy", "top-k", "top-p"])
temperature_w = widgets.BoundedFloatText(value=1.0, min=0.05, max=2.5)
submit = widgets.Button(description="Submit", button_style="success")
status, answer = widgets.Label("idle"), widgets.HTMLMath()

def work(*arguments):
    status.value = "thinking"
    text = generate_playground(*arguments)
    answer.value = text.replace("<", "&lt;")
    status.value = "done"

submit.on_click(lambda _: threading.Thread(target=work, args=(model_w.value, prompt_w.value, strategy_w.value, temperature_w.value)).start())
ui = widgets.VBox((prompt_w, widgets.HBox((model_w, strategy_w, temperature_w)), submit, status, answer))
display(ui)
