# accept: the configuration is printed, the model displayed

import torch
from transformers import GPT2LMHeadModel

gpt2 = GPT2LMHeadModel.from_pretrained("gpt2")
config = gpt2.config
print(config.n_layer, config.n_head, config.n_embd)
gpt2
