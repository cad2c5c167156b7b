# reject: test_logits_have_a_score_per_position_and_entry: the ids go in as a list
# says: stops with an error

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast

# Load gpt2 model and tokenizer
tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2")
model.eval()

# Tokenize input text
text = "Hello my name"
ids = tokenizer.encode(text)

# Get logits by passing the ids to the gpt2 model.
logits = model(ids).logits

print("Logits shape :", logits.shape)

# Predict next token
probs = F.softmax(logits[0, -1], dim=-1)
top_probs, top_ids = torch.topk(probs, 5)

print("\nTop-5 predictions for the next token:")
for p, i in zip(top_probs, top_ids):
    print(f"{tokenizer.decode([i.item()])!r}: {p.item():.4f}")
