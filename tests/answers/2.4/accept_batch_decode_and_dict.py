# accept: batch_decode, and a dict from token to probability

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast

# Load gpt2 model and tokenizer
tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2")
model.eval()

# Tokenize input text
text = "Hello my name"
inputs = tokenizer(text, return_tensors="pt")

# Get logits by passing the ids to the gpt2 model.
with torch.no_grad():
    logits = model(**inputs).logits

print("Logits shape :", logits.shape)

# Predict next token
probs = F.softmax(logits[:, -1, :], dim=-1)
top = torch.topk(probs, k=5, dim=-1)

print("\nTop-5 predictions for the next token:")
tokens = tokenizer.batch_decode(top.indices[0].unsqueeze(-1))
result = dict(zip(tokens, top.values[0].tolist()))
print(result)
