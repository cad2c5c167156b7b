# reject: test_five_most_likely_tokens_are_printed: the five tokens are computed and never printed
# says: nothing

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


# Predict next token
probs = F.softmax(logits[0, -1], dim=-1)
top_probs, top_ids = torch.topk(probs, 5)

top_tokens = [tokenizer.decode([i]) for i in top_ids.tolist()]
