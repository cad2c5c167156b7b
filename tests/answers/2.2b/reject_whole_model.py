# reject: test_output_is_the_first_blocks: the whole model is called
# says: the whole model was applied

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    out = gpt2.transformer(dummy_tokens).last_hidden_state

print("\nOutput shape :", out.shape)
