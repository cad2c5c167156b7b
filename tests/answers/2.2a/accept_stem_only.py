# accept: the model without its head

import torch
from transformers import GPT2Model

gpt2 = GPT2Model.from_pretrained("gpt2")
print(len(gpt2.h), gpt2.h[0])
