# accept: the widgets are displayed one by one

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
temp = widgets.FloatSlider(value=1.0, min=0.2, max=2.0, step=0.1, description="Temp:")
button = widgets.Button(description="Generate")
out = widgets.Output()

def on_click(b):
    with out:
        out.clear_output()
        print(generate_playground(model_dd.value, prompt_box.value, strategy_dd.value, temp.value))

button.on_click(on_click)
display(prompt_box, model_dd, strategy_dd, temp, button, out)
# endregion
