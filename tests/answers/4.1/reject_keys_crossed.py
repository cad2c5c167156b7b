# reject: test_gpt2s_tokenizer_is_its_own: the two models stand under each other's key, tokenizers too
# says: does not give GPT-2's ids

from transformers import AutoTokenizer, AutoModelForCausalLM
MODELS = {
    "gpt2": "gpt2",
    "qwen": "Qwen/Qwen1.5-1.8B-Chat"
}
tokenizers, models = {}, {}
for key, name in zip(MODELS, reversed(list(MODELS.values()))):
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)
