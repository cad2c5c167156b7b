# reject: test_output_is_the_first_blocks: only the MLP runs
# says: only the MLP part

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    x = gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(torch.arange(seq_len))
    block = gpt2.transformer.h[0]
    out = block.mlp(block.ln_2(x))

print("\nOutput shape :", out.shape)
