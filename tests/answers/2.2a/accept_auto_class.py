# accept: an Auto class loads it, and the blocks are counted

import torch
from transformers import AutoModelForCausalLM, GPT2LMHeadModel

device = "cuda" if torch.cuda.is_available() else "cpu"
gpt2 = AutoModelForCausalLM.from_pretrained("gpt2").to(device).eval()
print(len(gpt2.transformer.h))
