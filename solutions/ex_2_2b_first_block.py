# %% [raw]
# [[exercise]]
# id = "2.2b"
# title = "A forward pass through the first block"
# points = 10
# course_cell = "92df06df"
# heading = "2.2 - A `Transformer` Layer"
# teaches = "A block takes vectors, not ids: token and position embeddings are added up before the first one."
# answers = ["out"]
# hints = [
#     "A block cannot digest token ids. What does GPT-2 turn them into first, and how does it know which came where?",
#     """`gpt2.transformer.wte` looks up token ids, `gpt2.transformer.wpe` looks up positions 0, 1, 2, ... Add the two \
# and hand the sum to the first block only, `gpt2.transformer.h[0]`. No `ln_f` here: that is the last step of all.""",
#     """`positions = torch.arange(seq_len)`, `hidden = gpt2.transformer.wte(dummy_tokens) + \
# gpt2.transformer.wpe(positions)`, `out = gpt2.transformer.h[0](hidden)`; where your transformers version returns a \
# tuple, take its first item.""",
# ]
#
# [[exercise.givens]]
# name = "gpt2"
# source = "2.2a"
# supply = "gpt2_model"
#
# [[exercise.givens]]
# name = "torch"
# source = "2.2a"
# supply = "module:torch"
#
# [[exercise.givens]]
# name = "seq_len"
# source = "cell"
#
# [[exercise.givens]]
# name = "dummy_tokens"
# source = "cell"

# %%
# Send eight random tokens through the first block
seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    # Embed tokens and positions as GPT-2 does, and add the two
    # Then one block, the first; keep what it returns as out
    # region answer
    positions = torch.arange(seq_len).unsqueeze(0)  # (1, seq_len)
    hidden = gpt2.transformer.wte(dummy_tokens) + gpt2.transformer.wpe(positions)
    out = gpt2.transformer.h[0](hidden)
    if isinstance(out, tuple):  # transformers before 5 wraps the hidden states in a tuple
        out = out[0]
    # endregion

print("\nOutput shape :", out.shape) # (batch, seq_len, n_embd)
