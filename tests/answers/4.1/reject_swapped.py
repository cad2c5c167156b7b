# reject: test_both_models_come_with_their_tokenizers: tokenizers and models are swapped
# says: `models` does not hold models

# region answer
for key, name in MODELS.items():
    models[key] = AutoTokenizer.from_pretrained(name)
    tokenizers[key] = AutoModelForCausalLM.from_pretrained(name)
# endregion
