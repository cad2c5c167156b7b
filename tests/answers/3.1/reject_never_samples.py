# reject: test_top_k_draws_from_the_best_tokens: do_sample is never set, so top-k stays greedy
# says: nothing is drawn at random

# region answer
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)
# endregion
    # region answer
    inputs = tok(prompt, return_tensors="pt")
    kwargs = {"max_new_tokens": max_new_tokens, "pad_token_id": tok.eos_token_id}
    if strategy == "greedy":
        kwargs.update(do_sample=False)
    elif strategy in ("top_k", "top-k"):
        kwargs.update(top_k=50)
    elif strategy in ("top_p", "top-p"):
        kwargs.update(top_p=0.9)
    else:
        raise ValueError(f"Unknown strategy {strategy}")
    output = mdl.generate(**inputs, **kwargs)
    return tok.decode(output[0], skip_special_tokens=True)
    # endregion
