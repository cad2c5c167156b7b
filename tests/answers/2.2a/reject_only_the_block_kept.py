# reject: test_a_gpt2_with_twelve_blocks_is_loaded: only the first block is kept
# says: there is no GPT-2 model

# region answer
gpt2 = GPT2LMHeadModel.from_pretrained("gpt2").transformer.h[0]
print(gpt2)
# endregion
