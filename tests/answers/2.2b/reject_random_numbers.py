# reject: test_output_is_the_first_blocks: a random tensor of the right shape
# says: not what the first block computes

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    out = torch.randn(1, seq_len, gpt2.config.n_embd)

print("\nOutput shape :", out.shape)
