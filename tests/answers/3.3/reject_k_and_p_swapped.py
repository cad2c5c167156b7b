# reject: test_k_is_how_many_tokens_are_drawn_from: top_k uses p, top_p uses k
# says: with k = 1 top_k does not

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100, temperature=1.0, k=50, p=0.9, num_beams=4):
    tok, mdl = tokenizers[model_key], models[model_key]
    inputs = tok(prompt, return_tensors="pt")
    if strategy == "greedy":
        knobs = dict(do_sample=False)
    elif strategy == "beam":
        knobs = dict(do_sample=False, num_beams=num_beams)
    elif strategy == "top_k":
        knobs = dict(do_sample=True, temperature=temperature, top_p=p, top_k=0)
    elif strategy == "top_p":
        knobs = dict(do_sample=True, temperature=temperature, top_k=k)
    else:
        raise ValueError(strategy)
    out = mdl.generate(**inputs, max_new_tokens=max_new_tokens, pad_token_id=tok.eos_token_id, **knobs)
    return tok.decode(out[0], skip_special_tokens=True)

print(generate("gpt2", "Once upon a time", "top_p", max_new_tokens=20, temperature=0.3))
print(generate("gpt2", "Once upon a time", "top_p", max_new_tokens=20, temperature=1.5))
