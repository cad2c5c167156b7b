# reject: test_a_gpt2_with_twelve_blocks_is_loaded: a name that the hub does not have
# says: no model of that name can be loaded

# region answer

gpt2 = GPT2LMHeadModel.from_pretrained("gpt-2-small")
print(gpt2.transformer.h[0])
# endregion
