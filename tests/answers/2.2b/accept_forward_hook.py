# accept: a hook catches the first block's output while the whole model runs

seq_len = 8
dummy_tokens = torch.randint(0, gpt2.config.vocab_size, (1, seq_len))

caught = {}
def keep(module, args, output):
    caught["first"] = output[0] if isinstance(output, tuple) else output

handle = gpt2.transformer.h[0].register_forward_hook(keep)
with torch.no_grad():
    gpt2(dummy_tokens)
handle.remove()
out = caught["first"]

print("\nOutput shape :", out.shape)
