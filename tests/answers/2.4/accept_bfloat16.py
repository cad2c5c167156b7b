# accept: loaded in bfloat16, where the fifth and sixth may change places

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast

# Load gpt2 model and tokenizer
tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2", torch_dtype=torch.bfloat16).eval()

# Tokenize input text
text = "The capital of France is"
inputs = tokenizer(text, return_tensors="pt")

# Get logits by passing the ids to the gpt2 model.
with torch.no_grad():
    logits = model(**inputs).logits

print("Logits shape :", logits.shape)

# Predict next token
probs = F.softmax(logits[0, -1], dim=-1)
top_probs, top_ids = torch.topk(probs, 5)

print("\nTop-5 predictions for the next token:")
for i in range(5):
    print(f"{i + 1}. {tokenizer.decode(top_ids[i])} ({top_probs[i].item():.2%})")
