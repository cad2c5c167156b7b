# reject: test_temperature_turns_chance_up_and_down: top_p draws at temperature 1, whatever is asked for
# says: temperature

import torch

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100, temperature=1.0, k=50, p=0.9, num_beams=4):
    tok, mdl = tokenizers[model_key], models[model_key]
    ids = tok(prompt, return_tensors="pt").input_ids
    if strategy in ("greedy", "beam"):
        return tok.decode(mdl.generate(ids, max_new_tokens=max_new_tokens, num_beams=num_beams if strategy == "beam" else 1)[0])
    for _ in range(max_new_tokens):
        with torch.no_grad():
            logits = mdl(ids).logits[0, -1]
        if strategy == "top_k":
            values, indices = (logits / temperature).topk(k)
            new = indices[torch.multinomial(values.softmax(-1), 1)]
        else:
            probs, indices = logits.softmax(-1).sort(descending=True)
            probs = probs * (probs.cumsum(-1) - probs < p)
            new = indices[torch.multinomial(probs, 1)]
        ids = torch.cat([ids, new[None]], dim=1)
    return tok.decode(ids[0])
