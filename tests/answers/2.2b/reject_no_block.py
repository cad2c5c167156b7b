# reject: test_output_is_the_first_blocks: the embeddings are the output
# says: no block was applied

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    x = gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(torch.arange(seq_len))
    out = x

print("\nOutput shape :", out.shape)
