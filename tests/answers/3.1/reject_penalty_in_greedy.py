# reject: test_greedy_takes_the_most_likely_token: a penalty on repeated words changes what is most likely (costs this check alone)
# says: no penalty

# region answer
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)
# endregion
    # region answer
    common = dict(max_new_tokens=max_new_tokens, repetition_penalty=1.8, pad_token_id=tok.eos_token_id)
    ids = tok(prompt, return_tensors="pt")
    if strategy == "greedy":
        out = mdl.generate(**ids, do_sample=False, **common)
    elif strategy in ("top-k", "top_k"):
        out = mdl.generate(**ids, do_sample=True, top_k=50, **common)
    elif strategy in ("top-p", "top_p"):
        out = mdl.generate(**ids, do_sample=True, top_p=0.9, **common)
    return tok.decode(out[0], skip_special_tokens=True)
    # endregion
