# reject: test_output_is_the_first_blocks: the tokens are sorted before they are embedded
# says: not what the first block computes

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    ordered, _ = dummy_tokens.sort()
    x = gpt2.transformer.wte(ordered) + gpt2.transformer.wpe(torch.arange(seq_len))
    out = gpt2.transformer.h[0](x)

print("\nOutput shape :", out.shape)
