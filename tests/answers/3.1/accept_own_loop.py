# accept: a loop of one's own instead of the library's generate

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
        with torch.no_grad():
            scores = mdl(ids).logits[0, -1]
        if strategy == "greedy":
            new = scores.argmax()
        elif strategy.replace("-", "_") == "top_k":
            best = scores.topk(20)
            new = best.indices[torch.multinomial(best.values.softmax(-1), 1)[0]]
        else:
            probs, order = scores.softmax(-1).sort(descending=True)
            keep = probs.cumsum(-1) - probs < 0.9
            new = order[torch.multinomial(probs * keep, 1)[0]]
        ids = torch.cat([ids, new.view(1, 1)], dim=-1)
        if new == tok.eos_token_id:
            break
    return tok.decode(ids[0])
