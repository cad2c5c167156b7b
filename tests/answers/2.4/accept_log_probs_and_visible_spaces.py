# accept: log-probabilities; spaces are made visible as underscores

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
outputs = model(**inputs, labels=inputs["input_ids"])
logits = outputs.logits.detach()
loss = outputs.loss

print("Logits shape :", logits.shape)

# Predict next token
log_probs = F.log_softmax(logits[0, -1], dim=-1)
best = torch.argsort(log_probs, descending=True)[:5]

print("\nTop-5 predictions for the next token:")
for i in best:
    token = tokenizer.decode([i]).replace(" ", "_")
    print(f"{token:>15}  {log_probs[i].item():8.3f}")
