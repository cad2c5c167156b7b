# reject: test_five_most_likely_tokens_are_printed: only the best token is shown
# says: shows some of the five most likely next tokens, and not all

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast

tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2").eval()

text = "Hello my name"
inputs = tokenizer(text, return_tensors="pt")

with torch.no_grad():
    logits = model(**inputs).logits

print("Logits shape :", logits.shape)

best = logits[0, -1].argmax()

print("\nTop-5 predictions for the next token:")
print(tokenizer.decode(best))
