# reject: test_the_parts_of_a_block_are_named: the parameters are listed instead of the modules
# says: lists parameters

for name, p in gpt2.named_parameters():
    print(name, tuple(p.shape))
