# reject: test_both_models_come_with_their_tokenizers: the dictionaries hold names
# says: plain data where

# region answer
for key, name in MODELS.items():
    tokenizers[key] = name
    models[key] = name
# endregion
