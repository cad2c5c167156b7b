# accept: the ids come from tiktoken, the model's output is indexed as a tuple

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast
import tiktoken

# Load gpt2 model and tokenizer
enc = tiktoken.get_encoding("gpt2")
model = GPT2LMHeadModel.from_pretrained("gpt2")

# Tokenize input text
text = "Hello my name"
ids = enc.encode(text)
x = torch.tensor(ids)[None, :]
print("ids:", ids)

# Get logits by passing the ids to the gpt2 model.
logits = model(x)[0]

print("Logits shape :", logits.shape)

# Predict next token
next_token_logits = logits[:, -1, :]
probs = next_token_logits.softmax(-1).squeeze(0)
order = probs.sort(descending=True)

print("\nTop-5 predictions for the next token:")
for rank in range(5):
    print(rank, repr(enc.decode([int(order.indices[rank])])), round(float(order.values[rank]), 3))
