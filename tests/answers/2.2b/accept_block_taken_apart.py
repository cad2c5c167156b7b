# accept: the block's own steps are written out one by one

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    block = gpt2.transformer.h[0]
    x = gpt2.transformer.wte.weight[dummy_tokens] + gpt2.transformer.wpe.weight[:seq_len]
    x = x + block.attn(block.ln_1(x))[0]   # attention, and back on the residual stream
    x = x + block.mlp(block.ln_2(x))       # the MLP, and back again
    out = x

print("\nOutput shape :", out.shape)
