# accept: Markdown is displayed, boxes within boxes, more sliders, labels beside the controls

    # region answer
    tok, mdl = tokenizers[model_key], models[model_key]
    inputs = tok(prompt, return_tensors="pt")
    kwargs = dict(max_new_tokens=max_new_tokens, pad_token_id=tok.eos_token_id)
    if strategy == "greedy":
        kwargs["do_sample"] = False
    elif strategy in ("top_k", "top-k"):
        kwargs.update(do_sample=True, temperature=temperature, top_k=50)
    else:
        kwargs.update(do_sample=True, temperature=temperature, top_p=0.9)
    out = mdl.generate(**inputs, **kwargs)
    return tok.decode(out[0], skip_special_tokens=True)
    # endregion
# region answer
prompt_box = widgets.Textarea(value="Once upon a time", description="Prompt:")
model_dd = widgets.Dropdown(options=["gpt2", "qwen"], value="gpt2", description="Model:")
strategy_dd = widgets.Dropdown(options=["greedy", "top_k", "top_p"], value="greedy", description="Strategy:")
temp = widgets.FloatSlider(value=1.0, min=0.2, max=2.0, step=0.1, )
button = widgets.Button(description="Generate")
out = widgets.Output()

length = widgets.IntSlider(value=40, min=5, max=200, description="Length:")
k = widgets.IntSlider(value=50, min=1, max=100, description="k:")

def run(_):
    out.clear_output()
    with out:
        display(Markdown("**" + model_dd.value + "**"))
        text = generate_playground(model_dd.value, prompt_box.value, strategy_dd.value, temp.value, length.value)
        display(Markdown(text))

button.on_click(run)
ui = widgets.VBox([
    widgets.HTML("<h2>Playground</h2>"), prompt_box, widgets.HBox([model_dd, strategy_dd]),
    widgets.HBox([widgets.Label("Temperature"), temp]), length, k, button, out,
])
display(ui)
# endregion
