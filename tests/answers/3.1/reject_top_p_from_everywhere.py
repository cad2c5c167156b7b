# reject: test_top_p_draws_from_the_nucleus: top_p samples from the whole vocabulary, at a high temperature
# says: outside the nucleus

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    inputs = tok(prompt, return_tensors="pt")
    kwargs = {"max_new_tokens": max_new_tokens, "pad_token_id": tok.eos_token_id}
    if strategy == "greedy":
        kwargs.update(do_sample=False)
    elif strategy in ("top_k", "top-k"):
        kwargs.update(do_sample=True, top_k=50)
    elif strategy in ("top_p", "top-p"):
        kwargs.update(do_sample=True, top_k=0, top_p=1.0, temperature=5.0)
    else:
        raise ValueError(f"Unknown strategy {strategy}")
    output = mdl.generate(**inputs, **kwargs)
    return tok.decode(output[0], skip_special_tokens=True)
