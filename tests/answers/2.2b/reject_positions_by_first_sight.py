# reject: test_the_same_token_differs_by_position: equal tokens share the position of the first of them
# says: Each token needs its own position

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    first = [dummy_tokens[0].tolist().index(token) for token in dummy_tokens[0].tolist()]
    x = gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(torch.tensor(first))
    out = gpt2.transformer.h[0](x)

print("\nOutput shape :", out.shape)
