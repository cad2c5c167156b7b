# reject: test_a_gpt2_with_twelve_blocks_is_loaded: a model with fewer blocks
# says: does not have 12 blocks

# region answer
gpt2 = GPT2LMHeadModel.from_pretrained("gpt2", n_layer=6)
print(gpt2.transformer.h[0])
# endregion
