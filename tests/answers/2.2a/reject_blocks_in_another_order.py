# reject: test_the_model_computes_like_gpt2: the blocks are turned round while they are inspected
# says: does not compute what GPT-2 computes

# region answer

gpt2 = GPT2LMHeadModel.from_pretrained("gpt2")
blocks = list(gpt2.transformer.h)
blocks.reverse()
gpt2.transformer.h = torch.nn.ModuleList(blocks)
print(len(gpt2.transformer.h), gpt2.transformer.h[0])
# endregion
