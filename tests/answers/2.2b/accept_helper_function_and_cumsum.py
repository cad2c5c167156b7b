# accept: a helper makes the embeddings; positions come from a cumulative sum

def embed(model, ids):
    """Token and position embeddings, added."""
    stem = model.transformer
    position_ids = torch.ones_like(ids).cumsum(dim=-1) - 1
    return stem.wte(ids) + stem.wpe(position_ids)

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    hidden_states = embed(gpt2, dummy_tokens)
    outputs = gpt2.transformer.h[0](hidden_states, attention_mask=None, use_cache=False)
    out = outputs[0] if type(outputs) is tuple else outputs

print("\nOutput shape :", out.shape)
