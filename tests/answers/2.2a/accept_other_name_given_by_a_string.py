# accept: gpt2 is the name to load from, the model goes by another

# region answer

gpt2 = "gpt2"
gpt2_model = GPT2LMHeadModel.from_pretrained(gpt2)
print(gpt2_model)
# endregion
