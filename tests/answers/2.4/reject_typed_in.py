# reject: test_the_prediction_follows_the_text: the five tokens are those of the course's text, whatever the text is
# says: five most likely next tokens

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
probs = F.softmax(logits[0, -1], dim=-1)
top_probs, top_ids = torch.topk(probs, 5)

print("\nTop-5 predictions for the next token:")
earlier = model(**tokenizer("Hello my name", return_tensors="pt")).logits[0, -1]
print(", ".join(tokenizer.decode([i]) for i in torch.topk(earlier, 5).indices.tolist()))
