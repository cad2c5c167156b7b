# reject: test_logits_are_gpt2s: another text is written into the tokenizer's call
# says: Hand the model the ids of `text`

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast

tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2").eval()

text = "Hello my name"
inputs = tokenizer("Hello my name", return_tensors="pt")

with torch.no_grad():
    logits = model(**inputs).logits

print("Logits shape :", logits.shape)

probs = F.softmax(logits[0, -1], dim=-1)
top_probs, top_ids = torch.topk(probs, 5)

print("\nTop-5 predictions for the next token:")
for p, i in zip(top_probs, top_ids):
    print(f"{tokenizer.decode([i.item()])!r}: {p.item():.4f}")
