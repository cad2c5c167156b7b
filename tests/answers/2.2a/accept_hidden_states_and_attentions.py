# accept: options for more outputs

# region answer

gpt2 = GPT2LMHeadModel.from_pretrained("gpt2", output_hidden_states=True, attn_implementation="eager", output_attentions=True)
gpt2.requires_grad_(False)
print(gpt2.transformer.h[0].attn)
print(gpt2.transformer.h[0].mlp)
# endregion
