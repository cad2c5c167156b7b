# accept: an Auto class loads it, and nothing is printed

import torch
from transformers import AutoModelForCausalLM, GPT2LMHeadModel

device = "cuda" if torch.cuda.is_available() else "cpu"
gpt2 = AutoModelForCausalLM.from_pretrained("gpt2").to(device).eval()
