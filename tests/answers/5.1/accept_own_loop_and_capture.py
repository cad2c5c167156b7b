# accept: a loop of one's own instead of the library's generate; Output.capture; parameters in another order

import ipywidgets as widgets
from IPython.display import display, Markdown

try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")
import torch

@torch.no_grad()
def generate_playground(prompt, model_key="gpt2", strategy="greedy", *, temperature=1.0, max_new_tokens=100, k=50, p=0.9):
    tok, mdl = tokenizers[model_key], models[model_key]
    ids = tok(prompt, return_tensors="pt").input_ids
    for _ in range(max_new_tokens):
        logits = mdl(ids).logits[0, -1]
        if strategy == "greedy":
            new = logits.argmax()
        else:
            probs, order = torch.softmax(logits / max(temperature, 1e-4), dim=-1).sort(descending=True)
            inside = torch.arange(len(probs)) < k if strategy == "top_k" else probs.cumsum(0) - probs < p
            new = order[torch.multinomial(probs * inside, 1)[0]]
        ids = torch.cat([ids, new.view(1, 1)], dim=1)
        if new.item() == tok.eos_token_id:
            break
    return tok.decode(ids[0], skip_special_tokens=True)

question = widgets.Textarea(value="Once upon a time", description="Prompt")
chooser = widgets.ToggleButtons(options=[("GPT-2", "gpt2"), ("Qwen", "qwen")], description="Model")
method = widgets.Select(options=["greedy", "top_k", "top_p"], description="Strategy")
warmth = widgets.FloatSlider(min=0.1, max=1.5, value=0.8, description="T")
top_p = widgets.FloatSlider(min=0.1, max=1.0, value=0.9, description="p")
tokens = widgets.IntSlider(min=10, max=100, value=60, description="max_new_tokens")
start = widgets.Button(description="Los!")
screen = widgets.Output(layout={"border": "1px solid"})

@screen.capture(clear_output=True, wait=True)
def run(_):
    display(Markdown(generate_playground(question.value, chooser.value, method.value, temperature=warmth.value,
                                         max_new_tokens=tokens.value, p=top_p.value)))

start.on_click(run)
display(question, chooser, method, top_p, warmth, tokens, start, screen)
