# reject: test_output_is_the_first_blocks: inputs_embeds are handed over with positions in them, so they are added twice
# says: the position embeddings were added twice

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    x = gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(torch.arange(seq_len))
    states = gpt2.transformer(inputs_embeds=x, output_hidden_states=True).hidden_states
    out = states[1]

print("\nOutput shape :", out.shape)
