# accept: the model is loaded again in this cell, under another name

from transformers import GPT2LMHeadModel
model = GPT2LMHeadModel.from_pretrained("gpt2")
seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    tokens_embedded = model.transformer.wte(dummy_tokens)
    position_ids = torch.arange(0, seq_len, dtype=torch.long)
    positions_embedded = model.transformer.wpe(position_ids)
    first_block, *others = model.transformer.h
    out = first_block(tokens_embedded + positions_embedded)

print("\nOutput shape :", out.shape)
