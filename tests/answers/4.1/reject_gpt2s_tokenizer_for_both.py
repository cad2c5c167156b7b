# reject: test_qwens_tokenizer_is_its_own: GPT-2's tokenizer is used for Qwen
# says: is GPT-2's tokenizer

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers, models = {}, {}
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained("gpt2")
    models[key] = AutoModelForCausalLM.from_pretrained(name)
