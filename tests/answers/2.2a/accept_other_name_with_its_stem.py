# accept: the model and its stem go by names of their own

# region answer

lm = GPT2LMHeadModel.from_pretrained("gpt2")
transformer = lm.transformer
print("number of blocks:", len(transformer.h))
print("first block:", transformer.h[0])
# endregion
