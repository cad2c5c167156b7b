# reject: test_the_weights_are_the_trained_ones: the embedding table is drawn anew after loading
# says: not those of the pretrained GPT-2

# region answer

gpt2 = GPT2LMHeadModel.from_pretrained("gpt2")
gpt2.resize_token_embeddings(50257)
torch.nn.init.normal_(gpt2.transformer.wte.weight, std=0.02)  # "initialize the embeddings"
print(gpt2.transformer.h[0])
# endregion
