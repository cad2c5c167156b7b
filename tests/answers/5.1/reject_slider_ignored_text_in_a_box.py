# reject: test_the_choices_reach_the_model: the temperature stays at its default, and the same text stands in the box again
# says: the chosen temperature makes no difference

import ipywidgets as widgets
from IPython.display import display, Markdown

try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")
def generate_playground(model_key, prompt, strategy="greedy", temperature=1.0, max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    ids = tok(prompt, return_tensors="pt")
    chosen = {"greedy": dict(do_sample=False), "top_k": dict(do_sample=True, top_k=20, temperature=temperature),
              "top_p": dict(do_sample=True, top_p=0.8, top_k=0, temperature=temperature)}
    return tok.decode(mdl.generate(**ids, max_new_tokens=max_new_tokens, **chosen[strategy.replace("-", "_")])[0])

class UI(widgets.VBox):
    def __init__(self):
        self.ask = widgets.Text(description="Ask")
        self.model = widgets.ToggleButtons(options=["gpt2", "qwen"])
        self.strategy = widgets.ToggleButtons(options=["greedy", "top-k", "top-p"])
        self.temperature = widgets.FloatSlider(value=1.0, min=0.2, max=2.0, description="Temperature")
        self.button = widgets.Button(description="Go")
        self.reply = widgets.Textarea(description="Reply")
        super().__init__([self.ask, self.model, self.strategy, self.temperature, self.button, self.reply])
        self.button.on_click(self.on_go)

    def on_go(self, _):
        self.reply.value = generate_playground(self.model.value, self.ask.value, self.strategy.value)

display(UI())
