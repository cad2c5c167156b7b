# accept: loops of one's own, beam search included

import torch

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100, temperature=1.0, k=50, p=0.9, num_beams=4):
    tok, mdl = tokenizers[model_key], models[model_key]
    start = tok(prompt, return_tensors="pt").input_ids
    rows = [(0.0, start)]
    width = num_beams if strategy == "beam" else 1
    for _ in range(max_new_tokens):
        found = []
        for score, ids in rows:
            with torch.no_grad():
                logits = mdl(ids).logits[0, -1]
            if strategy == "top_k":
                logits, keep = logits / temperature, logits.topk(k).indices
                best = keep[torch.multinomial(logits[keep].softmax(-1), 1)]
            elif strategy == "top_p":
                probs, order = (logits / temperature).softmax(-1).sort(descending=True)
                inside = probs.cumsum(-1) - probs < p
                best = order[torch.multinomial(probs * inside, 1)]
            else:
                best = logits.topk(width).indices
            for token in best:
                found.append((score + float(logits.log_softmax(-1)[token]), torch.cat([ids, token.view(1, 1)], dim=1)))
        rows = sorted(found, key=lambda row: -row[0])[:width]
    return tok.decode(rows[0][1][0])

print(generate("gpt2", "Once upon a time", "top_p", max_new_tokens=20, temperature=0.3))
print(generate("gpt2", "Once upon a time", "top_p", max_new_tokens=20, temperature=1.5))
