# accept: the model is loaded in bfloat16

from transformers import GPT2LMHeadModel
gpt2 = GPT2LMHeadModel.from_pretrained("gpt2", torch_dtype=torch.bfloat16)
seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))
with torch.no_grad():
    half = gpt2.to(torch.bfloat16)
    h = half.transformer.wte(dummy_tokens) + half.transformer.wpe(torch.arange(seq_len))
    out = half.transformer.h[0](h)

print("\nOutput shape :", out.shape)
