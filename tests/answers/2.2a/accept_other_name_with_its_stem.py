# accept: the model and its stem go by names of their own

import torch
from transformers import GPT2LMHeadModel


lm = GPT2LMHeadModel.from_pretrained("gpt2")
transformer = lm.transformer
print("number of blocks:", len(transformer.h))
print("first block:", transformer.h[0])
