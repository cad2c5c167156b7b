# reject: test_output_is_the_first_blocks: positions start at 1
# says: the positions do not start at 0

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    x = gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(torch.arange(1, seq_len + 1))
    out = gpt2.transformer.h[0](x)

print("\nOutput shape :", out.shape)
