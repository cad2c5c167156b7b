# reject: test_logits_have_a_score_per_position_and_entry: the text is padded, and the padding scored as well
# says: do not have the shape

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast

tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2").eval()
tokenizer.pad_token = tokenizer.eos_token

text = "Hello my name"
inputs = tokenizer(text, return_tensors="pt", padding="max_length", max_length=16)

with torch.no_grad():
    logits = model(**inputs).logits

print("Logits shape :", logits.shape)

probs = F.softmax(logits[0, -1], dim=-1)
top_probs, top_ids = torch.topk(probs, 5)

print("\nTop-5 predictions for the next token:")
for p, i in zip(top_probs, top_ids):
    print(f"{tokenizer.decode([i.item()])!r}: {p.item():.4f}")
