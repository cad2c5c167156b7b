# accept: loaded in float16, with options of the library

# region answer

gpt2 = GPT2LMHeadModel.from_pretrained("gpt2", dtype=torch.float16, low_cpu_mem_usage=True)
for number, block in enumerate(gpt2.transformer.h, start=1):
    print(f"Layer {number:2d}: {block.__class__.__name__}, {sum(p.numel() for p in block.parameters()):,} parameters")
# endregion
