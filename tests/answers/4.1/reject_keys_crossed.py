# reject: test_gpt2s_tokenizer_is_its_own: the two models stand under each other's key, tokenizers too
# says: does not give GPT-2's ids

# region answer
for key, name in zip(MODELS, reversed(list(MODELS.values()))):
    tokenizers[key] = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)
# endregion
