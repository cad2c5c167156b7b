# reject: test_output_is_the_first_blocks: positions alone, the token embeddings are forgotten
# says: the token embeddings are missing

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    pos = gpt2.transformer.wpe(torch.arange(seq_len)).unsqueeze(0)
    out = gpt2.transformer.h[0](pos)

print("\nOutput shape :", out.shape)
