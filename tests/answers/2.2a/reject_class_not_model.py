# reject: test_a_gpt2_with_twelve_blocks_is_loaded: gpt2 is the class
# says: there is no GPT-2 model

# region answer
gpt2 = GPT2LMHeadModel
# endregion
