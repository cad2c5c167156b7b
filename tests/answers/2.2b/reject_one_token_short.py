# reject: test_output_has_one_vector_per_token: the last token is cut off, as for training
# says: does not have the shape

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    inputs = dummy_tokens[:, :-1]
    x = gpt2.transformer.wte(inputs) + gpt2.transformer.wpe(torch.arange(inputs.shape[1]))
    out = gpt2.transformer.h[0](x)

print("\nOutput shape :", out.shape)
