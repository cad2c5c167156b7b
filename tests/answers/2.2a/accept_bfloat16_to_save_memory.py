# accept: loaded in bfloat16 to save memory

# region answer

# Load the 124 M-parameter GPT-2 and inspect its layers (12 layers)
"""
YOUR CODE HERE
"""
gpt2 = GPT2LMHeadModel.from_pretrained("gpt2", torch_dtype=torch.bfloat16)
gpt2.eval()
print(f"GPT-2 has {gpt2.config.n_layer} layers")
# endregion
