# reject: test_the_parts_of_the_model_are_named: only the two names of the top level
# says: not all parts of the model are named

for name, module in gpt2.named_children():
    print(name, type(module).__name__)
