# reject: test_greedy_takes_the_most_likely_token: the scores of the first position are taken for those of the last
# says: most likely tokens

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
    input_ids = tok.encode(prompt, return_tensors="pt")
    for _ in range(max_new_tokens):
        outputs = mdl(input_ids)
        probs = torch.softmax(outputs.logits[:, 0, :], dim=-1)
        if strategy == "greedy":
            token = probs.argmax(dim=-1).unsqueeze(0)
        else:
            values, indices = torch.topk(probs, 10)
            token = indices[:, torch.multinomial(values, 1)[0]]
        input_ids = torch.cat((input_ids, token), dim=1)
    return tok.decode(input_ids[0])
