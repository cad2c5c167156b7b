# 2.2b A forward pass through the first block (10 points)

# Send eight random tokens through the first block
seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    # Embed tokens and positions as GPT-2 does, and add the two
    # Then one block, the first; keep what it returns as out
    """
    YOUR CODE HERE
    """

print("\nOutput shape :", out.shape) # (batch, seq_len, n_embd)
