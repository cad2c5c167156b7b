# reject: test_sampling_varies_from_call_to_call: a seed is set on every call, so sampling says the same each time
# says: set no seed inside

import torch
from transformers import AutoTokenizer, AutoModelForCausalLM, set_seed
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100):
    set_seed(42)
    tok, mdl = tokenizers[model_key], models[model_key]
    settings = {
        "greedy": {},
        "top_k": {"do_sample": True, "top_k": 50},
        "top_p": {"do_sample": True, "top_p": 0.9},
    }[strategy.replace("-", "_")]
    encoded = tok(prompt, return_tensors="pt")
    return tok.decode(mdl.generate(**encoded, max_new_tokens=max_new_tokens, **settings)[0], skip_special_tokens=True)
