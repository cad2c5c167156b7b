# reject: test_output_is_the_first_blocks: the position table is asked for token ids
# says: `wpe` was asked for token ids

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    x = gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(dummy_tokens % 1024)
    out = gpt2.transformer.h[0](x)

print("\nOutput shape :", out.shape)
