# reject: test_the_model_computes_like_gpt2: dropout is left on
# says: two calls with the same text give different results

# region answer
gpt2 = GPT2LMHeadModel.from_pretrained("gpt2").train()
print(gpt2.transformer.h[0])
# endregion
