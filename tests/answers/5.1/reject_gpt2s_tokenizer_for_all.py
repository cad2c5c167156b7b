# reject: test_playground_function_serves_both_models: GPT-2's tokenizer makes the ids for Qwen, too
# says: mean something else in Qwen's vocabulary

import ipywidgets as widgets
from IPython.display import display, Markdown

try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")
tok = tokenizers["gpt2"]

def generate_playground(model_key, prompt, strategy="greedy", temperature=1.0, max_new_tokens=100):
    mdl = models[model_key]
    inputs = tok(prompt, return_tensors="pt")
    sampling = {"do_sample": True, "temperature": temperature} if strategy != "greedy" else {"do_sample": False}
    if strategy == "top_k":
        sampling["top_k"] = 50
    if strategy == "top_p":
        sampling["top_p"] = 0.9
    out = mdl.generate(**inputs, max_new_tokens=max_new_tokens, **sampling)
    return tok.decode([i for i in out[0].tolist() if i < 50257], skip_special_tokens=True)

box = widgets.Text(description="Prompt")
which = widgets.Dropdown(options=["gpt2", "qwen"], description="Model")
how = widgets.Dropdown(options=["greedy", "top_k", "top_p"], description="Strategy")
heat = widgets.FloatSlider(value=1, min=0.2, max=2, description="Temperature")
go = widgets.Button(description="Generate")
out = widgets.Output()

def handler(_):
    with out:
        print(generate_playground(which.value, box.value, how.value, heat.value))

go.on_click(handler)
display(widgets.VBox([box, which, how, heat, go, out]))
