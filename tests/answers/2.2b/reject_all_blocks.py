# reject: test_output_is_the_first_blocks: all blocks are applied
# says: all twelve blocks were applied

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    x = gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(torch.arange(seq_len))
    for block in gpt2.transformer.h:
        x = block(x)
    out = x

print("\nOutput shape :", out.shape)
