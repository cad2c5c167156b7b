# accept: the continuation alone is returned, in a batch of one, with a max_length that counts the prompt

# region answer
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)
# endregion
    # region answer
    enc = tok([prompt], return_tensors="pt")
    n = enc.input_ids.shape[-1]
    sample = {"greedy": {}, "top_k": dict(do_sample=True, top_k=10), "top_p": dict(do_sample=True, top_p=0.8)}[strategy.replace("-", "_")]
    out = mdl.generate(enc.input_ids, attention_mask=enc.attention_mask, max_length=n + max_new_tokens, **sample)
    return tok.batch_decode(out[:, n:], skip_special_tokens=True)[0].strip()
    # endregion
