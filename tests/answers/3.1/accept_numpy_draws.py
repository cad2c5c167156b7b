# accept: numpy draws the tokens, from a sorted list of probabilities

import numpy as np
import torch
from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
for name in MODELS:
    tokenizers[name] = AutoTokenizer.from_pretrained(MODELS[name])
    models[name] = AutoModelForCausalLM.from_pretrained(MODELS[name])

def next_token(scores, strategy):
    probs = np.exp(scores - scores.max())
    probs /= probs.sum()
    order = np.argsort(-probs)
    if strategy == "greedy":
        return int(order[0])
    if strategy in ("top-k", "top_k"):
        order = order[:25]
    else:
        order = order[:int(np.searchsorted(np.cumsum(probs[order]), 0.85)) + 1]
    chosen = probs[order] / probs[order].sum()
    return int(np.random.choice(order, p=chosen))

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    ids = tok.encode(prompt)
    count = 0
    while count < max_new_tokens:
        with torch.inference_mode():
            scores = mdl(torch.tensor([ids])).logits[0, -1].double().numpy()
        ids.append(next_token(scores, strategy))
        count += 1
    return tok.decode(ids)
