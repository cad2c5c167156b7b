# reject: test_both_models_come_with_their_tokenizers: only GPT-2 is loaded
# says: plain data where

# region answer
tokenizers["gpt2"] = AutoTokenizer.from_pretrained("gpt2")
models["gpt2"] = AutoModelForCausalLM.from_pretrained("gpt2")
# endregion
