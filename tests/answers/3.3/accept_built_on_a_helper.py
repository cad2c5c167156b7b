# accept: a helper with the common arguments; several beams come back and the best is the first; the seed's demo line stays

def _call(model_key, prompt, **options):
    tok, mdl = tokenizers[model_key], models[model_key]
    enc = tok(prompt, return_tensors="pt")
    n = enc["input_ids"].shape[1]
    out = mdl.generate(**enc, pad_token_id=tok.eos_token_id, **options)
    return prompt + tok.decode(out[0][n:], skip_special_tokens=True)

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100, temperature=1.0, k=50, p=0.9, num_beams=4):
    if strategy == "beam":
        return _call(model_key, prompt, max_new_tokens=max_new_tokens, num_beams=num_beams, num_return_sequences=2)
    if strategy == "top_k":
        return _call(model_key, prompt, max_new_tokens=max_new_tokens, do_sample=True, temperature=temperature, top_k=k)
    if strategy == "top_p":
        return _call(model_key, prompt, max_new_tokens=max_new_tokens, do_sample=True, temperature=temperature, top_p=p, top_k=None)
    return _call(model_key, prompt, max_new_tokens=max_new_tokens)

sample = generate("gpt2", "Once upon a time", "top_p", 20, temperature=0.3)
print("Careful :", sample)
print("Daring  :", generate("gpt2", "Once upon a time", "top_p", 20, temperature=1.5))
