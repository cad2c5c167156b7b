# reject: test_the_button_shows_the_text: the Output that the text goes into is not among the widgets that are displayed
# says: shows nothing

import ipywidgets as widgets
from IPython.display import display, Markdown

try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")
def generate_playground(model_key, prompt, strategy="greedy", temperature=1.0, max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    inputs = tok(prompt, return_tensors="pt").to(mdl.device)
    args = dict(max_new_tokens=max_new_tokens, do_sample=strategy != "greedy")
    if strategy == "top_k":
        args.update(top_k=50, temperature=temperature)
    elif strategy == "top_p":
        args.update(top_p=0.9, temperature=temperature)
    return tok.decode(mdl.generate(**inputs, **args)[0], skip_special_tokens=True)

w_prompt = widgets.Textarea(description="Prompt")
w_model = widgets.Dropdown(description="Model", options=list(tokenizers))
w_strategy = widgets.Dropdown(description="Strategy", options=["greedy", "top_k", "top_p"])
w_temp = widgets.FloatSlider(description="Temperature", min=0.2, max=2.0, value=1.0)
w_go = widgets.Button(description="Generate")
w_out = widgets.Output()

def go(_):
    with w_out:
        w_out.clear_output()
        print(generate_playground(w_model.value, w_prompt.value, w_strategy.value, w_temp.value))

w_go.on_click(go)
display(widgets.VBox([w_prompt, widgets.HBox([w_model, w_strategy]), w_temp, w_go]))
