# reject: test_the_weights_are_the_trained_ones: the blocks' weights were overwritten
# says: not those of the pretrained GPT-2

# region answer
gpt2 = GPT2LMHeadModel.from_pretrained("gpt2")
for parameter in gpt2.transformer.h.parameters():
    torch.nn.init.normal_(parameter, std=0.02)
# endregion
