# accept: the hidden states of the whole model, of which the second is the first block's

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    out = gpt2(dummy_tokens, output_hidden_states=True).hidden_states[1]

print("\nOutput shape :", out.shape)
