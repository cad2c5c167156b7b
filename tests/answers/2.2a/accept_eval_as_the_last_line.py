# accept: eval() is the last line, and what it returns is displayed

import torch
from transformers import GPT2LMHeadModel


gpt2 = GPT2LMHeadModel.from_pretrained("gpt2")
gpt2.eval()
