# accept: the library's own processors in a loop that keeps the cache

import torch
from torch import multinomial
from transformers import AutoTokenizer, AutoModelForCausalLM
from transformers import LogitsProcessorList, TopKLogitsWarper, TopPLogitsWarper
MODELS = {
    "gpt2": "gpt2",
}
tokenizers, models = {}, {}
for key in MODELS:
    tokenizers[key], models[key] = AutoTokenizer.from_pretrained(MODELS[key]), AutoModelForCausalLM.from_pretrained(MODELS[key])

PROCESSORS = {
    "top_k": LogitsProcessorList([TopKLogitsWarper(top_k=60)]),
    "top_p": LogitsProcessorList([TopPLogitsWarper(top_p=0.9)]),
}

def generate(model_key, prompt, strategy="greedy", max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    sequence = tok(prompt, return_tensors="pt")["input_ids"]
    step, cache = sequence, None
    with torch.no_grad():
        for _ in range(max_new_tokens):
            result = mdl(step, past_key_values=cache, use_cache=True)
            cache = result.past_key_values
            scores = result.logits[:, -1, :]
            if strategy == "greedy":
                step = scores.argmax(dim=-1, keepdim=True)
            else:
                scores = PROCESSORS[strategy.replace("-", "_")](sequence, scores)
                step = multinomial(scores.softmax(dim=-1), num_samples=1)
            sequence = torch.cat([sequence, step], dim=-1)
            if step.item() == tok.eos_token_id:
                break
    return tok.decode(sequence[0], skip_special_tokens=True)
