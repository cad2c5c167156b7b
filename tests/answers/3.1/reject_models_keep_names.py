# reject: test_model_and_tokenizer_are_loaded: the dictionaries hold names instead of objects
# says: plain data where

# region answer
for key, name in MODELS.items():
    tokenizers[key] = models[key] = name
# endregion
    # region answer
    tok, mdl = AutoTokenizer.from_pretrained(tok), AutoModelForCausalLM.from_pretrained(mdl)
    inputs = tok(prompt, return_tensors="pt")
    kwargs = {"max_new_tokens": max_new_tokens, "pad_token_id": tok.eos_token_id}
    if strategy == "greedy":
        kwargs.update(do_sample=False)
    elif strategy in ("top_k", "top-k"):
        kwargs.update(do_sample=True, top_k=50)
    elif strategy in ("top_p", "top-p"):
        kwargs.update(do_sample=True, top_p=0.9)
    else:
        raise ValueError(f"Unknown strategy {strategy}")
    output = mdl.generate(**inputs, **kwargs)
    return tok.decode(output[0], skip_special_tokens=True)
    # endregion
