# reject: test_greedy_takes_the_most_likely_token: greedy takes the least likely token
# says: does not continue the prompt with the most likely tokens

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
    for _ in range(max_new_tokens):
        scores = mdl(ids).logits[0, -1]
        new = scores.argmin() if strategy == "greedy" else scores.topk(20).indices[torch.multinomial(scores.topk(20).values.softmax(-1), 1)[0]]
        ids = torch.cat([ids, new.view(1, 1)], dim=-1)
    return tok.decode(ids[0])
