# accept: one more model, pad tokens, and generate defined again

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
    "distilgpt2": "distilgpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers, models = {}, {}
tokenizers = {key: AutoTokenizer.from_pretrained(name) for key, name in MODELS.items()}
models = {key: AutoModelForCausalLM.from_pretrained(name) for key, name in MODELS.items()}
for tok in tokenizers.values():
    tok.pad_token = tok.pad_token or tok.eos_token

def generate(key, prompt, strategy="greedy", max_new_tokens=50):
    ids = tokenizers[key](prompt, return_tensors="pt")
    return tokenizers[key].decode(models[key].generate(**ids, max_new_tokens=max_new_tokens)[0])
