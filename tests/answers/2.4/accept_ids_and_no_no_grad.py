# accept: no no_grad; ids are printed next to the tokens

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast

tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2").eval()

text = "Hello my name"
ids = tokenizer.encode(text, return_tensors="pt")

outputs = model(ids)
logits = outputs.logits

print("Logits shape :", logits.shape)

probs = torch.softmax(logits[:, -1, :], dim=-1)
top = torch.topk(probs, k=5)

print("\nTop-5 predictions for the next token:")
for i in range(5):
    print(i + 1, top.indices[0][i].item(), tokenizer.decode(top.indices[0][i]), float(top.values[0][i]))
