# accept: the configuration is printed, the model displayed

# region answer
gpt2 = GPT2LMHeadModel.from_pretrained("gpt2")
config = gpt2.config
print(config.n_layer, config.n_head, config.n_embd)
gpt2
# endregion
