# accept: another text, and a table of the tokens

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast

tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2").eval()

text = "The capital of France is"
inputs = tokenizer(text, return_tensors="pt")

with torch.no_grad():
    logits = model(**inputs).logits

print("Logits shape :", logits.shape)

probs = F.softmax(logits[0, -1], dim=-1)
top_probs, top_ids = torch.topk(probs, 5)

print("\nTop-5 predictions for the next token:")
rows = [(tokenizer.decode([int(i)]).strip(), round(float(p) * 100, 2)) for p, i in zip(top_probs, top_ids)]
for rank, (word, percent) in enumerate(rows, 1):
    print("| {:>2} | {:<12} | {:>6}% |".format(rank, word, percent))
