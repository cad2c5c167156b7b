# reject: test_the_blocks_are_looked_at: something is printed, nothing of the blocks
# says: nothing about the blocks is printed

# region answer

gpt2 = GPT2LMHeadModel.from_pretrained("gpt2")
print("Model loaded on", gpt2.device)
# endregion
