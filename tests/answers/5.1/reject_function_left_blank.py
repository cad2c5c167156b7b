# reject: test_playground_function_generates: generate_playground was left blank
# says: returned None

import ipywidgets as widgets
from IPython.display import display, Markdown

try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")

def generate_playground(model_key, prompt, strategy="greedy", temperature=1.0, max_new_tokens=100):
    """
    YOUR CODE HERE
    """

prompt_box = widgets.Textarea(value="Once upon a time", description="Prompt:")
model_dd = widgets.Dropdown(options=["gpt2", "qwen"], value="gpt2", description="Model:")
strategy_dd = widgets.Dropdown(options=["greedy", "top_k", "top_p"], value="greedy", description="Strategy:")
temp = widgets.FloatSlider(value=1.0, min=0.2, max=2.0, step=0.1, description="Temp:")
button = widgets.Button(description="Generate")
out = widgets.Output()

def on_click(b):
    with out:
        out.clear_output()
        print(generate_playground(model_dd.value, prompt_box.value, strategy_dd.value, temp.value))

button.on_click(on_click)
display(widgets.VBox([prompt_box, model_dd, strategy_dd, temp, button, out]))
