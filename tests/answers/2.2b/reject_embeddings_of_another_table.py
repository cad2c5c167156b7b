# reject: test_output_is_the_first_blocks: a fresh nn.Embedding stands in for the trained table
# says: not what the first block computes

import torch.nn as nn
seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    token_emb = nn.Embedding(gpt2.config.vocab_size, gpt2.config.n_embd)
    pos_emb = nn.Embedding(seq_len, gpt2.config.n_embd)
    x = token_emb(dummy_tokens) + pos_emb(torch.arange(seq_len))
    out = gpt2.transformer.h[0](x)

print("\nOutput shape :", out.shape)
