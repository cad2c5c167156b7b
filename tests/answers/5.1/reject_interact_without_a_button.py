# reject: test_the_screen_has_a_button: interact starts anew with every letter (arguable: costs this check alone)
# says: should choose when to start

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
    how = {"greedy": {"do_sample": False}, "top_k": {"do_sample": True, "top_k": 50, "temperature": temperature},
           "top_p": {"do_sample": True, "top_p": 0.9, "temperature": temperature}}[strategy]
    return tok.decode(mdl.generate(**inputs, max_new_tokens=max_new_tokens, **how)[0], skip_special_tokens=True)

@widgets.interact(model=["gpt2", "qwen"], prompt="Once upon a time", strategy=["greedy", "top_k", "top_p"], temperature=(0.2, 2.0))
def play(model, prompt, strategy, temperature=1.0):
    print(generate_playground(model, prompt, strategy, temperature, 20))
