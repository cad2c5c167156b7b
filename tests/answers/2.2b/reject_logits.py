# reject: test_output_has_one_vector_per_token: the logits of the whole model
# says: does not have the shape

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    out = gpt2(dummy_tokens).logits

print("\nOutput shape :", out.shape)
