# reject: test_output_is_the_first_blocks: h[1] is taken for the first block
# says: the second block was used

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    x = gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(torch.arange(seq_len))
    out = gpt2.transformer.h[1](x)

print("\nOutput shape :", out.shape)
