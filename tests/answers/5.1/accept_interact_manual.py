# accept: interact_manual builds the screen

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
@widgets.interact_manual(
    prompt=widgets.Textarea(value="Once upon a time"), model=["gpt2", "qwen"], strategy=["greedy", "top_k", "top_p"],
    temperature=(0.2, 2.0, 0.1),
)
def play(prompt, model, strategy, temperature=1.0):
    print(generate_playground(model, prompt, strategy, temperature, 40))
# endregion
