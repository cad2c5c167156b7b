# reject: test_the_choices_reach_the_model: the handler leaves the strategy out, so the default is used
# says: the chosen strategy makes no difference

import ipywidgets as widgets
from IPython.display import display, Markdown

try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")
def generate_playground(model_key, prompt, strategy="greedy", temperature=1.0, max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    ids = tok.encode(prompt, return_tensors="pt")
    if strategy == "greedy":
        new = mdl.generate(ids, max_new_tokens=max_new_tokens, do_sample=False)
    elif strategy == "top_k":
        new = mdl.generate(ids, max_new_tokens=max_new_tokens, do_sample=True, top_k=50, temperature=temperature)
    elif strategy == "top_p":
        new = mdl.generate(ids, max_new_tokens=max_new_tokens, do_sample=True, top_p=0.9, temperature=temperature)
    return tok.decode(new[0], skip_special_tokens=True)

text_area = widgets.Textarea(description="Prompt:")
model_menu = widgets.Dropdown(options=models.keys(), description="Model:")
strategy_menu = widgets.Dropdown(options=["greedy", "top_k", "top_p"], description="Strategy:")
slider = widgets.FloatSlider(min=0.1, max=2.0, value=0.7, description="Temperature:")
button = widgets.Button(description="Generate")
result = widgets.HTML()

def clicked(b):
    result.value = generate_playground(model_menu.value, text_area.value, temperature=slider.value)

button.on_click(clicked)
display(text_area, model_menu, strategy_menu, slider, button, result)
