# accept: accelerate places the model, in float16

import torch
from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers, models = {}, {}
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained(name, use_fast=True)
    models[key] = AutoModelForCausalLM.from_pretrained(name, torch_dtype=torch.float16, device_map="auto")
    models[key].eval()
