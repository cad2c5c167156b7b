# reject: test_both_models_come_with_their_tokenizers: tokenizers and models are swapped
# says: `models` does not hold models

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers, models = {}, {}
for key, name in MODELS.items():
    models[key] = AutoTokenizer.from_pretrained(name)
    tokenizers[key] = AutoModelForCausalLM.from_pretrained(name)
