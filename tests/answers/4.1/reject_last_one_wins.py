# reject: test_gpt2s_tokenizer_is_its_own: both keys hold the tokenizer that was loaded last
# says: does not give GPT-2's ids

# region answer
for key, name in MODELS.items():
    tok = AutoTokenizer.from_pretrained(name)
    models[key] = AutoModelForCausalLM.from_pretrained(name)
for key in MODELS:
    tokenizers[key] = tok
# endregion
