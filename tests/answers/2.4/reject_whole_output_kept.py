# reject: test_logits_have_a_score_per_position_and_entry: the output object is kept instead of its logits
# says: `logits` is not a tensor

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
    logits = model(**inputs)

print("Logits shape :", logits.logits.shape)

# Predict next token
probs = F.softmax(logits.logits[0, -1], dim=-1)
top_probs, top_ids = torch.topk(probs, 5)

print("\nTop-5 predictions for the next token:")
for p, i in zip(top_probs, top_ids):
    print(f"{tokenizer.decode([i.item()])!r}: {p.item():.4f}")
