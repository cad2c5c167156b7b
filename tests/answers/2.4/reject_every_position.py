# reject: test_no_more_than_five_are_printed: five tokens are shown for every position
# says: predictions for other positions

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
probs = F.softmax(logits[0], dim=-1)
top = torch.topk(probs, 5, dim=-1)

print("\nTop-5 predictions for the next token:")
for position, row in enumerate(top.indices):
    print(position, [tokenizer.decode([i]) for i in row.tolist()])
