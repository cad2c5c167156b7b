# accept: options that change what a call returns

import torch
from transformers import GPT2LMHeadModel


gpt2 = GPT2LMHeadModel.from_pretrained("gpt2", return_dict=False, output_hidden_states=True)
gpt2.requires_grad_(False)
print(gpt2.transformer.h[0].attn)
print(gpt2.transformer.h[0].mlp)
