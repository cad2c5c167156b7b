# reject: test_qwens_tokenizer_is_its_own: GPT-2's tokenizer is used for Qwen
# says: is GPT-2's tokenizer

# region answer
for key, name in MODELS.items():
    tokenizers[key] = AutoTokenizer.from_pretrained("gpt2")
    models[key] = AutoModelForCausalLM.from_pretrained(name)
# endregion
