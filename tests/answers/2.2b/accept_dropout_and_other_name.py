# accept: dropout is applied, which does nothing here; the result has another name

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    pos = torch.arange(dummy_tokens.shape[1], device=dummy_tokens.device)[None, :]
    embeddings = gpt2.transformer.drop(gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(pos))
    block_output = gpt2.transformer.h[0](embeddings)

print("\nOutput shape :", block_output.shape)
