# accept: the output is called hidden_states, and so it is in the print

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    token_embeds = gpt2.transformer.wte(dummy_tokens)
    pos_embeds = gpt2.transformer.wpe(torch.arange(seq_len))
    hidden_states = token_embeds + pos_embeds
    hidden_states = gpt2.transformer.h[0](hidden_states)

print("\nOutput shape :", hidden_states.shape)
