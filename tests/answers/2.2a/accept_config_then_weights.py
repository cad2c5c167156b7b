# accept: built from the configuration, then filled with the trained weights

import torch
from transformers import GPT2Config, GPT2LMHeadModel

config = GPT2Config.from_pretrained("gpt2")
gpt2 = GPT2LMHeadModel(config)
gpt2.load_state_dict(GPT2LMHeadModel.from_pretrained("gpt2").state_dict())
gpt2.eval()
for name, module in gpt2.named_modules():
    if name.count(".") == 2:
        print(name)
