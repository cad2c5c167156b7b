# accept: a class holds the widgets, a method is hung on the button with partial, AppLayout and GridBox arrange them

import ipywidgets as widgets
from IPython.display import display, Markdown

try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")
from functools import partial

def generate_playground(model_key, prompt, strategy="greedy", temperature=1.0, max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    enc = tok(prompt, return_tensors="pt")
    sampling = {"top_k": dict(do_sample=True, top_k=40, temperature=temperature),
                "top_p": dict(do_sample=True, top_p=0.95, top_k=0, temperature=temperature)}
    ids = mdl.generate(**enc, max_new_tokens=max_new_tokens, **sampling.get(strategy, {"do_sample": False}))
    return tok.decode(ids[0][enc["input_ids"].shape[1]:], skip_special_tokens=True)

class Playground:
    def __init__(self):
        self.text = widgets.Textarea(layout=widgets.Layout(width="100%"))
        self.model = widgets.Select(options=sorted(models))
        self.how = widgets.ToggleButtons(options=["greedy", "top_k", "top_p"])
        self.heat = widgets.FloatLogSlider(value=1, base=10, min=-1, max=0.5)
        self.clear = widgets.Button(description="Clear", tooltip="Clear the screen")
        self.go = widgets.Button(icon="magic", description="✨")
        self.log = widgets.Output()
        self.clear.on_click(lambda b: self.log.clear_output())
        self.go.on_click(partial(self.answer, loud=True))

    def answer(self, button, loud=False):
        with self.log:
            print(self.text.value if loud else "", generate_playground(self.model.value, self.text.value, self.how.value, self.heat.value))

    def show(self):
        knobs = widgets.GridBox([widgets.Label("Temperature"), self.heat, self.model, self.how])
        display(widgets.AppLayout(header=self.text, left_sidebar=knobs, center=self.log, footer=widgets.HBox([self.clear, self.go])))

Playground().show()
