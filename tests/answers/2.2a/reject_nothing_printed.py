# reject: test_the_blocks_are_looked_at: the model is loaded and never looked at
# says: nothing about the blocks is printed

# region answer

gpt2 = GPT2LMHeadModel.from_pretrained("gpt2").eval()
# endregion
