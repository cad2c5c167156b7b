# accept: only top_k and top_p are known, anything else is a ValueError; extra parameters

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100, temperature=0.9, k=30, p=0.95):
    tok, mdl = tokenizers[model_key], models[model_key]
    inputs = tok(prompt, return_tensors="pt")
    kwargs = {"max_new_tokens": max_new_tokens, "pad_token_id": tok.eos_token_id}
    if strategy == "greedy":
        kwargs.update(do_sample=False)
    elif strategy in ("top_k",):
        kwargs.update(do_sample=True, top_k=k, temperature=temperature)
    elif strategy in ("top_p",):
        kwargs.update(do_sample=True, top_p=p, temperature=temperature)
    else:
        raise ValueError(f"Unknown strategy {strategy}")
    output = mdl.generate(**inputs, **kwargs)
    return tok.decode(output[0], skip_special_tokens=True)
