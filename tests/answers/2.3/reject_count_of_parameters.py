# reject: test_modules_of_the_model_are_printed: a number, and no module
# says: shows no modules of the model

total = sum(p.numel() for p in gpt2.parameters())
print(f"GPT-2 has {total:,} parameters in {len(gpt2.transformer.h)} blocks")
