# reject: test_output_is_the_first_blocks: all tokens get position 0
# says: all tokens got the same position

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    x = gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(torch.tensor([0]))
    out = gpt2.transformer.h[0](x)

print("\nOutput shape :", out.shape)
