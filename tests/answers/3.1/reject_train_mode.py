# reject: test_greedy_says_the_same_on_every_call: the model is left in training mode, so dropout rolls dice in greedy, too
# says: greedy says something else on a second call

import torch
from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name).train()

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    ids = tok(prompt, return_tensors="pt")["input_ids"]
    for i in range(max_new_tokens):
        logits = mdl(ids).logits[:, -1, :]
        if strategy == "greedy":
            next_id = logits.argmax(dim=-1, keepdim=True)
        else:
            cut = logits.topk(30).values[:, -1:] if "k" in strategy else logits.max() - 2
            next_id = torch.multinomial(logits.masked_fill(logits < cut, -1e9).softmax(-1), 1)
        ids = torch.cat([ids, next_id], dim=1)
    return tok.decode(ids[0])
