# accept: the temperature is kept within the range that the course names, a match statement, the 3.1 call for greedy

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100, temperature=1.0, k=50, p=0.9, num_beams=4):
    tok, mdl = tokenizers[model_key], models[model_key]
    temperature = min(max(float(temperature), 0.1), 2.0)
    match strategy:
        case "greedy":
            options = {}
        case "beam" | "beam_search":
            options = {"num_beams": num_beams, "early_stopping": True, "num_return_sequences": 1}
        case "top_k" | "top-k":
            options = {"do_sample": True, "top_k": int(k), "temperature": temperature}
        case "top_p" | "top-p":
            options = {"do_sample": True, "top_k": 0, "top_p": float(p), "temperature": temperature}
        case other:
            raise ValueError(f"no such strategy: {other}")
    ids = tok(prompt, return_tensors="pt")
    text = tok.decode(mdl.generate(**ids, max_new_tokens=max_new_tokens, pad_token_id=tok.eos_token_id, **options)[0])
    return text.replace("<|endoftext|>", "")

print(generate("gpt2", "Once upon a time", "beam", max_new_tokens=20))
