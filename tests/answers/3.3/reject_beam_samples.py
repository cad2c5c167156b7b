# reject: test_beam_finds_likelier_text_than_greedy: beam search draws its tokens
# says: Beam search draws nothing

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100, temperature=1.0, k=50, p=0.9, num_beams=4):
    tok, mdl = tokenizers[model_key], models[model_key]
    inputs = tok(prompt, return_tensors="pt")
    if strategy == "greedy":
        knobs = dict(do_sample=False)
    elif strategy == "beam":
        knobs = dict(do_sample=True, temperature=2.5, num_beams=num_beams)
    elif strategy == "top_k":
        knobs = dict(do_sample=True, temperature=temperature, top_k=k, top_p=1.0)
    elif strategy == "top_p":
        knobs = dict(do_sample=True, temperature=temperature, top_k=0, top_p=p)
    else:
        raise ValueError(strategy)
    out = mdl.generate(**inputs, max_new_tokens=max_new_tokens, pad_token_id=tok.eos_token_id, **knobs)
    return tok.decode(out[0], skip_special_tokens=True)

print(generate("gpt2", "Once upon a time", "top_p", max_new_tokens=20, temperature=0.3))
print(generate("gpt2", "Once upon a time", "top_p", max_new_tokens=20, temperature=1.5))
