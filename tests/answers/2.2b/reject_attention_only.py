# reject: test_output_is_the_first_blocks: only the attention of the block is used
# says: only the attention part

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    x = gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(torch.arange(seq_len))
    out = gpt2.transformer.h[0].attn(gpt2.transformer.h[0].ln_1(x))[0]

print("\nOutput shape :", out.shape)
