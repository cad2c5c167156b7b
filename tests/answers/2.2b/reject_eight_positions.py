# reject: test_it_follows_the_sequence_length: the number 8 is written out
# says: where you wrote a number

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    x = gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(torch.arange(8))
    out = gpt2.transformer.h[0](x)

print("\nOutput shape :", out.shape)
