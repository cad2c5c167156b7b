# accept: the output stays in a tuple, as older libraries return it

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    emb = gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(torch.arange(seq_len))
    out = (gpt2.transformer.h[0](emb),)

print("\nOutput shape :", out[0].shape)
