# accept: no no_grad, and a sequence of 12 tokens

# Run a tiny forward pass through the first block
seq_len = 12
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
pos_ids = torch.tensor([list(range(dummy_tokens.size(1)))])
layer = gpt2.get_submodule("transformer.h.0")
out = layer(gpt2.get_input_embeddings()(dummy_tokens) + gpt2.transformer.wpe(pos_ids))
print(out.shape)
