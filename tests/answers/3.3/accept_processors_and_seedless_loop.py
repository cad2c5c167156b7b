# accept: processors of the library in an own loop for sampling, the library for greedy and beam

import torch
from transformers import LogitsProcessorList, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

def _draw(mdl, ids, processors, count, end):
    for _ in range(count):
        with torch.no_grad():
            scores = mdl(ids).logits[:, -1]
        new = torch.distributions.Categorical(logits=processors(ids, scores)).sample()[:, None]
        ids = torch.cat([ids, new], dim=1)
        if int(new) == end:
            return ids
    return ids

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100, temperature=1.0, k=50, p=0.9, num_beams=4):
    tok, mdl = tokenizers[model_key], models[model_key]
    ids = tok.encode(prompt, return_tensors="pt")
    cut = {"top_k": TopKLogitsWarper(k), "top_p": TopPLogitsWarper(p)}.get(strategy)
    if cut:
        ids = _draw(mdl, ids, LogitsProcessorList([TemperatureLogitsWarper(temperature), cut]), max_new_tokens, tok.eos_token_id)
    else:
        ids = mdl.generate(ids, max_new_tokens=max_new_tokens, num_beams={"greedy": 1, "beam": num_beams}[strategy])
    return tok.decode(ids[0], skip_special_tokens=True)

print(generate("gpt2", "Once upon a time", "top_k", 20, temperature=1.5))
