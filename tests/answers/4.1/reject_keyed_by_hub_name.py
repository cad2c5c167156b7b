# reject: test_both_models_come_with_their_tokenizers: the tables are keyed by the names on the hub, not by the keys of MODELS
# says: under the same keys

# region answer
for name in MODELS.values():
    tokenizers[name] = AutoTokenizer.from_pretrained(name)
    models[name] = AutoModelForCausalLM.from_pretrained(name)
# endregion
