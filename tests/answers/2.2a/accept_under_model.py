# accept: the model goes by the name model

# region answer
model = GPT2LMHeadModel.from_pretrained("openai-community/gpt2")
block = model.transformer.h[0]
print(block)
for i, layer in enumerate(model.transformer.h):
    print(i, type(layer).__name__)
# endregion
