# reject: test_both_models_come_with_their_tokenizers: the dictionaries hold names
# says: plain data where

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers, models = {}, {}
for key, name in MODELS.items():
    tokenizers[key] = name
    models[key] = name
