# reject: test_top_p_draws_from_the_nucleus: p is 1, so that the nucleus is the whole vocabulary
# says: outside the nucleus

import torch
from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
tokenizers["gpt2"] = AutoTokenizer.from_pretrained("gpt2")
models["gpt2"] = AutoModelForCausalLM.from_pretrained("gpt2")

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100, k=50, p=1.0):
    tok, mdl = tokenizers[model_key], models[model_key]
    ids = tok(prompt, return_tensors="pt").input_ids
    for _ in range(max_new_tokens):
        with torch.no_grad():
            logits = mdl(ids).logits[:, -1]
        probs = logits.softmax(-1)
        if strategy == "greedy":
            new = probs.argmax(-1, keepdim=True)
        elif strategy in ("top_k", "top-k"):
            best, where = probs.topk(k)
            new = where.gather(-1, torch.multinomial(best, 1))
        else:
            values, where = probs.sort(descending=True)
            values[values.cumsum(-1) - values > p] = 0
            new = where.gather(-1, torch.multinomial(values, 1))
        ids = torch.cat([ids, new], dim=-1)
    return tok.decode(ids[0])
