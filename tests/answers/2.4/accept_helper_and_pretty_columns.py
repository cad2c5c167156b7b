# accept: a helper function does it all; ids and tokens stand in columns

import torch, torch.nn.functional as F
from transformers import GPT2LMHeadModel, GPT2TokenizerFast

# Load gpt2 model and tokenizer
def load(name="openai-community/gpt2"):
    return GPT2TokenizerFast.from_pretrained(name), GPT2LMHeadModel.from_pretrained(name).eval()

tok, lm = load()

# Tokenize input text
text = "Hello my name"
input_ids = torch.tensor([tok.encode(text)])

# Get logits by passing the ids to the gpt2 model.
@torch.no_grad()
def scores(ids):
    return lm(input_ids=ids).logits

logits = scores(input_ids)

print("Logits shape :", logits.shape)

# Predict next token
def top(k):
    values, indices = logits[0, -1].softmax(dim=0).topk(k)
    return list(zip(indices.tolist(), values.tolist()))

print("\nTop-5 predictions for the next token:")
print("rank\ttoken_id\ttoken\tprob")
for rank, (token_id, p) in enumerate(top(5), start=1):
    print(rank, token_id, repr(tok.decode(token_id)), "%.4f" % p, sep="\t")
