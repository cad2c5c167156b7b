# accept: one GenerationConfig per strategy, kept in a table of functions

from transformers import GenerationConfig

CONFIGS = {
    "greedy": lambda a: GenerationConfig(do_sample=False, max_new_tokens=a["n"]),
    "beam": lambda a: GenerationConfig(do_sample=False, num_beams=a["beams"], length_penalty=0.0, max_new_tokens=a["n"]),
    "top_k": lambda a: GenerationConfig(do_sample=True, top_k=a["k"], temperature=a["t"], max_new_tokens=a["n"]),
    "top_p": lambda a: GenerationConfig(do_sample=True, top_k=0, top_p=a["p"], temperature=a["t"], max_new_tokens=a["n"]),
}

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100, temperature=1.0, k=50, p=0.9, num_beams=4):
    tok, mdl = tokenizers[model_key], models[model_key]
    config = CONFIGS[strategy.replace("-", "_")](dict(n=max_new_tokens, beams=num_beams, k=k, p=p, t=temperature))
    config.pad_token_id = config.eos_token_id = tok.eos_token_id
    batch = tok([prompt], return_tensors="pt")
    return tok.batch_decode(mdl.generate(**batch, generation_config=config), skip_special_tokens=True)[0]

sample = generate("gpt2", "Once upon a time", "top_p", 20, temperature=0.3)
print("Careful :", sample)
