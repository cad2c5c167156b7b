# accept: [0] after the block, so the batch axis is gone

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    positions = torch.arange(0, seq_len).unsqueeze(0)
    x = gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(positions)
    out = gpt2.transformer.h[0](x)[0]

print("\nOutput shape :", out.shape)
