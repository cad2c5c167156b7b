# accept: eval() is the last line, and what it returns is displayed

# region answer

gpt2 = GPT2LMHeadModel.from_pretrained("gpt2")
gpt2.eval()
# endregion
