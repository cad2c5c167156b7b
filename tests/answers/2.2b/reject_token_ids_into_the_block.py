# reject: test_output_has_one_vector_per_token: the ids themselves go into the block
# says: A block takes vectors

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    out = gpt2.transformer.h[0](dummy_tokens.float())

print("\nOutput shape :", out.shape)
