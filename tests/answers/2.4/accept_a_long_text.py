# accept: a text of its own that is longer than what can be looked at as a whole

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast
import numpy as np

# Load gpt2 model and tokenizer
tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2")
model.eval()

# Tokenize input text
text = "The quick brown fox jumps over the lazy dog and runs on. " * 5 + "Then it"
inputs = tokenizer(text, return_tensors="pt")

# Get logits by passing the ids to the gpt2 model.
with torch.inference_mode():
    logits = model(inputs.input_ids, attention_mask=inputs.attention_mask).logits.cpu()

print("Logits shape :", logits.shape)

# Predict next token
p = torch.softmax(logits, dim=-1)[0, -1].numpy()
best = np.argsort(p)[-5:]

print("\nTop-5 predictions for the next token:")
print([(tokenizer.convert_ids_to_tokens(int(i)), p[i]) for i in best])
