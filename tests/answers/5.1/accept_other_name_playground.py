# accept: the function is called playground, and the button calls it by that name

import ipywidgets as widgets
from IPython.display import display, Markdown

try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")
def playground(model_key, prompt, strategy="greedy", temperature=1.0, max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    inputs = tok(prompt, return_tensors="pt")
    if strategy == "greedy":
        out = mdl.generate(**inputs, max_new_tokens=max_new_tokens, do_sample=False)
    elif strategy == "top_k":
        out = mdl.generate(**inputs, max_new_tokens=max_new_tokens, do_sample=True, top_k=50, temperature=temperature)
    else:
        out = mdl.generate(**inputs, max_new_tokens=max_new_tokens, do_sample=True, top_p=0.9, temperature=temperature)
    return tok.decode(out[0], skip_special_tokens=True)

prompt = widgets.Text(value="Once upon a time", description="Prompt")
model = widgets.Dropdown(options=["gpt2", "qwen"], description="Model")
strategy = widgets.Dropdown(options=["greedy", "top_k", "top_p"], description="Strategy")
temperature = widgets.FloatSlider(value=1.0, min=0.1, max=2.0, description="Temp")
button, out = widgets.Button(description="Generate"), widgets.Output()

def press(b):
    out.clear_output()
    with out:
        print(playground(model.value, prompt.value, strategy.value, temperature.value))

button.on_click(press)
display(widgets.VBox([prompt, model, strategy, temperature, button, out]))
