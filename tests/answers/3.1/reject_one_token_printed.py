# reject: test_generate_returns_its_text: one new token is printed, and None returned
# says: returned None

import torch
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
    ids = tok(prompt, return_tensors="pt").input_ids
    logits = mdl(ids).logits[0, -1]
    if strategy == "greedy":
        print(tok.decode(logits.argmax()))
    else:
        print(tok.decode(torch.multinomial(logits.topk(20).values.softmax(-1), 1)))
