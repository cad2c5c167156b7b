# reject: test_output_is_the_first_blocks: the final layer norm is applied first
# says: `ln_f`, was applied first

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    x = gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(torch.arange(seq_len))
    x = gpt2.transformer.ln_f(x)
    out = gpt2.transformer.h[0](x)

print("\nOutput shape :", out.shape)
