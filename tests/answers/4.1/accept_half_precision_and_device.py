# accept: half precision, and a device

import torch
from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers, models = {}, {}
device = "cuda" if torch.cuda.is_available() else "cpu"
for key, name in MODELS.items():
    print("loading", name)
    tokenizers[key] = AutoTokenizer.from_pretrained(name, trust_remote_code=True)
    models[key] = AutoModelForCausalLM.from_pretrained(name, dtype=torch.bfloat16).to(device).eval()
