# reject: test_output_is_the_first_blocks: the position embeddings are left out
# says: the position embeddings are missing

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    out = gpt2.transformer.h[0](gpt2.transformer.wte(dummy_tokens))

print("\nOutput shape :", out.shape)
