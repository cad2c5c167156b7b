# reject: test_the_parts_of_a_block_are_named: one level of names, with nothing inside the blocks
# says: does not show what is inside a block

for name, module in gpt2.transformer.named_children():
    print(name, type(module).__name__)
