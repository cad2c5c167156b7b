# reject: test_both_models_come_with_their_tokenizers: GPT-2 is loaded under both keys
# says: the same kind of model twice

# region answer
for key in MODELS:
    tokenizers[key] = AutoTokenizer.from_pretrained("gpt2")
    models[key] = AutoModelForCausalLM.from_pretrained("gpt2")
# endregion
