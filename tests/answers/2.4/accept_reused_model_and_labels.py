# accept: the model of 2.2 is used again, and labels are passed

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast

tok = GPT2TokenizerFast.from_pretrained("gpt2")

text = "Hello my name"
enc = tok(text, return_tensors="pt")

with torch.no_grad():
    result = gpt2(**enc, labels=enc["input_ids"])
logits = result.logits

print("Logits shape :", logits.shape)

next_logits = logits[0, -1, :]
best = next_logits.argsort(descending=True)[:5]

print("\nTop-5 predictions for the next token:")
print([tok.decode(i) for i in best])
