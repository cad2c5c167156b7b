# accept: the batch axis is dropped, tokens keep their Ġ

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast

tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2").eval()

text = "Hello my name"
inputs = tokenizer(text, return_tensors="pt")

with torch.no_grad():
    logits = model(**inputs).logits[0]

print("Logits shape :", logits.shape)

values, indices = logits[-1].softmax(-1).topk(5)

print("\nTop-5 predictions for the next token:")
print(tokenizer.convert_ids_to_tokens(indices.tolist()))
print(values)
