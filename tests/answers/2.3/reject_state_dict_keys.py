# reject: test_the_parts_of_a_block_are_named: the keys of the state dict, which are parameters
# says: lists parameters

for key in gpt2.state_dict().keys():
    print(key)
